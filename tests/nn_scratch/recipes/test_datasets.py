"""The data sets made of pen strokes: split by writer and balanced."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_scratch.recipes.datasets import (
    COPIES,
    EXAMPLES_PER_VARIANT,
    MOST_PER_WRITER,
    load_pen_characters,
    load_pen_digits,
)
from nn_scratch.recipes.variants import VARIANTS
from tests.nn_scratch.recipes.small_pen import save_small, small_arrays


@pytest.mark.slow
def test_nobody_is_in_two_sets(tmp_path: Path) -> None:
    training, test = load_pen_digits(save_small(tmp_path))
    assert len(test) == 2 * 5
    originals = 8 * 5 + len(VARIANTS) * EXAMPLES_PER_VARIANT
    assert len(training) == originals * (COPIES + 1)
    rest, validation = training.split(700 * (COPIES + 1), np.random.default_rng(0))
    assert rest.writers is not None
    assert validation.writers is not None
    assert 0 < len(validation) <= 700
    assert not set(rest.writers.tolist()) & set(validation.writers.tolist())


@pytest.mark.slow
def test_no_writer_is_shown_too_often(tmp_path: Path) -> None:
    training, _ = load_pen_digits(save_small(tmp_path))
    assert training.writers is not None
    shown = np.bincount(training.writers, training.shown())
    assert shown.max() <= MOST_PER_WRITER * 1.001


@pytest.mark.slow
def test_deformed_copies_train_and_never_validate(tmp_path: Path) -> None:
    training, test = load_pen_digits(save_small(tmp_path))
    assert test.deformed is None
    assert training.deformed is not None
    assert training.deformed.mean() == COPIES / (COPIES + 1)
    originals, copies = training.images[~training.deformed], training.images[training.deformed]
    assert (originals[:40] != copies[:40]).any(axis=(1, 2)).all()
    rest, validation = training.split(700 * (COPIES + 1), np.random.default_rng(0))
    assert rest.deformed is not None
    assert rest.deformed.any()
    assert validation.deformed is not None
    assert not validation.deformed.any()


@pytest.mark.slow
def test_a_variant_without_sources_is_left_out(tmp_path: Path) -> None:
    """Without a 4 there are no open fours, and the other digits are there all the same."""
    training, _ = load_pen_digits(save_small(tmp_path, **small_arrays(labels="0178KX")))
    assert len(training) == (8 * 4 + (len(VARIANTS) - 1) * EXAMPLES_PER_VARIANT) * (COPIES + 1)


def test_characters_have_the_classes_of_emnist(tmp_path: Path) -> None:
    training, test = load_pen_characters(save_small(tmp_path, **small_arrays(labels="0aAcCz")))
    assert len(training.classes) == 47
    assert [training.classes[label] for label in training.labels[:6]] == ["0", "a", "A", "C", "C", "Z"]
    assert len(training) + len(test) == 60
    shown = np.bincount(training.labels, training.shown())
    two_letters, one_letter = shown[training.classes.index("C")], shown[training.classes.index("a")]
    assert two_letters / one_letter == pytest.approx(np.sqrt(2), rel=1e-3)
