"""Deformations: the same character in other proportions, and by another hand.

One person writes a nine with a small head on a wide tail, another the reverse, and in another country a one leans on a
long flag. No affine map turns one into the other. A map that changes the proportions does, and it is applied to the
strokes before they are rendered, so that lines stay as thick as they were. Loops that do not close, ends that are too
long, a pen that lifts and corners cut short are small changes to a stroke. A network that learns from deformed
characters too reads people, tablets and countries better that it has never seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.ink.rendering import Stroke
from nn_scratch.recipes.strokes import Strokes, bounding_box

PIECES = 24  # straight pieces of a stroke that is changed along its length
OFTEN = 0.3  # how often each change of a hand is made
DRIFT = 0.05  # standard deviation of where a stroke starts and ends, as a fraction of the size
SHORTEST, LONGEST = -0.08, 0.12  # an end loses this fraction of its stroke, or gains this fraction of the size
GAP = (0.04, 0.1)  # fraction of a stroke that is missing where the pen was lifted


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


def path_lengths(stroke: Stroke) -> Array:
    """How far the pen has gone at each point of `stroke` (n, 2): (n,)."""
    lengths: Array = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    return lengths


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
