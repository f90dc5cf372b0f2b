"""Warping: other proportions, the same drawing, and nothing but what was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.ink.rendering import render, segments_of
from nn_scratch.recipes.warp import SIZE, Bend, turn, warp

SEVEN = [np.array([[0, 0], [60, 0], [20, 100]], np.float32), np.array([[10, 50], [50, 50]], np.float32)]
STRAIGHT = Bend(0, 0, 0, 0, 0, 0)


def test_strokes_that_are_not_bent_give_the_same_image(rng: np.random.Generator) -> None:
    assert (render(warp(SEVEN, rng, STRAIGHT)) == render(SEVEN)).all()  # type: ignore[union-attr]


def test_each_warp_is_another_one_of_the_same_strokes(rng: np.random.Generator) -> None:
    one, other = warp(SEVEN, rng), warp(SEVEN, rng)
    assert [stroke.shape for stroke in one] == [stroke.shape for stroke in SEVEN]
    assert one[0].dtype == np.float32
    assert (one[0] != other[0]).all()
    same = warp(SEVEN, np.random.default_rng(1))[1], warp(SEVEN, np.random.default_rng(1))[1]
    assert (same[0] == same[1]).all()


@pytest.mark.parametrize("angle", [0.3, -1.0])
def test_a_turn_keeps_lengths_and_angles(angle: float) -> None:
    np.testing.assert_allclose(turn(angle) @ turn(angle).T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(np.array([1, 0]) @ turn(angle), [np.cos(angle), np.sin(angle)])


def test_the_aspect_changes_the_width_alone(rng: np.random.Generator) -> None:
    points = np.concatenate(warp(SEVEN, rng, Bend(0, 0, 0.5, 0, 0, 0)))
    assert np.ptp(points[:, 1]) == pytest.approx(SIZE)
    assert np.ptp(points[:, 0]) != pytest.approx(60, rel=0.01)


def test_a_dot_and_a_level_line_stay_finite(rng: np.random.Generator) -> None:
    for drawing in ([np.array([[5, 5]], np.float32)], [np.array([[0, 3], [9, 3]], np.float32)]):
        assert np.isfinite(segments_of(warp(drawing, rng))).all()
        assert render(warp(drawing, rng)) is not None
