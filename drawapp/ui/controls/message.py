"""The message: a sentence that says what went wrong.

It replaces the line of keys until the user goes on, so it is seen without hiding anything and needs no button.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

import pygame

from drawapp.ui import paint, theme
from drawapp.ui.layout import Layout

LINES = 2
LEADING = 1.4  # from line to line, in heights of the type


def draw_message(surface: pygame.Surface, layout: Layout, sentence: str) -> None:
    """Draw `sentence` on the line of keys, in at most two lines of type."""
    box, size = layout.keys, layout.pixels(theme.CAPTION)
    surface.fill(theme.BACKGROUND, box)
    lines = folded(sentence, lambda words: theme.width(words, size) <= box.width)
    for number, line in enumerate(lines):
        y = box.centre[1] + round((number - (len(lines) - 1) / 2) * size * LEADING)
        paint.write(surface, theme.text(line, size, theme.UNSURE), "midleft", (box.left, y))


def folded(sentence: str, fits: Callable[[str], bool]) -> list[str]:
    """`sentence` in at most `LINES` lines that fit. Lines break between words, or within a word that is too long."""
    lines: list[str] = []
    rest = sentence
    while rest and len(lines) < LINES:
        if fits(rest):
            return [*lines, rest]
        end = fitting(rest, fits)
        space = rest.rfind(" ", 1, end + 1)
        end = space if space > 0 else end
        lines.append(rest[:end])
        rest = rest[end:].lstrip()
    if rest:
        lines[-1] = lines[-1][:-1] + "\N{HORIZONTAL ELLIPSIS}"
    return lines


def fitting(text: str, fits: Callable[[str], bool]) -> int:
    """How many characters fit from the beginning of `text`, at least 1, where the whole text does not fit.

    The beginnings that are measured double in length until one does not fit, so a long text costs no more than a line.
    """
    most = 1
    while 2 * most < len(text) and fits(text[: 2 * most]):
        most *= 2
    longer = range(most + 1, min(2 * most, len(text)))
    return most + bisect_left(longer, True, key=lambda end: not fits(text[:end]))
