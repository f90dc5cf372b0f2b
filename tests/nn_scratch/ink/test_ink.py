"""Ink: the network sees the same image wherever and however large a digit is drawn."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_scratch.dataset import Dataset
from nn_scratch.ink import rendering as ink

SEVEN = [np.array([[0, 0], [10, 0], [4, 16]], np.float32)]


def test_mnist_itself_is_left_as_it_is(mnist_data: tuple[Dataset, Dataset]) -> None:
    images = mnist_data[1].images[:1000]
    again = np.array([ink.normalize(image) for image in images])
    assert np.abs(again.astype(float) - images).mean() / 255 <= 0.03


def test_a_drawing_fills_the_box_with_its_mass_in_the_middle() -> None:
    for image in (ink.render(SEVEN), ink.normalize(drawn(SEVEN, 9.0, (40, 60)))):
        assert image is not None
        assert image.shape == (28, 28)
        assert image.dtype == np.uint8
        rows = np.flatnonzero(image.max(axis=1) > 60)
        assert rows[-1] - rows[0] + 1 == pytest.approx(ink.BOX, abs=1)
        mass = image / image.sum()
        middles = np.arange(28) + 0.5
        assert mass.sum(axis=0) @ middles == pytest.approx(ink.CENTRE, abs=0.6)
        assert mass.sum(axis=1) @ middles == pytest.approx(ink.CENTRE, abs=0.6)


def drawn(strokes: list[np.ndarray], scale: float, at: tuple[float, float], size: int = 300) -> np.ndarray:
    """`strokes`, scaled and moved, drawn on a raster with a pen of the same scale."""
    raster = np.zeros((size, size), np.float32)
    for stroke in strokes:
        points = stroke * scale + at
        for start, end in itertools.pairwise(points):
            ink.stamp(raster, tuple(start), tuple(end), scale)
    return raster


@given(scale=st.floats(3, 14), x=st.floats(20, 120), y=st.floats(20, 60))
def test_size_and_place_make_no_difference(scale: float, x: float, y: float) -> None:
    """The difference is at most what a fraction of a pixel in a small drawing becomes in the box of 20 pixels."""
    reference = ink.normalize(drawn(SEVEN, 10, (50, 50)))
    image = ink.normalize(drawn(SEVEN, scale, (x, y)))
    assert image is not None
    assert reference is not None
    shifts = [np.roll(image, shift, (0, 1)) for shift in [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]]
    assert min(np.abs(shifted.astype(float) - reference).mean() for shifted in shifts) < 0.04 * 255


@given(scale=st.floats(0.001, 1e5), x=st.floats(-1e5, 1e5), y=st.floats(-1e5, 1e5))
def test_strokes_of_any_unit_give_one_image(scale: float, x: float, y: float) -> None:
    moved = [(stroke * scale + (x * scale / 100, y * scale / 100)).astype(np.float32) for stroke in SEVEN]
    image, reference = ink.render(moved), ink.render(SEVEN)
    assert image is not None
    assert reference is not None
    assert np.abs(image.astype(float) - reference).mean() < 2


def test_a_drawing_without_ink_gives_no_image() -> None:
    assert ink.render([]) is None
    assert ink.render([np.zeros((0, 2), np.float32)]) is None
    assert ink.render([np.full((3, 2), np.nan, np.float32)]) is None
    assert ink.normalize(np.zeros((5, 9), np.float32)) is None
    assert ink.normalize(np.zeros((0, 9), np.uint8)) is None
    assert ink.normalize(np.full((4, 4), np.nan, np.float32)) is None


def test_a_dot_becomes_a_dot_in_the_middle() -> None:
    for image in (ink.render([np.array([[5, 5]], np.float32)]), ink.render([np.full((4, 2), 7, np.float32)])):
        assert image is not None
        assert image[14, 14] == 255
        assert 3 <= np.count_nonzero(image) <= 25


@given(raster=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_any_raster_gives_an_image_or_nothing(raster: np.ndarray) -> None:
    image = ink.normalize(raster)
    assert (image is None) == (not raster.any())
    if image is not None:
        assert image.any()


def test_bytes_and_fractions_give_the_same_image() -> None:
    raster = (drawn(SEVEN, 10, (50, 50)) * 255).astype(np.uint8)
    first, second = ink.normalize(raster), ink.normalize(raster / np.float32(255))
    assert first is not None
    assert (first == second).all()


@given(ends=st.tuples(*[st.floats(-80, 80, width=32)] * 4), radius=st.floats(0.5, 9))
def test_a_line_is_a_capsule_without_gaps(ends: tuple[float, float, float, float], radius: float) -> None:
    """Each pixel is compared with the definition: its distance to the nearest of many points along the line.
    A nearest of such points is at most half a step further than the line."""
    raster = np.zeros((40, 50), np.float32)
    ink.stamp(raster, ends[:2], ends[2:], radius)
    t = np.linspace(0, 1, 1000)[:, None]
    path = np.array(ends[:2]) * (1 - t) + np.array(ends[2:]) * t  # (1000, 2)
    y, x = np.mgrid[:40, :50] + 0.5
    away = np.sqrt((x[..., None] - path[:, 0]) ** 2 + (y[..., None] - path[:, 1]) ** 2).min(axis=-1)
    half_step = np.hypot(*(path[1] - path[0])) / 2
    assert np.abs(raster - np.clip(radius + 0.5 - away, 0, 1)).max() < half_step + 0.01


def test_erasing_takes_away_exactly_what_it_covers() -> None:
    raster = np.zeros((40, 40), np.float32)
    ink.stamp(raster, (5, 20), (35, 20), 4)
    before = raster.copy()
    ink.stamp(raster, (20, 5), (20, 35), 3, erase=True)
    assert not raster[:, 18:22].any()
    assert (raster[:, :15] == before[:, :15]).all()
    assert (raster <= before).all()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_a_line_to_nowhere_does_no_harm(bad: float) -> None:
    raster = np.zeros((10, 10), np.float32)
    ink.stamp(raster, (bad, 2.0), (5.0, bad), 1.0)
    ink.stamp(raster, (1.0, 1.0), (2.0, 2.0), bad if not bad > 0 else np.nan)
    assert np.isfinite(raster).all()
