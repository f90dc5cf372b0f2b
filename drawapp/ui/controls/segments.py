"""The segments: all, letters only or digits only, side by side. One of them is on.

There are only three charsets. All of them are shown at once, so that one press is enough to change from one to another.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading.charset import Charset
from drawapp.ui import paint, theme
from drawapp.ui.layout import Layout

NAMES = {Charset.ALL: "all", Charset.LETTERS: "A\N{EN DASH}z", Charset.DIGITS: "0\N{EN DASH}9"}
RADIUS = 10


class Segments:
    """A switch in `box` between the charsets, of which `charset` is on."""

    def __init__(self, layout: Layout, box: Box, charset: Charset) -> None:
        self._layout = layout
        self._box = box
        self._charset = charset

    def at(self, x: float, y: float) -> Charset | None:
        """The charset at a place, or None beside the switch."""
        return next((charset for charset in NAMES if self._segment(charset).contains(x, y)), None)

    def draw(self, surface: pygame.Surface) -> None:
        """Draw the switch."""
        pixels = self._layout.pixels
        paint.panel(surface, self._box, pixels(RADIUS))
        for charset, name in NAMES.items():
            segment, is_on = self._segment(charset), charset is self._charset
            if is_on:
                paint.rounded(surface, segment.shrunk(pixels(4)), pixels(RADIUS - 4), theme.EDGE)
            words = theme.text(name, pixels(theme.CAPTION), theme.ANSWER if is_on else theme.MUTED)
            paint.write(surface, words, "center", segment.centre)

    def _segment(self, charset: Charset) -> Box:
        number, (left, top, width, height) = list(NAMES).index(charset), self._box
        start, end = (left + width * edge // len(NAMES) for edge in (number, number + 1))
        return Box(start, top, end - start, height)
