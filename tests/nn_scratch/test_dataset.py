"""Data sets joined into one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn_scratch.dataset import Dataset, concatenate
from nn_scratch.network import DIGITS


def test_joined_sets_keep_their_weights_and_writers() -> None:
    images, labels = np.zeros((3, 28, 28), np.uint8), np.arange(3)
    known = Dataset(images, labels, DIGITS, writers=np.array([0, 0, 1]), weights=np.array([1, 1, 0.5], np.float32))
    both = concatenate([Dataset(images, labels, DIGITS), known], [1, 2])
    np.testing.assert_allclose(both.shown(), [1, 1, 1, 2, 2, 1])
    assert both.writers is not None
    assert both.writers.tolist() == [0, 1, 2, 3, 3, 4]
    with pytest.raises(ValueError, match="different classes"):
        concatenate([known, Dataset(images, labels, tuple("abc"))])


GOOD: dict[str, Any] = {"images": np.zeros((5, 4, 6), np.uint8), "labels": np.arange(5) % 3, "classes": ("a", "b", "c")}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"images": np.zeros((3, 4, 6), np.uint8)}, r"Labels have shape \(5,\), but there are 3 images"),
        ({"images": np.zeros((5, 24), np.uint8)}, r"\(N, H, W\).*not \(5, 24\)"),
        ({"images": np.zeros((5, 4, 6), np.int32)}, "not int32"),
        ({"images": np.full((5, 4, 6), np.nan)}, "image 0 has nan"),
        ({"labels": np.array([0, 1, 3, 0, 7])}, "below 3, but that of image 2 is 3"),
        ({"labels": np.array([0, 1, 2, 0, -1])}, "image 4 is -1"),
        ({"labels": np.zeros(5)}, "whole numbers, not float64"),
        ({"labels": np.zeros((5, 1), np.int64)}, r"shape \(5, 1\)"),
        ({"writers": np.arange(4)}, "Writers have shape"),
        ({"writers": np.arange(5) - 1}, "Writers .* image 0 is -1"),
        ({"weights": np.ones(6, np.float32)}, "Weights have shape"),
        ({"weights": np.array([1, 1, np.nan, 1, 1])}, "Weights .* image 2 is nan"),
        ({"weights": np.array([1, -1, 1, 1, 1.0])}, "image 1 is -1"),
        ({"weights": np.array([1, np.inf, 1, 1, 1.0])}, "image 1 is inf"),
        ({"deformed": np.zeros(4, np.bool_)}, "deformed examples have shape"),
    ],
)
def test_arrays_that_do_not_match_are_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        Dataset(**(GOOD | changes))
    assert "\n" not in str(caught.value)


def test_labels_of_small_types_are_kept_as_whole_numbers_that_do_not_overflow() -> None:
    data = Dataset(**(GOOD | {"labels": np.arange(5, dtype=np.uint8) % 3, "classes": ["a", "b", "c"]}))
    assert data.labels.dtype == np.int64
    assert data.classes == ("a", "b", "c")


def test_sets_of_different_images_are_not_joined() -> None:
    data = Dataset(**GOOD)
    for images in (np.zeros((5, 6, 4), np.uint8), np.zeros((5, 4, 6))):
        with pytest.raises(ValueError, match="different kinds of images"):
            concatenate([data, replace(data, images=images)])


def test_a_data_set_can_be_sliced_shuffled_and_cut_into_batches() -> None:
    data = Dataset(np.zeros((7, 2, 2), np.uint8), np.arange(7), tuple("abcdefg"), writers=np.arange(7) + 10)
    assert data[2:5].labels.tolist() == [2, 3, 4]
    assert data[-1:].labels.tolist() == [6]
    assert data[data.labels > 4].labels.tolist() == [5, 6]
    assert data[np.array([3, 0])].writers.tolist() == [13, 10]  # type: ignore[union-attr]
    once, again, other = data.shuffle(1), data.shuffle(1), data.shuffle(2)
    assert once.labels.tolist() == again.labels.tolist() != other.labels.tolist()
    assert sorted(once.labels) == list(range(7))
    assert once.writers is not None
    assert (once.writers - once.labels == 10).all()
    assert [batch.labels.tolist() for batch in data.batches(3)] == [[0, 1, 2], [3, 4, 5], [6]]
