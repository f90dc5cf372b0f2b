"""The card: the numbers of whatever is looked at, a unit, a pixel of a feature map or a pixel of an image."""

from __future__ import annotations

from drawapp.drawing.geometry import Box
from drawapp.reading.arithmetic import sum_of
from drawapp.reading.explanation import Explanation
from drawapp.session.language import gettext as _
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.map_card import draw_map
from drawapp.ui.screens.inside.pixel_card import draw_pixel
from drawapp.ui.screens.inside.unit_card import draw_unit
from drawapp.ui.theme import BODY


def draw_card(painter: Painter, box: Box, inner: Box, explanation: Explanation, unit: tuple[int, int]) -> None:
    """Draw the card of a value, given by the numbers of its stage and its own, in `box`, with the text in `inner`."""
    painter.card(box)
    kind = explanation.stages[unit[0]].kind
    if kind == "image":
        draw_pixel(painter, inner, explanation, unit)
        return
    found = sum_of(explanation, *unit)
    if found is None:
        words = _("This sum is not shown: only those of dense layers and convolutions can be told.")
        painter.write(words, BODY, painter.theme.muted, "center", inner.centre, room=inner.width)
    elif kind == "maps":
        draw_map(painter, inner, explanation, unit, found)
    else:
        draw_unit(painter, inner, explanation, unit, found)
