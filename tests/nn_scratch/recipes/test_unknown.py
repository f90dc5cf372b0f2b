"""What the rejectors learn to refuse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_scratch.recipes.strokes import load_pen_data
from nn_scratch.recipes.unknown import (
    LIKE_CHARACTERS,
    NO_CHARACTER,
    NO_DIGIT,
    Kinds,
    Source,
    Writing,
    draw_unknown,
    is_bar,
)
from tests.nn_scratch.recipes.small_pen import save_small, small_arrays


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    """What the training writers of two small files wrote."""
    pen = load_pen_data(save_small(tmp_path))
    symbols = load_pen_data(save_small(tmp_path, **small_arrays(labels="!#?;|+")))
    return Writing(pen, symbols, test=False)


def test_what_looks_like_a_digit_is_not_among_what_is_refused(writing: Writing) -> None:
    def labels(source: Source) -> set[str]:
        return set(source.pen.labels[source.rows])

    assert labels(writing.symbols) == set("#?+")
    assert labels(writing.signs) == set("#?")
    assert labels(writing.letters) == set("KX")
    assert labels(writing.either_way) == set("K")
    assert labels(writing.digits) == set("01478")
    assert labels(writing.characters) == set("0478KX")
    assert labels(writing.everything) == set("01478KX")
    assert all(len(reason) > 10 for reason in LIKE_CHARACTERS.values())


def test_test_writers_and_others_are_kept_apart(writing: Writing, tmp_path: Path) -> None:
    pen = load_pen_data(save_small(tmp_path))
    test = Writing(pen, pen, test=True)
    assert not set(pen.writers[test.digits.rows]) & set(pen.writers[writing.digits.rows])


@pytest.mark.parametrize(("kinds", "kind"), [(kinds, kind) for kinds in (NO_DIGIT, NO_CHARACTER) for kind in kinds])
def test_every_kind_can_be_drawn(kinds: Kinds, kind: str, writing: Writing, rng: np.random.Generator) -> None:
    strokes = kinds[kind][1](writing, rng)
    assert np.isfinite(np.concatenate(strokes)).all()


@pytest.mark.parametrize("kinds", [NO_DIGIT, NO_CHARACTER])
def test_all_kinds_together_are_images(kinds: Kinds, writing: Writing, rng: np.random.Generator) -> None:
    assert sum(fraction for fraction, _ in kinds.values()) == pytest.approx(1)
    images = draw_unknown(kinds, writing, 50, rng)
    assert images.shape == (50, 28, 28)
    assert images.any(axis=(1, 2)).all()


@pytest.mark.parametrize(
    ("points", "bar"),
    [
        ([[0, 0], [10, 500], [20, 1000]], True),
        ([[700, 0], [0, 700]], True),
        ([[0, 0], [1000, 100]], False),  # a minus
        ([[0, 0], [500, 500], [0, 1000]], False),  # a greater-than sign
    ],
)
def test_a_bar_is_straight_and_not_level(points: list[list[int]], bar: bool) -> None:
    stroke = np.array(points, np.float32)
    assert is_bar([stroke]) == bar
    assert not is_bar([stroke, stroke])
