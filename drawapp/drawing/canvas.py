"""The canvas: 28x28 cells to draw on, kept as finer ink.

The network reads 28x28 pixels, and the user sees as many cells: the `grid`. But a digit that is drawn eight cells high
would be a blur if nothing else were kept. So the canvas keeps ink that is eight times finer, and the paths of the pen.
Coordinates are in cells, x to the right and y down, from (0, 0) at the top left corner to (28, 28). The pen may go
anywhere; it leaves ink only on the canvas.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.geometry import Point
from drawapp.drawing.stroke_path import StrokePath
from nn_scratch.arrays import Images
from nn_scratch.images.ink import SIDE, Stroke, stamp, to_bytes

CELLS = SIDE
FINENESS = 8  # fine cells along the side of a cell
FINE_CELLS = CELLS * FINENESS
BRUSH = 2.0  # default width of the brush, in cells
UNDO_STEPS = 50
FAR = 4 * CELLS  # no pen is followed farther than this from the canvas, in cells

Ink = NDArray[np.float32]  # (224, 224), 0 paper ... 1 full ink


class Snapshot(NamedTuple):
    """All that undo has to bring back. Its arrays are never changed in place."""

    ink: Ink
    paths: tuple[StrokePath, ...]


@dataclass
class Pen:
    """A pen that touches the canvas: where it was last, how wide it is in cells, and whether it erases."""

    point: Point
    width: float
    erase: bool


class Canvas:
    """Ink on 28x28 cells, drawn with a pen that is put down, moved and lifted.

    `revision` grows with every change, so that a view knows when to draw it anew.
    """

    def __init__(self) -> None:
        self.ink: Ink = np.zeros((FINE_CELLS, FINE_CELLS), np.float32)
        self.revision = 0
        self._paths: tuple[StrokePath, ...] = ()
        self._pen: Pen | None = None
        self._history: deque[Snapshot] = deque(maxlen=UNDO_STEPS)

    @property
    def is_empty(self) -> bool:
        """Whether there is no ink that one could see."""
        return bool(self.ink.max() < 0.5)

    @property
    def is_drawing(self) -> bool:
        """Whether the pen (or the eraser) touches the canvas now."""
        return self._pen is not None

    def grid(self) -> Images:
        """What the 28x28 cells show: the average of their ink, uint8 (28, 28), 255 is full ink."""
        return to_bytes(self.ink.reshape(CELLS, FINENESS, CELLS, FINENESS).mean(axis=(1, 3)))

    def strokes(self) -> list[Stroke]:
        """The centre lines of what is left of the strokes, each float32 (n, 2) x, y in cells, oldest first."""
        return [stroke for path in self._paths for stroke in path.strokes()]

    def pen_down(self, point: Point, width: float = BRUSH, erase: bool = False) -> None:
        """Begin a stroke `width` cells wide at `point`, the unit of undo. A point that is not finite is ignored."""
        self.pen_up()
        if not is_finite(point):
            return
        point = within_reach(point)
        self._remember()
        self._pen = Pen(point, width, erase)
        if not erase:
            self._paths = (*self._paths, StrokePath.starting(point))
        self._stamp(point, point)

    def pen_move(self, point: Point) -> None:
        """Draw on, straight, to `point`. Does nothing while the pen is up, or for a point that is not finite."""
        if self._pen is None or not is_finite(point):
            return
        start, self._pen.point = self._pen.point, within_reach(point)
        if not self._pen.erase:
            self._paths = (*self._paths[:-1], self._paths[-1].extended(self._pen.point))
        self._stamp(start, self._pen.point)

    def pen_up(self) -> None:
        """End the stroke."""
        self._pen = None

    def draw(self, points: Sequence[Point], width: float = BRUSH, erase: bool = False) -> None:
        """A whole stroke through `points`, from pen down to pen up."""
        for point in points[:1]:
            self.pen_down(point, width, erase)
        for point in points[1:]:
            self.pen_move(point)
        self.pen_up()

    def clear(self) -> None:
        """Clear the canvas. Undo brings the drawing back."""
        self.pen_up()
        if self.ink.any():
            self._remember()
            self._show(Snapshot(np.zeros_like(self.ink), ()))

    def undo(self) -> None:
        """Take the last stroke, erasure or clearing back. Does nothing when there is none."""
        self.pen_up()
        if self._history:
            self._show(self._history.pop())

    def _remember(self) -> None:
        self._history.append(Snapshot(self.ink.copy(), self._paths))

    def _show(self, snapshot: Snapshot) -> None:
        self.ink, self._paths = snapshot
        self.revision += 1

    def _stamp(self, start: Point, end: Point) -> None:
        assert self._pen is not None
        fine_start, fine_end = ((x * FINENESS, y * FINENESS) for x, y in (start, end))
        stamp(self.ink, fine_start, fine_end, self._pen.width * FINENESS / 2, self._pen.erase)
        if self._pen.erase:
            self._paths = tuple(path.inked(self.ink, CELLS) for path in self._paths)
        else:
            self._paths = (*self._paths[:-1], self._paths[-1].inked(self.ink, CELLS))
        self.revision += 1


def is_finite(point: Point) -> bool:
    """Whether `point` is a place at all: neither coordinate is NaN or infinite."""
    return math.isfinite(point[0]) and math.isfinite(point[1])


def within_reach(point: Point) -> Point:
    """`point`, or the nearest place within `FAR` cells of the canvas: no window is larger than that."""
    x, y = (min(max(value, -FAR), CELLS + FAR) for value in point)
    return x, y
