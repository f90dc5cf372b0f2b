"""The pen: what one draws and erases with, moved by a mouse, a finger or the keyboard.

An event tells only what has just happened. The pen remembers the rest: where it is, whether it is down, how wide the
brush is and whether the left button draws or erases.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.drawing.canvas import BRUSH, CELLS, Canvas
from drawapp.drawing.geometry import Point
from drawapp.ui.intents import (
    CanvasIntent,
    ChangeBrush,
    ChooseTool,
    Clear,
    PenDown,
    PenGone,
    PenIntent,
    PenMove,
    PenUp,
    PutDown,
    Redo,
    SetBrush,
    StepPen,
    TakeBack,
    Undo,
)

NARROWEST, WIDEST, STEP = 1.0, 4.0, 0.5  # cells
MIDDLE = (CELLS / 2, CELLS / 2)


@dataclass(frozen=True)
class Brush:
    """The brush as it is shown: how wide and where, both in cells (None: nowhere), and whether it erases."""

    width: float = BRUSH
    at: Point | None = None
    erases: bool = False


class Pen:
    """A pen that draws on `canvas`, `width` cells wide, or erases where `is_eraser`."""

    def __init__(self, canvas: Canvas) -> None:
        self.width = BRUSH
        self.is_eraser = False
        self.at: Point | None = None  # in cells, also beside the grid; None where the mouse is not in the window
        self._canvas = canvas
        self._press: PenDown | None = None
        self._ink_before = 0.0

    @property
    def is_down(self) -> bool:
        """Whether the pen is down, on the sheet or beside it."""
        return self._press is not None

    @property
    def is_over_grid(self) -> bool:
        return self.at is not None and all(0 <= value < CELLS for value in self.at)

    @property
    def erases(self) -> bool:
        """Whether the pen erases now, or would if it were put down."""
        return self.is_eraser or (self._press is not None and self._press.erase)

    def follow(self, intent: PenIntent) -> None:
        """Do as `intent` says. Only what put the pen down lifts it."""
        match intent:
            case PenDown():
                self._put_down(intent)
            case PutDown(erase) if self._press is None:
                self._put_down(PenDown(self.at or MIDDLE, erase))
            case PenMove(point, passed):
                self._move(*passed, point)
            case StepPen(right, down):
                x, y = self.at if self.at and self.is_over_grid else MIDDLE
                self._move((within(x + right), within(y + down)))
            case PenUp(erase) if self._press is not None and self._press.erase == erase:
                self._lift()
            case TakeBack() if self._press is not None:
                self._lift()
                if float(self._canvas.ink.sum()) != self._ink_before:
                    self._canvas.undo()
            case PenGone() if self._press is None:
                self.at = None
            case ChangeBrush(steps):
                self.width = min(max(self.width + steps * STEP, NARROWEST), WIDEST)
            case SetBrush(width):
                self.width = min(max(width, NARROWEST), WIDEST)
            case ChooseTool(erase):
                self.is_eraser = erase

    @property
    def brush(self) -> Brush:
        """The brush to show: it is seen over the grid, and everywhere while the pen is down."""
        return Brush(self.width, self.at if self.is_over_grid or self.is_down else None, self.erases)

    def _put_down(self, press: PenDown) -> None:
        self._press, self.at = press, press.point
        self._ink_before = float(self._canvas.ink.sum())
        self._canvas.pen_down(press.point, self.width, self.erases)

    def _move(self, *points: Point) -> None:
        self.at = points[-1]
        self._canvas.pen_move(*points)

    def _lift(self) -> None:
        self._press = None
        self._canvas.pen_up()


def within(value: float) -> float:
    """`value`, or the nearest place on the canvas: the keyboard does not lead the pen off the sheet."""
    return min(max(value, 0.5), CELLS - 0.5)


def change(canvas: Canvas, intent: CanvasIntent) -> None:
    """Take back, bring back or clear what is on `canvas`."""
    match intent:
        case Undo():
            canvas.undo()
        case Redo():
            canvas.redo()
        case Clear():
            canvas.clear()
