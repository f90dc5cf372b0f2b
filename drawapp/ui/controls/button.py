"""The button: one thing to do, as an icon or in a word or two."""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Point
from drawapp.ui.controls.control import Control, State
from drawapp.ui.icons import ICONS
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import ROUND, Painter
from drawapp.ui.theme import BODY, STRONG

PRESSING = (pygame.K_RETURN, pygame.K_KP_ENTER, pygame.K_SPACE)
ICON = 24  # pixels of a window of the default size


class Button(Control):
    """A button that means `intent`. Its `face` is the name of an icon, or words.

    One that `is_on` is shown as pressed in: a tool that is in hand, or a setting. `framed` ones have an edge.
    """

    def __init__(self, name: str, tip: str, face: str, intent: Intent, framed: bool = False) -> None:
        super().__init__(name, tip)
        self.face = face
        self.is_on = False
        self.intent = intent
        self._framed = framed

    def release(self, at: Point) -> Intent | None:
        """A press means something only when the mouse goes up on the button: one can still change one's mind."""
        return self.intent if self.contains(at) else None

    def key(self, stroke: KeyStroke) -> Intent | None:
        """Enter and Space press it."""
        return self.intent if stroke.key in PRESSING and not stroke.control else None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw it. What is on has an edge as well as another ground, so that it is seen without colour, too."""
        theme = painter.theme
        is_lit = self.enabled and (state.is_hovered or state.is_pressed or self.is_on)
        if self._framed or self.is_on:
            painter.card(self.box, theme.lit if is_lit else theme.panel, theme.edge, ROUND)
        elif is_lit:
            painter.fill(self.box, theme.lit, ROUND)
        colour = theme.text if self.enabled else theme.off
        if self.face in ICONS:
            painter.icon(self.face, ICON, colour, self.box.centre)
        else:
            size, room = (STRONG if len(self.face) < 3 else BODY), self.box.width - painter.pixels(12)
            painter.write(self.face, size, colour, "center", self.box.centre, bold=len(self.face) < 3, room=room)
        if state.has_ring:
            painter.ring(self.box)
