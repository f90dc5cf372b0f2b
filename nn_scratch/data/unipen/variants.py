"""Styles of writing that the pen data has too few of: slashed zeros, crossed sevens, open fours and more of that kind.

Some countries write them so by the million, and this data hardly at all. But a slash is a line through a zero, and an
eight in two loops is a zero on top of another: they are made here from people's real zeros, ones, fours and sevens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array, Images, Labels
from nn_scratch.data.unipen.strokes import PenData
from nn_scratch.images import ink
from nn_scratch.images.ink import Stroke

Strokes = list[Stroke]


def box_of(strokes: Strokes) -> tuple[Array, Array]:
    """The upper left corner and the size (width, height) of what is drawn; the size is at least 1."""
    points = np.concatenate(strokes)
    return points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1)


def place_at_height(strokes: Strokes, part: float) -> Array:
    """The drawn point (x, y) that is nearest to `part` of the height, 0 the top and 1 the bottom."""
    points = np.concatenate(strokes)
    corner, size = box_of(strokes)
    nearest: Array = points[np.abs(points[:, 1] - (corner[1] + part * size[1])).argmin()]
    return nearest


def line(start: Array, end: Array) -> Stroke:
    """A straight stroke."""
    return np.stack([start, end]).astype(np.float32)


def slashed_zero(zero: Strokes, rng: np.random.Generator) -> Strokes:
    """A zero with a line through it, level or upright or rising between, which may end within or stick out."""
    corner, size = box_of(zero)
    angle = rng.uniform(-0.1, 1.6)
    direction = np.array([np.cos(angle), -np.sin(angle)])
    half = direction / np.abs(direction / size).max() / 2  # from the middle to the edge of the box
    middle = corner + size * rng.uniform(0.45, 0.55, 2)
    return [*zero, line(middle - half * rng.uniform(0.6, 1.3), middle + half * rng.uniform(0.6, 1.3))]


def crossed_seven(seven: Strokes, rng: np.random.Generator) -> Strokes:
    """A seven with a bar across its stem."""
    _, size = box_of(seven)
    middle = place_at_height(seven, rng.uniform(0.42, 0.65))
    half = size[1] * rng.uniform(0.15, 0.3) * np.array([1, rng.uniform(-0.3, 0.15)])
    return [*seven, line(middle - half, middle + half)]


def footed_one(one: Strokes, rng: np.random.Generator) -> Strokes:
    """A one with a bar under it."""
    _, size = box_of(one)
    middle = place_at_height(one, 1.0)
    half = size[1] * rng.uniform(0.15, 0.35) * np.array([1, rng.uniform(-0.1, 0.1)])
    return [*one, line(middle - half, middle + half)]


def open_four(four: Strokes, rng: np.random.Generator) -> Strokes:
    """A four in two strokes, an angle and a stem, whose stem is short and hardly rises above the bar."""
    angle, stem = four
    bar, heights = angle[angle[:, 0].argmax(), 1], stem[:, 1]
    top, foot = bar + (np.array([heights.min(), heights.max()]) - bar) * rng.uniform((0.3, 0.5), (0.8, 1.0))
    short = stem[(heights >= top) & (heights <= foot)]
    return [angle, short] if len(short) > 1 else four


def two_loops(zero: Strokes, rng: np.random.Generator) -> Strokes:
    """An eight: the zero, flattened, and a smaller one on top of it, which touch."""
    corner, size = box_of(zero)
    flat = np.array([rng.uniform(0.75, 1.1), rng.uniform(0.75, 1.0)]) * size.max() / size
    lower = [(stroke - corner - size / 2) * flat for stroke in zero]
    upper = [stroke * rng.uniform(0.7, 1.0) for stroke in lower]
    upper_half, lower_half = box_of(upper)[1][1] / 2, box_of(lower)[1][1] / 2
    shift = np.array([size[0] * rng.uniform(-0.08, 0.15), -(upper_half + lower_half) * rng.uniform(0.92, 1.02)])
    return [(stroke + shift).astype(np.float32) for stroke in upper] + [s.astype(np.float32) for s in lower]


def side_by_side(left: Strokes, right: Strokes, rng: np.random.Generator) -> Strokes:
    """Two characters of about one height beside each other, apart or leaning into each other's space."""
    gap = rng.uniform(-0.15, 0.4)
    strokes: Strokes = []
    edge = 0.0
    for character in (left, right):
        corner, size = box_of(character)
        scale = rng.uniform(0.85, 1.15) / size[1] if size[1] > 0.3 * size[0] else 1 / size[0]
        place = np.array([edge, rng.uniform(-0.1, 0.1)])
        strokes += [((stroke - corner) * scale + place).astype(np.float32) for stroke in character]
        edge = float(size[0]) * scale + gap
    return strokes


@dataclass(frozen=True)
class Variant:
    """How a style is made: from characters of which label, to be read as which, by which function.

    Only characters of so many `strokes` are used: a zero of several has its slash already.
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


def as_variant(
    pen: PenData, rows: Labels, variant: Variant, count: int, rng: np.random.Generator
) -> tuple[Images, Labels]:
    """`count` characters in that style, (count, 28, 28), and the numbers (count,) of those of `rows` they are made of.

    There are none where no character of `rows` will do.
    """
    fitting = rows[(np.diff(pen.character_offsets)[rows] == variant.strokes) & (pen.labels[rows] == variant.source)]
    chosen = rng.choice(fitting, count if len(fitting) else 0)
    return ink.render_all(variant.make(pen.strokes(int(i)), rng) for i in chosen), chosen
