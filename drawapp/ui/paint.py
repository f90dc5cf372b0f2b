"""Painting: the few shapes that the screens are made of.

pygame draws round corners with rough edges and has no panels and no ink. They are drawn here only, so they look the
same everywhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
import pygame
from numpy.typing import NDArray

from drawapp.drawing.geometry import Box
from drawapp.ui import theme
from drawapp.ui.theme import Colour

Anchor = Literal["topleft", "midtop", "topright", "midleft", "center", "midright", "bottomleft", "midbottom"]


def rounded(surface: pygame.Surface, box: Box, radius: int, colour: Colour) -> None:
    """A filled box with smooth round corners; one as high as twice its radius is a pill."""
    surface.blit(rounded_image((box.width, box.height), min(radius, box.width / 2, box.height / 2), colour), box)


@lru_cache(maxsize=512)
def rounded_image(size: tuple[int, int], radius: float, colour: Colour) -> pygame.Surface:
    """A rounded box. A pixel at the edge is as opaque as the fraction of it inside, by its distance from the edge."""
    beyond = [np.maximum(np.abs(np.arange(n) + 0.5 - n / 2) - (n / 2 - radius), 0) for n in size]
    distance = np.hypot(beyond[0][:, None], beyond[1])  # (width, height), from the box that the corners' centres span
    surface = pygame.Surface(size, pygame.SRCALPHA)
    surface.fill(colour)
    alpha = pygame.surfarray.pixels_alpha(surface)
    alpha[:] = np.clip(radius + 0.5 - distance, 0.0, 1.0) * 255
    del alpha  # unlocks the surface
    return surface


def panel(surface: pygame.Surface, box: Box, radius: int, colour: Colour = theme.PANEL) -> None:
    """A filled box with round corners and an edge one pixel wide."""
    rounded(surface, box, radius, theme.EDGE)
    rounded(surface, box.shrunk(1), radius - 1, colour)


def write(surface: pygame.Surface, words: pygame.Surface, anchor: Anchor, at: tuple[int, int]) -> pygame.Rect:
    """Put `words` so that their `anchor` is at `at`; returns where they stand."""
    place = words.get_rect(**{anchor: at})
    surface.blit(words, place)
    return place


def shades(low: Colour, high: Colour) -> NDArray[np.uint8]:
    """The 256 colours from `low` (no ink) to `high` (full ink), (256, 3)."""
    fraction = np.linspace(0.0, 1.0, 256)[:, None]
    return (np.array(low) * (1 - fraction) + np.array(high) * fraction + 0.5).astype(np.uint8)


def image(ink: NDArray[np.uint8], size: tuple[int, int], colours: NDArray[np.uint8]) -> pygame.Surface:
    """The cells of `ink` (H, W) as squares of colour; `size` is the whole in pixels."""
    height, width = ink.shape
    small = pygame.image.frombuffer(colours[ink].tobytes(), (width, height), "RGB")
    return pygame.transform.scale(small, size)
