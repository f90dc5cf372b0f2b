"""The canvas: 28x28 cells to draw on, kept as finer ink.

The network reads 28x28 pixels, and the user sees as many cells: the `grid`. But a digit that is drawn eight cells high
would be a blur if nothing else were kept. So the canvas keeps ink that is eight times finer, and the paths of the pen.
Coordinates are in cells, x to the right and y down, from (0, 0) at the top left corner to (28, 28). The pen may go
anywhere; it leaves ink only on the canvas.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.geometry import Point
from drawapp.drawing.history import History
from drawapp.drawing.placed_image import placed
from drawapp.drawing.stroke_path import StrokePath
from nn_scratch.arrays import Images
from nn_scratch.ink.rendering import SIDE, Raster, Stroke, stamp, to_bytes

CELLS = SIDE
FINENESS = 8  # fine cells along the side of a cell
FINE_CELLS = CELLS * FINENESS
BRUSH = 2.0  # default width of the brush, in cells
UNDO_STEPS = 50
FAR = 4 * CELLS  # no pen is followed farther than this from the canvas, in cells
LONGEST_PATH = 4096  # samples: a pen that is never lifted begins a new path, or each move would copy more and more
MOST_PATHS = 500  # of more strokes, the ink of the oldest stays without its path: nobody writes as much on one sheet

Ink = NDArray[np.float32]  # (224, 224), 0 paper ... 1 full ink


class Snapshot(NamedTuple):
    """All that is drawn. Its arrays are never changed in place. `has_image`: some of the ink has no strokes."""

    ink: Ink
    paths: tuple[StrokePath, ...] = ()
    has_image: bool = False


@dataclass
class Pen:
    """A pen that touches the canvas: where it was last, how wide it is in cells, and whether it erases.

    `before` is the canvas without the stroke until the stroke has changed something, and None from then on.
    `has_path` tells that the last path of the canvas is this pen's.
    """

    point: Point
    width: float
    erase: bool
    before: Snapshot | None
    has_path: bool = False


class Canvas:
    """Ink on 28x28 cells, drawn with a pen that is put down, moved and lifted.

    `revision` grows with every change, so that a view knows when to draw it anew.
    """

    def __init__(self) -> None:
        self.ink: Ink = np.zeros((FINE_CELLS, FINE_CELLS), np.float32)
        self.revision = 0
        self._paths: tuple[StrokePath, ...] = ()
        self._has_image = False
        self._pen: Pen | None = None
        self._history: History[Snapshot] = History(UNDO_STEPS)

    @property
    def is_empty(self) -> bool:
        """Whether there is no ink that one could see."""
        return bool(self.ink.max() < 0.5)

    @property
    def inked(self) -> float:
        """The fraction of the canvas that has ink, 0 to 1."""
        return float(self.ink.mean())

    @property
    def has_image(self) -> bool:
        """Whether the ink holds more than strokes: an image, or strokes so old that their paths are forgotten."""
        return self._has_image

    @property
    def is_drawing(self) -> bool:
        """Whether the pen (or the eraser) touches the canvas now."""
        return self._pen is not None

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to bring back."""
        return self._history.can_redo

    def grid(self) -> Images:
        """What the 28x28 cells show: the average of their ink, uint8 (28, 28), 255 is full ink."""
        return to_bytes(self.ink.reshape(CELLS, FINENESS, CELLS, FINENESS).mean(axis=(1, 3)))

    def strokes(self) -> list[Stroke]:
        """The centre lines of what is left of the strokes, each float32 (n, 2) x, y in cells, oldest first."""
        return [stroke for path in self._paths for stroke in path.strokes()]

    def snapshot(self) -> Snapshot:
        """All that is drawn, for keeping."""
        return Snapshot(self.ink.copy(), self._paths, self._has_image)

    def restore(self, snapshot: Snapshot) -> None:
        """Show what was kept in `snapshot`, and forget all steps before."""
        self.pen_up()
        self._history = History(UNDO_STEPS)
        self._show(Snapshot(snapshot.ink.copy(), *snapshot[1:]))

    def pen_down(self, point: Point, width: float = BRUSH, erase: bool = False) -> None:
        """Begin a stroke `width` cells wide at `point`, the unit of undo. A point that is not finite is ignored.

        It may begin beside the canvas, and leaves ink from where it enters.
        """
        self.pen_up()
        if is_finite(point):
            self._pen = Pen(within_reach(point), width, erase, self.snapshot())
            self._draw_through(self._pen, [self._pen.point])

    def pen_move(self, *points: Point) -> None:
        """Draw on, straight from one of `points` to the next. Does nothing while the pen is up.

        A point that is not finite is passed over. Many at once cost less than one after the other.
        """
        if self._pen is not None:
            self._draw_through(self._pen, [within_reach(point) for point in points if is_finite(point)])

    def pen_up(self) -> None:
        """End the stroke. One that has left nothing on the canvas is not a step."""
        if self._pen is not None and self._pen.before is not None:
            _, self._paths, self._has_image = self._pen.before
        self._pen = None

    def draw(self, points: Sequence[Point], width: float = BRUSH, erase: bool = False) -> None:
        """A whole stroke through `points`, from pen down to pen up."""
        for point in points[:1]:
            self.pen_down(point, width, erase)
        for point in points[1:]:
            self.pen_move(point)
        self.pen_up()

    def place_image(self, image: Raster) -> None:
        """Add an `image` (H, W) of ink, 0 paper to 1 full ink, as large as fits. Without ink it changes nothing."""
        self.pen_up()
        ink = np.maximum(self.ink, placed(image, FINE_CELLS))
        if not np.array_equal(ink, self.ink):
            self._history.remember(self.snapshot())
            self._show(Snapshot(ink, self._paths, has_image=True))

    def replace(self, image: Raster, strokes: Sequence[Stroke] = ()) -> None:
        """Show `strokes`, in cells, in place of the drawing or, where there are none, an `image` (H, W) of ink.

        The pixels of one of 28x28 become the cells: one sees what a network sees.
        """
        sheet = Canvas()
        for stroke in strokes:
            sheet.draw([(x, y) for x, y in stroke.tolist()])
        if not strokes and image.shape == (CELLS, CELLS):
            fine = image.repeat(FINENESS, axis=0).repeat(FINENESS, axis=1)  # (224, 224)
            sheet.restore(Snapshot(fine.astype(np.float32), has_image=bool(image.any())))
        elif not strokes:
            sheet.place_image(image)
        self.pen_up()
        self._history.remember(self.snapshot())
        self._show(sheet.snapshot())

    def clear(self) -> None:
        """Clear the canvas. Undo brings the drawing back. A pen that is down goes on drawing from where it is."""
        pen = self._pen
        self.pen_up()
        blank = Snapshot(np.zeros_like(self.ink))
        if self.ink.any():
            self._history.remember(self.snapshot())
            self._show(blank)
        if pen is not None:
            self._pen = Pen(pen.point, pen.width, pen.erase, before=self.snapshot())

    def undo(self) -> None:
        """Take the last step back: a stroke, an erasure, an image or a clearing. Does nothing when there is none."""
        self.pen_up()
        if self._history.can_undo:
            self._show(self._history.undo(self.snapshot()))

    def redo(self) -> None:
        """Bring back what undo has taken back last. Does nothing when there is none, or something new was drawn."""
        self.pen_up()
        if self._history.can_redo:
            self._show(self._history.redo(self.snapshot()))

    def _show(self, snapshot: Snapshot) -> None:
        self.ink, self._paths, self._has_image = snapshot
        self.revision += 1

    def _draw_through(self, pen: Pen, points: Sequence[Point]) -> None:
        """Draw or erase straight from where `pen` is to the first of `points`, and on to the others."""
        for point in points:
            start, pen.point = pen.point, point
            if not pen.erase:
                self._extend_path(pen, start)
            fine_start, fine_end = ((x * FINENESS, y * FINENESS) for x, y in (start, point))
            stamp(self.ink, fine_start, fine_end, pen.width * FINENESS / 2, pen.erase)
            if not pen.erase:
                self._paths = (*self._paths[:-1], self._paths[-1].inked(self.ink, CELLS))
        if pen.erase:
            inked = (path.inked(self.ink, CELLS) for path in self._paths)
            self._paths = tuple(path for path in inked if path.kept.any())
            self._has_image = self._has_image and not self.is_empty
        self.revision += 1
        if pen.before is not None and self._has_changed(pen, pen.before):
            self._history.remember(pen.before)
            pen.before = None

    def _extend_path(self, pen: Pen, start: Point) -> None:
        """Add the way from `start` to where `pen` is to its path. A path that does not exist yet begins at `start`."""
        if not pen.has_path or len(self._paths[-1].points) >= LONGEST_PATH:
            self._has_image = self._has_image or len(self._paths) >= MOST_PATHS
            self._paths = (*self._paths[-(MOST_PATHS - 1) :], StrokePath.starting(start))
        if pen.has_path or pen.point != start:
            self._paths = (*self._paths[:-1], self._paths[-1].extended(pen.point))
        pen.has_path = True

    def _has_changed(self, pen: Pen, before: Snapshot) -> bool:
        """Whether the stroke of `pen` that began at `before` has left anything: ink, or a path with ink below it."""
        has_path = pen.has_path and bool(self._paths[-1].kept.any())
        return has_path or not np.array_equal(self.ink, before.ink)


def is_finite(point: Point) -> bool:
    """Whether `point` is a place at all: neither coordinate is NaN or infinite."""
    return math.isfinite(point[0]) and math.isfinite(point[1])


def within_reach(point: Point) -> Point:
    """`point`, or the nearest place within `FAR` cells of the canvas: no window is larger than that."""
    x, y = (min(max(value, -FAR), CELLS + FAR) for value in point)
    return x, y
