"""The message: a sentence that says what went wrong.

It replaces the line of keys until the user goes on, so it is seen without hiding anything and needs no button.
"""

from __future__ import annotations

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
        end = max((end for end in range(1, len(rest)) if fits(rest[:end])), default=1)
        space = rest.rfind(" ", 1, end + 1)
        end = space if space > 0 else end
        lines.append(rest[:end])
        rest = rest[end:].lstrip()
    if rest:
        lines[-1] = lines[-1][:-1] + "\N{HORIZONTAL ELLIPSIS}"
    return lines
