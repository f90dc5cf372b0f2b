"""Curves: the pen movements that invented drawings are made of.

Symbols and doodles are written down as tables, a few points for each pen movement. This is the small language of those
tables: what a movement is, the movements that occur often, and how points become a smooth stroke.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from nn_scratch.arrays import Array

Points: TypeAlias = list[tuple[float, float]]  # x to the right, y down; a drawing is about as large as from 0 to 1
Curve: TypeAlias = tuple[str, Points]  # a pen movement: "line" with corners, "curve" or "closed" curve, through points

CIRCLE: Points = [(0.5, 0), (0.85, 0.15), (1, 0.5), (0.85, 0.85), (0.5, 1), (0.15, 0.85), (0, 0.5), (0.15, 0.15)]


def circle(x: float, y: float, radius: float) -> Curve:
    """A closed curve around (x, y)."""
    return ellipse(x, y, radius, radius)


def ellipse(x: float, y: float, half_width: float, half_height: float) -> Curve:
    """A closed curve around (x, y)."""
    return "closed", [(x + (2 * a - 1) * half_width, y + (2 * b - 1) * half_height) for a, b in CIRCLE]


def box(x0: float, y0: float, x1: float, y1: float) -> Curve:
    """A rectangle from its upper left corner (x0, y0) to its lower right corner (x1, y1)."""
    return "line", [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]


def lines(*ends: tuple[float, float, float, float]) -> list[Curve]:
    """Straight pen movements from (x0, y0) to (x1, y1) each."""
    return [("line", [(x0, y0), (x1, y1)]) for x0, y0, x1, y1 in ends]


def smooth(points: Array, closed: bool = False, steps: int = 8) -> Array:
    """A curve through `points` (n, 2), with `steps` points from each one to the next (Catmull and Rom 1974)."""
    if closed:
        p = np.concatenate([points[-1:], points, points[:2]])
    else:
        p = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]  # (n - 1, 1, 2) each
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    between = b + (c - a) * t / 2 + (2 * a - 5 * b + 4 * c - d) * t**2 / 2 + (3 * b - a - 3 * c + d) * t**3 / 2
    curve: Array = np.concatenate([between.reshape(-1, 2), p[-2:-1]])
    return curve
