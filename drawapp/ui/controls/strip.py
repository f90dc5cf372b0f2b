"""The strip: a few labels side by side, of which one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import ROUND, Painter
from drawapp.ui.theme import BODY

STEPS = {pygame.K_LEFT: -1, pygame.K_RIGHT: 1}


class Strip(Control):
    """A strip of `labels`, of which the one at the number `chosen` is lit. `means` says what choosing one means."""

    def __init__(self, name: str, tip: str, means: Callable[[int], Intent]) -> None:
        super().__init__(name, tip)
        self.labels: Sequence[str] = ()
        self.chosen: int | None = None
        self._means = means

    def release(self, at: Point) -> Intent | None:
        """A press chooses the label on which the mouse goes up."""
        return next((self._means(k) for k in range(len(self.labels)) if self.cell(k).contains(*at)), None)

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows go to the label beside; a label that is typed is chosen."""
        if stroke.key in STEPS and self.labels:
            return self._means(((self.chosen or 0) + STEPS[stroke.key]) % len(self.labels))
        return self._means(self.labels.index(stroke.text)) if stroke.text in self.labels else None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the strip. The label that is chosen has an edge as well as another ground."""
        theme = painter.theme
        painter.card(self.box, theme.panel, theme.edge, ROUND)
        for number, label in enumerate(self.labels):
            cell, is_on = self.cell(number), number == self.chosen
            if is_on:
                painter.card(cell.shrunk(painter.pixels(3)), theme.lit, theme.edge, ROUND - 3)
            colour = theme.text if is_on else theme.muted
            painter.write(label, BODY, colour, "center", cell.centre, bold=is_on, room=cell.width)
        if state.has_ring:
            painter.ring(self.box)

    def cell(self, number: int) -> Box:
        """Where the label of that number lies."""
        left, top, width, height = self.box
        start, end = (left + width * edge // len(self.labels) for edge in (number, number + 1))
        return Box(start, top, end - start, height)
