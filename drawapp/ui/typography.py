"""Typography: words as images, in one family of type.

Opening a font file and drawing type are slow, and most words stay from frame to frame, so both are kept. A word is
measured, shortened or outlined here, so that whatever draws it asks for what it needs in one line.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray

from drawapp.reading import resources
from drawapp.ui.theme import Colour

Opacity = NDArray[np.uint8]  # (width, height), 0 transparent ... 255

DIRECTIONS = 16  # in which an outline is made


@lru_cache(maxsize=64)
def font(size: int, bold: bool) -> pygame.font.Font:
    """The font for type of `size` pixels; pygame's own where the bundled one is not installed."""
    path = resources.font(bold)
    return pygame.font.Font(str(path), size) if path else pygame.font.Font(None, round(size * 1.3))


@lru_cache(maxsize=512)
def text(words: str, size: int, colour: Colour, bold: bool = False) -> pygame.Surface:
    """`words` drawn, `size` in pixels."""
    return font(size, bold).render(words, True, colour)


@lru_cache(maxsize=512)
def width(words: str, size: int, bold: bool = False) -> int:
    """How wide `words` are, in pixels."""
    return font(size, bold).size(words)[0]


def shortened(words: str, size: int, room: int, bold: bool = False) -> str:
    """`words`, cut in the middle where they are wider than `room` pixels: both ends of a file name matter."""
    kept = len(words)
    short = words
    while width(short, size, bold) > room and kept > 2:
        kept -= 1
        short = words[: kept // 2] + "\N{HORIZONTAL ELLIPSIS}" + words[len(words) - (kept + 1) // 2 :]
    return short


@lru_cache(maxsize=128)
def glyph(words: str, size: int, colour: Colour, line: int = 0) -> pygame.Surface:
    """`words` in bold, without room on their left and right, so that their ink can stand at an edge.

    With a `line` (pixels) above 0 only their outline is drawn.
    """
    whole = text(words, size, colour, True)
    ink = whole.get_bounding_rect()
    image = whole.subsurface((ink.left, 0, max(1, ink.width), whole.get_height())).copy()
    if line > 0:
        alpha = pygame.surfarray.pixels_alpha(image)
        alpha[:] = alpha - eroded(np.pad(alpha, line), line)
        del alpha  # unlocks the image
    return image


@lru_cache(maxsize=64)
def middle(size: int) -> int:
    """How far below the top of a glyph the middle of a digit lies, in pixels."""
    return text("0", size, (0, 0, 0), True).get_bounding_rect().centery


def eroded(padded: Opacity, by: int) -> Opacity:
    """What is left of an opacity when `by` pixels are taken off its edge, without the padding of as many pixels."""
    across, down = (side - 2 * by for side in padded.shape)
    least = padded[by : by + across, by : by + down]
    for step in range(DIRECTIONS):
        angle = 2 * math.pi * step / DIRECTIONS
        x, y = by + round(by * math.cos(angle)), by + round(by * math.sin(angle))
        least = np.minimum(least, padded[x : x + across, y : y + down])
    return least
