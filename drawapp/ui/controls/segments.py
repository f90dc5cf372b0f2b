"""The segments: all, letters only or digits only, side by side, of which one is on."""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading.charset import Charset
from drawapp.ui import paint, theme
from drawapp.ui.layout import Layout

NAMES = {Charset.ALL: "all", Charset.LETTERS: "A\N{EN DASH}z", Charset.DIGITS: "0\N{EN DASH}9"}
RADIUS = 10


class Segments:
    """A switch in `box` between the restrictions, `only` being on."""

    def __init__(self, layout: Layout, box: Box, charset: Charset) -> None:
        self._layout = layout
        self._box = box
        self._charset = charset

    def at(self, x: float, y: float) -> Charset | None:
        """The restriction at a place."""
        return next((charset for charset in Charset if self._segment(charset).contains(x, y)), None)

    def draw(self, surface: pygame.Surface) -> None:
        pixels = self._layout.pixels
        paint.panel(surface, self._box, pixels(RADIUS))
        for charset, name in NAMES.items():
            segment, is_on = self._segment(charset), charset is self._charset
            if is_on:
                paint.rounded(surface, segment.shrunk(pixels(4)), pixels(RADIUS - 4), theme.EDGE)
            words = theme.text(name, pixels(theme.CAPTION), theme.ANSWER if is_on else theme.MUTED)
            paint.write(surface, words, "center", segment.centre)

    def _segment(self, charset: Charset) -> Box:
        left, right = (
            self._box.left + self._box.width * (number + step) // len(NAMES)
            for number in [list(Charset).index(charset)]
            for step in (0, 1)
        )
        return self._box._replace(left=left, width=right - left)
