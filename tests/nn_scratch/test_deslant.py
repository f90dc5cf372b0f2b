"""Deslanting: it undoes a shear."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nn_scratch.layers.deslant import slant_of
from nn_scratch.presets import preset, upright
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import fit
from PIL import Image, ImageDraw

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.layers import Deslant


def bar(slope: float, side: int = 28, fine: int = 16) -> Array:
    """A bar 16 pixels high whose top stands 16 `slope` pixels further right than its foot: (1, side, side, 1)."""
    image = Image.new("L", (side * fine, side * fine))
    middle, half = side * fine / 2, 8 * fine
    left, right = middle - 1.5 * fine, middle + 1.5 * fine
    lean = slope * half
    corners = [(left + lean, middle - half), (right + lean, middle - half)]
    corners += [(right - lean, middle + half), (left - lean, middle + half)]
    ImageDraw.Draw(image).polygon(corners, fill=255)
    small: Array = np.asarray(image.resize((side, side), Image.Resampling.BOX), np.float32) / 255
    return small.reshape(1, side, side, 1)


def deslanted(x: Array) -> Array:
    layer = Deslant()
    layer.build(x.shape[1:])
    return layer.forward(x)


@given(st.floats(-1.2, 1.2))
def test_a_leaning_bar_stands_upright(slope: float) -> None:
    leaning = bar(slope)
    assert slant_of(leaning).slope[0] == pytest.approx(-slope, abs=0.02)  # rows are counted downwards
    np.testing.assert_allclose(deslanted(leaning), bar(0), atol=0.25)  # its edges are blended
    assert abs(deslanted(leaning) - bar(0)).mean() < 0.01


@given(st.integers(0, 2**32 - 1))
def test_ink_keeps_its_amount_and_its_middle(seed: int) -> None:
    x = np.zeros((1, 28, 28, 1), np.float32)
    x[:, 8:20, 10:18] = np.random.default_rng(seed).random((12, 8, 1))
    y = deslanted(x)
    assert y.sum() == pytest.approx(x.sum(), rel=1e-4)
    columns = np.arange(28)
    for axis in (1, 2):
        before, after = ((z.sum(axis=(0, 3 - axis, 3)) * columns).sum() / z.sum() for z in (x, y))
        assert after == pytest.approx(before, abs=1e-3)


def test_deslanting_twice_changes_little(small_digits: tuple[Dataset, Dataset]) -> None:
    x: Array = (small_digits[1].images[:200] / np.float32(255)).reshape(-1, 28, 28, 1)
    once = deslanted(x)
    assert abs(slant_of(x).slope).mean() > 0.1
    assert abs(slant_of(once).slope).max() < 0.01
    assert abs(deslanted(once) - once).mean() < 0.001


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
    inside = (source >= 0) & (source < 28)
    leaning = np.where(inside, test.images[:, rows, np.clip(source, 0, 27)], 0)

    def accuracy(deslant: bool) -> float:
        rng = np.random.default_rng(0)
        network = upright(preset("mlp")) if deslant else preset("mlp")
        list(fit(network.initialize(rng), training, test, TrainConfig(epochs=8), rng))
        return float((network.predict(leaning) == test.labels).mean())

    assert accuracy(True) > accuracy(False) + 0.2
