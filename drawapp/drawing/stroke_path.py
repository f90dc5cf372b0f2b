"""Stroke paths: where the pen went, kept beside the ink.

A raster forgets in which order and with how wide a pen it was drawn. The path of the pen, the centre line of a stroke,
remembers, so that a drawing can be rendered again with any pen. The eraser must reach it too: a sample whose ink is
gone is dropped for good, which splits the stroke in two; drawing over the same place later does not bring it back.

A path is never changed in place, so that undo only has to keep the old one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.geometry import Point
from nn_scratch.ink.rendering import Raster, Stroke

SPACING = 0.5  # cells between samples, at most: finer than the thinnest eraser


class StrokePath(NamedTuple):
    """One movement of the pen: `points` (n, 2) in cells, and which of them still have ink, `kept` (n,)."""

    points: Stroke
    kept: NDArray[np.bool_]

    @classmethod
    def starting(cls, at: Point) -> StrokePath:
        """The path of a pen that has not moved yet: the one sample `at`."""
        return cls(np.array([at], np.float32), np.ones(1, np.bool_))

    def extended(self, to: Point) -> StrokePath:
        """The path drawn on, straight, to `to`, with samples at most `SPACING` apart."""
        start, end = self.points[-1], np.array(to, np.float32)
        count = max(1, int(np.ceil(np.hypot(*(end - start)) / SPACING)))
        fraction = np.arange(1, count + 1, dtype=np.float32)[:, None] / np.float32(count)  # (count, 1), ends with 1
        points = np.concatenate([self.points, start + fraction * (end - start)])
        return StrokePath(points, np.concatenate([self.kept, np.ones(count, np.bool_)]))

    def inked(self, ink: Raster, cells: int) -> StrokePath:
        """The path without the samples off the `cells` x `cells` canvas, or where `ink` (H, W) is less than half."""
        on_canvas = ((self.points >= 0) & (self.points < cells)).all(axis=1)
        column, row = np.clip(self.points * (len(ink) / cells), 0, len(ink) - 1).astype(np.intp).T
        return self._replace(kept=self.kept & on_canvas & (ink[row, column] >= 0.5))

    def strokes(self) -> list[Stroke]:
        """What is left of the path: its unbroken runs of samples, each (n, 2) in cells."""
        edges = np.flatnonzero(np.diff(self.kept.astype(np.int8), prepend=0, append=0))
        return [self.points[first:last] for first, last in edges.reshape(-1, 2)]
