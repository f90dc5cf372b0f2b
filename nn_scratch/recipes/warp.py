"""Warping: the same strokes with other proportions, as the same hand might write them next.

Nobody writes a digit twice with the same proportions: the loop is rounder, the stem longer, the foot wider. Moving an
image, as `augment` does, keeps them. The strokes know where the pen went, so they can be bent before they are rendered,
and the line keeps the width of a pen. Where few drawings of a person are known, this stands for those that are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.ink.rendering import Stroke

SIZE = 100.0  # the longer side of a warped drawing, before it is turned


@dataclass(frozen=True)
class Bend:
    """How far strokes are bent: the standard deviation of each number, which is drawn from a normal distribution."""

    rotation: float = 0.1  # radians
    shear: float = 0.12  # across for each unit down
    aspect: float = 0.15  # logarithm of the width over the height
    power: float = 0.15  # logarithm of the exponent g: x becomes x^g, which crowds one side and spreads the other
    taper: float = 0.15  # fraction by which the foot is wider, and the top narrower
    bow: float = 0.08  # fraction of the size by which the middle bulges


def warp(strokes: Sequence[Stroke], rng: np.random.Generator, bend: Bend | None = None) -> list[Stroke]:
    """`strokes` (n, 2) each, in any unit, with other proportions: float32, the longer side about `SIZE`.

    In the box of the drawing, from 0 to 1, each coordinate is raised to a power near 1. Then, with the middle at 0, the
    drawing is tapered, bowed, stretched, sheared and turned.
    """
    bend = bend or Bend()
    points = np.concatenate(strokes).astype(np.float64)
    corner, size = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-6)
    x, y = (((points - corner) / size) ** np.exp(rng.normal(0, bend.power, 2)) - 0.5).T
    across, down = rng.normal(0, bend.bow, 2)
    wide = x * (1 + 2 * rng.normal(0, bend.taper) * y) + across * (4 * y**2 - 0.5)
    tall = y + down * (4 * x**2 - 0.5)
    wide *= size[0] / size.max() * np.exp(rng.normal(0, bend.aspect))
    tall *= size[1] / size.max()
    wide += rng.normal(0, bend.shear) * tall
    warped = np.stack([wide, tall], axis=1) @ turn(rng.normal(0, bend.rotation)) * SIZE
    return np.split(warped.astype(np.float32), np.cumsum([len(stroke) for stroke in strokes])[:-1])


def turn(angle: float) -> Array:
    """The matrix (2, 2) that turns points (n, 2), from the left, by `angle` in radians."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, sine], [-sine, cosine]])
