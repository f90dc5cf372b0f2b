"""The tool tip: what an icon means, in a few words.

Icons are calm but not everybody knows them. Their words appear beside them when the mouse rests there for a moment, or
when the keyboard reaches them.
"""

from __future__ import annotations

from drawapp.drawing.geometry import Box
from drawapp.ui.controls.control import Control
from drawapp.ui.painter import ROUND, Painter
from drawapp.ui.theme import BODY

REST = 0.5  # seconds


class ToolTip:
    """Shows the tip of one control at a time."""

    def __init__(self) -> None:
        self._control: Control | None = None
        self._since = 0.0
        self.is_shown = False

    def follow(self, control: Control | None, now: float) -> bool:
        """The mouse is on `control`, or the keyboard has reached it. Returns whether that changes what is shown."""
        before = (self.is_shown, self._control)
        if control is not self._control:
            self._control, self._since = control, now
        self.is_shown = bool(control and control.tip) and now - self._since >= REST
        return (self.is_shown, self._control if self.is_shown else before[1]) != before

    def draw(self, painter: Painter) -> None:
        """Draw the tip above its control, or below where there is no room above."""
        if not (self.is_shown and self._control):
            return
        width, height = painter.surface.get_size()
        words, box, gap = self._control.tip, self._control.box, painter.pixels(8)
        size = (painter.width(words, BODY) + painter.pixels(20), painter.line_height(BODY) + painter.pixels(10))
        left = min(max(box.centre[0] - size[0] // 2, gap), width - gap - size[0])
        top = box.top - gap - size[1]
        place = Box(left, top if top >= gap else min(box.bottom + gap, height - size[1]), *size)
        painter.card(place, painter.theme.lit, painter.theme.edge, ROUND)
        painter.write(words, BODY, painter.theme.text, "center", place.centre)
