"""Variants: the same characters as other people write them, from the strokes of those that are there.

Three kinds of change are made to strokes before they are rendered, so that lines stay as thick as they were:

- variants that the pen data has too few of: slashed zeros, crossed sevens, open fours and others. Millions of people
  write like that, but hardly anybody in this data. They are made from real zeros, ones, fours and sevens (`VARIANTS`);
- another hand and other proportions (`deform`). One person writes a nine with a small head on a wide tail, another the
  reverse. Loops that do not close, ends that are too long, a pen that lifts and corners cut short are small changes to
  a stroke. A network that learns from deformed characters too reads people, tablets and countries better that it has
  never seen;
- the same hand, next time (`warp`). Where few drawings of a person are known, this stands for those that are not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.ink.rendering import Stroke
from nn_scratch.recipes.strokes import PenData, Rows, Strokes, bounding_box, path_lengths, rotation

PIECES = 24  # straight pieces of a stroke that is changed along its length
OFTEN = 0.3  # how often each change of a hand is made
DRIFT = 0.05  # standard deviation of where a stroke starts and ends, as a fraction of the size
SHORTEST, LONGEST = -0.08, 0.12  # an end loses this fraction of its stroke, or gains this fraction of the size
GAP = (0.04, 0.1)  # fraction of a stroke that is missing where the pen was lifted
SIZE = 100.0  # the longer side of a warped drawing, before it is turned


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
    return with_bar(seven, rng.uniform(0.42, 0.65), 0.3, (-0.3, 0.15), rng)


def footed_one(one: Strokes, rng: np.random.Generator) -> Strokes:
    """A one with a bar under it."""
    return with_bar(one, 1.0, 0.35, (-0.1, 0.1), rng)


def with_bar(
    strokes: Strokes, fraction: float, longest: float, slope: tuple[float, float], rng: np.random.Generator
) -> Strokes:
    """`strokes` with a bar across them, at a `fraction` of their height, up to twice `longest` heights long."""
    points, (corner, size) = np.concatenate(strokes), bounding_box(strokes)
    middle = points[np.abs(points[:, 1] - (corner[1] + fraction * size[1])).argmin()]  # the nearest to that height
    half = size[1] * rng.uniform(0.15, longest) * np.array([1, rng.uniform(*slope)])
    return [*strokes, line(middle - half, middle + half)]


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
    """How a variant is made."""

    source: str  # the label of the characters that it is made from
    label: str  # the label that it has itself
    make: Callable[[Strokes, np.random.Generator], Strokes]  # turns the strokes of one into the strokes of the other
    strokes: int = 1  # only characters of so many are used (a zero of several strokes may have a slash already)


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
    """`count` characters of a variant: their strokes, and the numbers (count,) of those that they are made from.

    These are among `rows`. Where none of them is suitable, there are no characters.
    """
    suitable = rows[(np.diff(pen.character_offsets)[rows] == variant.strokes) & (pen.labels[rows] == variant.source)]
    sources = rng.choice(suitable, count if len(suitable) else 0)
    return [variant.make(pen.strokes(int(i)), rng) for i in sources], sources


@dataclass(frozen=True)
class Proportions:
    """How far proportions may change: each number is drawn uniformly from minus this value to plus this value."""

    height: float = 0.45  # y becomes y^g, with g = e^this
    taper: float = 0.45  # fraction of the width that is gained at the bottom and lost at the top
    aspect: float = 0.25  # width and height are multiplied by e^this and e^-this
    bow: float = 0.15  # fraction of the height by which the middle moves to the side


USUAL = Proportions()


def deform(strokes: Strokes, rng: np.random.Generator, most: Proportions = USUAL) -> Strokes:
    """`strokes` by another hand and in other proportions."""
    return reproportion(redraw(strokes, rng), rng, most)


def reproportion(strokes: Strokes, rng: np.random.Generator, most: Proportions = USUAL) -> Strokes:
    """`strokes` with their proportions changed at random, by no more than `most`.

    With y from 0 at the top to 1 at the bottom and x from the middle, in units of the bounding box,

        x <- e^a (1 + t (2 y - 1)) x + 4 b y (1 - y),    y <- e^-a y^g
    """
    corner, size = bounding_box(strokes)
    height, taper, aspect, bow = rng.uniform(-1, 1, 4) * (most.height, most.taper, most.aspect, most.bow)
    changed = []
    for stroke in strokes:
        y = (stroke[:, 1] - corner[1]) / size[1]
        x = (stroke[:, 0] - corner[0] - size[0] / 2) * (1 + taper * (2 * y - 1)) * np.exp(aspect)
        x += 4 * bow * size[1] * y * (1 - y)
        y = size[1] * np.exp(-aspect) * y ** np.exp(height)
        changed.append(np.stack([x, y], axis=1).astype(np.float32))
    return changed


def redraw(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """`strokes` as another hand might have drawn them: each of four small changes is made in `OFTEN` of all cases."""
    lines = [resample(stroke) for stroke in strokes if len(stroke) > 1 and np.ptp(stroke, axis=0).max() > 0]
    if not lines:
        return strokes  # dots
    for change in (drift, move_ends, lift, change_corners):
        if rng.random() < OFTEN:
            lines = change(lines, rng)
    return lines


def resample(stroke: Stroke, pieces: int = PIECES) -> Stroke:
    """`stroke` as `pieces` straight pieces of equal length: (pieces + 1, 2)."""
    lengths = path_lengths(stroke)
    places = np.linspace(0, lengths[-1], pieces + 1)
    return np.stack([np.interp(places, lengths, stroke[:, axis]) for axis in (0, 1)], axis=1)


def drift(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Each stroke starts and ends elsewhere: loops stay open, or close too far."""
    size = bounding_box(strokes)[1].max()
    drifted = []
    for stroke in strokes:
        t = np.linspace(0, 1, len(stroke))[:, None]
        start, end = rng.normal(0, DRIFT * size, (2, 1, 2))
        drifted.append(stroke + (1 - t) ** 2 * start + t**2 * end)
    return drifted


def move_ends(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Each stroke begins and ends earlier or later: it is cut, or goes on straight."""
    size = bounding_box(strokes)[1].max()
    moved = []
    for stroke in strokes:
        for _ in range(2):  # the end, then the beginning
            change = rng.uniform(SHORTEST, LONGEST)
            if change < 0:
                stroke = stroke[: max(len(stroke) - round(-change * len(stroke)), 2)]
            else:
                way = stroke[-1] - stroke[-min(4, len(stroke))]
                stroke = np.vstack([stroke, stroke[-1] + way * change * size / max(float(np.hypot(*way)), 1e-6)])
            stroke = stroke[::-1]
        moved.append(stroke)
    return moved


def lift(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """The longest stroke has a gap somewhere: the pen was lifted."""
    longest = int(np.argmax([path_lengths(stroke)[-1] for stroke in strokes]))
    stroke = strokes[longest]
    gap = rng.uniform(*GAP) * len(stroke)
    start = rng.uniform(0.1, 0.9) * (len(stroke) - gap)
    halves = [stroke[: int(start)], stroke[int(start + gap) :]]
    return [*strokes[:longest], *(half for half in halves if len(half) > 1), *strokes[longest + 1 :]]


def change_corners(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Corners are rounded, by the mean over neighbouring points, or made sharp, by leaving points out."""
    if rng.random() < 0.5:
        reach = int(rng.integers(2, 4))
        kernel = np.full(2 * reach + 1, 1 / (2 * reach + 1))
        padded = [np.pad(stroke, ((reach, reach), (0, 0)), mode="edge") for stroke in strokes]
        return [np.stack([np.convolve(axis, kernel, "valid") for axis in p.T], axis=1) for p in padded]
    step = int(rng.integers(3, 5))
    return [np.vstack([stroke[:-1:step], stroke[-1:]]) for stroke in strokes]


@dataclass(frozen=True)
class Bend:
    """How far strokes are bent: the standard deviation of each number, which is drawn from a normal distribution."""

    rotation: float = 0.1  # radians
    shear: float = 0.12  # across for each unit down
    aspect: float = 0.15  # logarithm of the width over the height
    power: float = 0.15  # logarithm of the exponent g: x becomes x^g, which crowds one side and spreads the other
    taper: float = 0.15  # fraction by which the foot is wider, and the top narrower
    bow: float = 0.08  # fraction of the size by which the middle bulges


def warp(strokes: Sequence[Stroke], rng: np.random.Generator, bend: Bend = Bend()) -> list[Stroke]:
    """`strokes` (n, 2) each, in any unit, with other proportions: float32, the longer side about `SIZE`.

    In the box of the drawing, from 0 to 1, each coordinate is raised to a power near 1. Then, with the middle at 0, the
    drawing is tapered, bowed, stretched, sheared and turned.
    """
    points = np.concatenate(strokes).astype(np.float64)
    corner, size = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-6)
    x, y = (((points - corner) / size) ** np.exp(rng.normal(0, bend.power, 2)) - 0.5).T
    across, down = rng.normal(0, bend.bow, 2)
    wide = x * (1 + 2 * rng.normal(0, bend.taper) * y) + across * (4 * y**2 - 0.5)
    tall = y + down * (4 * x**2 - 0.5)
    wide *= size[0] / size.max() * np.exp(rng.normal(0, bend.aspect))
    tall *= size[1] / size.max()
    wide += rng.normal(0, bend.shear) * tall
    warped = np.stack([wide, tall], axis=1) @ rotation(-rng.normal(0, bend.rotation)) * SIZE
    return np.split(warped.astype(np.float32), np.cumsum([len(stroke) for stroke in strokes])[:-1])
