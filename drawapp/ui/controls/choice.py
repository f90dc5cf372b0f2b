"""The choice: a few words side by side, of which one is chosen.

Where there are only a few possibilities, all of them are shown at once: one press is enough, and nobody has to open a
list to learn what there is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.ui.controls.button import PRESSING
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import ROUND, Painter
from drawapp.ui.theme import BODY

STEPS = {pygame.K_LEFT: -1, pygame.K_RIGHT: 1}


class Choice(Control):
    """Shows `words`, of which those at `chosen` are on. A press on those at a number means `intent_of(number)`."""

    MARGINS = 10  # pixels of a segment that its words leave free

    def __init__(self, name: str, tip: str, intent_of: Callable[[int], Intent]) -> None:
        super().__init__(name, tip)
        self.words: Sequence[str] = ()
        self.chosen: int | None = 0
        self.intent_of = intent_of

    def release(self, at: Point) -> Intent | None:
        """A press chooses the segment on which the mouse goes up."""
        found = (number for number in range(len(self.words)) if self.segment(number).contains(*at))
        return next((self.intent_of(number) for number in found), None)

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows go to the segment beside, Enter and Space to the next."""
        count = len(self.words)
        if stroke.key in STEPS:
            return self.intent_of(min(max((self.chosen or 0) + STEPS[stroke.key], 0), count - 1))
        return self.intent_of(((self.chosen or 0) + 1) % count) if stroke.key in PRESSING and count else None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the segments. The one that is on has an edge as well as another ground."""
        theme = painter.theme
        painter.card(self.box, theme.panel, theme.edge, ROUND)
        for number, words in enumerate(self.words):
            segment, is_on = self.segment(number), number == self.chosen
            if is_on:
                painter.card(segment.shrunk(painter.pixels(4)), theme.lit, theme.edge, ROUND - 3)
            colour = theme.text if is_on else theme.muted
            room = segment.width - painter.pixels(self.MARGINS)
            painter.write(words, BODY, colour, "center", segment.centre, bold=is_on, room=room)
        if state.has_ring:
            painter.ring(self.box)

    def segment(self, number: int) -> Box:
        """Where the words at `number` lie."""
        left, top, width, height = self.box
        start, end = (left + width * edge // max(len(self.words), 1) for edge in (number, number + 1))
        return Box(start, top, end - start, height)
