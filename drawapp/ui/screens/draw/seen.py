"""What the network saw: the image of 28x28 made of the drawing, or of each of its characters.

The network does not read the sheet itself, but each character cut out, scaled and centred. Many wrong answers can be
understood by looking at that image.
"""

from __future__ import annotations

import math

from drawapp.drawing.canvas import CELLS
from drawapp.drawing.geometry import Box
from drawapp.session.language import gettext as _
from drawapp.ui.layout import Layout
from drawapp.ui.painter import Painter
from drawapp.ui.theme import CAPTION
from drawapp.ui.view import View


def draw_seen(painter: Painter, layout: Layout, view: View) -> None:
    """Draw what the network saw into its card. Of several characters, that which the bars belong to is framed."""
    theme, panel = painter.theme, layout.seen
    painter.card(panel)
    inner = panel.shrunk(layout.inset)
    line = inner.top + painter.line_height(CAPTION) // 2
    painter.write(_("Network sees"), CAPTION, theme.muted, "midleft", (inner.left, line), room=inner.width)
    side = min(inner.width, inner.height - painter.line_height(CAPTION))
    side -= side % CELLS
    square = Box(inner.left, inner.bottom - side, side, side)
    characters = view.characters
    for number, frame in enumerate(frames(square, max(len(characters), 1), painter.pixels(6))):
        painter.surface.fill(theme.paper, frame)
        if characters:
            painter.image(characters[number].image, frame, theme.paper, theme.ink)
        is_chosen = len(characters) > 1 and number == view.number
        painter.outline(
            frame.shrunk(-painter.pixels(1)), theme.text if is_chosen else theme.card_edge, line=2 if is_chosen else 1
        )


def frames(square: Box, count: int, gap: int) -> list[Box]:
    """`count` equal squares within `square`, row by row from left to right; the rows are centred in its height."""
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    side = (square.width - (columns - 1) * gap) // columns
    top = square.centre[1] - (rows * (side + gap) - gap) // 2
    return [
        Box(square.left + k % columns * (side + gap), top + k // columns * (side + gap), side, side)
        for k in range(count)
    ]
