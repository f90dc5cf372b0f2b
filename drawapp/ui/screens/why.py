"""Why: which ink of the drawing speaks for the answer, and which against it.

A percentage says how sure the network is, and not why. Gradient times input gives each pixel what it adds to the score,
exactly so between two bends of a network of ReLUs, and it is laid over the ink that it belongs to. Asked why the answer
is not another class, the same is said of the lead of its score.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame

from drawapp.drawing.canvas import CELLS
from drawapp.drawing.geometry import Box
from drawapp.reading.explanation import Explanation
from drawapp.reading.prediction import Character
from drawapp.session.language import gettext as _
from drawapp.ui.layout import Viewport
from drawapp.ui.painter import Painter
from drawapp.ui.screens.draw.sheet import Sheet
from drawapp.ui.theme import CAPTION, Theme
from drawapp.ui.view import View
from nn_scratch.ink.rendering import BOX, PEN, SIDE

FAINTEST = 0.06  # of the largest contribution: less is not shown


def draw_why(painter: Painter, sheet: Sheet, view: View) -> None:
    """Lay the contributions of the chosen character over its ink, with a legend."""
    if view.explanation is None or view.character is None or view.explanation.at_rest:
        return
    place = place_of(view.character, sheet.viewport)
    with painter.within(sheet.viewport.grid):
        painter.put(overlay(view.explanation, view.against, place.width, painter.theme), "topleft", place[:2])
    bounds = view.character.bounds
    is_high = bounds.top < CELLS - bounds.bottom  # the ink: then there is more room below it
    draw_legend(painter, sheet.box, legend_of(view.explanation, view.against), is_high)


def legend_of(explanation: Explanation, against: int | None) -> tuple[str, str]:
    """What blue and orange say."""
    if against is None:
        return _("for"), _("against")
    best, other = (explanation.network.classes[k] for k in (explanation.label, against))
    words = _("for {best} rather than {other}")
    return words.format(best=best, other=other), words.format(best=other, other=best)


def place_of(character: Character, viewport: Viewport) -> Box:
    """Where the image of 28x28 lies on the sheet that was made of `character`: its ink covers the character's bounds.

    The ink of the image is a pen wider than the centre lines, which the bounds are around.
    """
    rows, columns = (np.flatnonzero(character.cut_out.any(axis=axis)) for axis in (1, 0))
    cells = max(character.bounds.extent, 1.0) / (BOX - PEN)  # of the sheet, per pixel of the image
    middle = (columns[0] + columns[-1] + 1) / 2, (rows[0] + rows[-1] + 1) / 2
    bounds = character.bounds
    left, top = bounds.middle - middle[0] * cells, (bounds.top + bounds.bottom) / 2 - middle[1] * cells
    (x, y), side = viewport.to_screen(left, top), round(SIDE * cells * viewport.cell)
    return Box(round(x), round(y), side, side)


@lru_cache(maxsize=2)
def overlay(explanation: Explanation, against: int | None, side: int, theme: Theme) -> pygame.Surface:
    """The contributions of all pixels as blue and orange, the more opaque the larger; `side` is in pixels."""
    values = explanation.contributions(against)  # (28, 28)
    strength = np.abs(values) / max(float(np.abs(values).max()), 1e-12)
    colours = np.where((values > 0)[..., None], np.array(theme.answer), np.array(theme.unsure))  # (28, 28, 3)
    opacity = np.where(strength > FAINTEST, 70 + 185 * np.sqrt(strength), 0)[..., None]
    small = np.concatenate([colours, opacity], axis=2).astype(np.uint8)
    image = pygame.image.frombuffer(small.tobytes(), (SIDE, SIDE), "RGBA")
    return pygame.transform.scale(image, (side, side))


def draw_legend(painter: Painter, box: Box, legend: tuple[str, str], is_below: bool) -> None:
    """What the two colours say, in a corner of `box`: side by side where there is room, else one below the other."""
    theme, gap, side = painter.theme, painter.pixels(8), painter.pixels(12)
    line, room = painter.line_height(CAPTION), box.width - 4 * gap
    widths = [painter.width(words, CAPTION) + side + 3 * gap for words in legend]
    is_row = sum(widths) <= room
    size = (sum(widths), line + gap) if is_row else (min(max(widths), room), 2 * line + gap)
    top = box.bottom - size[1] - gap if is_below else box.top + gap
    painter.card(Box(box.left + gap, top, *size), theme.panel, radius=8)
    left, middle = box.left + 2 * gap, top + (line + gap) // 2
    for words, colour, width in zip(legend, (theme.answer, theme.unsure), widths, strict=True):
        painter.fill(Box(left, middle - side // 2, side, side), colour, 3)
        painter.write(words, CAPTION, theme.text, "midleft", (left + side + gap, middle), room=room - side - 2 * gap)
        left, middle = (left + width, middle) if is_row else (left, middle + line)
