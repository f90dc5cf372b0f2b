"""Words in a box: a paragraph that is broken into lines, and a line that drops what does not fit."""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Box
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.wording import wrapped
from drawapp.ui.theme import BODY, SMALLEST

DOT = "  \N{MIDDLE DOT}  "  # between facts
NEAR = " \N{MIDDLE DOT} "  # the same where there is little room


def draw_paragraph(painter: Painter, box: Box, words: str, size: float = BODY) -> None:
    """Write `words` into `box`, in as many lines as they need, from its top."""
    for number, line in enumerate(wrapped(painter, words, box.width)):
        at = (box.left, box.top + number * painter.line_height(size))
        painter.write(line, size, painter.theme.muted, "topleft", at, room=box.width)


def draw_caption(painter: Painter, box: Box, *captions: str) -> None:
    """Write at the top of `box` the first of `captions` that fits, the longest first."""
    fitting = (words for words in captions if painter.width(words, SMALLEST) <= box.width)
    painter.write(next(fitting, captions[-1]), SMALLEST, painter.theme.muted, "topleft", box[:2], room=box.width)


def draw_facts(painter: Painter, box: Box, facts: Sequence[str], dot: str = DOT) -> None:
    """Write `facts` in one line in the middle of `box`, as many of the first ones as fit."""
    count = len(facts)
    while count > 1 and painter.width(dot.join(facts[:count]), SMALLEST) > box.width:
        count -= 1
    at = (box.left, box.centre[1])
    painter.write(dot.join(facts[:count]), SMALLEST, painter.theme.muted, "midleft", at, room=box.width)
