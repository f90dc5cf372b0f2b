"""Centre lines: where the pen went, kept beside the ink.

A raster forgets in which order and with how wide a pen it was drawn. The centre lines remember, so that a drawing can
be rendered again with any pen. Erasing must reach them too: a sample whose ink is gone is dropped for good, which
splits its line in two; drawing over the same place later does not bring it back.

Lines are plain data that is never changed in place, so that undo is to keep the old tuple.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_scratch.images.ink import Stroke

Point = tuple[float, float]

SPACING = 0.5  # cells between samples, at most: finer than the thinnest eraser


class Line(NamedTuple):
    """One movement of the pen: `points` (n, 2) in cells, and which of them still have ink, `kept` (n,)."""

    points: Stroke
    kept: NDArray[np.bool_]


def started(point: Point) -> Line:
    """A line of the one sample `point`."""
    return Line(np.array([point], np.float32), np.ones(1, np.bool_))


def extended(line: Line, to: Point) -> Line:
    """`line` drawn on, straight, to `to`, with samples at most `SPACING` apart."""
    start, end = line.points[-1], np.array(to, np.float32)
    count = max(1, int(np.ceil(np.hypot(*(end - start)) / SPACING)))
    along = np.arange(1, count + 1, dtype=np.float32)[:, None] / np.float32(count)  # (count, 1), ends with 1
    points = np.concatenate([line.points, start + along * (end - start)])
    return Line(points, np.concatenate([line.kept, np.ones(count, np.bool_)]))


def inked(line: Line, ink: NDArray[np.float32], cells: int) -> Line:
    """`line` without the samples that lie off the `cells` x `cells` canvas or where `ink` (H, W) is less than half."""
    on_canvas = ((line.points >= 0) & (line.points < cells)).all(axis=1)
    column, row = np.clip(line.points * (len(ink) / cells), 0, len(ink) - 1).astype(np.intp).T
    return line._replace(kept=line.kept & on_canvas & (ink[row, column] >= 0.5))


def strokes_of(line: Line) -> list[Stroke]:
    """The unbroken pieces of `line`, each (n, 2) in cells."""
    edges = np.flatnonzero(np.diff(line.kept.astype(np.int8), prepend=0, append=0))
    return [line.points[first:last] for first, last in edges.reshape(-1, 2)]
