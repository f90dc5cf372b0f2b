"""Words written with the characters of real people, drawn on the app's canvas.

The characters of a word are all by one writer, scaled to about the same height (+-15 %), moved a little up or down
(+-10 %), with a gap between them, or touching. `several_characters.py` measures how they are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.canvas import CELLS, Canvas
from nn_scratch.ink.rendering import Stroke
from nn_scratch.recipes.datasets import classes_of
from nn_scratch.recipes.strokes import PenData, Rows, Strokes

PEN = 0.05  # width, in heights of a character: thinner than the narrowest gap, so that no ink touches
MARGIN = 2.0  # cells
TOUCHING = 0.06  # in heights: the ink of centre lines that are nearer than this would touch
CONTACT, CLOSER = 0.02, 0.06  # in heights: centre lines that near touch; then they are pushed together by up to so much
LINE_GAP = (0.1, 0.6)  # between the lines of a page, in heights
GAPS = {"apart": (0.05, 0.5), "boxes overlap": (-0.2, 0.05)}  # between bounding boxes, in heights


@dataclass(frozen=True)
class Word:
    """A word as strokes in units of about the height of a character; `rows` of the pen data are its characters."""

    label: str
    rows: Rows
    strokes: Strokes
    place: NDArray[np.float64]  # (3,) from 0 to 1: how large, how far to the right, how far down

    def canvas(self) -> Canvas:
        """A canvas on which it is drawn; its longer side is at least two thirds of the canvas."""
        points = np.concatenate(self.strokes)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = (2 + self.place[0]) / 3 * (CELLS - 2 * MARGIN) / size.max()
        corner = MARGIN + self.place[1:] * (CELLS - 2 * MARGIN - size * scale)
        canvas = Canvas()
        for stroke in self.strokes:
            canvas.draw([(float(x), float(y)) for x, y in (stroke - low) * scale + corner], PEN * scale)
        return canvas


class Scribe:
    """Writes words with the characters of `pen` numbered `rows`, each word with those of one writer."""

    def __init__(self, pen: PenData, rows: Rows, rng: np.random.Generator) -> None:
        self._pen, self._rng = pen, rng
        writers = pen.writers[rows]
        self._rows_by_writer = [rows[writers == name] for name in np.unique(writers)]

    def words(self, length: int, gap: tuple[float, float] | None) -> Iterator[Word]:
        """Random words of `length` characters, endlessly, with gaps in the range `gap`; they touch where it is None."""
        while True:
            rows = self._rows_by_writer[self._rng.integers(len(self._rows_by_writer))]
            if len(rows) >= length:
                word = self._write(self._rng.choice(rows, length, replace=False), gap)
                if word is not None:
                    yield word

    def pages(self, length: int) -> Iterator[Word]:
        """Random pages without end: two words of `length` characters, one below the other."""
        words = self.words(length, GAPS["apart"])
        for upper, lower in zip(words, words, strict=False):
            above, below = (np.concatenate(word.strokes) for word in (upper, lower))
            middle = (np.ptp(above, axis=0)[0] - np.ptp(below, axis=0)[0]) / 2  # of one word below that of the other
            left = above[:, 0].min() - below[:, 0].min() + middle + self._rng.uniform(-0.2, 0.2)
            down = above[:, 1].max() - below[:, 1].min() + self._rng.uniform(*LINE_GAP)
            strokes = [*upper.strokes, *(stroke + np.array([left, down]) for stroke in lower.strokes)]
            rows = np.concatenate([upper.rows, lower.rows])
            yield Word(f"{upper.label}\n{lower.label}", rows, strokes, self._rng.random(3))

    def _write(self, rows: Rows, gap: tuple[float, float] | None) -> Word | None:
        """The characters `rows` side by side; None where two of them touch and should not, or cannot and should."""
        written: Strokes = []
        last: Strokes = []
        for row in rows:
            character = self._character(int(row))
            if not written:
                left = 0.0
            elif gap is None:
                left = float(contact(last, character) - self._rng.uniform(0, CLOSER))
            else:
                left = float(max(stroke[:, 0].max() for stroke in written) + self._rng.uniform(*gap))
            last = [stroke + np.array([left, 0]) for stroke in character]
            if written and (not np.isfinite(left) or (gap and distance(written, last) < TOUCHING)):
                return None
            written += last
        return Word("".join(classes_of(self._pen.labels[rows])), rows, written, self._rng.random(3))

    def _character(self, row: int) -> Strokes:
        """A character about 1 high, its left edge at 0."""
        strokes = self._pen.strokes(row)
        points = np.concatenate(strokes)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = self._rng.uniform(0.85, 1.15) / max(size[1], size[0] / 2, 1)
        down = self._rng.uniform(-0.1, 0.1) - size[1] * scale / 2
        return [(stroke - low) * scale + np.array([0, down]) for stroke in strokes]


def distance(one: Strokes, other: Strokes) -> float:
    """The distance between the nearest points of two drawings."""
    first, second = (np.concatenate([resample(stroke) for stroke in strokes]) for strokes in (one, other))
    return float(np.sqrt(((first[:, None] - second) ** 2).sum(axis=2)).min())


def contact(one: Strokes, other: Strokes) -> float:
    """How far to the right `other` is to be moved until it comes as near as `CONTACT` to `one` from the right.

    Minus infinity where it passes above or below. Two points touch where dx^2 + dy^2 = `CONTACT`^2.
    """
    first, second = (np.concatenate([resample(stroke) for stroke in strokes]) for strokes in (one, other))
    dx, dy = first[:, None, 0] - second[:, 0], first[:, None, 1] - second[:, 1]
    near = np.abs(dy) < CONTACT
    return float(np.where(near, dx + np.sqrt(np.maximum(CONTACT**2 - dy**2, 0)), -np.inf).max())


def resample(stroke: Stroke) -> Stroke:
    """`stroke` with points at most 0.02 apart."""
    along = np.append(0.0, np.hypot(*np.diff(stroke, axis=0).T).cumsum())
    at = np.linspace(0, along[-1], int(along[-1] / 0.02) + 2)
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)
