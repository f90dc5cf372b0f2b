"""Outliers: drawings that are not a digit or not one character, which a rejector learns to refuse.

A network trained on digits alone takes everything for a digit, often with confidence. If it is shown many other
drawings, it learns the difference, and what it learns also holds for kinds of drawings that it was not shown
(Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure", 2019). Here such drawings are made
at random: symbols, doodles and scribbles. Those that are made from what people really wrote are in `combinations`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nn_scratch import ink
from nn_scratch.arrays import Array, Images
from nn_scratch.recipes.curves import box, ellipse, smooth
from nn_scratch.recipes.doodles import DOODLES
from nn_scratch.recipes.strokes import Strokes
from nn_scratch.recipes.symbols import SYMBOLS

TABLES = SYMBOLS | DOODLES
LEFT_OUT = 0.1  # how often a line of a doodle is left out


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
    moved: Array = middle + (stroke - middle) * rng.normal(1, 0.15, 2) + rng.normal(0, 0.04, 2)
    return moved


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
