"""Outliers: drawings that are not a digit or not one character, which a rejector learns to refuse.

A network trained on digits alone takes everything for a digit, often with confidence. If it is shown many other
drawings, it learns the difference, and what it learns also holds for kinds of drawings that it was not shown
(Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure", 2019). Here are such drawings:
letters of the pen data that look like no digit, pairs of characters, and symbols and scribbles drawn at random.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array, Images
from nn_scratch.data.unipen.strokes import Strokes, bounding_box
from nn_scratch.images import ink

LETTERS = tuple("AEFHKMNRWXaefhkmnrwx")  # not O, I, Z, S, B, G, q and others, which may be digits from their looks

Points = list[tuple[float, float]]
Curve = tuple[str, Points]  # a pen movement: "line" with corners, "curve" or "closed" curve, through points from 0 to 1

CIRCLE: Points = [(0.5, 0), (0.85, 0.15), (1, 0.5), (0.85, 0.85), (0.5, 1), (0.15, 0.85), (0, 0.5), (0.15, 0.15)]


def circle(x: float, y: float, radius: float) -> Curve:
    """A closed curve around (x, y)."""
    return "closed", [(x + (2 * a - 1) * radius, y + (2 * b - 1) * radius) for a, b in CIRCLE]


def lines(*ends: tuple[float, float, float, float]) -> list[Curve]:
    """Straight pen movements from (x0, y0) to (x1, y1) each."""
    return [("line", [(x0, y0), (x1, y1)]) for x0, y0, x1, y1 in ends]


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
}  # fmt: skip


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


SCRIBBLES: dict[str, tuple[Callable[[np.random.Generator], Array], int]] = {  # with the most strokes that it may have
    "random walk": (random_walk, 1),
    "tangle": (tangle, 1),
    "zigzag": (zigzag, 1),
    "spiral": (spiral, 1),
    "loops": (loops, 1),
    "lines": (one_line, 6),
}


def draw(kind: str, rng: np.random.Generator) -> Strokes:
    """The strokes of a symbol or scribble of that `kind`, a little different each time."""
    if kind in SYMBOLS:
        strokes = []
        for shape, control_points in SYMBOLS[kind]:
            points = np.array(control_points) + rng.normal(0, 0.04, (len(control_points), 2))
            strokes.append(points if shape == "line" else smooth(points, shape == "closed"))
        return distort(strokes, 0.35, rng)
    scribble, most = SCRIBBLES[kind]
    count = 1 if most == 1 else int(rng.integers(most // 2, most + 1))
    return distort([scribble(rng) for _ in range(count)], np.pi, rng)


def distort(strokes: list[Array], turn: float, rng: np.random.Generator) -> Strokes:
    """`strokes` as a hand would draw them: turned by up to `turn` radians, slanted, stretched and slightly wavy."""
    angle, slant = rng.uniform(-turn, turn), rng.uniform(-0.25, 0.25)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shape = rotation @ np.array([[1, slant], [0, 1]]) @ np.diag(rng.uniform(0.75, 1.25, 2))
    bend, phase = rng.normal(0, 0.03, (2, 2)), rng.uniform(0, 2 * np.pi, 2)
    waves = np.array([[5.0, 3.0], [3.0, 5.0]])
    return [((p + np.sin(p @ waves + phase) @ bend) @ shape.T).astype(np.float32) for p in map(densify, strokes)]


def densify(points: Array) -> Array:
    """`points` (n, 2) with others between them, so that a straight line can bend."""
    between = [np.linspace(a, b, 8, endpoint=False) for a, b in itertools.pairwise(points)]
    return np.concatenate([*between, points[-1:]]) if len(points) < 30 else points


def draw_images(kinds: NDArray[np.str_], rng: np.random.Generator) -> Images:
    """A drawing of each of `kinds` (N,), with thinner and thicker pens: (N, 28, 28)."""
    images = []
    for kind in kinds:
        image = ink.render(draw(str(kind), rng), pen=float(rng.choice([1.8, ink.PEN, ink.PEN, 3.0])))
        if image is not None:
            images.append(image)
    return np.stack(images)


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
