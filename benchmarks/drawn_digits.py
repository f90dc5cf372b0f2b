"""How well drawn digits are read, at any size, place and slant and with any brush.

    python benchmarks/drawn_digits.py [COUNT]

A good score on MNIST does not mean that the app reads what people draw. So digits of people who are not in the training
data (the test writers of the pen data) are drawn on the app's own `Canvas` and read by its own `Recognizer`: each size
(the fraction of the canvas that the longer side takes) with each width of the brush (in cells), in each place. The
figures are the fractions of digits whose most probable class is the right one. The first line is the network's accuracy
on the same digits as they are normalized for training. The last lines tell how many of all drawings were refused as not
a digit, how digits are read that are slanted, and how variants are read that are rare in the training data (made from
the digits of all test writers).
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
from nn_scratch import ink
from nn_scratch.network import DIGITS
from nn_scratch.recipes.strokes import Strokes, load_pen_data
from nn_scratch.recipes.variants import VARIANTS, make_variant

SIZES = (0.25, 0.4, 0.6, 0.9)
PLACES = {"centre": (0.5, 0.5), "top left": (0, 0), "top right": (1, 0), "bottom left": (0, 1), "bottom right": (1, 1)}
WIDTHS = (1.0, 2.0, 3.5)
EXAMPLES_PER_VARIANT = 1000
ANGLES = (-45, -30, -15, 0, 15, 30, 45)  # degrees from upright; positive angles lean to the right
MIDDLE = (0.6, PLACES["centre"], 2.0)  # size, place and width of the brush for slanted digits


def place_strokes(strokes: Strokes, size: float, place: tuple[float, float], width: float) -> Strokes:
    """`strokes` in cells: with the brush's `width`, their longer side is `size` of the canvas, at `place` (0 to 1)."""
    points = np.concatenate(strokes)
    corner, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = (size * CELLS - width) / max(float(extent.max()), 1.0)
    room = CELLS - width - extent * scale
    return [(stroke - corner) * scale + width / 2 + room * place for stroke in strokes]


def slant(strokes: Strokes, angle: float) -> Strokes:
    """`strokes`, y downwards, slanted by `angle` in degrees."""
    shear = np.array([[1, 0], [-np.tan(np.radians(angle)), 1]])
    return [stroke @ shear for stroke in strokes]


class Digits:
    """Digits of test writers, drawn on the canvas and read."""

    def __init__(self, count: int) -> None:
        self.pen = load_pen_data()
        rows = np.flatnonzero(self.pen.of_test_writers() & np.isin(self.pen.labels, DIGITS))
        self.rows = np.random.default_rng(0).permutation(rows)[:count]
        self.labels = self.pen.labels[self.rows]

    def read(
        self, recognizer: Recognizer, size: float, place: tuple[float, float], width: float, angle: float = 0
    ) -> list[Prediction]:
        """The prediction for each, drawn in this `size` and `place` with a brush of this `width`, and slanted."""
        predictions = []
        for row in self.rows:
            canvas = Canvas()
            for stroke in place_strokes(slant(self.pen.strokes(int(row)), angle), size, place, width):
                canvas.draw([(float(x), float(y)) for x, y in stroke], width)
            predictions.append(recognizer.read(canvas))
        return predictions

    def accuracy(self, predictions: list[Prediction]) -> float:
        """The fraction that was read correctly."""
        return float(np.mean(np.array([prediction.best for prediction in predictions]) == self.labels))


def main() -> None:
    """Draw, read and print."""
    digits = Digits(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
    path = catalog.default_model().path
    network, recognizer = nn_scratch.load(path), catalog.load_recognizer(path)
    normalized = float((network.predict(digits.pen.images(digits.rows)) == digits.labels.astype(int)).mean())
    print(f"{len(digits.rows)} digits of unseen writers, normalized: {normalized:.2%}")
    print_sizes(digits, recognizer, normalized)
    for angle in ANGLES:
        accuracy = digits.accuracy(digits.read(recognizer, *MIDDLE, angle))
        print(f"slanted by {angle:3d} degrees: {accuracy:.2%}", flush=True)
    test_rows, rng = np.flatnonzero(digits.pen.of_test_writers()), np.random.default_rng(0)
    for name, variant in VARIANTS.items():
        drawings, _ = make_variant(digits.pen, test_rows, variant, EXAMPLES_PER_VARIANT, rng)
        images = ink.render_all(drawings)
        print(f"{name}: {(network.predict(images) == int(variant.label)).mean():.2%}")


def print_sizes(digits: Digits, recognizer: Recognizer, normalized: float) -> None:
    """The table of sizes, brushes and places; `normalized` is the accuracy to compare it with."""
    print(f"{'size':>5} {'brush':>5}  " + "".join(f"{name:>14}" for name in PLACES))
    worst, refused = 1.0, []
    for size, width in product(SIZES, WIDTHS):
        accuracies = []
        for place in PLACES.values():
            predictions = digits.read(recognizer, size, place, width)
            accuracies.append(digits.accuracy(predictions))
            refused += [prediction.label is None for prediction in predictions]
        worst = min(worst, *accuracies)
        print(f"{size:5.0%} {width:5.1f}  " + "".join(f"{accuracy:14.2%}" for accuracy in accuracies), flush=True)
    print(f"worst of all: {worst:.2%}, {100 * (normalized - worst):.2f} points below the normalized digits")
    print(f"refused: {np.mean(refused):.2%}")


if __name__ == "__main__":
    main()
