"""Variants of writing that the pen data has too few of: slashed zeros, crossed sevens, open fours and others.

Millions of people write like that, but hardly anybody in this data. A slashed zero is a zero with a line through it,
and an eight in two loops is a zero on top of another zero. So the variants are made here, from real zeros, ones, fours
and sevens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.ink.rendering import Stroke
from nn_scratch.recipes.strokes import PenData, Rows, Strokes, bounding_box


def point_at_height(strokes: Strokes, fraction: float) -> Array:
    """The point (x, y) of `strokes` that is nearest to a `fraction` of their height, 0 the top and 1 the bottom."""
    points = np.concatenate(strokes)
    corner, size = bounding_box(strokes)
    nearest: Array = points[np.abs(points[:, 1] - (corner[1] + fraction * size[1])).argmin()]
    return nearest


def line(start: Array, end: Array) -> Stroke:
    """A straight stroke from `start` to `end`, each (x, y)."""
    return np.stack([start, end]).astype(np.float32)


def slashed_zero(zero: Strokes, rng: np.random.Generator) -> Strokes:
    """A zero with a line through it: level, upright or rising, ending inside the zero or sticking out of it."""
    corner, size = bounding_box(zero)
    angle = rng.uniform(-0.1, 1.6)
    direction = np.array([np.cos(angle), -np.sin(angle)])
    half = direction / np.abs(direction / size).max() / 2  # from the middle to the edge of the box
    middle = corner + size * rng.uniform(0.45, 0.55, 2)
    return [*zero, line(middle - half * rng.uniform(0.6, 1.3), middle + half * rng.uniform(0.6, 1.3))]


def crossed_seven(seven: Strokes, rng: np.random.Generator) -> Strokes:
    """A seven with a bar across its stem."""
    _, size = bounding_box(seven)
    middle = point_at_height(seven, rng.uniform(0.42, 0.65))
    half = size[1] * rng.uniform(0.15, 0.3) * np.array([1, rng.uniform(-0.3, 0.15)])
    return [*seven, line(middle - half, middle + half)]


def footed_one(one: Strokes, rng: np.random.Generator) -> Strokes:
    """A one with a bar under it."""
    _, size = bounding_box(one)
    middle = point_at_height(one, 1.0)
    half = size[1] * rng.uniform(0.15, 0.35) * np.array([1, rng.uniform(-0.1, 0.1)])
    return [*one, line(middle - half, middle + half)]


def open_four(four: Strokes, rng: np.random.Generator) -> Strokes:
    """A four in two strokes, an angle and a stem; the stem is short and hardly rises above the bar."""
    angle, stem = four
    bar, heights = angle[angle[:, 0].argmax(), 1], stem[:, 1]
    top, foot = bar + (np.array([heights.min(), heights.max()]) - bar) * rng.uniform((0.3, 0.5), (0.8, 1.0))
    short = stem[(heights >= top) & (heights <= foot)]
    return [angle, short] if len(short) > 1 else four


def two_loops(zero: Strokes, rng: np.random.Generator) -> Strokes:
    """An eight: the zero, flattened, and a smaller one on top of it that touches it."""
    corner, size = bounding_box(zero)
    flat = np.array([rng.uniform(0.75, 1.1), rng.uniform(0.75, 1.0)]) * size.max() / size
    lower: Strokes = [(stroke - corner - size / 2) * flat for stroke in zero]
    upper: Strokes = [stroke * rng.uniform(0.7, 1.0) for stroke in lower]
    upper_half, lower_half = bounding_box(upper)[1][1] / 2, bounding_box(lower)[1][1] / 2
    shift = np.array([size[0] * rng.uniform(-0.08, 0.15), -(upper_half + lower_half) * rng.uniform(0.92, 1.02)])
    return [(stroke + shift).astype(np.float32) for stroke in upper] + [s.astype(np.float32) for s in lower]


@dataclass(frozen=True)
class Variant:
    """How a variant is made.

    Attributes:
        source: the label of the characters that it is made from.
        label: the label that it has itself.
        make: the function that turns the strokes of one into the strokes of the other.
        strokes: only characters of so many strokes are used (a zero of several strokes may have a slash already).
    """

    source: str
    label: str
    make: Callable[[Strokes, np.random.Generator], Strokes]
    strokes: int = 1


VARIANTS = {
    "slashed zero": Variant("0", "0", slashed_zero),
    "crossed seven": Variant("7", "7", crossed_seven),
    "footed one": Variant("1", "1", footed_one),
    "open four": Variant("4", "4", open_four, strokes=2),
    "eight in two loops": Variant("0", "8", two_loops),
}


def make_variant(
    pen: PenData, rows: Rows, variant: Variant, count: int, rng: np.random.Generator
) -> tuple[list[Strokes], Rows]:
    """Make `count` characters of a variant from characters among `rows`.

    Returns:
        Their strokes, and the numbers (count,) of the characters that they are made from; none where no character of
        `rows` is suitable.
    """
    suitable = rows[(np.diff(pen.character_offsets)[rows] == variant.strokes) & (pen.labels[rows] == variant.source)]
    sources = rng.choice(suitable, count if len(suitable) else 0)
    return [variant.make(pen.strokes(int(i)), rng) for i in sources], sources
