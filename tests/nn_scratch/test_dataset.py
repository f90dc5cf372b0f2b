"""Data sets: what they take, what they refuse, and how they are taken apart and joined."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nn_scratch.dataset import Dataset, concatenate
from nn_scratch.network import DIGITS

GOOD: dict[str, Any] = {"images": np.zeros((5, 4, 6), np.uint8), "labels": np.arange(5) % 3, "classes": ("a", "b", "c")}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"images": np.zeros((3, 4, 6), np.uint8)}, r"Labels have shape \(5,\) and type int64, but there are 3 images"),
        ({"images": np.zeros(5)}, r"Inputs are \(N, ...\), a row or an image each, not \(5,\)"),
        ({"images": np.zeros((5, 4, 6), np.int32)}, "not int32"),
        ({"images": np.full((5, 4, 6), np.nan)}, "example 0 has nan"),
        ({"labels": np.array([0, 1, 3, 0, 7])}, "below 3, but that of image 2 is 3"),
        ({"labels": np.array([0, 1, 2, 0, -1])}, "image 4 is -1"),
        ({"labels": np.array(["a"] * 5)}, "whole numbers"),
        ({"labels": np.full(5, np.nan)}, "finite"),
        ({"labels": np.zeros((5, 1, 1), np.int64)}, r"shape \(5, 1, 1\)"),
        ({"labels": np.zeros((5, 2), np.int64)}, "2 labels for each example, but 3 classes"),
        ({"labels": np.full((5, 3), 2)}, "below 2"),
        ({"writers": np.arange(4)}, "Writers have shape"),
        ({"writers": np.arange(5) - 1}, "Writers .* image 0 is -1"),
        ({"weights": np.ones(6, np.float32)}, "Weights have shape"),
        ({"weights": np.array([1, 1, np.nan, 1, 1])}, "Weights .* image 2 is nan"),
        ({"weights": np.array([1, np.inf, 1, 1, 1.0])}, "image 1 is inf"),
        ({"deformed": np.zeros(4, np.bool_)}, "deformed examples have shape"),
    ],
)
def test_arrays_that_do_not_match_are_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        Dataset(**(GOOD | changes))
    assert "\n" not in str(caught.value)


def test_any_floats_and_labels_of_three_kinds_are_taken(rng: np.random.Generator) -> None:
    rows = rng.standard_normal((6, 3)) * 100
    assert Dataset(rows, np.arange(6, dtype=np.uint8) % 2).classes == ("0", "1")
    assert Dataset(rows, np.arange(6, dtype=np.uint8) % 2).labels.dtype == np.int64
    several = Dataset(rows, rows > 0, ("x", "y", "z"))
    assert several.labels.tolist() == (rows > 0).astype(int).tolist()
    assert (several.has_classes, several.classes) == (False, ("x", "y", "z"))
    numbers = Dataset(rng.standard_normal((6, 5, 5)), rows[:, 0])
    assert (numbers.has_classes, numbers.classes) == (False, ("0",))
    assert numbers.labels.dtype == np.float64


def test_joined_sets_keep_their_weights_and_writers() -> None:
    images, labels = np.zeros((3, 28, 28), np.uint8), np.arange(3)
    known = Dataset(images, labels, DIGITS, writers=np.array([0, 0, 1]), weights=np.array([1, 1, 0.5], np.float32))
    both = concatenate([Dataset(images, labels, DIGITS), known], [1, 2])
    np.testing.assert_allclose(both.shown(), [1, 1, 1, 2, 2, 1])
    assert both.writers is not None
    assert both.writers.tolist() == [0, 1, 2, 3, 3, 4]
    with pytest.raises(ValueError, match="different classes"):
        concatenate([known, Dataset(images, labels, tuple("abc"))])
    data = Dataset(**GOOD)
    for other in (np.zeros((5, 6, 4), np.uint8), np.zeros((5, 4, 6))):
        with pytest.raises(ValueError, match="different kinds of images"):
            concatenate([data, replace(data, images=other)])


def test_a_data_set_can_be_sliced_shuffled_and_cut_into_batches(rng: np.random.Generator) -> None:
    data = Dataset(np.zeros((7, 2, 2), np.uint8), np.arange(7), tuple("abcdefg"), writers=np.arange(7) + 10)
    assert data[2:5].labels.tolist() == [2, 3, 4]
    assert data[3].labels.tolist() == [3]
    assert data[-1:].labels.tolist() == [6]
    assert data[data.labels > 4].labels.tolist() == [5, 6]
    assert data[np.array([3, 0])].writers.tolist() == [13, 10]  # type: ignore[union-attr]
    with pytest.raises(TypeError, match=r"data\[3:5\]"):
        list(data)
    once, again, other = data.shuffle(1), data.shuffle(1), data.shuffle(2)
    assert once.labels.tolist() == again.labels.tolist() != other.labels.tolist()
    assert sorted(once.labels) == list(range(7))
    assert [batch.labels.tolist() for batch in data.batches(3)] == [[0, 1, 2], [3, 4, 5], [6]]
    rest, drawn = Dataset(data.images, data.labels, data.classes).split(3, rng)
    assert len(drawn) == 3
    assert sorted([*rest.labels, *drawn.labels]) == list(range(7))


def test_lists_are_taken_as_arrays(rng: np.random.Generator) -> None:
    parts: dict[str, Any] = {"writers": [0, 0, 1, 1], "weights": [1, 1, 2, 2], "deformed": [False, True, False, False]}
    data = Dataset(rng.random((4, 3)), np.arange(4) % 2, **parts)
    assert data[1:].writers is not None
    training, validation = data.split(2, rng)
    assert len(training) == 2
    assert len(validation) in (1, 2)  # a deformed example validates nothing
