"""Drawings that are made from real characters but are not one character."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.recipes import combinations
from nn_scratch.recipes.strokes import bounding_box

BAR = [np.array([[0, 0], [30, 1000]], np.float32)]
BOX = [np.array([[0, 0], [200, 0], [200, 250], [0, 250], [0, 0]], np.float32)]


def test_a_pair_stands_side_by_side_at_about_the_same_height() -> None:
    for seed in range(20):
        left, right = combinations.side_by_side(BAR, BOX, np.random.default_rng(seed))
        assert left[:, 0].max() < right[:, 0].max()
        assert np.ptp(left[:, 1]) == pytest.approx(np.ptp(right[:, 1]), rel=0.4)


def test_a_flipped_character_keeps_its_size_and_is_another_one(rng: np.random.Generator) -> None:
    seven = [np.array([[0, 0], [600, 0], [200, 1000]], np.float32)]
    for _ in range(10):
        (flipped,) = combinations.flip(seven, rng)
        np.testing.assert_array_equal(np.ptp(flipped, axis=0), np.ptp(seven[0], axis=0))
        assert (flipped != seven[0]).any()


def test_overlaid_characters_have_about_one_size_and_one_place(rng: np.random.Generator) -> None:
    for _ in range(20):
        bar, box = combinations.overlay([BAR, BOX], rng)
        (corner, size), (other_corner, other_size) = bounding_box([bar * 1000]), bounding_box([box * 1000])
        assert 0.5 < size.max() / other_size.max() < 2
        assert np.abs(corner + size / 2 - other_corner - other_size / 2).max() <= 500


def test_a_collage_has_one_stroke_of_each_character(rng: np.random.Generator) -> None:
    strokes = combinations.collage([BAR, BOX + BAR, BOX], rng)
    assert len(strokes) == 3
    assert all(np.isfinite(stroke).all() for stroke in strokes)
