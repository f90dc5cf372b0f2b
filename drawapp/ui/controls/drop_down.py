"""The drop-down: the chosen model, and the list of all models when it is open.

It is drawn by hand because that of pygame_gui would lengthen the start by a quarter, asks for the position of the mouse
instead of using its events, and opens a list narrower than its head.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box
from drawapp.ui import paint, theme
from drawapp.ui.layout import Layout
from drawapp.ui.theme import Colour

CUSTOM = "Custom model\N{HORIZONTAL ELLIPSIS}"
HINT = "or drop a .npy file here"
ROW, RADIUS, PADDING = 34, 10, 14  # pixels of a window of the default size


class DropDown:
    """A list of `names` of which the one at `chosen` is shown in `head`, the box that is always there.

    The row `CUSTOM` follows the names; its number is `len(names)`.
    """

    def __init__(self, layout: Layout, head: Box, names: tuple[str, ...], chosen: int) -> None:
        self.head = head
        self.is_open = False
        self._layout = layout
        self._names = names
        self._rows = (*names, CUSTOM)
        self._chosen = chosen

    def number_at(self, x: float, y: float) -> int | None:
        """The number of the row at a place in the open list, or None where there is no row."""
        return next((number for number in range(len(self._rows)) if self._row(number).contains(x, y)), None)

    def draw(self, surface: pygame.Surface, mouse: tuple[float, float] | None) -> None:
        """Draw the head, and the list below it while it is open. What is under the `mouse` stands out."""
        pixels, (_, middle) = self._layout.pixels, self.head.centre
        lit = self.is_open or (mouse is not None and self.head.contains(*mouse))
        paint.panel(surface, self.head, pixels(RADIUS), theme.TRACK if lit else theme.PANEL)
        self._write(surface, self.head, self._names[self._chosen], theme.TEXT, room=pixels(24))
        arrow, x = pixels(4), self.head.right - pixels(PADDING + 4)
        down = -(arrow // 2) if self.is_open else arrow // 2
        points = [(x - arrow, middle - down), (x, middle + down), (x + arrow, middle - down)]
        pygame.draw.lines(surface, theme.MUTED, False, points, max(1, round(1.6 * self._layout.scale)))
        if self.is_open:
            self._draw_list(surface, mouse)

    def _draw_list(self, surface: pygame.Surface, mouse: tuple[float, float] | None) -> None:
        pixels = self._layout.pixels
        first, last = self._row(0), self._row(len(self._rows))
        top, bottom = first.top - pixels(6), last.bottom + pixels(6)
        paint.panel(surface, Box(first.left, top, first.width, bottom - top), pixels(RADIUS))
        for number, name in enumerate(self._rows):
            row = self._row(number)
            if mouse is not None and row.contains(*mouse):
                lit = Box(row.left + pixels(6), row.top, row.width - 2 * pixels(6), row.height)
                paint.rounded(surface, lit, pixels(RADIUS - 4), theme.EDGE)
            self._write(surface, row, name, theme.ANSWER if number == self._chosen else theme.TEXT)
        self._write(surface, last, HINT, theme.FAINT)

    def _row(self, number: int) -> Box:
        """Where the row `number` lies in the list; the hint has the number after the last one."""
        height, gap = self._layout.pixels(ROW), self._layout.pixels(12)
        return Box(self.head.left, self.head.bottom + gap + number * height, self.head.width, height)

    def _write(self, surface: pygame.Surface, box: Box, words: str, colour: Colour, room: int = 0) -> None:
        """Write `words` into `box`, shortened where they are too wide; `room` is kept free on the right."""
        padding, size = self._layout.pixels(PADDING), self._layout.pixels(theme.CAPTION)
        fitting = theme.shortened(words, size, box.width - 2 * padding - room)
        paint.write(surface, theme.text(fitting, size, colour), "midleft", (box.left + padding, box.centre[1]))
