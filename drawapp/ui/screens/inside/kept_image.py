"""The kept image: a card that is drawn only when something on it has changed.

While the pen moves, the window is drawn sixty times per second and the network thinks twenty times, and most cards show
the same as a frame ago. Copying pixels takes a hundredth of the time of drawing them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import pygame

from drawapp.drawing.geometry import Box
from drawapp.ui.painter import Painter


class KeptImage:
    """The pixels of a card, and the values that they show."""

    def __init__(self) -> None:
        self._shows: Hashable = None
        self._image = pygame.Surface((1, 1))

    def draw(self, painter: Painter, box: Box, shows: Hashable, draw: Callable[[], None]) -> None:
        """Draw the card in `box` by `draw`, or as it was drawn where it shows the same values at the same place."""
        shows = (shows, box, painter.theme, painter.scale, painter.type_scale)
        if shows == self._shows:
            painter.surface.blit(self._image, box)
            return
        draw()
        self._shows, self._image = shows, pygame.Surface((box.width, box.height))
        self._image.blit(painter.surface, (0, 0), box)  # a window may be smaller than what is drawn
