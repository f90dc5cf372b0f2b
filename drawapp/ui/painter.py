"""The painter: how the few shapes are drawn that the screens are made of.

pygame draws round corners with rough edges and knows nothing of themes, densities and sizes of type. A painter knows
all of them and the surface, so that whatever draws something says only what and where.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
import pygame
from numpy.typing import NDArray

from drawapp.drawing.geometry import Box, Point
from drawapp.ui import icons, typography
from drawapp.ui.theme import SMALLEST, Colour, Theme

Anchor = Literal[
    "topleft", "midtop", "topright", "midleft", "center", "midright", "bottomleft", "midbottom", "bottomright"
]

CORNER = 14  # radius of the corners of a card, in pixels of a window of the default size
ROUND = 9  # the same of a control
OVERLAP = 0.7  # pixels by which the pieces of a line overlap, or their smooth ends would show
RING = 2.5  # width of the ring of the focus


class Painter:
    """Draws on `surface` in the colours of `theme`.

    Lengths are meant for a window of the default size and multiplied by `scale`; sizes of type also by `type_scale`.
    """

    def __init__(self, surface: pygame.Surface, theme: Theme, scale: float = 1.0, type_scale: float = 1.0) -> None:
        self.surface = surface
        self.theme = theme
        self.scale = scale
        self.type_scale = type_scale

    def pixels(self, length: float) -> int:
        """`length` in pixels of this surface, at least 1."""
        return max(1, round(length * self.scale))

    def type_size(self, size: float) -> int:
        """The `size` of type in pixels of this surface."""
        return max(1, round(size * self.scale * self.type_scale))

    def line_height(self, size: float) -> int:
        """From one line of type to the next."""
        return round(self.type_size(size) * 1.35)

    def width(self, words: str, size: float, bold: bool = False) -> int:
        """How wide `words` are, in pixels."""
        return typography.width(words, self.type_size(size), bold)

    def write(
        self, words: str, size: float, colour: Colour, anchor: Anchor, at: Point, *, bold: bool = False, room: int = 0
    ) -> Box:
        """Write `words` so that their `anchor` is at `at`; returns where they stand.

        Words that are wider than `room` pixels are written smaller, and then shortened. A `room` of 0 sets no limit.
        """
        pixels = self.type_size(size)
        if room > 0:
            least = min(pixels, self.pixels(SMALLEST))
            while pixels > least and typography.width(words, pixels, bold) > room:
                pixels -= 1
            words = typography.shortened(words, pixels, room, bold)
        return self.put(typography.text(words, pixels, colour, bold), anchor, at)

    def put(self, image: pygame.Surface, anchor: Anchor, at: Point) -> Box:
        """Put an `image` so that its `anchor` is at `at`; returns where it lies."""
        place = image.get_rect(**{anchor: (round(at[0]), round(at[1]))})
        self.surface.blit(image, place)
        return Box(*place)

    def fill(self, box: Box, colour: Colour, radius: float = 0) -> None:
        """A filled box; one as high as twice its `radius` is a pill."""
        self.surface.blit(rounded((box.width, box.height), self.radius(box, radius), colour), box)

    def outline(self, box: Box, colour: Colour, radius: float = 0, line: float = 1.0) -> None:
        """The edge of a box, `line` wide and inside of it."""
        width = max(1.0, line * self.scale)
        self.surface.blit(rounded((box.width, box.height), self.radius(box, radius), colour, width), box)

    def card(self, box: Box, colour: Colour | None = None, edge: Colour | None = None, radius: float = CORNER) -> None:
        """A filled box with round corners and an edge: a panel of the screen, or something that lies over it."""
        self.fill(box, edge or self.theme.card_edge, radius)
        width = self.pixels(1)
        self.fill(box.shrunk(width), colour or self.theme.panel, radius - 1)

    def ring(self, box: Box, radius: float = ROUND) -> None:
        """The ring around the control that has the keyboard."""
        self.outline(box.shrunk(-self.pixels(RING + 1)), self.theme.focus, radius + RING + 1, RING)

    def lines(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A smooth line through `points`, `width` pixels wide."""
        thickness = max(1, round(width))
        for (x, y), (to_x, to_y) in pairwise(points):
            length = max(math.hypot(to_x - x, to_y - y), 1e-6)
            right, down = OVERLAP * (to_x - x) / length, OVERLAP * (to_y - y) / length
            pygame.draw.aaline(self.surface, colour, (x - right, y - down), (to_x + right, to_y + down), thickness)

    def disc(self, centre: Point, radius: float, colour: Colour, line: float = 0) -> None:
        """A circle of `radius` pixels, filled, or with an edge of `line` pixels."""
        pygame.draw.aacircle(self.surface, colour, centre, max(1, radius), max(0, round(line)))

    def icon(self, name: str, side: float, colour: Colour, centre: Point) -> None:
        """The icon called `name`, as high and wide as `side`."""
        self.put(icons.icon(name, self.pixels(side), colour), "center", centre)

    def image(self, ink: NDArray[np.uint8], box: Box, low: Colour, high: Colour) -> None:
        """The cells of `ink` (H, W) in `box`, as squares of a colour between `low` (no ink) and `high`."""
        self.surface.blit(cells(ink, (box.width, box.height), low, high), box)

    def veil(self) -> None:
        """Darken all that is there, because something else lies over it."""
        shade = pygame.Surface(self.surface.get_size(), pygame.SRCALPHA)
        shade.fill((*self.theme.background, 200))
        self.surface.blit(shade, (0, 0))

    @contextmanager
    def within(self, box: Box) -> Iterator[None]:
        """Draw nothing outside of `box`."""
        before = self.surface.get_clip()
        self.surface.set_clip(before.clip(pygame.Rect(box)))
        try:
            yield
        finally:
            self.surface.set_clip(before)

    def radius(self, box: Box, length: float) -> float:
        """The radius of round corners in pixels, as far as they fit the box."""
        return min(max(0.0, length * self.scale), box.width / 2, box.height / 2)


@lru_cache(maxsize=512)
def rounded(size: tuple[int, int], radius: float, colour: Colour, line: float = 0.0) -> pygame.Surface:
    """A rounded box, or its edge, `line` wide.

    A pixel at the edge is as opaque as the fraction of it inside. With d the distance of its middle from the edge,
    less than 0 inside, that is about 1/2 - d.
    """
    surface = pygame.Surface((max(1, size[0]), max(1, size[1])), pygame.SRCALPHA)
    surface.fill(colour)
    alpha = pygame.surfarray.pixels_alpha(surface)
    x, y = (np.abs(np.arange(n) + 0.5 - n / 2) - (n / 2 - radius) for n in surface.get_size())
    outside = np.hypot(np.maximum(x, 0)[:, None], np.maximum(y, 0))  # (width, height), from the box of the centres
    distance = outside + np.minimum(np.maximum(x[:, None], y), 0) - radius
    opacity = np.clip(0.5 - distance, 0.0, 1.0)
    if line > 0:
        opacity -= np.clip(0.5 - (distance + line), 0.0, 1.0)
    alpha[:] = opacity * 255
    del alpha  # unlocks the surface
    return surface


@lru_cache(maxsize=16)
def shades(low: Colour, high: Colour) -> NDArray[np.uint8]:
    """The 256 colours from `low` (no ink) to `high` (full ink), (256, 3)."""
    fraction = np.linspace(0.0, 1.0, 256)[:, None]
    return (np.array(low) * (1 - fraction) + np.array(high) * fraction + 0.5).astype(np.uint8)


def cells(ink: NDArray[np.uint8], size: tuple[int, int], low: Colour, high: Colour) -> pygame.Surface:
    """The cells of `ink` (H, W) as squares; `size` is the whole in pixels."""
    height, width = ink.shape
    small = pygame.image.frombuffer(shades(low, high)[ink].tobytes(), (width, height), "RGB")
    return pygame.transform.scale(small, size)


def mixed(one: Colour, other: Colour, fraction: float) -> Colour:
    """The colour that lies `fraction` of the way from `one` to `other`."""
    red, green, blue = (round(a + (b - a) * fraction) for a, b in zip(one, other, strict=True))
    return red, green, blue
