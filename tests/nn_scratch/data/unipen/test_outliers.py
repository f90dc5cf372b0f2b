"""Symbols, scribbles and pairs of characters."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.data.unipen import outliers


@pytest.mark.parametrize("kind", [*outliers.SYMBOLS, *outliers.SCRIBBLES])
def test_every_kind_can_be_drawn(kind: str) -> None:
    images = outliers.draw_images(np.full(12, kind), np.random.default_rng(0))
    assert images.shape == (12, 28, 28)
    assert images.any(axis=(1, 2)).all()
    assert len(np.unique(images, axis=0)) == 12


def test_a_pair_stands_side_by_side_at_about_the_same_height() -> None:
    bar = [np.array([[0, 0], [30, 1000]], np.float32)]
    box = [np.array([[0, 0], [200, 0], [200, 250], [0, 250], [0, 0]], np.float32)]
    for seed in range(20):
        left, right = outliers.side_by_side(bar, box, np.random.default_rng(seed))
        assert left[:, 0].max() < right[:, 0].max()
        assert np.ptp(left[:, 1]) == pytest.approx(np.ptp(right[:, 1]), rel=0.4)
