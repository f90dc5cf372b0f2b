"""The card of a feature map: the map enlarged, and how one of its pixels comes about.

A map is one kernel that was slid over everything before it. So a pixel of it is told by its window, the kernel and the
products of both; where there are many maps before, by those that add most.
"""

from __future__ import annotations

import numpy as np

from drawapp.drawing.geometry import Box
from drawapp.reading.arithmetic import Look, Sum, look_of
from drawapp.reading.explanation import Explanation
from drawapp.reading.links import MAPS
from drawapp.session.language import gettext as _
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.card_parts import draw_heading, draw_signed, draw_terms
from drawapp.ui.screens.inside.wording import TIMES, number, pieces_of
from drawapp.ui.theme import SMALLEST

LEAST = 30  # pixels along the side of a kernel


def draw_map(painter: Painter, inner: Box, explanation: Explanation, unit: tuple[int, int], found: Sum) -> None:
    """Draw the sum `found` of a pixel of a feature map in `inner`, beside the map itself."""
    shape, look = explanation.stages[unit[0]].values.shape, look_of(explanation, *unit)
    row, column, channel = (int(k) for k in np.unravel_index(unit[1], shape))
    title = _("Map {number} of {count}, row {row}, column {column}").format(
        number=channel + 1, count=shape[2], row=row + 1, column=column + 1
    )
    inner = draw_heading(painter, inner, title, pieces_of(found))
    if look is None:
        return
    if look.kernel.shape[2] == 1:
        inner = draw_window(painter, inner, look)
        terms = [
            (
                f"{k // look.kernel.shape[1] + 1}, {k % look.kernel.shape[1] + 1}:",
                f"{number(x)} {TIMES} {number(weight)} = {number(value)}",
            )
            for k, x, weight, value in found.largest
        ]
        draw_terms(painter, inner, painter.line_height(SMALLEST), terms)
    else:
        draw_kernels(painter, inner, look)


def draw_window(painter: Painter, box: Box, look: Look) -> Box:
    """The window, the kernel and their products, side by side. Returns the box that is left."""
    images = ((look.seen, _("window")), (look.kernel, TIMES + " " + _("kernel")), (look.seen * look.kernel, "="))
    caption, gap = painter.line_height(SMALLEST), painter.pixels(12)
    widest = max(painter.width(words, SMALLEST) for _, words in images)
    side = max(min(box.height - caption, box.width // 5), widest)
    for index, (values, words) in enumerate(images):
        place = Box(box.left + index * (side + gap), box.top + caption, side, side)
        draw_signed(painter, place, values[:, :, 0], words)
    return Box(box.left + 3 * (side + gap), box.top, box.width - 3 * (side + gap), box.height)


def draw_kernels(painter: Painter, box: Box, look: Look) -> None:
    """The kernels for the maps that add most, and what each of these maps adds."""
    added, order = look.per_map, look.strongest(MAPS)
    line, gap = painter.line_height(SMALLEST), painter.pixels(12)
    pitch = (box.width + gap) // MAPS
    side = max(min(box.height - 2 * line, pitch - gap), painter.pixels(LEAST))
    largest = float(np.abs(look.kernel[:, :, order]).max())
    for index, k in enumerate(order):
        place = Box(box.left + index * pitch, box.top + line, side, side)
        words = _("map {number}").format(number=k + 1)
        caption = words if painter.width(words, SMALLEST) < pitch - painter.pixels(4) else str(k + 1)
        draw_signed(painter, place, look.kernel[:, :, k], caption, largest)
        at = (place.left, place.bottom + 1)
        painter.write(number(added[k]), SMALLEST, painter.theme.text, "topleft", at, room=pitch - gap)
