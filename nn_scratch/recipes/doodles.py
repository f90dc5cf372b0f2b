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

LEFT_OUT = 0.1  # how often a line of a doodle is left out

Movement: TypeAlias = tuple[str, Array]  # of the pen: "line" with corners, "curve" or "closed" curve, and points (n, 2)

CIRCLE = np.array([(0.5, 0), (0.85, 0.15), (1, 0.5), (0.85, 0.85), (0.5, 1), (0.15, 0.85), (0, 0.5), (0.15, 0.15)])


def ellipse(x: float, y: float, half_width: float, half_height: float) -> Movement:
    """A closed curve around (x, y)."""
    return "closed", np.array([x, y]) + (2 * CIRCLE - 1) * [half_width, half_height]


def box(x0: float, y0: float, x1: float, y1: float) -> Movement:
    """A rectangle from its upper left corner (x0, y0) to its lower right corner (x1, y1)."""
    return "line", np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)])


def read_movement(text: str) -> Movement:
    """The pen movement that `text` says: a "line" with corners, or a "curve" or a "closed" curve through points "x y";
    a "circle" around a point with a radius; or "ellipse" and "box" with the numbers of these functions.
    """
    shape, *words = text.replace(",", "").split()
    numbers = [float(word) for word in words]
    if shape == "circle":
        x, y, radius = numbers
        return ellipse(x, y, radius, radius)
    if shape in ("ellipse", "box"):
        return ellipse(*numbers) if shape == "ellipse" else box(*numbers)
    return shape, np.reshape(numbers, (-1, 2))


def read_table(text: str) -> dict[str, list[Movement]]:
    """The drawings in `text`, lines of a name and pen movements. A drawing is about as large as from 0 to 1, y down."""
    pairs = (line.split(": ") for line in text.replace("\n    ", " ").strip().splitlines())
    return {name: [read_movement(each) for each in movements.split("; ")] for name, movements in pairs}


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


SYMBOLS = read_table("""
plus: line .5 0, .5 1; line 0 .5, 1 .5
cross: line 0 0, 1 1; line 1 0, 0 1
asterisk: line .5 0, .5 1; line .07 .25, .93 .75; line .93 .25, .07 .75
star of lines: line .5 0, .5 1; line 0 .5, 1 .5; line .15 .15, .85 .85; line .85 .15, .15 .85
hash: line .35 0, .3 1; line .72 0, .67 1; line 0 .33, 1 .33; line 0 .68, 1 .68
percent: circle .2 .2, .17; line .85 0, .15 1; circle .8 .8, .17
ampersand: curve .95 1, .55 .6, .25 .2, .4 0, .58 .15, .4 .4, .1 .7, .25 .97, .6 .9, .9 .55
ampersand like an E: curve .8 .2, .5 .05, .25 .2, .5 .45, .2 .6, .3 .9, .7 .85, .8 .7; line .5 -.1, .5 1.1
at: curve .68 .35, .5 .28, .33 .45, .38 .65, .55 .65, .67 .4, .7 .65, .88 .68, 1 .45, .85 .12, .5 0, .12 .17, 0 .55,
    .2 .92, .55 1, .85 .9
tilde: curve 0 .2, .25 0, .5 .13, .75 .27, 1 .05
equals: line 0 0, 1 0; line 0 .4, 1 .4
minus: line 0 0, 1 0
arrow: line 0 .5, 1 .5; line .7 .2, 1 .5, .7 .8
check mark: line 0 .6, .3 1, 1 0
heart: closed .5 .28, .3 .02, .03 .2, .12 .55, .5 1, .88 .55, .97 .2, .7 .02
star: line .5 0, .79 .9, .02 .35, .98 .35, .21 .9, .5 0
crossed box: line 0 0, 1 0, 1 1, 0 1, 0 0; line 0 0, 1 1; line 1 0, 0 1
triangle: line .5 0, 1 1, 0 1, .5 0
house: line 0 1, 0 .45, .5 0, 1 .45, 1 1, 0 1
smiley: circle .5 .5, .5; circle .32 .35, .05; circle .68 .35, .05; curve .25 .65, .5 .82, .75 .65
question mark: curve .1 .25, .35 0, .75 .1, .7 .4, .45 .55, .43 .78; circle .43 .97, .03
euro: curve .95 .15, .6 0, .25 .3, .25 .7, .6 1, .95 .85; line 0 .4, .7 .4; line 0 .58, .65 .58
infinity: closed .5 .25, .8 0, 1 .25, .8 .5, .5 .25, .2 0, 0 .25, .2 .5
flower: circle .5 .5, .15; circle .5 .2, .15; circle .8 .5, .15; circle .5 .8, .15; circle .2 .5, .15
grid: line .33 0, .33 1; line .67 0, .67 1; line 0 .33, 1 .33; line 0 .67, 1 .67; line 0 0, 1 0; line 0 1, 1 1;
    line 0 0, 0 1; line 1 0, 1 1
note: circle .2 .88, .16; line .4 .9, .42 0; curve .42 0, .6 .2, .85 .35
bracket: line .4 0, 0 0, .05 1, .42 1
brace: curve .5 0, .25 .08, .28 .35, .02 .5, .28 .65, .25 .92, .5 1
less than: line .8 0, 0 .45, .8 .9
dollar: curve .8 .2, .5 .05, .2 .25, .5 .5, .8 .75, .5 .95, .15 .8; line .52 -.15, .48 1.15
dollar with two bars: curve .8 .2, .5 .05, .2 .25, .5 .5, .8 .75, .5 .95, .15 .8; line .42 -.1, .4 1.1; line .62 -.1,
    .6 1.1
pound: curve .8 .15, .6 0, .4 .15, .45 .6, .1 1, .5 .9, .9 .95; line .15 .5, .7 .5
yen: line .1 0, .5 .45, .5 1; line .9 0, .5 .45; line .2 .55, .8 .55; line .2 .75, .8 .75
section: curve .75 .12, .5 0, .25 .15, .75 .5, .5 .68; curve .5 .33, .25 .48, .75 .85, .5 1, .25 .88
root: line 0 .6, .15 .5, .35 1, .55 0, 1.2 0
pi: line .3 .05, .25 1; line .75 .05, .8 1; curve 0 .2, .15 .05, 1 .03
sum: line .95 .05, 0 0, .5 .5, 0 1, 1 .95
omega: curve 0 1, .3 .95, .05 .45, .5 0, .95 .45, .7 .95, 1 1
divided by: line 0 .5, 1 .5; circle .5 .15, .04; circle .5 .85, .04
not equal: line 0 .3, 1 .3; line 0 .65, 1 .65; line .75 0, .25 1
plus or minus: line .5 0, .5 .7; line .1 .35, .9 .35; line .1 1, .9 1
arrow up: line .5 0, .5 1; line .15 .35, .5 0, .85 .35
arrow back: line .3 .05, 0 .3, .3 .55; curve 0 .3, .7 .25, 1 .6, .7 .95, .2 .95
lightning: line .7 0, .2 .5, .6 .45, .1 1; line .05 .8, .1 1; line .1 1, .3 .95
moon: closed .6 0, .15 .2, 0 .55, .25 .9, .7 1, .4 .75, .32 .45
diamond: line .5 0, 1 .5, .5 1, 0 .5, .5 0; line 0 .5, 1 .5
crown: line 0 1, 0 .2, .25 .6, .5 0, .75 .6, 1 .2, 1 1, 0 1
bow tie: line 0 0, 1 .6, 1 0, 0 .6, 0 0
copyright: circle .5 .5, .5; curve .7 .35, .5 .25, .3 .5, .5 .75, .7 .65
crossed circle: circle .5 .5, .5; line .15 .15, .85 .85; line .85 .15, .15 .85
peace: circle .5 .5, .5; line .5 0, .5 1; line .5 .5, .15 .85; line .5 .5, .85 .85
female: circle .5 .3, .3; line .5 .6, .5 1.2; line .25 .9, .75 .9
male: circle .35 .65, .35; line .6 .4, 1 0; line .7 0, 1 0, 1 .3
clef: curve .5 .55, .6 .7, .4 .75, .3 .6, .5 .4, .75 .6, .5 .85, .2 .65, .6 .15, .5 0, .4 .2, .6 1, .45 1.15, .3 1.05
anchor: circle .5 .08, .08; line .5 .16, .5 1; line .25 .3, .75 .3; curve .05 .65, .2 .92, .5 1, .8 .92, .95 .65
""")

DOODLES = read_table("""
cat: circle .5 .6, .4; line .15 .4, .15 0, .4 .22; line .6 .22, .85 0, .85 .4; circle .35 .5, .04; circle .65 .5, .04;
    line .35 .7, -.05 .62; line .35 .75, -.05 .8; line .65 .7, 1.05 .62; line .65 .75, 1.05 .8; curve .4 .8, .5 .72,
    .6 .8
house with a door: box 0 .5, 1 1.1; line -.1 .5, .5 0, 1.1 .5; line .2 1.1, .2 .7, .45 .7, .45 1.1; box .6 .65, .85 .85
train: box 0 .3, .55 .75; box .7 .3, 1.25 .75; box .05 0, .2 .3; circle .13 .88, .1; circle .42 .88, .1; circle .83 .88,
    .1; circle 1.12 .88, .1; line .55 .7, .7 .7
car: box 0 .4, 1.2 .75; line .25 .4, .4 .1, .8 .1, .95 .4; circle .25 .8, .13; circle .95 .8, .13
tree: circle .5 .35, .35; line .43 .7, .4 1.2; line .57 .7, .6 1.2
fir: line .5 0, .8 .4, .6 .4, 1 .85, 0 .85, .4 .4, .2 .4, .5 0; box .43 .85, .57 1.05
fish: ellipse .45 .4, .45 .25; line .85 .4, 1.2 .15, 1.2 .65, .85 .4; circle .2 .35, .04
sun: circle .5 .5, .25; line .5 .18, .5 -.05; line .5 .82, .5 1.05; line .18 .5, -.05 .5; line .82 .5, 1.05 .5;
    line .27 .27, .1 .1; line .73 .73, .9 .9; line .27 .73, .1 .9; line .73 .27, .9 .1
person: circle .5 .17, .17; line .5 .34, .5 .85; line .2 .5, .8 .5; line .5 .85, .25 1.3; line .5 .85, .75 1.3
flower on a stem: circle .5 .35, .1; circle .5 .12, .12; circle .73 .35, .12; circle .5 .58, .12; circle .27 .35, .12;
    line .5 .7, .52 1.3; closed .52 1.1, .7 .9, .8 .95, .7 1.05
boat: line 0 .7, 1.1 .7, .9 1, .2 1, 0 .7; line .5 .7, .5 0; line .5 0, .95 .6, .5 .6
cup: line 0 .1, .08 .9, .62 .9, .7 .1; ellipse .35 .1, .35 .08; curve .68 .25, .95 .3, .9 .65, .65 .7
umbrella: curve 0 .5, .2 .1, .5 0, .8 .1, 1 .5; line 0 .5, 1 .5; curve .5 .5, .5 1, .6 1.1, .72 1
clock: circle .5 .5, .5; line .5 .5, .5 .15; line .5 .5, .75 .6
envelope: box 0 0, 1.4 .9; line 0 0, .7 .5, 1.4 0
ladder: line .1 0, 0 1.2; line .5 0, .6 1.2; line .08 .25, .52 .25; line .06 .5, .54 .5; line .04 .75, .56 .75;
    line .02 1, .58 1
key: circle .2 .2, .2; line .4 .2, 1.3 .2; line 1 .2, 1 .45; line 1.25 .2, 1.25 .5
cloud: closed .15 .7, 0 .5, .2 .35, .3 .1, .55 .15, .65 0, .95 .15, 1 .35, 1.25 .45, 1.15 .7, .7 .75
glasses: circle .25 .3, .25; circle .9 .3, .25; curve .48 .25, .57 .18, .66 .25; line 0 .25, -.15 0; line 1.15 .25,
    1.3 0
dog: ellipse .6 .5, .5 .2; circle 1.15 .25, .2; line .25 .65, .2 1.05; line .4 .68, .4 1.05; line .8 .68, .8 1.05;
    line .95 .65, 1 1.05; line .1 .45, -.15 .15; line 1.05 .1, 1 -.1
bird: curve 0 .1, .25 0, .5 .3, .75 0, 1 .1
butterfly: ellipse .5 .5, .05 .35; ellipse .2 .3, .25 .25; ellipse .8 .3, .25 .25; ellipse .27 .75, .2 .18;
    ellipse .73 .75, .2 .18; line .48 .15, .35 -.05; line .52 .15, .65 -.05
apple: closed .5 .3, .25 .2, 0 .5, .2 .95, .5 .9, .8 .95, 1 .5, .75 .2; curve .5 .3, .5 .1, .6 0; closed .55 .15, .75 0,
    .85 .1
mushroom: closed 0 .5, .15 .15, .5 0, .85 .15, 1 .5, .5 .45; line .35 .48, .33 1, .67 1, .65 .48
hand: curve .2 1.1, 0 .6, .08 .5, .22 .7, .2 .1, .3 .08, .36 .5, .4 0, .5 0, .53 .5, .62 .08, .72 .1, .68 .6, .85 .3,
    .92 .38, .7 1.1
lamp: line .25 0, .75 0, 1 .5, 0 .5, .25 0; line .5 .5, .5 1.1; line .25 1.1, .75 1.1
chair: line .1 0, .1 1.2; line .1 .6, .7 .6; line .7 .6, .7 1.2; line .1 .1, .15 .1
table: line 0 .3, 1.2 .3; line .15 .3, .1 1; line 1.05 .3, 1.1 1; line .15 .5, 1.05 .5
book: box 0 .1, .6 .9; box .6 .1, 1.2 .9; line .1 .3, .5 .3; line .1 .5, .5 .5; line .7 .3, 1.1 .3; line .7 .5, 1.1 .5
mobile phone: box 0 0, .6 1.2; box .08 .12, .52 .95; circle .3 1.08, .05
bicycle: circle .25 .75, .25; circle 1.15 .75, .25; line .25 .75, .5 .35, .95 .35, .65 .75, .25 .75; line .65 .75,
    .47 .25; line 1.15 .75, .92 .15; line .85 .12, 1.02 .15; line .38 .25, .56 .25
scissors: circle .15 .9, .15; circle .65 .9, .15; line .22 .77, .65 0; line .58 .77, .15 0
mountains: line 0 .8, .35 .1, .55 .5, .8 0, 1.2 .8
aeroplane: ellipse .6 .5, .6 .1; line .5 .42, .3 0, .45 0, .75 .42; line .5 .58, .3 1, .45 1, .75 .58; line .08 .45,
    -.05 .25
""")

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
        return smooth(ellipse(x, y, width, height)[1], closed=True)
    if kind == "box":
        return box(x - width, y - height, x + width, y + height)[1]
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
            points = control_points + rng.normal(0, 0.04, control_points.shape)
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
