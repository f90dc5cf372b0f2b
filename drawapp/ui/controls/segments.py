"""The segments: all, letters only or digits only, side by side. One of them is on.

There are only three charsets. All of them are shown at once, so that one press is enough to change from one to another.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.reading.charset import Charset
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.controls.button import PRESSING
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import ChangeCharset, Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import ROUND, Painter
from drawapp.ui.theme import BODY

NAMES = {Charset.ALL: marked("all"), Charset.LETTERS: "A\N{EN DASH}z", Charset.DIGITS: "0\N{EN DASH}9"}
STEPS = {pygame.K_LEFT: -1, pygame.K_RIGHT: 1}


class Segments(Control):
    """A switch between the charsets, of which `charset` is on."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__(name, tip)
        self.charset = Charset.ALL

    def release(self, at: Point) -> Intent | None:
        """A press chooses the segment on which the mouse goes up."""
        return next((ChangeCharset(charset) for charset in NAMES if self.segment(charset).contains(*at)), None)

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows go to the segment beside, Enter and Space to the next."""
        order = list(NAMES)
        if stroke.key in STEPS:
            number = order.index(self.charset) + STEPS[stroke.key]
            return ChangeCharset(order[min(max(number, 0), len(order) - 1)])
        return ChangeCharset() if stroke.key in PRESSING else None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the switch. The segment that is on has an edge as well as another ground."""
        theme = painter.theme
        painter.card(self.box, theme.panel, theme.edge, ROUND)
        for charset, name in NAMES.items():
            segment, is_on = self.segment(charset), charset is self.charset
            if is_on:
                painter.card(segment.shrunk(painter.pixels(4)), theme.lit, theme.edge, ROUND - 3)
            colour = theme.text if is_on else theme.muted
            painter.write(_(name), BODY, colour, "center", segment.centre, bold=is_on, room=segment.width)
        if state.has_ring:
            painter.ring(self.box)

    def segment(self, charset: Charset) -> Box:
        """Where the segment of `charset` lies."""
        number, (left, top, width, height) = list(NAMES).index(charset), self.box
        start, end = (left + width * edge // len(NAMES) for edge in (number, number + 1))
        return Box(start, top, end - start, height)
