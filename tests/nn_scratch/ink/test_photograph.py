"""Photographs of paper give the ink that was written, and everything else is read as it was drawn."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from nn_scratch import ink
from nn_scratch.ink import files as image_files
from nn_scratch.ink.paper import density_of, extremes, of_lines
from nn_scratch.ink.photograph import ink_on_photograph, is_photograph
from nn_scratch.ink.rendering import Raster
from nn_scratch.ink.rules import without_rules

SIDE = 400
SEVEN = [(0.4, 0.35), (0.6, 0.35), (0.5, 0.65)]


def drawn(corners: list[tuple[float, float]], width: float = 0.015) -> Raster:
    """The line through `corners`, fractions of the side, as ink (SIDE, SIDE)."""
    raster = np.zeros((SIDE, SIDE), np.float32)
    for start, end in itertools.pairwise(np.array(corners) * SIDE):
        ink.stamp(raster, tuple(start), tuple(end), width / 2 * SIDE)
    return raster


def photographed(written: Raster, light: Raster | float = 1.0, seed: int = 0, noise: float = 1.5) -> Raster:
    """The levels (SIDE, SIDE) that a camera sees of black ink on white paper, in linear `light`."""
    seen = 0.8 * (1 - 0.95 * written) * np.broadcast_to(light, written.shape)
    levels = 255 * seen ** (1 / 2.2) + np.random.default_rng(seed).normal(0, noise, written.shape)
    return np.asarray(np.rint(levels.clip(0, 255)), np.float32)


def squares(distance: int = 32, slope: float = 0.03) -> Raster:
    """The rules of squared paper, two pixels wide, as ink (SIDE, SIDE)."""
    y, x = np.mgrid[:SIDE, :SIDE]
    is_rule = ((y + slope * x).astype(int) % distance < 2) | ((x - slope * y).astype(int) % distance < 2)
    return np.asarray(0.35 * is_rule, np.float32)


def shadow() -> Raster:
    """Light (SIDE, SIDE) that falls off from left to right, with a sharp shadow across the middle."""
    y, x = np.mgrid[0 : 1 : SIDE * 1j, 0 : 1 : SIDE * 1j]
    return np.asarray((1 - 0.6 * x) * np.where(x + y / 2 > 0.75, 0.4, 1.0), np.float32)


def difference(raster: Raster, other: Raster) -> float:
    """The mean difference of the two as a network reads them, of 255."""
    images = [ink.normalize(each) for each in (raster, other)]
    assert images[0] is not None
    assert images[1] is not None
    return float(np.abs(images[0].astype(float) - images[1]).mean())


@pytest.mark.parametrize("light", ["even", "shadow"])
@pytest.mark.parametrize("paper", ["plain", "squared", "board"])
def test_a_seven_is_the_same_seven_in_any_light_on_any_paper(light: str, paper: str) -> None:
    written = np.maximum(drawn(SEVEN), squares()) if paper == "squared" else drawn(SEVEN)
    written = 1 - written if paper == "board" else written
    seen = photographed(written, shadow() if light == "shadow" else 1.0, noise=1.0)
    assert difference(ink_on_photograph(seen).ink, drawn(SEVEN)) < 12


@given(st.floats(0.1, 1), st.floats(0, 2 * np.pi), st.floats(0, 2), st.integers(0, 99))
def test_blank_paper_under_uneven_light_has_no_ink(darkest: float, angle: float, noise: float, seed: int) -> None:
    y, x = np.mgrid[-0.7 : 0.7 : SIDE * 1j, -0.7 : 0.7 : SIDE * 1j]
    light = np.clip(1 - (1 - darkest) * (0.5 + (x * np.cos(angle) + y * np.sin(angle)) / 2), darkest, 1)
    page = ink_on_photograph(photographed(np.zeros((SIDE, SIDE), np.float32), light, seed, noise))
    assert not page.ink.any()
    assert page.left_out == 0


def test_blank_squared_paper_has_no_ink() -> None:
    assert not ink_on_photograph(photographed(squares(), shadow())).ink.any()


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(1, 70), st.integers(1, 70)),
        elements=st.floats(0, 255, width=32),
        fill=st.floats(0, 255, width=32),
    )
)
def test_any_image_gives_ink_of_its_shape(grey: Raster) -> None:
    page = ink_on_photograph(grey)
    assert page.ink.shape == grey.shape
    assert page.ink.dtype == np.float32
    assert page.ink.min() >= 0
    assert page.ink.max() <= 1
    assert page.writing.sum() == pytest.approx(page.ink.sum(), rel=1e-4)
    assert page.left_out >= 0


@given(st.integers(0, 255), st.integers(0, 255), st.floats(0.002, 0.05))
def test_what_was_drawn_is_no_photograph(paper: int, colour: int, width: float) -> None:
    assert not is_photograph(paper + (colour - paper) * drawn(SEVEN, width))


@pytest.mark.parametrize("name", ["drawing.png", "drawing.jpg"])
def test_what_was_drawn_is_read_as_it_is(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    page = np.maximum(drawn(SEVEN), drawn([(0.05, 0.9), (0.2, 0.95)]))
    Image.fromarray((255 - 255 * page).astype(np.uint8)).save(path, quality=60)
    with Image.open(path) as image:
        expected = image_files.ink_of(*image_files.grey_levels(image))
    read = image_files.read_page(path)
    np.testing.assert_array_equal(read.ink, expected)
    np.testing.assert_array_equal(read.writing, expected)
    assert read.left_out == 0


def test_a_photograph_is_told_from_a_drawing_and_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "photograph.jpg"
    seen = photographed(drawn(SEVEN), shadow())
    assert is_photograph(seen)
    Image.fromarray(seen.astype(np.uint8)).save(path, quality=90)
    page = image_files.read_page(path)
    assert page.ink.shape == (SIDE, SIDE)
    assert page.writing.shape[0] < SIDE / 2
    assert difference(page.ink, drawn(SEVEN)) < 12
    assert difference(page.writing, page.ink) < 1
    np.testing.assert_array_equal(image_files.read(path), page.ink)


def test_smaller_lines_are_left_out_and_counted() -> None:
    above = drawn([(0.35, 0.1), (0.35, 0.2)], 0.01)
    below = np.maximum(drawn([(0.3, 0.85), (0.3, 0.95)], 0.01), drawn([(0.35, 0.85), (0.35, 0.95)], 0.01))
    page = ink_on_photograph(photographed(np.max([drawn(SEVEN), above, below], axis=0)))
    assert page.left_out == 2
    assert difference(page.ink, drawn(SEVEN)) < 12
    alone = ink_on_photograph(photographed(drawn(SEVEN)))
    assert alone.left_out == 0


def test_the_bar_of_a_five_belongs_to_it_and_the_table_does_not() -> None:
    five = np.maximum(
        drawn([(0.45, 0.42), (0.45, 0.5), (0.55, 0.55), (0.55, 0.62), (0.45, 0.65)]),
        drawn([(0.45, 0.37), (0.56, 0.37)]),
    )
    grain = np.abs(np.random.default_rng(0).normal(0, 0.3, (SIDE, 20))).repeat(20, axis=1).clip(0, 0.9)
    is_table = np.ones((SIDE, SIDE), np.bool_)
    is_table[40:-40, 40:-40] = False
    page = ink_on_photograph(photographed(np.where(is_table, grain, five)))
    assert difference(page.ink, five) < 12


def on_a_desk(seen: Raster, left: int, top: int, right: int, bottom: int, desk: float, noise: float = 3.0) -> Raster:
    """`seen` (SIDE, SIDE) within that box, and the level `desk` with `noise` around it."""
    around = np.random.default_rng(1).normal(desk, noise, (SIDE, SIDE)).clip(0, 255).astype(np.float32)
    around[top:bottom, left:right] = seen[top:bottom, left:right]
    return np.asarray(np.rint(around), np.float32)


@pytest.mark.parametrize("desk", [25.0, 90.0])
def test_a_small_sheet_on_a_dark_desk_is_read_and_the_desk_is_not(desk: float) -> None:
    """Light paper among dark is not light writing, and the noise of a dark desk is not ink."""
    page = ink_on_photograph(on_a_desk(photographed(drawn(SEVEN)), 110, 100, 300, 300, desk))
    assert difference(page.writing, drawn(SEVEN)) < 12
    assert page.left_out == 0


def test_one_large_digit_in_chalk_is_light_on_a_noisy_board() -> None:
    seen = photographed(1 - 0.9 * drawn([(0.3, 0.2), (0.6, 0.2), (0.5, 0.8)], 0.03), noise=8.0)
    page = ink_on_photograph(seen)
    assert difference(page.ink, drawn([(0.3, 0.2), (0.6, 0.2), (0.5, 0.8)], 0.03)) < 16


def test_the_line_at_a_margin_is_a_rule_and_a_long_one_is_a_one() -> None:
    margin, one = drawn([(0.44, 0.0), (0.45, 1.0)], 0.008), drawn([(0.5, 0.07), (0.5, 0.93)])
    assert difference(ink_on_photograph(photographed(np.maximum(drawn(SEVEN), margin))).ink, drawn(SEVEN)) < 12
    assert difference(ink_on_photograph(photographed(one)).ink, one) < 12


def test_a_pencil_that_skips_draws_one_line() -> None:
    length = len(np.nonzero(drawn(SEVEN).any(axis=1))[0])
    cover = np.full((SIDE, 1), 0.75)
    cover[:: length // 6] = 0.42
    cover[1 :: length // 6] = 0.42
    page = ink_on_photograph(photographed(drawn(SEVEN) * (0.4 * cover), noise=0.5))
    assert difference(page.ink, drawn(SEVEN)) < 16
    rows = np.flatnonzero(page.ink.any(axis=1))
    assert len(rows) == rows[-1] - rows[0] + 1


def test_a_speck_apart_from_the_writing_is_not_read() -> None:
    speck = drawn([(0.25, 0.6), (0.25, 0.61)], 0.02)
    page = ink_on_photograph(photographed(np.maximum(drawn(SEVEN), speck)))
    assert difference(page.writing, drawn(SEVEN)) < 12


def test_strokes_across_rules_stay_whole() -> None:
    """A stem crosses rules of both directions."""
    written = drawn([(0.5, 0.2), (0.6, 0.8)])
    lines = of_lines(density_of(photographed(np.maximum(written, squares()), noise=1.0)))
    cleaned = without_rules(lines, np.full_like(lines, 0.1))
    stem = cleaned[np.rint(np.linspace(0.25, 0.75, 50) * SIDE).astype(int)].max(axis=1)
    assert stem.min() > 0.6 * np.median(stem)
    assert np.median(cleaned[:, : SIDE // 4]) < 0.05
    alone = of_lines(density_of(photographed(written)))
    np.testing.assert_array_equal(without_rules(alone, np.full_like(lines, 0.1)), alone)


@given(st.integers(0, 99), st.integers(0, 5))
def test_extremes_are_those_of_every_square(seed: int, reach: int) -> None:
    values = np.random.default_rng(seed).random((9, 7), np.float32)
    slow = [
        [values[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1].min() for x in range(7)]
        for y in range(9)
    ]
    np.testing.assert_array_equal(extremes(values, 2 * reach + 1, np.minimum), np.array(slow))


@given(st.floats(0.2, 1))
def test_less_light_leaves_the_density_of_lines_as_it_is(light: float) -> None:
    seen = 200 - 120 * drawn(SEVEN)
    bright, dark = (of_lines(density_of(seen * share)) for share in (1.0, light))
    np.testing.assert_allclose(bright, dark, atol=1e-3)
