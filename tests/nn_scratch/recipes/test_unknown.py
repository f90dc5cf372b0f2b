"""What the rejectors learn to refuse: invented drawings, and combinations of what people wrote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_scratch import ink
from nn_scratch.recipes import doodles
from nn_scratch.recipes.strokes import bounding_box, load_pen_data
from nn_scratch.recipes.unknown import (
    LIKE_CHARACTERS,
    NO_CHARACTER,
    NO_DIGIT,
    Kinds,
    Source,
    Writing,
    collage,
    draw_unknown,
    flip,
    is_bar,
    overlay,
    side_by_side,
)
from tests.nn_scratch.recipes.small_pen import save_small, small_arrays

BAR = [np.array([[0, 0], [30, 1000]], np.float32)]
BOX = [np.array([[0, 0], [200, 0], [200, 250], [0, 250], [0, 0]], np.float32)]


@pytest.mark.parametrize("kind", [*doodles.TABLES, *doodles.SCRIBBLES])
def test_every_invented_drawing_is_another_one_each_time(kind: str, rng: np.random.Generator) -> None:
    images = ink.render_all(doodles.draw(kind, rng) for _ in range(12))
    assert images.any(axis=(1, 2)).all()
    assert len(np.unique(images, axis=0)) == 12


def test_a_pair_stands_side_by_side_at_about_the_same_height(rng: np.random.Generator) -> None:
    for _ in range(20):
        left, right = side_by_side(BAR, BOX, rng)
        assert left[:, 0].max() < right[:, 0].max()
        assert np.ptp(left[:, 1]) == pytest.approx(np.ptp(right[:, 1]), rel=0.4)


def test_a_flipped_character_keeps_its_size_and_is_another_one(rng: np.random.Generator) -> None:
    seven = [np.array([[0, 0], [600, 0], [200, 1000]], np.float32)]
    for _ in range(10):
        (flipped,) = flip(seven, rng)
        np.testing.assert_array_equal(np.ptp(flipped, axis=0), np.ptp(seven[0], axis=0))
        assert (flipped != seven[0]).any()


def test_overlaid_characters_have_about_one_size_and_one_place(rng: np.random.Generator) -> None:
    for _ in range(20):
        bar, box = overlay([BAR, BOX], rng)
        (corner, size), (other_corner, other_size) = bounding_box([bar * 1000]), bounding_box([box * 1000])
        assert 0.5 < size.max() / other_size.max() < 2
        assert np.abs(corner + size / 2 - other_corner - other_size / 2).max() <= 500
    assert len(collage([BAR, BOX + BAR, BOX], rng)) == 3  # one stroke of each


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


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    """What the training writers of two small files wrote."""
    pen = load_pen_data(save_small(tmp_path))
    symbols = load_pen_data(save_small(tmp_path, **small_arrays(labels="!#?;|+")))
    return Writing(pen, symbols, test=False)


def test_what_looks_like_a_digit_is_not_among_what_is_refused(writing: Writing) -> None:
    def labels(source: Source) -> str:
        return "".join(np.unique(source.pen.labels[source.rows]))

    assert (labels(writing.symbols), labels(writing.signs)) == ("#+?", "#?")
    assert (labels(writing.letters), labels(writing.either_way)) == ("KX", "K")
    assert (labels(writing.digits), labels(writing.characters)) == ("01478", "0478KX")
    assert labels(writing.everything) == "01478KX"
    assert all(len(reason) > 10 for reason in LIKE_CHARACTERS.values())


def test_test_writers_and_others_are_kept_apart(writing: Writing) -> None:
    pen = writing.digits.pen
    test = Writing(pen, pen, test=True)
    assert not set(pen.writers[test.digits.rows]) & set(pen.writers[writing.digits.rows])


@pytest.mark.parametrize("kinds", [NO_DIGIT, NO_CHARACTER])
def test_all_kinds_can_be_drawn(kinds: Kinds, writing: Writing, rng: np.random.Generator) -> None:
    assert sum(fraction for fraction, _ in kinds.values()) == pytest.approx(1)
    for _, draw in kinds.values():
        assert np.isfinite(np.concatenate(draw(writing, rng))).all()
    images = draw_unknown(kinds, writing, 50, rng)
    assert images.shape == (50, 28, 28)
    assert images.any(axis=(1, 2)).all()
