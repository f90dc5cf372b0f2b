"""Variants of digits, made from other digits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_scratch.recipes.strokes import bounding_box, load_pen_data
from nn_scratch.recipes.variants import VARIANTS, make_variant
from tests.nn_scratch.recipes.small_pen import save_small


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_a_variant_adds_to_its_source(name: str, tmp_path: Path) -> None:
    pen, variant = load_pen_data(save_small(tmp_path)), VARIANTS[name]
    rng = np.random.default_rng(0)
    rows = np.flatnonzero(pen.labels == variant.source)
    made = variant.make(pen.strokes(int(rows[0])), rng)
    assert len(made) == 2
    assert np.isfinite(np.concatenate(made)).all()
    drawings, sources = make_variant(pen, np.arange(len(pen.labels)), variant, 20, rng)
    assert len(drawings) == len(sources) == 20
    assert all(len(strokes) == 2 for strokes in drawings)
    assert set(pen.labels[sources]) == {variant.source}


def test_the_stem_of_an_open_four_is_short() -> None:
    angle = np.array([[40, 0], [0, 60], [80, 60]], np.float32)
    stem = np.stack([np.full(50, 60), np.linspace(5, 100, 50)], axis=1).astype(np.float32)
    for seed in range(20):
        same, short = VARIANTS["open four"].make([angle, stem], np.random.default_rng(seed))
        assert same is angle
        assert 12 < short[0, 1] < 46
        assert 78 < short[-1, 1] <= 100


def test_the_loops_of_an_eight_touch() -> None:
    angle = np.linspace(0, 2 * np.pi, 40)
    zero = [np.stack([50 * np.cos(angle), 80 * np.sin(angle)], axis=1).astype(np.float32)]
    for seed in range(20):
        upper, lower = VARIANTS["eight in two loops"].make(zero, np.random.default_rng(seed))
        (_, top), (_, height) = bounding_box([upper])
        assert top + height == pytest.approx(float(bounding_box([lower])[0][1]), abs=0.1 * float(height))
