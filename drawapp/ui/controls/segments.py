"""The segments: all, letters only or digits only, side by side, of which one is on."""

from __future__ import annotations

import pygame

from drawapp.reading.charset import Only
from drawapp.ui import paint, theme
from drawapp.ui.layout import Box, Layout

NAMES = {Only.ALL: "all", Only.LETTERS: "A\N{EN DASH}z", Only.DIGITS: "0\N{EN DASH}9"}
RADIUS = 10


class Segments:
    """A switch in `box` between the restrictions, `only` being on."""

    def __init__(self, layout: Layout, box: Box, only: Only) -> None:
        self._layout = layout
        self._box = box
        self._only = only

    def at(self, x: float, y: float) -> Only | None:
        """The restriction at a place."""
        return next((only for only in Only if self._segment(only).contains(x, y)), None)

    def draw(self, surface: pygame.Surface) -> None:
        pixels = self._layout.pixels
        paint.panel(surface, self._box, pixels(RADIUS))
        for only, name in NAMES.items():
            segment, is_on = self._segment(only), only is self._only
            if is_on:
                paint.rounded(surface, segment.shrunk(pixels(4)), pixels(RADIUS - 4), theme.EDGE)
            words = theme.text(name, pixels(theme.CAPTION), theme.ANSWER if is_on else theme.MUTED)
            paint.write(surface, words, "center", segment.centre)

    def _segment(self, only: Only) -> Box:
        left, right = (
            self._box.left + self._box.width * (number + step) // len(NAMES)
            for number in [list(Only).index(only)]
            for step in (0, 1)
        )
        return self._box._replace(left=left, width=right - left)
