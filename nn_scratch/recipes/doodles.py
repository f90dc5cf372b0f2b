"""Doodles: symbols, objects and scribbles that nobody wrote, which a rejector learns to refuse.

A network trained on digits alone takes everything for a digit, often with confidence: a house for a 0 or a 6. If it is
shown many other drawings, it learns the difference, and what it learns also holds for kinds of drawings that it was not
shown (Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure", 2019). Symbols and doodles are
written down as tables, a few points for each pen movement; scribbles are made at random. `draw` draws each of them a
little differently every time. Drawings that are made from what people really wrote are in `unknown`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.recipes.strokes import Strokes, rotation

Points: TypeAlias = list[tuple[float, float]]  # x to the right, y down; a drawing is about as large as from 0 to 1
Curve: TypeAlias = tuple[str, Points]  # a pen movement: "line" with corners, "curve" or "closed" curve, through points

LEFT_OUT = 0.1  # how often a line of a doodle is left out

CIRCLE: Points = [(0.5, 0), (0.85, 0.15), (1, 0.5), (0.85, 0.85), (0.5, 1), (0.15, 0.85), (0, 0.5), (0.15, 0.15)]


def ellipse(x: float, y: float, half_width: float, half_height: float) -> Curve:
    """A closed curve around (x, y)."""
    return "closed", [(x + (2 * a - 1) * half_width, y + (2 * b - 1) * half_height) for a, b in CIRCLE]


def circle(x: float, y: float, radius: float) -> Curve:
    """A closed curve around (x, y)."""
    return ellipse(x, y, radius, radius)


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
    return np.concatenate([between.reshape(-1, 2), p[-2:-1]])


SYMBOLS: dict[str, list[Curve]] = {
    "plus": lines((0.5, 0, 0.5, 1), (0, 0.5, 1, 0.5)),
    "cross": lines((0, 0, 1, 1), (1, 0, 0, 1)),
    "asterisk": lines((0.5, 0, 0.5, 1), (0.07, 0.25, 0.93, 0.75), (0.93, 0.25, 0.07, 0.75)),
    "star of lines": lines((0.5, 0, 0.5, 1), (0, 0.5, 1, 0.5), (0.15, 0.15, 0.85, 0.85), (0.85, 0.15, 0.15, 0.85)),
    "hash": lines((0.35, 0, 0.3, 1), (0.72, 0, 0.67, 1), (0, 0.33, 1, 0.33), (0, 0.68, 1, 0.68)),
    "percent": [circle(0.2, 0.2, 0.17), *lines((0.85, 0, 0.15, 1)), circle(0.8, 0.8, 0.17)],
    "ampersand": [("curve", [(0.95, 1), (0.55, 0.6), (0.25, 0.2), (0.4, 0), (0.58, 0.15), (0.4, 0.4), (0.1, 0.7),
                             (0.25, 0.97), (0.6, 0.9), (0.9, 0.55)])],
    "ampersand like an E": [("curve", [(0.8, 0.2), (0.5, 0.05), (0.25, 0.2), (0.5, 0.45), (0.2, 0.6), (0.3, 0.9),
                                       (0.7, 0.85), (0.8, 0.7)]), *lines((0.5, -0.1, 0.5, 1.1))],
    "at": [("curve", [(0.68, 0.35), (0.5, 0.28), (0.33, 0.45), (0.38, 0.65), (0.55, 0.65), (0.67, 0.4), (0.7, 0.65),
                      (0.88, 0.68), (1, 0.45), (0.85, 0.12), (0.5, 0), (0.12, 0.17), (0, 0.55), (0.2, 0.92),
                      (0.55, 1), (0.85, 0.9)])],
    "tilde": [("curve", [(0, 0.2), (0.25, 0), (0.5, 0.13), (0.75, 0.27), (1, 0.05)])],
    "equals": lines((0, 0, 1, 0), (0, 0.4, 1, 0.4)),
    "minus": lines((0, 0, 1, 0)),
    "arrow": [*lines((0, 0.5, 1, 0.5)), ("line", [(0.7, 0.2), (1, 0.5), (0.7, 0.8)])],
    "check mark": [("line", [(0, 0.6), (0.3, 1), (1, 0)])],
    "heart": [("closed", [(0.5, 0.28), (0.3, 0.02), (0.03, 0.2), (0.12, 0.55), (0.5, 1), (0.88, 0.55), (0.97, 0.2),
                          (0.7, 0.02)])],
    "star": [("line", [(0.5, 0), (0.79, 0.9), (0.02, 0.35), (0.98, 0.35), (0.21, 0.9), (0.5, 0)])],
    "crossed box": [("line", [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]), *lines((0, 0, 1, 1), (1, 0, 0, 1))],
    "triangle": [("line", [(0.5, 0), (1, 1), (0, 1), (0.5, 0)])],
    "house": [("line", [(0, 1), (0, 0.45), (0.5, 0), (1, 0.45), (1, 1), (0, 1)])],
    "smiley": [circle(0.5, 0.5, 0.5), circle(0.32, 0.35, 0.05), circle(0.68, 0.35, 0.05),
               ("curve", [(0.25, 0.65), (0.5, 0.82), (0.75, 0.65)])],
    "question mark": [("curve", [(0.1, 0.25), (0.35, 0), (0.75, 0.1), (0.7, 0.4), (0.45, 0.55), (0.43, 0.78)]),
                      circle(0.43, 0.97, 0.03)],
    "euro": [("curve", [(0.95, 0.15), (0.6, 0), (0.25, 0.3), (0.25, 0.7), (0.6, 1), (0.95, 0.85)]),
             *lines((0, 0.4, 0.7, 0.4), (0, 0.58, 0.65, 0.58))],
    "infinity": [("closed", [(0.5, 0.25), (0.8, 0), (1, 0.25), (0.8, 0.5), (0.5, 0.25), (0.2, 0), (0, 0.25),
                             (0.2, 0.5)])],
    "flower": [circle(0.5, 0.5, 0.15), circle(0.5, 0.2, 0.15), circle(0.8, 0.5, 0.15), circle(0.5, 0.8, 0.15),
               circle(0.2, 0.5, 0.15)],
    "grid": lines((0.33, 0, 0.33, 1), (0.67, 0, 0.67, 1), (0, 0.33, 1, 0.33), (0, 0.67, 1, 0.67), (0, 0, 1, 0),
                  (0, 1, 1, 1), (0, 0, 0, 1), (1, 0, 1, 1)),
    "note": [circle(0.2, 0.88, 0.16), *lines((0.4, 0.9, 0.42, 0)), ("curve", [(0.42, 0), (0.6, 0.2), (0.85, 0.35)])],
    "bracket": [("line", [(0.4, 0), (0, 0), (0.05, 1), (0.42, 1)])],
    "brace": [("curve", [(0.5, 0), (0.25, 0.08), (0.28, 0.35), (0.02, 0.5), (0.28, 0.65), (0.25, 0.92), (0.5, 1)])],
    "less than": [("line", [(0.8, 0), (0, 0.45), (0.8, 0.9)])],
    "dollar": [("curve", [(0.8, 0.2), (0.5, 0.05), (0.2, 0.25), (0.5, 0.5), (0.8, 0.75), (0.5, 0.95), (0.15, 0.8)]),
               *lines((0.52, -0.15, 0.48, 1.15))],
    "dollar with two bars": [("curve", [(0.8, 0.2), (0.5, 0.05), (0.2, 0.25), (0.5, 0.5), (0.8, 0.75), (0.5, 0.95),
                                        (0.15, 0.8)]), *lines((0.42, -0.1, 0.4, 1.1), (0.62, -0.1, 0.6, 1.1))],
    "pound": [("curve", [(0.8, 0.15), (0.6, 0), (0.4, 0.15), (0.45, 0.6), (0.1, 1), (0.5, 0.9), (0.9, 0.95)]),
              *lines((0.15, 0.5, 0.7, 0.5))],
    "yen": [("line", [(0.1, 0), (0.5, 0.45), (0.5, 1)]), *lines((0.9, 0, 0.5, 0.45), (0.2, 0.55, 0.8, 0.55),
                                                               (0.2, 0.75, 0.8, 0.75))],
    "section": [("curve", [(0.75, 0.12), (0.5, 0), (0.25, 0.15), (0.75, 0.5), (0.5, 0.68)]),
                ("curve", [(0.5, 0.33), (0.25, 0.48), (0.75, 0.85), (0.5, 1), (0.25, 0.88)])],
    "root": [("line", [(0, 0.6), (0.15, 0.5), (0.35, 1), (0.55, 0), (1.2, 0)])],
    "pi": [*lines((0.3, 0.05, 0.25, 1), (0.75, 0.05, 0.8, 1)), ("curve", [(0, 0.2), (0.15, 0.05), (1, 0.03)])],
    "sum": [("line", [(0.95, 0.05), (0, 0), (0.5, 0.5), (0, 1), (1, 0.95)])],
    "omega": [("curve", [(0, 1), (0.3, 0.95), (0.05, 0.45), (0.5, 0), (0.95, 0.45), (0.7, 0.95), (1, 1)])],
    "divided by": [*lines((0, 0.5, 1, 0.5)), circle(0.5, 0.15, 0.04), circle(0.5, 0.85, 0.04)],
    "not equal": lines((0, 0.3, 1, 0.3), (0, 0.65, 1, 0.65), (0.75, 0, 0.25, 1)),
    "plus or minus": lines((0.5, 0, 0.5, 0.7), (0.1, 0.35, 0.9, 0.35), (0.1, 1, 0.9, 1)),
    "arrow up": [*lines((0.5, 0, 0.5, 1)), ("line", [(0.15, 0.35), (0.5, 0), (0.85, 0.35)])],
    "arrow back": [("line", [(0.3, 0.05), (0, 0.3), (0.3, 0.55)]),
                   ("curve", [(0, 0.3), (0.7, 0.25), (1, 0.6), (0.7, 0.95), (0.2, 0.95)])],
    "lightning": [("line", [(0.7, 0), (0.2, 0.5), (0.6, 0.45), (0.1, 1)]), *lines((0.05, 0.8, 0.1, 1),
                                                                                (0.1, 1, 0.3, 0.95))],
    "moon": [("closed", [(0.6, 0), (0.15, 0.2), (0, 0.55), (0.25, 0.9), (0.7, 1), (0.4, 0.75), (0.32, 0.45)])],
    "diamond": [("line", [(0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5), (0.5, 0)]), *lines((0, 0.5, 1, 0.5))],
    "crown": [("line", [(0, 1), (0, 0.2), (0.25, 0.6), (0.5, 0), (0.75, 0.6), (1, 0.2), (1, 1), (0, 1)])],
    "bow tie": [("line", [(0, 0), (1, 0.6), (1, 0), (0, 0.6), (0, 0)])],
    "copyright": [circle(0.5, 0.5, 0.5), ("curve", [(0.7, 0.35), (0.5, 0.25), (0.3, 0.5), (0.5, 0.75), (0.7, 0.65)])],
    "crossed circle": [circle(0.5, 0.5, 0.5), *lines((0.15, 0.15, 0.85, 0.85), (0.85, 0.15, 0.15, 0.85))],
    "peace": [circle(0.5, 0.5, 0.5), *lines((0.5, 0, 0.5, 1), (0.5, 0.5, 0.15, 0.85), (0.5, 0.5, 0.85, 0.85))],
    "female": [circle(0.5, 0.3, 0.3), *lines((0.5, 0.6, 0.5, 1.2), (0.25, 0.9, 0.75, 0.9))],
    "male": [circle(0.35, 0.65, 0.35), *lines((0.6, 0.4, 1, 0)), ("line", [(0.7, 0), (1, 0), (1, 0.3)])],
    "clef": [("curve", [(0.5, 0.55), (0.6, 0.7), (0.4, 0.75), (0.3, 0.6), (0.5, 0.4), (0.75, 0.6), (0.5, 0.85),
                        (0.2, 0.65), (0.6, 0.15), (0.5, 0), (0.4, 0.2), (0.6, 1), (0.45, 1.15), (0.3, 1.05)])],
    "anchor": [circle(0.5, 0.08, 0.08), *lines((0.5, 0.16, 0.5, 1), (0.25, 0.3, 0.75, 0.3)),
               ("curve", [(0.05, 0.65), (0.2, 0.92), (0.5, 1), (0.8, 0.92), (0.95, 0.65)])],
}  # fmt: skip

DOODLES: dict[str, list[Curve]] = {
    "cat": [circle(0.5, 0.6, 0.4), ("line", [(0.15, 0.4), (0.15, 0), (0.4, 0.22)]),
            ("line", [(0.6, 0.22), (0.85, 0), (0.85, 0.4)]), circle(0.35, 0.5, 0.04), circle(0.65, 0.5, 0.04),
            *lines((0.35, 0.7, -0.05, 0.62), (0.35, 0.75, -0.05, 0.8), (0.65, 0.7, 1.05, 0.62),
                   (0.65, 0.75, 1.05, 0.8)), ("curve", [(0.4, 0.8), (0.5, 0.72), (0.6, 0.8)])],
    "house with a door": [box(0, 0.5, 1, 1.1), ("line", [(-0.1, 0.5), (0.5, 0), (1.1, 0.5)]),
                          ("line", [(0.2, 1.1), (0.2, 0.7), (0.45, 0.7), (0.45, 1.1)]), box(0.6, 0.65, 0.85, 0.85)],
    "train": [box(0, 0.3, 0.55, 0.75), box(0.7, 0.3, 1.25, 0.75), box(0.05, 0, 0.2, 0.3), circle(0.13, 0.88, 0.1),
              circle(0.42, 0.88, 0.1), circle(0.83, 0.88, 0.1), circle(1.12, 0.88, 0.1), *lines((0.55, 0.7, 0.7, 0.7))],
    "car": [box(0, 0.4, 1.2, 0.75), ("line", [(0.25, 0.4), (0.4, 0.1), (0.8, 0.1), (0.95, 0.4)]),
            circle(0.25, 0.8, 0.13), circle(0.95, 0.8, 0.13)],
    "tree": [circle(0.5, 0.35, 0.35), *lines((0.43, 0.7, 0.4, 1.2), (0.57, 0.7, 0.6, 1.2))],
    "fir": [("line", [(0.5, 0), (0.8, 0.4), (0.6, 0.4), (1, 0.85), (0, 0.85), (0.4, 0.4), (0.2, 0.4), (0.5, 0)]),
            box(0.43, 0.85, 0.57, 1.05)],
    "fish": [ellipse(0.45, 0.4, 0.45, 0.25), ("line", [(0.85, 0.4), (1.2, 0.15), (1.2, 0.65), (0.85, 0.4)]),
             circle(0.2, 0.35, 0.04)],
    "sun": [circle(0.5, 0.5, 0.25), *lines((0.5, 0.18, 0.5, -0.05), (0.5, 0.82, 0.5, 1.05), (0.18, 0.5, -0.05, 0.5),
            (0.82, 0.5, 1.05, 0.5), (0.27, 0.27, 0.1, 0.1), (0.73, 0.73, 0.9, 0.9), (0.27, 0.73, 0.1, 0.9),
            (0.73, 0.27, 0.9, 0.1))],
    "person": [circle(0.5, 0.17, 0.17), *lines((0.5, 0.34, 0.5, 0.85), (0.2, 0.5, 0.8, 0.5), (0.5, 0.85, 0.25, 1.3),
               (0.5, 0.85, 0.75, 1.3))],
    "flower on a stem": [circle(0.5, 0.35, 0.1), circle(0.5, 0.12, 0.12), circle(0.73, 0.35, 0.12),
                         circle(0.5, 0.58, 0.12), circle(0.27, 0.35, 0.12), *lines((0.5, 0.7, 0.52, 1.3)),
                         ("closed", [(0.52, 1.1), (0.7, 0.9), (0.8, 0.95), (0.7, 1.05)])],
    "boat": [("line", [(0, 0.7), (1.1, 0.7), (0.9, 1), (0.2, 1), (0, 0.7)]), *lines((0.5, 0.7, 0.5, 0)),
             ("line", [(0.5, 0), (0.95, 0.6), (0.5, 0.6)])],
    "cup": [("line", [(0, 0.1), (0.08, 0.9), (0.62, 0.9), (0.7, 0.1)]), ellipse(0.35, 0.1, 0.35, 0.08),
            ("curve", [(0.68, 0.25), (0.95, 0.3), (0.9, 0.65), (0.65, 0.7)])],
    "umbrella": [("curve", [(0, 0.5), (0.2, 0.1), (0.5, 0), (0.8, 0.1), (1, 0.5)]), *lines((0, 0.5, 1, 0.5)),
                 ("curve", [(0.5, 0.5), (0.5, 1), (0.6, 1.1), (0.72, 1)])],
    "clock": [circle(0.5, 0.5, 0.5), *lines((0.5, 0.5, 0.5, 0.15), (0.5, 0.5, 0.75, 0.6))],
    "envelope": [box(0, 0, 1.4, 0.9), ("line", [(0, 0), (0.7, 0.5), (1.4, 0)])],
    "ladder": lines((0.1, 0, 0, 1.2), (0.5, 0, 0.6, 1.2), (0.08, 0.25, 0.52, 0.25), (0.06, 0.5, 0.54, 0.5),
                    (0.04, 0.75, 0.56, 0.75), (0.02, 1, 0.58, 1)),
    "key": [circle(0.2, 0.2, 0.2), *lines((0.4, 0.2, 1.3, 0.2), (1, 0.2, 1, 0.45), (1.25, 0.2, 1.25, 0.5))],
    "cloud": [("closed", [(0.15, 0.7), (0, 0.5), (0.2, 0.35), (0.3, 0.1), (0.55, 0.15), (0.65, 0), (0.95, 0.15),
                          (1, 0.35), (1.25, 0.45), (1.15, 0.7), (0.7, 0.75)])],
    "glasses": [circle(0.25, 0.3, 0.25), circle(0.9, 0.3, 0.25), ("curve", [(0.48, 0.25), (0.57, 0.18), (0.66, 0.25)]),
                *lines((0, 0.25, -0.15, 0), (1.15, 0.25, 1.3, 0))],
    "dog": [ellipse(0.6, 0.5, 0.5, 0.2), circle(1.15, 0.25, 0.2), *lines((0.25, 0.65, 0.2, 1.05),
            (0.4, 0.68, 0.4, 1.05), (0.8, 0.68, 0.8, 1.05), (0.95, 0.65, 1, 1.05), (0.1, 0.45, -0.15, 0.15),
            (1.05, 0.1, 1, -0.1))],
    "bird": [("curve", [(0, 0.1), (0.25, 0), (0.5, 0.3), (0.75, 0), (1, 0.1)])],
    "butterfly": [ellipse(0.5, 0.5, 0.05, 0.35), ellipse(0.2, 0.3, 0.25, 0.25), ellipse(0.8, 0.3, 0.25, 0.25),
                  ellipse(0.27, 0.75, 0.2, 0.18), ellipse(0.73, 0.75, 0.2, 0.18), *lines((0.48, 0.15, 0.35, -0.05),
                  (0.52, 0.15, 0.65, -0.05))],
    "apple": [("closed", [(0.5, 0.3), (0.25, 0.2), (0, 0.5), (0.2, 0.95), (0.5, 0.9), (0.8, 0.95), (1, 0.5),
                          (0.75, 0.2)]), ("curve", [(0.5, 0.3), (0.5, 0.1), (0.6, 0)]),
              ("closed", [(0.55, 0.15), (0.75, 0), (0.85, 0.1)])],
    "mushroom": [("closed", [(0, 0.5), (0.15, 0.15), (0.5, 0), (0.85, 0.15), (1, 0.5), (0.5, 0.45)]),
                 ("line", [(0.35, 0.48), (0.33, 1), (0.67, 1), (0.65, 0.48)])],
    "hand": [("curve", [(0.2, 1.1), (0, 0.6), (0.08, 0.5), (0.22, 0.7), (0.2, 0.1), (0.3, 0.08), (0.36, 0.5), (0.4, 0),
                        (0.5, 0), (0.53, 0.5), (0.62, 0.08), (0.72, 0.1), (0.68, 0.6), (0.85, 0.3), (0.92, 0.38),
                        (0.7, 1.1)])],
    "lamp": [("line", [(0.25, 0), (0.75, 0), (1, 0.5), (0, 0.5), (0.25, 0)]), *lines((0.5, 0.5, 0.5, 1.1),
             (0.25, 1.1, 0.75, 1.1))],
    "chair": lines((0.1, 0, 0.1, 1.2), (0.1, 0.6, 0.7, 0.6), (0.7, 0.6, 0.7, 1.2), (0.1, 0.1, 0.15, 0.1)),
    "table": lines((0, 0.3, 1.2, 0.3), (0.15, 0.3, 0.1, 1), (1.05, 0.3, 1.1, 1), (0.15, 0.5, 1.05, 0.5)),
    "book": [box(0, 0.1, 0.6, 0.9), box(0.6, 0.1, 1.2, 0.9), *lines((0.1, 0.3, 0.5, 0.3), (0.1, 0.5, 0.5, 0.5),
             (0.7, 0.3, 1.1, 0.3), (0.7, 0.5, 1.1, 0.5))],
    "mobile phone": [box(0, 0, 0.6, 1.2), box(0.08, 0.12, 0.52, 0.95), circle(0.3, 1.08, 0.05)],
    "bicycle": [circle(0.25, 0.75, 0.25), circle(1.15, 0.75, 0.25), ("line", [(0.25, 0.75), (0.5, 0.35), (0.95, 0.35),
                (0.65, 0.75), (0.25, 0.75)]), *lines((0.65, 0.75, 0.47, 0.25), (1.15, 0.75, 0.92, 0.15),
                (0.85, 0.12, 1.02, 0.15), (0.38, 0.25, 0.56, 0.25))],
    "scissors": [circle(0.15, 0.9, 0.15), circle(0.65, 0.9, 0.15), *lines((0.22, 0.77, 0.65, 0),
                 (0.58, 0.77, 0.15, 0))],
    "mountains": [("line", [(0, 0.8), (0.35, 0.1), (0.55, 0.5), (0.8, 0), (1.2, 0.8)])],
    "aeroplane": [ellipse(0.6, 0.5, 0.6, 0.1), ("line", [(0.5, 0.42), (0.3, 0), (0.45, 0), (0.75, 0.42)]),
                  ("line", [(0.5, 0.58), (0.3, 1), (0.45, 1), (0.75, 0.58)]), ("line", [(0.08, 0.45), (-0.05, 0.25)])],
}  # fmt: skip

TABLES = SYMBOLS | DOODLES


def random_walk(rng: np.random.Generator) -> Array:
    """A pen that wanders about, with sharp or wide turns."""
    steps = rng.normal(0, 1, (rng.integers(7, 22), 2))
    inertia, points = rng.uniform(0, 0.8), np.zeros_like(steps)
    for i in range(1, len(steps)):
        steps[i] += inertia * steps[i - 1]
        points[i] = 0.85 * points[i - 1] + steps[i]
    return smooth(points)


def tangle(rng: np.random.Generator) -> Array:
    """A curve through random points."""
    return smooth(rng.uniform(0, 1, (rng.integers(8, 20), 2)))


def zigzag(rng: np.random.Generator) -> Array:
    """Up and down along a row, a few times, or many times close together as if to blacken it."""
    count = rng.integers(5, 24)
    x, y = np.linspace(0, rng.uniform(0.4, 2.0), count), (np.arange(count) % 2) * rng.uniform(0.3, 1.0)
    points = np.stack([x, y], axis=1) + rng.normal(0, 0.05, (count, 2))
    return points if rng.random() < 0.4 else smooth(points)


def spiral(rng: np.random.Generator) -> Array:
    """Two to five turns outwards, clockwise or not."""
    angle = np.linspace(0, 2 * np.pi * rng.uniform(2.2, 5), 70)
    radius = np.linspace(rng.uniform(0.02, 0.15), 1, 70)
    return np.stack([radius * np.cos(angle), rng.choice([-1, 1]) * radius * np.sin(angle)], axis=1)


def loops(rng: np.random.Generator) -> Array:
    """A row of curls."""
    angle = np.linspace(0, 2 * np.pi * rng.integers(3, 7), 80)
    x = angle / (2 * np.pi) * rng.uniform(0.4, 0.9) + rng.uniform(0.25, 0.8) * np.cos(angle)
    return np.stack([x, rng.uniform(0.5, 1.0) * np.sin(angle)], axis=1)


def one_line(rng: np.random.Generator) -> Array:
    """A straight line anywhere; a drawing has several."""
    return rng.uniform(0, 1, (2, 2))


def any_curve(rng: np.random.Generator) -> Array:
    """A line, a box, a circle or a curve somewhere; several of them are an object that nobody knows."""
    x, y, width, height = *rng.uniform(-1, 1, 2), *rng.uniform(0.1, 0.8, 2)
    kind = rng.choice(["ellipse", "box", "curve", "corners", "corners"])
    if kind == "ellipse":
        return smooth(np.array(ellipse(x, y, width, height)[1]), closed=True)
    if kind == "box":
        return np.array(box(x - width, y - height, x + width, y + height)[1])
    points = rng.uniform(-1, 1, (rng.integers(3, 6), 2))
    return smooth(points) if kind == "curve" else points[1:]


SCRIBBLES: dict[str, tuple[Callable[[np.random.Generator], Array], int]] = {  # with the most strokes that it may have
    "random walk": (random_walk, 1),
    "tangle": (tangle, 1),
    "zigzag": (zigzag, 1),
    "spiral": (spiral, 1),
    "loops": (loops, 1),
    "lines": (one_line, 6),
    "anything": (any_curve, 7),
}


def draw(kind: str, rng: np.random.Generator) -> Strokes:
    """The strokes of a symbol, a doodle or a scribble of that `kind`, a little different each time."""
    if kind in TABLES:
        strokes = []
        for shape, control_points in TABLES[kind]:
            points = np.array(control_points) + rng.normal(0, 0.04, (len(control_points), 2))
            strokes.append(points if shape == "line" else smooth(points, shape == "closed"))
        if kind in DOODLES:
            strokes = [move(stroke, rng) for stroke in strokes[1:] if rng.random() >= LEFT_OUT] + strokes[:1]
        return distort(strokes, 0.35, rng)
    scribble, most = SCRIBBLES[kind]
    count = 1 if most == 1 else int(rng.integers(most // 2, most + 1))
    return distort([scribble(rng) for _ in range(count)], np.pi, rng)


def move(stroke: Array, rng: np.random.Generator) -> Array:
    """`stroke` in another size, and a little beside its place."""
    middle = stroke.mean(axis=0)
    return middle + (stroke - middle) * rng.normal(1, 0.15, 2) + rng.normal(0, 0.04, 2)


def distort(strokes: list[Array], turn: float, rng: np.random.Generator) -> Strokes:
    """`strokes` as a hand would draw them: turned by up to `turn` radians, slanted, stretched and slightly wavy."""
    angle, slant = rng.uniform(-turn, turn), rng.uniform(-0.25, 0.25)
    shape = rotation(angle) @ np.array([[1, slant], [0, 1]]) @ np.diag(rng.uniform(0.75, 1.25, 2))
    bend, phase = rng.normal(0, 0.03, (2, 2)), rng.uniform(0, 2 * np.pi, 2)
    waves = np.array([[5.0, 3.0], [3.0, 5.0]])
    return [((p + np.sin(p @ waves + phase) @ bend) @ shape.T).astype(np.float32) for p in map(densify, strokes)]


def densify(points: Array) -> Array:
    """`points` (n, 2) with others between them, so that a straight line can bend."""
    between = [np.linspace(a, b, 8, endpoint=False) for a, b in itertools.pairwise(points)]
    return np.concatenate([*between, points[-1:]]) if len(points) < 30 else points
