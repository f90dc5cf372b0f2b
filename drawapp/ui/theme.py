"""The theme: the colours and the type of every screen.

Night blue paper, warm ink. Blue is the answer and orange is doubt: a pair that colour-blind people can tell apart.
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
def _font(size: int, bold: bool) -> pygame.font.Font:
    path = resources.font(bold)
    return pygame.font.Font(str(path), size) if path else pygame.font.Font(None, round(size * 1.3))


@lru_cache(maxsize=512)
def text(words: str, size: int, colour: Colour, bold: bool = False) -> pygame.Surface:
    """`words` as a image, `size` in pixels. Drawing type is slow, and most of it is the same in every frame."""
    return _font(size, bold).render(words, True, colour)


@lru_cache(maxsize=512)
def width(words: str, size: int) -> int:
    """The pixels that `words` are wide."""
    return _font(size, False).size(words)[0]


def shortened(words: str, size: int, room: int) -> str:
    """`words`, cut in the middle where they are wider than `room` pixels: both ends of a file's name tell much."""
    kept = len(words)
    short = words
    while width(short, size) > room and kept > 2:
        kept -= 1
        short = words[: kept // 2] + "\N{HORIZONTAL ELLIPSIS}" + words[len(words) - (kept + 1) // 2 :]
    return short
