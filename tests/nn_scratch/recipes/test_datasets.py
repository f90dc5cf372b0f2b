"""The data sets made of pen strokes: split by writer, balanced, and of two classes for rejectors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_scratch.recipes import datasets
from nn_scratch.recipes.datasets import (
    COPIES,
    EXAMPLES_PER_VARIANT,
    MOST_PER_WRITER,
    load_character_or_not,
    load_digit_or_not,
    load_pen_characters,
    load_pen_digits,
)
from nn_scratch.recipes.variants import VARIANTS
from tests.nn_scratch.recipes.small_pen import save_small, small_arrays


@pytest.mark.slow
def test_nobody_is_in_two_sets_or_shown_too_often_and_copies_never_validate(tmp_path: Path) -> None:
    training, test = load_pen_digits(save_small(tmp_path))
    assert len(test) == 2 * 5
    assert test.deformed is None
    originals = 8 * 5 + len(VARIANTS) * EXAMPLES_PER_VARIANT
    assert len(training) == originals * (COPIES + 1)
    assert training.writers is not None
    assert training.deformed is not None
    assert np.bincount(training.writers, training.shown()).max() <= MOST_PER_WRITER * 1.001
    assert training.deformed.mean() == COPIES / (COPIES + 1)
    first, copies = training.images[~training.deformed], training.images[training.deformed]
    assert (first[:40] != copies[:40]).any(axis=(1, 2)).all()
    rest, validation = training.split(700 * (COPIES + 1), np.random.default_rng(0))
    assert 0 < len(validation) <= 700
    assert not set(rest.writers.tolist()) & set(validation.writers.tolist())  # type: ignore[union-attr]
    assert rest.deformed.any()  # type: ignore[union-attr]
    assert not validation.deformed.any()  # type: ignore[union-attr]


def test_a_variant_without_sources_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a 4 there are no open fours, and the other digits are there all the same."""
    monkeypatch.setattr(datasets, "EXAMPLES_PER_VARIANT", 30)
    training, _ = load_pen_digits(save_small(tmp_path, **small_arrays(labels="0178KX")), copies=0)
    assert len(training) == 8 * 4 + (len(VARIANTS) - 1) * 30
    assert training.deformed is None


def test_characters_have_the_classes_of_emnist(tmp_path: Path) -> None:
    training, test = load_pen_characters(save_small(tmp_path, **small_arrays(labels="0aAcCz")))
    assert len(training.classes) == 47
    assert [training.classes[label] for label in training.labels[:6]] == ["0", "a", "A", "C", "C", "Z"]
    assert len(training) + len(test) == 60
    shown = np.bincount(training.labels, training.shown())
    two_letters, one_letter = shown[training.classes.index("C")], shown[training.classes.index("a")]
    assert two_letters / one_letter == pytest.approx(np.sqrt(2), rel=1e-3)


def test_both_classes_of_a_rejector_are_shown_equally_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, count in (("OUTLIERS", 200), ("NO_CHARACTERS", 100), ("EXAMPLES_PER_VARIANT", 30)):
        monkeypatch.setattr(datasets, name, count)
    save_small(tmp_path, **small_arrays(labels="!#?;+")).rename(tmp_path / "symbols.npz")
    path = save_small(tmp_path)
    digits, characters = load_pen_digits(path, copies=0), load_pen_characters(path, datasets.CHARACTER_COPIES)
    for classes, drawings, known, sets in (
        (("no digit", "digit"), 200, digits, load_digit_or_not([digits], [1], tmp_path)),
        (("no character", "character"), 100, characters, load_character_or_not(tmp_path)),
    ):
        training, test = sets
        assert training.classes == test.classes == classes
        shown = np.bincount(training.labels, training.shown())
        assert shown[0] == pytest.approx(shown[1], rel=1e-3)
        assert np.bincount(training.labels).tolist() == [drawings, len(known[0])]
        assert np.bincount(test.labels).tolist() == [drawings // 10, len(known[1])]
