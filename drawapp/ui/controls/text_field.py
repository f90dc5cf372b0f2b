"""The text field: a short name that can be changed.

While it is edited it is open, so that the keys write into it and mean nothing else. Enter keeps what was written, and
Escape leaves the name as it was.
"""

from __future__ import annotations

from collections.abc import Callable

import pygame

from drawapp.drawing.geometry import Point
from drawapp.ui.controls.button import PRESSING
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import ROUND, Painter
from drawapp.ui.theme import BODY

LONGEST = 40  # characters
ENTER = (pygame.K_RETURN, pygame.K_KP_ENTER)


class TextField(Control):
    """Shows a `text`. What is written in its place means `intent_of(text)`."""

    def __init__(self, name: str, tip: str, intent_of: Callable[[str], Intent]) -> None:
        super().__init__(name, tip)
        self.text = ""
        self._written: str | None = None  # None: it is not edited
        self._intent_of = intent_of

    @property
    def is_open(self) -> bool:
        """Whether it is edited."""
        return self._written is not None

    def close(self) -> None:
        """Leave the text as it was."""
        self._written = None

    def release(self, at: Point) -> Intent | None:
        """A press begins to edit."""
        if not self.is_open and self.contains(at):
            self._written = self.text
        return None

    def key(self, stroke: KeyStroke) -> Intent | None:
        """Keys write, Backspace takes the last character away, and Enter keeps what is written."""
        if self._written is None:
            self._written = self.text if stroke.key in PRESSING else None
        elif stroke.key in ENTER:
            written, self._written = self._written, None
            return self._intent_of(written)
        elif stroke.key == pygame.K_BACKSPACE:
            self._written = self._written[:-1]
        elif stroke.text.isprintable() and not stroke.control:
            self._written = (self._written + stroke.text)[:LONGEST]
        return None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the text, with a pen beside it or, while it is edited, with a caret behind it."""
        theme, box, inset = painter.theme, self.box, painter.pixels(12)
        is_lit = self.is_open or state.is_hovered
        painter.card(box, theme.lit if is_lit else theme.panel, theme.focus if self.is_open else theme.edge, ROUND)
        room, middle = box.width - 2 * inset - painter.pixels(22), box.centre[1]
        words = self.text if self._written is None else self._written
        place = painter.write(words, BODY, theme.text, "midleft", (box.left + inset, middle), bold=True, room=room)
        if self.is_open:
            x, half = place.right + painter.pixels(2), painter.line_height(BODY) // 2
            painter.lines([(x, middle - half), (x, middle + half)], theme.text, painter.pixels(1.5))
        else:
            painter.icon("pen", 16, theme.muted, (box.right - inset - painter.pixels(6), middle))
        if state.has_ring and not self.is_open:
            painter.ring(box)
