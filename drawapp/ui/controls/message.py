"""The message: a sentence that says what went wrong, or where something was saved.

It lies above the tool bar until the user goes on, so it needs no button and does not move anything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from drawapp.drawing.geometry import Box
from drawapp.ui.layout import Layout
from drawapp.ui.painter import Painter
from drawapp.ui.theme import BODY

LINES = 3


def draw_message(painter: Painter, layout: Layout, sentence: str) -> None:
    """Draw `sentence` above the tool bar, in a few lines of type at most."""
    inset, step = layout.inset, painter.line_height(BODY)
    width = min(layout.tools.width, painter.pixels(760))
    lines = folded(sentence, lambda words: painter.width(words, BODY) <= width - 2 * inset)
    height = len(lines) * step + 2 * round(inset * 0.7)
    x = layout.tools.centre[0]
    box = Box(x - width // 2, layout.tools.top - painter.pixels(8) - height, width, height)
    painter.card(box, painter.theme.panel, painter.theme.unsure)
    for number, line in enumerate(lines):
        y = box.centre[1] + (number - (len(lines) - 1) / 2) * step
        painter.write(line, BODY, painter.theme.text, "midleft", (box.left + inset, y))


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
