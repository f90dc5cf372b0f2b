"""How well drawn digits are read, whatever their size, place and slant and the pen's width.

    python benchmarks/drawn_digits.py [COUNT]

Digits of people never trained on (the test writers of the pen data) are drawn on the app's own `Canvas` and read by its
own `Recognizer`: size (part of the canvas that the longer side takes) by place by width of the brush (cells). The first
line is what the network says of the same digits as they are normalized for training; the shares are of digits whose
nearest class is the right one. Then how many of all were refused as no digit, how digits are read that lean more to the
left or to the right than they already do, and styles that are rare here, made from the digits of all test writers.
"""

from __future__ import annotations

import sys
from itertools import product

import numpy as np

import nn_scratch
from drawapp.drawing.canvas import CELLS, Canvas
from drawapp.reading import catalog
from drawapp.reading.prediction import Prediction
from drawapp.reading.recognizer import Recognizer
from nn_scratch.data.unipen import strokes as pen_data
from nn_scratch.data.unipen.variants import VARIANTS, as_variant
from nn_scratch.images.ink import Stroke
from nn_scratch.nn.network import DIGITS

SIZES = (0.25, 0.4, 0.6, 0.9)
PLACES = {"centre": (0.5, 0.5), "top left": (0, 0), "top right": (1, 0), "bottom left": (0, 1), "bottom right": (1, 1)}
WIDTHS = (1.0, 2.0, 3.5)
EACH_STYLE = 1000  # drawings
ANGLES = (-45, -30, -15, 0, 15, 30, 45)  # degrees from upright, to the right above 0
MIDDLE = (0.6, PLACES["centre"], 2.0)  # size, place and width where it is something else that differs


def placed(strokes: list[Stroke], size: float, place: tuple[float, float], width: float) -> list[Stroke]:
    """`strokes` in cells, their longer side `size` of the canvas, where `place` says, the pen's width inside."""
    points = np.concatenate(strokes)
    corner, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = (size * CELLS - width) / max(float(extent.max()), 1.0)
    room = CELLS - width - extent * scale
    return [(stroke - corner) * scale + width / 2 + room * place for stroke in strokes]


def leaning(strokes: list[Stroke], angle: float) -> list[Stroke]:
    """`strokes` (n, 2) of x and y, y downwards, slanted by `angle` in degrees."""
    shear = np.array([[1, 0], [-np.tan(np.radians(angle)), 1]])
    return [stroke @ shear for stroke in strokes]


class Digits:
    """Digits of test writers, and a hand that draws them."""

    def __init__(self, count: int) -> None:
        self.pen = pen_data.load()
        rows = np.flatnonzero(self.pen.test_writers() & np.isin(self.pen.labels, DIGITS))
        self.rows = np.random.default_rng(0).permutation(rows)[:count]
        self.labels = self.pen.labels[self.rows]

    def read(
        self, recognizer: Recognizer, size: float, place: tuple[float, float], width: float, angle: float = 0
    ) -> list[Prediction]:
        """What `recognizer` says of each, drawn in this `size` and `place` with a pen of this `width`, and slanted."""
        predictions = []
        for row in self.rows:
            canvas = Canvas()
            for stroke in placed(leaning(self.pen.strokes(int(row)), angle), size, place, width):
                canvas.draw([(float(x), float(y)) for x, y in stroke], width)
            predictions.append(recognizer.read(canvas))
        return predictions

    def share(self, predictions: list[Prediction]) -> float:
        """The share that was read rightly."""
        return float(np.mean(np.array([prediction.best for prediction in predictions]) == self.labels))


def main() -> None:
    """Draw, read, print."""
    digits = Digits(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
    path = catalog.default_model().path
    network, recognizer = nn_scratch.load(path), catalog.load_recognizer(path)
    images = pen_data.images_of(digits.pen, digits.rows)
    normalized = float((network.predict(images) == digits.labels.astype(int)).mean())
    print(f"{len(digits.rows)} digits of unseen writers, normalized: {normalized:.2%}")
    print(f"{'size':>5} {'pen':>5}  " + "".join(f"{name:>14}" for name in PLACES))
    worst, refused = 1.0, []
    for size, width in product(SIZES, WIDTHS):
        shares = []
        for place in PLACES.values():
            read = digits.read(recognizer, size, place, width)
            shares.append(digits.share(read))
            refused += [prediction.label is None for prediction in read]
        worst = min(worst, *shares)
        print(f"{size:5.0%} {width:5.1f}  " + "".join(f"{share:14.2%}" for share in shares), flush=True)
    print(f"worst of all: {worst:.2%}, {100 * (normalized - worst):.2f} points below the normalized score")
    print(f"refused: {np.mean(refused):.2%}")
    for angle in ANGLES:
        share = digits.share(digits.read(recognizer, *MIDDLE, angle))
        print(f"leaning by {angle:3d} degrees: {share:.2%}", flush=True)
    test_writers, rng = np.flatnonzero(digits.pen.test_writers()), np.random.default_rng(0)
    for name, variant in VARIANTS.items():
        made, _ = as_variant(digits.pen, test_writers, variant, EACH_STYLE, rng)
        print(f"{name}: {(network.predict(made) == int(variant.label)).mean():.2%}")


if __name__ == "__main__":
    main()
