"""Symbols, doodles and scribbles."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.recipes import outliers


@pytest.mark.parametrize("kind", [*outliers.TABLES, *outliers.SCRIBBLES])
def test_every_kind_can_be_drawn(kind: str) -> None:
    images = outliers.draw_images(np.full(12, kind), np.random.default_rng(0))
    assert images.shape == (12, 28, 28)
    assert images.any(axis=(1, 2)).all()
    assert len(np.unique(images, axis=0)) == 12
