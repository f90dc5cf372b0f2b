"""Icons: the few signs of the tool bar, drawn as strokes.

They take the colour and the size that they are asked for, so they look the same in both themes and at every density,
and need no image files. Each is drawn large and scaled down, which makes its edges smooth.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

import pygame

from drawapp.ui.theme import Colour

UNITS = 24  # along the side of an icon, as the points below have it
LINE = 1.9  # width of its strokes, in these units
FINER = 4  # times as large before it is scaled down

Points = list[tuple[float, float]]


def arc(centre: tuple[float, float], radius: float, start: int, end: int) -> Points:
    """An arc from the angle `start` to `end`, in degrees; 0 is right, 90 is down."""
    angles = [math.radians(start + (end - start) * step / 16) for step in range(17)]
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]


UNDO: list[Points] = [[(9, 4.5), (4, 9.5), (9, 14.5)], [(4, 9.5), (14, 9.5), *arc((14, 14.5), 5, -90, 90), (10, 19.5)]]
ICONS: dict[str, list[Points]] = {
    "undo": UNDO,
    "redo": [[(UNITS - x, y) for x, y in points] for points in UNDO],
    "pen": [[(16.5, 3.5), (20.5, 7.5), (8, 20), (3, 21), (4, 16), (16.5, 3.5)], [(13.5, 6.5), (17.5, 10.5)]],
    "eraser": [
        [(8.5, 20), (3, 14.5), (13.5, 4), (21, 11.5), (12.5, 20), (8.5, 20)],
        [(7.5, 10), (15, 17.5)],
        [(8.5, 20), (21, 20)],
    ],
    "clear": [[(4, 4), (20, 4), (20, 20), (4, 20), (4, 4)], [(9, 9), (15, 15)], [(15, 9), (9, 15)]],
    "down": [[(6, 9.5), (12, 15.5), (18, 9.5)]],
    "up": [[(6, 15.5), (12, 9.5), (18, 15.5)]],
    "close": [[(6, 6), (18, 18)], [(18, 6), (6, 18)]],
}


@lru_cache(maxsize=128)
def icon(name: str, side: int, colour: Colour) -> pygame.Surface:
    """The icon called `name` in a square of `side` pixels."""
    image = pygame.Surface((side * FINER, side * FINER), pygame.SRCALPHA)
    image.fill((*colour, 0))  # scaling mixes the colours of what is transparent, too
    unit = side * FINER / UNITS
    width = max(1, round(LINE * unit))
    for points in ICONS[name]:
        places = [(x * unit, y * unit) for x, y in points]
        for start, end in pairwise(places):
            pygame.draw.line(image, colour, start, end, width)
        for place in places:  # round ends and corners
            pygame.draw.circle(image, colour, place, width / 2)
    return pygame.transform.smoothscale(image, (side, side))
