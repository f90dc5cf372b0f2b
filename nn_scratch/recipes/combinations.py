"""Combinations: drawings that are not one character, made from what people really wrote.

Invented symbols are few, and each has the hand of the one who invented it. Real strokes in a new arrangement are many,
and they have the hands of hundreds of people: two characters beside each other or one over the other, a character that
is mirrored, or strokes of several characters anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nn_scratch.recipes.strokes import Strokes, bounding_box

FLIPS = np.array([[-1, 1], [1, -1], [-1, -1]])  # left and right, top and bottom, or both change places


def side_by_side(left: Strokes, right: Strokes, rng: np.random.Generator) -> Strokes:
    """Two characters of about the same height beside each other, with a gap or overlapping a little."""
    gap = rng.uniform(-0.15, 0.4)
    strokes: Strokes = []
    edge = 0.0
    for character in (left, right):
        corner, size = bounding_box(character)
        scale = rng.uniform(0.85, 1.15) / size[1] if size[1] > 0.3 * size[0] else 1 / size[0]
        place = np.array([edge, rng.uniform(-0.1, 0.1)])
        strokes += [((stroke - corner) * scale + place).astype(np.float32) for stroke in character]
        edge = float(size[0]) * scale + gap
    return strokes


def flip(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """`strokes` mirrored, upside down or both."""
    way = FLIPS[rng.integers(len(FLIPS))]
    return [(stroke * way).astype(np.float32) for stroke in strokes]


def overlay(characters: Sequence[Strokes], rng: np.random.Generator, most: float = 0.25) -> Strokes:
    """`characters` of about the same size, one over the other, moved by up to `most` of their size."""
    strokes: Strokes = []
    for character in characters:
        corner, size = bounding_box(character)
        scale, place = rng.uniform(0.7, 1.2) / size.max(), rng.uniform(-most, most, 2)
        strokes += [((stroke - corner - size / 2) * scale + place).astype(np.float32) for stroke in character]
    return strokes


def collage(characters: Sequence[Strokes], rng: np.random.Generator) -> Strokes:
    """One stroke of each of `characters`, turned by any angle and put anywhere."""
    turned = []
    for character in characters:
        angle = rng.uniform(-np.pi, np.pi)
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        turned.append([character[rng.integers(len(character))] @ rotation])
    return overlay(turned, rng, most=0.5)
