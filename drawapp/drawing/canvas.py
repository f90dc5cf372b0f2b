"""The canvas: 28x28 cells to draw on, kept as finer ink.

What one sees is the 28x28 `grid`. What is kept is eight times finer, so that a digit drawn eight cells high is still a
digit, and the centre lines of the strokes beside it. Coordinates are in cells, x to the right and y down, from (0, 0)
at the top left corner to (28, 28); the pen may go anywhere, only what falls on the canvas leaves ink.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing import stroke_path as centre_lines
from drawapp.drawing.stroke_path import Line, Point
from nn_scratch.arrays import Images
from nn_scratch.images import ink as ink_module
from nn_scratch.images.ink import Stroke

CELLS = ink_module.SIDE
FINENESS = 8  # fine cells along the side of a cell
FINE_CELLS = CELLS * FINENESS
BRUSH = 2.0  # default width of the brush, in cells
UNDO_STEPS = 50
FAR = 4 * CELLS  # no pen is followed farther than this from the canvas, in cells

Ink = NDArray[np.float32]  # (224, 224), 0 paper ... 1 full ink


class _Drawing(NamedTuple):
    """All that undo has to bring back. Its arrays are never changed in place."""

    ink: Ink
    lines: tuple[Line, ...]


@dataclass
class _Pen:
    """A pen that touches the paper: where it was last, and what it leaves."""

    point: Point
    width: float
    erase: bool


class Canvas:
    """Ink on 28x28 cells, drawn with a pen that is put down, moved and lifted.

    `revision` grows with every change, so that a view knows when to look again.
    """

    def __init__(self) -> None:
        self.ink: Ink = np.zeros((FINE_CELLS, FINE_CELLS), np.float32)
        self.revision = 0
        self._lines: tuple[Line, ...] = ()
        self._pen: _Pen | None = None
        self._history: deque[_Drawing] = deque(maxlen=UNDO_STEPS)

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
        return ink_module.to_bytes(self.ink.reshape(CELLS, FINENESS, CELLS, FINENESS).mean(axis=(1, 3)))

    def strokes(self) -> list[Stroke]:
        """The centre lines of what is left of the strokes, each float32 (n, 2) x, y in cells, oldest first."""
        return [stroke for line in self._lines for stroke in centre_lines.strokes_of(line)]

    def pen_down(self, point: Point, width: float = BRUSH, erase: bool = False) -> None:
        """Begin a stroke `width` cells wide at `point`, the unit of undo. A point that is no number is ignored."""
        self.pen_up()
        if not _is_number(point):
            return
        point = _within_reach(point)
        self._remember()
        self._pen = _Pen(point, width, erase)
        if not erase:
            self._lines = (*self._lines, centre_lines.started(point))
        self._stamp(point, point)

    def pen_move(self, point: Point) -> None:
        """Draw on, straight, to `point`. Does nothing while the pen is up or for a point that is no number."""
        if self._pen is None or not _is_number(point):
            return
        start, self._pen.point = self._pen.point, _within_reach(point)
        if not self._pen.erase:
            self._lines = (*self._lines[:-1], centre_lines.extended(self._lines[-1], self._pen.point))
        self._stamp(start, self._pen.point)

    def pen_up(self) -> None:
        """End the stroke."""
        self._pen = None

    def draw(self, points: Sequence[Point], width: float = BRUSH, erase: bool = False) -> None:
        """A whole stroke through `points`, from pen down to pen up."""
        for index, point in enumerate(points):
            if index == 0:
                self.pen_down(point, width, erase)
            else:
                self.pen_move(point)
        self.pen_up()

    def clear(self) -> None:
        """A blank sheet. Undo brings the drawing back."""
        self.pen_up()
        if self.ink.any():
            self._remember()
            self._show(_Drawing(np.zeros_like(self.ink), ()))

    def undo(self) -> None:
        """Take the last stroke, erasure or clearing back. Does nothing when there is none."""
        self.pen_up()
        if self._history:
            self._show(self._history.pop())

    def _remember(self) -> None:
        self._history.append(_Drawing(self.ink.copy(), self._lines))

    def _show(self, drawing: _Drawing) -> None:
        self.ink, self._lines = drawing
        self.revision += 1

    def _stamp(self, start: Point, end: Point) -> None:
        assert self._pen is not None
        fine_start, fine_end = ((x * FINENESS, y * FINENESS) for x, y in (start, end))
        ink_module.stamp(self.ink, fine_start, fine_end, self._pen.width * FINENESS / 2, self._pen.erase)
        if self._pen.erase:
            self._lines = tuple(centre_lines.inked(line, self.ink, CELLS) for line in self._lines)
        else:
            self._lines = (*self._lines[:-1], centre_lines.inked(self._lines[-1], self.ink, CELLS))
        self.revision += 1


def _is_number(point: Point) -> bool:
    return math.isfinite(point[0]) and math.isfinite(point[1])


def _within_reach(point: Point) -> Point:
    """`point`, or where it comes nearest within `FAR` cells of the canvas: nobody's window is larger than that."""
    x, y = (min(max(value, -FAR), CELLS + FAR) for value in point)
    return x, y
