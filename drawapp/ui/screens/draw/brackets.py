"""The brackets: which ink on the sheet is which character, where there are several.

Whoever sees "43" for a 4 and a 3 that touch wants to know where the network has cut. Each character has a bracket with
its answer, below its row of writing or above it, but never on the ink.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drawapp.drawing.canvas import CELLS, FINENESS, Canvas
from drawapp.drawing.geometry import around
from drawapp.reading.prediction import Character
from drawapp.ui.layout import Viewport
from drawapp.ui.painter import Painter
from drawapp.ui.screens.draw.rows import rows_of
from drawapp.ui.theme import BODY

GAP = 0.6  # cells between the ink and the bracket
NARROWEST = 1.5  # cells: the bracket of a 1


def draw_brackets(painter: Painter, viewport: Viewport, canvas: Canvas, characters: Sequence[Character]) -> None:
    """Draw a bracket with the answer below each row of `characters`, or above where there is no room below."""
    room = (painter.line_height(BODY) + painter.pixels(6)) / viewport.cell  # cells: for the bracket and a line of type
    rows = rows_of(characters)
    for number, row in enumerate(rows):
        whole = around(characters[k].bounds for k in row)
        top, bottom = beyond_ink(canvas, whole.top, whole.bottom)
        is_first, is_last = number == 0, number == len(rows) - 1
        if bottom + GAP + room <= CELLS and (is_last or not is_first):
            y, side = bottom + GAP, 1
        elif top - GAP - room >= 0:
            y, side = top - GAP, -1
        else:
            continue  # the ink fills the sheet, and the answer is beside it
        for k in row:
            draw_bracket(painter, viewport, characters[k], y, side)


def draw_bracket(painter: Painter, viewport: Viewport, character: Character, y: float, side: int) -> None:
    """Draw a bracket that is open to the ink, at `y` cells, and beyond it what was read. `side` is 1 below the ink."""
    theme = painter.theme
    colour = theme.muted if character.is_sure else theme.unsure
    reach = max(character.bounds.right - character.bounds.left, NARROWEST) / 2
    (left, line), (right, _) = (viewport.to_screen(character.bounds.middle + end * reach, y) for end in (-1, 1))
    line, tick, width = round(line) + side * painter.pixels(5), -side * painter.pixels(5), painter.pixels(1)
    painter.lines([(left, line + tick), (left, line), (right, line), (right, line + tick)], colour, width)
    at = ((left + right) / 2, line + side * painter.pixels(3))
    painter.write(
        character.written if character.label else "?",
        BODY,
        colour,
        "midtop" if side > 0 else "midbottom",
        at,
        bold=True,
    )


def beyond_ink(canvas: Canvas, top: float, bottom: float) -> tuple[float, float]:
    """Where the ink ends above `top` and below `bottom`, in cells: those are the ends of the lines in its middle."""
    has_ink = np.any(canvas.ink > 0, axis=1)  # (224,)
    first, last = (min(max(int(edge * FINENESS), 0), len(has_ink) - 1) for edge in (top, bottom))
    above, below = np.flatnonzero(~has_ink[: first + 1]), np.flatnonzero(~has_ink[last:])
    start = above[-1] + 1 if len(above) else 0
    end = last + below[0] if len(below) else len(has_ink)
    return float(start) / FINENESS, float(end) / FINENESS
