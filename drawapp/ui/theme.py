"""The theme: the colours and the type of every screen.

They are named here by what they mean, so that the same meaning looks the same everywhere. Night blue paper, warm ink.
Blue is the answer and orange says unsure: a pair that colour-blind people can tell apart.
"""

from __future__ import annotations

from functools import lru_cache

import pygame

from drawapp.reading import resources

Colour = tuple[int, int, int]

BACKGROUND: Colour = (15, 19, 28)
PANEL: Colour = (23, 29, 41)
PAPER: Colour = (10, 13, 20)
EDGE: Colour = (40, 48, 64)
GRID_LINE: Colour = (24, 30, 42)
CENTRE_MARK: Colour = (66, 78, 100)
TRACK: Colour = (35, 43, 58)

INK: Colour = (250, 244, 230)
TEXT: Colour = (232, 236, 243)
MUTED: Colour = (139, 150, 170)
FAINT: Colour = (112, 123, 144)

ANSWER: Colour = (92, 170, 255)
UNSURE: Colour = (255, 166, 77)
OTHER: Colour = (82, 104, 140)
DIM: Colour = (55, 67, 89)  # bars that do not count
DIM_UNSURE: Colour = (160, 112, 66)

# Sizes of type, in pixels of a window of the default size.
CAPTION, BODY, STRONG, TITLE, ANSWER_SIZE = 14, 16, 18, 30, 128


@lru_cache(maxsize=64)
def font(size: int, bold: bool) -> pygame.font.Font:
    """The font for type of `size` pixels. Opening a font file is slow, so it is kept."""
    path = resources.font(bold)
    return pygame.font.Font(str(path), size) if path else pygame.font.Font(None, round(size * 1.3))


@lru_cache(maxsize=512)
def text(words: str, size: int, colour: Colour, bold: bool = False) -> pygame.Surface:
    """`words` drawn, `size` in pixels. Drawing type is slow and most words stay from frame to frame, so it is kept."""
    return font(size, bold).render(words, True, colour)


@lru_cache(maxsize=512)
def width(words: str, size: int) -> int:
    """How wide `words` are, in pixels."""
    return font(size, False).size(words)[0]


def shortened(words: str, size: int, room: int) -> str:
    """`words`, cut in the middle where they are wider than `room` pixels: both ends of a file name matter."""
    kept = len(words)
    short = words
    while width(short, size) > room and kept > 2:
        kept -= 1
        short = words[: kept // 2] + "\N{HORIZONTAL ELLIPSIS}" + words[len(words) - (kept + 1) // 2 :]
    return short
