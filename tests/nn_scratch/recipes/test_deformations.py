"""Deformed characters: other proportions, another hand, and the same character all the same."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.recipes.deformations import (
    GAP,
    PIECES,
    Proportions,
    change_corners,
    deform,
    drift,
    lift,
    move_ends,
    path_lengths,
    redraw,
    reproportion,
    resample,
)
from nn_scratch.recipes.strokes import Strokes, bounding_box

NINE: Strokes = [
    np.array([[80, 20], [30, 0], [0, 30], [30, 50], [80, 20], [75, 60], [40, 100]], np.float32) * 10,
    np.array([[20, 100], [60, 101]], np.float32) * 10,
]
DOT: Strokes = [np.array([[5, 5]], np.float32)]


def test_nothing_is_changed_by_no_deformation(rng: np.random.Generator) -> None:
    same = reproportion(NINE, rng, Proportions(0, 0, 0, 0))
    corner, size = bounding_box(NINE)
    for stroke, original in zip(same, NINE, strict=True):
        np.testing.assert_allclose(stroke, original - corner - [size[0] / 2, 0], atol=1e-3)


def test_each_proportion_changes_what_it_says(rng: np.random.Generator) -> None:
    width, height = bounding_box(NINE)[1]
    for _ in range(20):
        aspect = bounding_box(reproportion(NINE, rng, Proportions(0, 0, 0.25, 0)))[1]
        assert np.exp(-0.5) - 1e-3 <= (aspect[0] / aspect[1]) / (width / height) <= np.exp(0.5) + 1e-3
        taller = reproportion(NINE, rng, Proportions(0.45, 0, 0, 0))
        np.testing.assert_allclose(bounding_box(taller)[1], [width, height], rtol=1e-4)
        assert (np.diff(taller[0][[1, 3, 6], 1]) > 0).all()  # what was above is still above


def test_a_stroke_is_resampled_into_equal_pieces() -> None:
    stroke = resample(NINE[0])
    assert stroke.shape == (PIECES + 1, 2)
    np.testing.assert_array_equal(stroke[[0, -1]], NINE[0][[0, -1]])
    square = resample(np.array([[0, 0], [6, 0], [6, 6], [0, 6], [0, 0]], np.float32))
    np.testing.assert_allclose(np.diff(path_lengths(square)), 1, rtol=1e-5)


@pytest.mark.parametrize("change", [drift, move_ends, change_corners])
def test_a_hand_changes_strokes_a_little(change: object, rng: np.random.Generator) -> None:
    assert callable(change)
    strokes = [resample(stroke) for stroke in NINE]
    size = bounding_box(NINE)[1].max()
    for _ in range(20):
        changed = change(strokes, rng)
        assert len(changed) == len(strokes)
        for new, old in zip(changed, strokes, strict=True):
            assert len(new) >= 2
            nearest = np.linalg.norm(new[:, None] - old[None], axis=2).min(axis=1)
            assert nearest.max() < 0.25 * size


def test_a_lifted_pen_leaves_a_short_gap(rng: np.random.Generator) -> None:
    strokes = [resample(stroke) for stroke in NINE]
    for _ in range(20):
        first, second, other = lift(strokes, rng)
        assert other is strokes[1]
        missing = len(strokes[0]) - len(first) - len(second)
        assert 0 < missing <= np.ceil(GAP[1] * len(strokes[0])) + 1


def test_deformed_characters_differ_from_time_to_time_and_are_finite(rng: np.random.Generator) -> None:
    first, second = deform(NINE, rng), deform(NINE, rng)
    assert not np.array_equal(first[0], second[0])
    for _ in range(50):
        assert all(np.isfinite(stroke).all() and len(stroke) > 1 for stroke in deform(NINE, rng))


def test_dots_stay_dots(rng: np.random.Generator) -> None:
    assert redraw(DOT, rng) is DOT
    assert np.isfinite(deform(DOT, rng)[0]).all()
