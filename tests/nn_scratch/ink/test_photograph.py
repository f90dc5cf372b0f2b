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
from nn_scratch.ink.page import main_line
from nn_scratch.ink.paper import density_of, extremes, of_lines
from nn_scratch.ink.photograph import ink_on_photograph, is_photograph
from nn_scratch.ink.rendering import Raster
from nn_scratch.ink.rules import without_rules

SIDE = 400
Y, X = np.mgrid[0 : 1 : SIDE * 1j, 0 : 1 : SIDE * 1j]
SHADOW = (1 - 0.6 * X) * np.where(X + Y / 2 > 0.75, 0.4, 1.0)  # light falls off to the right; a sharp shadow crosses it


def drawn(*corners: tuple[float, float], width: float = 0.015) -> Raster:
    """The line through `corners`, fractions of the side, as ink (SIDE, SIDE)."""
    raster = np.zeros((SIDE, SIDE), np.float32)
    for start, end in itertools.pairwise(np.array(corners) * SIDE):
        ink.stamp(raster, tuple(start), tuple(end), width / 2 * SIDE)
    return raster


def photographed(*written: Raster, light: Raster | float = 1.0, seed: int = 0, noise: float = 1.5) -> Raster:
    """The levels (SIDE, SIDE) that a camera sees of black ink on white paper, in linear `light`."""
    seen = 0.8 * (1 - 0.95 * np.max(written, axis=0)) * light
    levels = 255 * seen ** (1 / 2.2) + np.random.default_rng(seed).normal(0, noise, seen.shape)
    return np.asarray(np.rint(levels.clip(0, 255)), np.float32)


def squares(distance: int = 32, slope: float = 0.03) -> Raster:
    """The rules of squared paper, two pixels wide, as ink (SIDE, SIDE)."""
    y, x = np.mgrid[:SIDE, :SIDE]
    is_rule = ((y + slope * x).astype(int) % distance < 2) | ((x - slope * y).astype(int) % distance < 2)
    return np.asarray(0.35 * is_rule, np.float32)


def on_a_desk(seen: Raster, desk: float) -> Raster:
    """The middle of `seen` (SIDE, SIDE), and the level `desk` with noise around it."""
    around = np.random.default_rng(1).normal(desk, 3.0, (SIDE, SIDE)).clip(0, 255).astype(np.float32)
    around[100:300, 110:300] = seen[100:300, 110:300]
    return np.asarray(np.rint(around), np.float32)


def difference(raster: Raster, other: Raster) -> float:
    """The mean difference of the two as a network reads them, of 255."""
    one, two = (np.asarray(ink.normalize(each), float) for each in (raster, other))
    return float(np.abs(one - two).mean())


SEVEN = drawn((0.4, 0.35), (0.6, 0.35), (0.5, 0.65))
CHALK = drawn((0.3, 0.2), (0.6, 0.2), (0.5, 0.8), width=0.03)
SMALL = drawn((0.45, 0.42), (0.55, 0.42), (0.5, 0.58))
ONE = drawn((0.5, 0.07), (0.5, 0.93))
FIVE = np.maximum(
    drawn((0.45, 0.42), (0.45, 0.5), (0.55, 0.55), (0.55, 0.62), (0.45, 0.65)), drawn((0.45, 0.37), (0.56, 0.37))
)
LINES = [drawn((x, y), (x, y + 0.1), width=0.01) for x, y in ((0.35, 0.1), (0.3, 0.85), (0.35, 0.85))]
GRAIN = np.abs(np.random.default_rng(0).normal(0, 0.3, (SIDE, 20))).repeat(20, axis=1).clip(0, 0.9)
TABLE = np.pad(np.zeros((SIDE - 80, SIDE - 80)), 40, constant_values=1) * GRAIN


CASES = {  # what a camera sees, and what of it is to be read
    "plain": (photographed(SEVEN, noise=1.0), SEVEN),
    "squared": (photographed(SEVEN, squares(), noise=1.0), SEVEN),
    "board": (photographed(1 - SEVEN, noise=1.0), SEVEN),
    "shadow": (photographed(SEVEN, light=SHADOW, noise=1.0), SEVEN),
    "squared, shadow": (photographed(SEVEN, squares(), light=SHADOW, noise=1.0), SEVEN),
    "board, shadow": (photographed(1 - SEVEN, light=SHADOW, noise=1.0), SEVEN),
    "a large digit in chalk on a noisy board": (photographed(1 - 0.9 * CHALK, noise=8.0), CHALK),
    "two smaller lines": (photographed(SEVEN, *LINES), SEVEN),
    "one larger line in a corner": (photographed(SMALL, drawn((0.12, 0.1), (0.12, 0.3))), SMALL),
    "the bar of a five belongs to it, and the table does not": (photographed(FIVE, TABLE), FIVE),
    "light paper on a black desk is not light writing": (on_a_desk(photographed(SEVEN), 25), SEVEN),
    "the noise of a dark desk is not ink": (on_a_desk(photographed(SEVEN), 90), SEVEN),
    "the line at a margin is a rule": (photographed(SEVEN, drawn((0.44, 0.0), (0.45, 1.0), width=0.008)), SEVEN),
    "a long line is a one": (photographed(ONE), ONE),
    "a speck apart": (photographed(SEVEN, drawn((0.25, 0.6), (0.25, 0.61), width=0.02)), SEVEN),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_written_is_read(name: str) -> None:
    seen, written = CASES[name]
    assert is_photograph(seen)
    page = ink_on_photograph(seen)
    assert difference(page.ink, written) < (16 if "chalk" in name else 12)
    assert difference(page.writing, page.ink) < 1
    assert page.left_out == {"two": 2, "one": 1}.get(name.split()[0], 0)


def test_a_pencil_that_skips_draws_one_line() -> None:
    length = np.count_nonzero(SEVEN.any(axis=1))
    cover = np.full((SIDE, 1), 0.75)
    cover[:: length // 6] = cover[1 :: length // 6] = 0.42
    page = ink_on_photograph(photographed(SEVEN * (0.4 * cover), noise=0.5))
    assert difference(page.ink, SEVEN) < 16
    rows = np.flatnonzero(page.ink.any(axis=1))
    assert len(rows) == rows[-1] - rows[0] + 1


def test_where_a_line_is_faint_for_a_few_pixels_it_is_read_on() -> None:
    strong = SEVEN.copy()
    strong[200:210] = 0
    np.testing.assert_array_equal(main_line(strong, strong > 0, SEVEN).ink, SEVEN)


@given(st.floats(0.1, 1), st.floats(0, 2 * np.pi), st.floats(0, 2), st.integers(0, 99))
def test_blank_paper_under_uneven_light_has_no_ink(darkest: float, angle: float, noise: float, seed: int) -> None:
    way = 0.5 + 0.7 * ((2 * X - 1) * np.cos(angle) + (2 * Y - 1) * np.sin(angle)) / 2
    light = np.clip(1 - (1 - darkest) * way, darkest, 1)
    page = ink_on_photograph(photographed(0 * SEVEN, light=light, seed=seed, noise=noise))
    assert not page.ink.any()
    assert page.left_out == 0


def test_blank_squared_paper_has_no_ink() -> None:
    assert not ink_on_photograph(photographed(squares(), light=SHADOW)).ink.any()


@given(arrays(np.float32, st.tuples(*[st.integers(1, 70)] * 2), elements=st.floats(0, 255, width=32)))
def test_any_image_gives_ink_of_its_shape(grey: Raster) -> None:
    page = ink_on_photograph(grey)
    assert (page.ink.shape, str(page.ink.dtype)) == (grey.shape, "float32")
    assert 0 <= page.ink.min() <= page.ink.max() <= 1
    assert page.writing.sum() == pytest.approx(page.ink.sum(), rel=1e-4)
    assert page.left_out >= 0


@given(st.integers(0, 255), st.integers(0, 255), st.floats(0.002, 0.05))
def test_what_was_drawn_is_no_photograph(paper: int, colour: int, width: float) -> None:
    assert not is_photograph(paper + (colour - paper) * drawn((0.4, 0.35), (0.6, 0.35), (0.5, 0.65), width=width))


@pytest.mark.parametrize("name", ["drawing.png", "drawing.jpg", "photograph.jpg"])
def test_a_file_is_read_as_the_photograph_or_the_drawing_that_it_is(name: str, tmp_path: Path) -> None:
    path, two_lines = tmp_path / name, np.maximum(SEVEN, drawn((0.05, 0.9), (0.2, 0.95)))
    levels = photographed(SEVEN, light=SHADOW) if name == "photograph.jpg" else 255 - 255 * two_lines
    Image.fromarray(levels.astype(np.uint8)).save(path, quality=90 if name == "photograph.jpg" else 60)
    page = image_files.read_page(path)
    np.testing.assert_array_equal(image_files.read(path), page.ink)
    assert page.left_out == 0
    if name == "photograph.jpg":
        assert page.writing.shape[0] < SIDE / 2
        assert difference(page.ink, SEVEN) < 12
    else:
        np.testing.assert_array_equal(page.writing, page.ink)
        assert np.abs(page.ink - two_lines).mean() < 0.01


def test_strokes_across_rules_stay_whole() -> None:
    """A stem crosses rules of both directions."""
    stem, floor = drawn((0.5, 0.2), (0.6, 0.8)), np.full((SIDE, SIDE), 0.1, np.float32)
    ruled, plain = (of_lines(density_of(photographed(stem, rules, noise=1.0))) for rules in (squares(), 0 * stem))
    cleaned = without_rules(ruled, floor)
    along = cleaned[np.rint(np.linspace(0.25, 0.75, 50) * SIDE).astype(int)].max(axis=1)
    assert along.min() > 0.6 * np.median(along)
    beside = np.s_[:, : SIDE // 4]
    assert np.quantile(ruled[beside], 0.95) > 0.1 > 2 * np.quantile(cleaned[beside], 0.95)
    np.testing.assert_array_equal(without_rules(plain, floor), plain)


@given(st.integers(0, 99), st.integers(0, 5))
def test_extremes_are_those_of_every_square(seed: int, reach: int) -> None:
    values = np.random.default_rng(seed).random((9, 7), np.float32)
    padded = np.pad(values, reach, constant_values=np.inf)
    slow = np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1,) * 2).min(axis=(2, 3))
    np.testing.assert_array_equal(extremes(values, 2 * reach + 1, np.minimum), slow)


def test_the_density_of_noisy_paper_is_about_0() -> None:
    assert abs(np.median(of_lines(density_of(photographed(0 * SEVEN, noise=4.0))))) < 0.005


@given(st.floats(0.2, 1))
def test_less_light_leaves_the_density_of_lines_as_it_is(light: float) -> None:
    bright, dark = (of_lines(density_of((200 - 120 * SEVEN) * each)) for each in (1.0, light))
    np.testing.assert_allclose(bright, dark, atol=1e-3)
