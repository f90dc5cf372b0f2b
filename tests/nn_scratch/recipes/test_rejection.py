"""The data sets that a rejector learns from: both classes are there and shown equally often."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_scratch.recipes import rejection
from nn_scratch.recipes.datasets import load_pen_characters, load_pen_digits
from nn_scratch.recipes.rejection import load_character_or_not, load_digit_or_not
from tests.nn_scratch.recipes.small_pen import save_small, small_arrays


@pytest.mark.slow
def test_digit_or_not_shows_both_classes_equally_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejection, "OUTLIERS", 200)
    save_small(tmp_path, **small_arrays(labels="!#?;+")).rename(tmp_path / "symbols.npz")
    training, test = load_digit_or_not([load_pen_digits(save_small(tmp_path))], [1], tmp_path)
    assert training.classes == test.classes == ("no digit", "digit")
    shown = np.bincount(training.labels, training.shown())
    assert shown[0] == pytest.approx(shown[1], rel=1e-3)
    assert np.bincount(training.labels)[0] == 200
    assert np.bincount(test.labels).tolist() == [20, 2 * 5]  # drawings that are not digits; digits


def test_character_or_not_shows_both_classes_equally_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejection, "NO_CHARACTERS", 200)
    save_small(tmp_path, **small_arrays(labels="!#?;+")).rename(tmp_path / "symbols.npz")
    path = save_small(tmp_path)
    training, test = load_character_or_not(tmp_path)
    assert training.classes == test.classes == ("no character", "character")
    shown = np.bincount(training.labels, training.shown())
    assert shown[0] == pytest.approx(shown[1], rel=1e-3)
    characters = [len(data) for data in load_pen_characters(path)]
    assert np.bincount(training.labels).tolist() == [200, characters[0] * (rejection.CHARACTER_COPIES + 1)]
    assert np.bincount(test.labels).tolist() == [20, characters[1]]
