"""Deslanting: it undoes a shear."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.training import fit
from nn_scratch.zoo.deslant import Deslant, slant_of
from nn_scratch.zoo.presets import preset, upright


def bar(slope: float, side: int = 28, fine: int = 16) -> Array:
    """A bar 16 pixels high whose top stands 16 `slope` pixels further right than its foot: (1, side, side, 1)."""
    image = Image.new("L", (side * fine, side * fine))
    middle, half = side * fine / 2, 8 * fine
    left, right, lean = middle - 1.5 * fine, middle + 1.5 * fine, slope * half
    corners = [(left + lean, middle - half), (right + lean, middle - half)]
    corners += [(right - lean, middle + half), (left - lean, middle + half)]
    ImageDraw.Draw(image).polygon(corners, fill=255)
    return (np.asarray(image.resize((side, side), Image.Resampling.BOX), np.float32) / 255).reshape(1, side, side, 1)


def deslanted(x: Array) -> Array:
    layer = Deslant()
    layer.build(x.shape[1:])
    return layer.forward(x)


@given(st.floats(-1.2, 1.2))
def test_a_leaning_bar_stands_upright(slope: float) -> None:
    leaning = bar(slope)
    assert slant_of(leaning).slope[0] == pytest.approx(-slope, abs=0.02)  # rows are counted downwards
    y = deslanted(leaning)
    np.testing.assert_allclose(y, bar(0), atol=0.25)  # its edges are blended
    assert abs(y - bar(0)).mean() < 0.01
    assert y.sum() == pytest.approx(leaning.sum(), rel=1e-4)  # the ink keeps its amount
    assert abs(slant_of(y).slope) < 0.01


def test_the_slant_of_two_pixels_by_hand() -> None:
    """At (-1, 1) and (1, -1) from their middle: c = -2, and v = 2 with a ridge of one pixel in the next row: 3."""
    image = np.zeros((1, 3, 3, 1))
    image[0, 0, 2] = image[0, 2, 0] = 1
    assert slant_of(image).slope == pytest.approx([-2 / 3])


@pytest.mark.parametrize("ink", [[], [(5, 5)], [(5, 5), (5, 20)], [(0, 0), (27, 27)]])
def test_images_with_hardly_any_ink_stay_finite(ink: list[tuple[int, int]]) -> None:
    x = np.zeros((1, 28, 28, 1), np.float32)
    for row, column in ink:
        x[0, row, column] = 1
    y = deslanted(x)
    assert np.isfinite(y).all()
    assert y.max(initial=0) <= 1
    if len({row for row, _ in ink}) < 2:
        np.testing.assert_array_equal(y, x)  # without height there is no slant


def test_slanted_digits_are_read_as_upright_ones(small_digits: tuple[Dataset, Dataset]) -> None:
    """Two networks, trained with and without deslanting: only the first reads digits that lean."""
    training, test = small_digits
    rows = np.arange(28)[:, None]
    source = np.arange(28) + np.rint(0.6 * (rows - 13.5)).astype(int)
    leaning = np.where((source >= 0) & (source < 28), test.images[:, rows, np.clip(source, 0, 27)], 0)
    accuracies = []
    for network in (upright(preset("mlp")), preset("mlp")):
        rng = np.random.default_rng(0)
        fit(network.initialize(rng), training, test, rng, epochs=8)
        accuracies.append(float((network.predict(leaning) == test.labels).mean()))
    assert accuracies[0] > accuracies[1] + 0.2
