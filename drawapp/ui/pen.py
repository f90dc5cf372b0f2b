"""The pen: the mouse as the tool that one draws and erases with.

An event tells only what has just happened. The pen remembers the rest: where the mouse is, which button is held down
and how wide the brush is. The button that goes down on the grid owns the mouse until it is released, wherever that is.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.drawing.canvas import BRUSH, CELLS, Canvas
from drawapp.drawing.geometry import Point
from drawapp.ui.intents import ChangeBrush, PenDown, PenGone, PenIntent, PenMove, PenUp
from drawapp.ui.layout import Viewport

NARROWEST, WIDEST, STEP = 1.0, 4.0, 0.5  # cells


@dataclass(frozen=True)
class Brush:
    """The brush as it is shown: how wide in cells, where in pixels (None: nowhere), and whether it erases."""

    width: float = BRUSH
    at: tuple[float, float] | None = None
    erases: bool = False


class Pen:
    """A pen that draws on `canvas`, `width` cells wide."""

    def __init__(self, canvas: Canvas) -> None:
        self.width = BRUSH
        self.at: Point | None = None  # in cells, also beside the grid; None where the mouse is not in the window
        self._canvas = canvas
        self._press: PenDown | None = None  # of the button that is held down

    @property
    def is_down(self) -> bool:
        """Whether a button is held down that went down on the grid."""
        return self._press is not None

    @property
    def is_over_grid(self) -> bool:
        return self.at is not None and all(0 <= value < CELLS for value in self.at)

    def follow(self, intent: PenIntent) -> None:
        """Move, draw and erase as `intent` says. Only the button that went down lifts the pen."""
        match intent:
            case PenDown(point, erase):
                self._press = intent
                self._canvas.pen_down(point, self.width, erase)
            case PenMove(point):
                self.at = point
                self._canvas.pen_move(point)
            case PenUp(erase) if self._press is not None and self._press.erase == erase:
                self._press = None
                self._canvas.pen_up()
            case PenGone() if self._press is None:
                self.at = None
            case ChangeBrush(steps):
                self.width = min(max(self.width + steps * STEP, NARROWEST), WIDEST)

    def brush(self, viewport: Viewport) -> Brush:
        """The brush to show: it is seen over the grid, and everywhere while the pen is down."""
        if self.at is None or not (self.is_over_grid or self.is_down):
            return Brush(self.width)
        return Brush(self.width, viewport.to_screen(*self.at), self._press is not None and self._press.erase)
