"""How well drawn digits are read, whatever their size and place and the pen's width.

    python benchmarks/drawn_digits.py [COUNT]

Digits of people never trained on (the test writers of the pen data) are drawn on the app's own `Canvas` and read by its
own `Recognizer`: size (part of the canvas that the longer side takes) by place by width of the brush (cells). The first
line is what the network says of the same digits as they are normalized for training; the shares are of digits whose
nearest class is the right one, and the last line tells how many of all were refused as no digit.
"""

from __future__ import annotations

import sys
from itertools import product

import numpy as np

import nn_scratch
from drawapp import resources
from drawapp.canvas import CELLS, Canvas
from drawapp.recognizer import Recognizer
from nn_scratch.data import pen as pen_data
from nn_scratch.ink import Stroke
from nn_scratch.network import DIGITS

SIZES = (0.25, 0.4, 0.6, 0.9)
PLACES = {"centre": (0.5, 0.5), "top left": (0, 0), "top right": (1, 0), "bottom left": (0, 1), "bottom right": (1, 1)}
WIDTHS = (1.0, 2.0, 3.5)


def placed(strokes: list[Stroke], size: float, place: tuple[float, float], width: float) -> list[Stroke]:
    """`strokes` in cells, their longer side `size` of the canvas, where `place` says, the pen's width inside."""
    points = np.concatenate(strokes)
    corner, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = (size * CELLS - width) / max(float(extent.max()), 1.0)
    room = CELLS - width - extent * scale
    return [(stroke - corner) * scale + width / 2 + room * place for stroke in strokes]


def main() -> None:
    """Draw, read, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    pen = pen_data.load()
    rows = np.flatnonzero(pen.test_writers() & np.isin(pen.labels, DIGITS))
    rows = np.random.default_rng(0).permutation(rows)[:count]
    network = nn_scratch.load(resources.default_model())
    recognizer = Recognizer(network, nn_scratch.load(resources.guard_model()))
    labels = pen.labels[rows]
    normalized = float((network.predict(pen_data.pictures_of(pen, rows)) == labels.astype(int)).mean())
    print(f"{len(rows)} digits of unseen writers, normalized: {normalized:.2%}")
    print(f"{'size':>5} {'pen':>5}  " + "".join(f"{name:>14}" for name in PLACES))
    worst, refused = 1.0, []
    for size, width in product(SIZES, WIDTHS):
        shares = []
        for place in PLACES.values():
            right = 0
            for i, label in zip(rows, labels, strict=True):
                canvas = Canvas()
                for stroke in placed(pen.strokes(int(i)), size, place, width):
                    canvas.draw([(float(x), float(y)) for x, y in stroke], width)
                prediction = recognizer.read(canvas)
                right += prediction.best == label
                refused.append(prediction.label is None)
            shares.append(right / len(rows))
        worst = min(worst, *shares)
        print(f"{size:5.0%} {width:5.1f}  " + "".join(f"{share:14.2%}" for share in shares), flush=True)
    print(f"worst of all: {worst:.2%}, {100 * (normalized - worst):.2f} points below the normalized score")
    print(f"refused: {np.mean(refused):.2%}")


if __name__ == "__main__":
    main()
