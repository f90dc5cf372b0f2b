"""Variants, deformed and warped characters: other proportions, another hand, and the same character all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nn_scratch.ink.rendering import render, segments_of
from nn_scratch.recipes.strokes import Strokes, bounding_box, load_pen_data, path_lengths, rotation
from nn_scratch.recipes.variants import (
    GAP,
    PIECES,
    SIZE,
    VARIANTS,
    Bend,
    Proportions,
    change_corners,
    deform,
    drift,
    lift,
    make_variant,
    move_ends,
    redraw,
    reproportion,
    resample,
    warp,
)
from tests.nn_scratch.recipes.small_pen import save_small

NINE: Strokes = [
    np.array([[80, 20], [30, 0], [0, 30], [30, 50], [80, 20], [75, 60], [40, 100]], np.float32) * 10,
    np.array([[20, 100], [60, 101]], np.float32) * 10,
]
DOT: Strokes = [np.array([[5, 5]], np.float32)]


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_a_variant_adds_to_its_source(name: str, tmp_path: Path, rng: np.random.Generator) -> None:
    pen, variant = load_pen_data(save_small(tmp_path)), VARIANTS[name]
    drawings, sources = make_variant(pen, np.arange(len(pen.labels)), variant, 20, rng)
    assert len(drawings) == len(sources) == 20
    assert all(len(strokes) == 2 and np.isfinite(np.concatenate(strokes)).all() for strokes in drawings)
    assert set(pen.labels[sources]) == {variant.source}


def test_the_stem_of_an_open_four_is_short(rng: np.random.Generator) -> None:
    angle = np.array([[40, 0], [0, 60], [80, 60]], np.float32)
    stem = np.stack([np.full(50, 60), np.linspace(5, 100, 50)], axis=1).astype(np.float32)
    for _ in range(20):
        same, short = VARIANTS["open four"].make([angle, stem], rng)
        assert same is angle
        assert 12 < short[0, 1] < 46
        assert 78 < short[-1, 1] <= 100


def test_the_loops_of_an_eight_touch(rng: np.random.Generator) -> None:
    angle = np.linspace(0, 2 * np.pi, 40)
    zero = [np.stack([50 * np.cos(angle), 80 * np.sin(angle)], axis=1).astype(np.float32)]
    for _ in range(20):
        upper, lower = VARIANTS["eight in two loops"].make(zero, rng)
        (_, top), (_, height) = bounding_box([upper])
        assert top + height == pytest.approx(float(bounding_box([lower])[0][1]), abs=0.1 * float(height))


def test_nothing_is_changed_by_no_deformation_and_no_warp(rng: np.random.Generator) -> None:
    same = reproportion(NINE, rng, Proportions(0, 0, 0, 0))
    corner, size = bounding_box(NINE)
    for stroke, original in zip(same, NINE, strict=True):
        np.testing.assert_allclose(stroke, original - corner - [size[0] / 2, 0], atol=1e-3)
    assert (render(warp(NINE, rng, Bend(0, 0, 0, 0, 0, 0))) == render(NINE)).all()  # type: ignore[union-attr]


def test_each_proportion_changes_what_it_says(rng: np.random.Generator) -> None:
    width, height = bounding_box(NINE)[1]
    for _ in range(20):
        aspect = bounding_box(reproportion(NINE, rng, Proportions(0, 0, 0.25, 0)))[1]
        assert np.exp(-0.5) - 1e-3 <= (aspect[0] / aspect[1]) / (width / height) <= np.exp(0.5) + 1e-3
        taller = reproportion(NINE, rng, Proportions(0.45, 0, 0, 0))
        np.testing.assert_allclose(bounding_box(taller)[1], [width, height], rtol=1e-4)
        assert (np.diff(taller[0][[1, 3, 6], 1]) > 0).all()  # what was above is still above
        points = np.concatenate(warp(NINE, rng, Bend(0, 0, 0.5, 0, 0, 0)))
        assert np.ptp(points[:, 1]) == pytest.approx(SIZE)
        assert np.ptp(points[:, 0]) != pytest.approx(float(width / height) * SIZE, rel=1e-3)


def test_a_stroke_is_resampled_into_equal_pieces() -> None:
    stroke = resample(NINE[0])
    assert stroke.shape == (PIECES + 1, 2)
    np.testing.assert_array_equal(stroke[[0, -1]], NINE[0][[0, -1]])
    square = resample(np.array([[0, 0], [6, 0], [6, 6], [0, 6], [0, 0]], np.float32))
    np.testing.assert_allclose(np.diff(path_lengths(square)), 1, rtol=1e-5)


@pytest.mark.parametrize("change", [drift, move_ends, change_corners])
def test_a_hand_changes_strokes_a_little(
    change: Callable[[Strokes, np.random.Generator], Strokes], rng: np.random.Generator
) -> None:
    strokes, size = [resample(stroke) for stroke in NINE], bounding_box(NINE)[1].max()
    for _ in range(20):
        for new, old in zip(change(strokes, rng), strokes, strict=True):
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


@pytest.mark.parametrize("change", [deform, warp])
def test_changed_characters_differ_from_time_to_time_and_are_finite(
    change: Callable[[Strokes, np.random.Generator], Strokes], rng: np.random.Generator
) -> None:
    assert not np.array_equal(change(NINE, rng)[0], change(NINE, rng)[0])
    same = [change(NINE, np.random.default_rng(1))[1] for _ in range(2)]
    assert (same[0] == same[1]).all()
    for _ in range(50):
        assert all(np.isfinite(stroke).all() and len(stroke) > 1 for stroke in change(NINE, rng))
    for flat in (DOT, [np.array([[0, 3], [9, 3]], np.float32)]):
        assert np.isfinite(segments_of(change(flat, rng))).all()
    assert redraw(DOT, rng) is DOT


@pytest.mark.parametrize("angle", [0.3, -1.0])
def test_a_rotation_keeps_lengths_and_turns_as_it_says(angle: float) -> None:
    np.testing.assert_allclose(rotation(angle) @ rotation(angle).T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(rotation(angle) @ [1, 0], [np.cos(angle), np.sin(angle)])
