"""What a network makes of the sheet: one short bar per class.

The place Learn is about how an answer changes, so the answer stays in sight, smaller than on Draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from drawapp.drawing.geometry import Box, Point
from drawapp.session.language import gettext as _
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.learn_intents import AskForLabel
from drawapp.ui.painter import CORNER, Painter
from drawapp.ui.screens.draw.bars import Row, draw_classes, draw_row, fitted_size
from drawapp.ui.theme import CAPTION, SMALLEST

LEAST_PITCH = 17  # pixels from row to row: in less room, the best classes are shown alone
THICKNESS = 10  # of a bar


class ReadRows(NamedTuple):
    """The `rows` of a network that knows `classes`. A `caption` says which network, where it is another one."""

    rows: Sequence[Row]
    classes: tuple[str, ...]
    caption: str = ""


class Reads(Control):
    """The card of the bars. A press asks what the character should have been."""

    def __init__(self) -> None:
        super().__init__("reads", _("Wrong? Click it, and say what it is (Enter)"))

    def release(self, at: Point) -> Intent | None:
        """A press on the card."""
        return AskForLabel() if self.contains(at) else None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the ring. The bars are drawn before all controls."""
        if state.has_ring:
            painter.ring(self.box, CORNER)


def draw_reads(painter: Painter, box: Box, inset: int, reads: ReadRows) -> None:
    """Draw the card with its rows, as many as there is room for; without rows, the classes."""
    painter.card(box)
    inner = box.shrunk(min(inset, painter.pixels(12)))
    rows, classes, caption = reads
    fits = inner.height - painter.line_height(SMALLEST) >= len(rows) * painter.pixels(LEAST_PITCH) * painter.type_scale
    if caption and fits:
        painter.write(caption, SMALLEST, painter.theme.muted, "midtop", (inner.centre[0], inner.top), room=inner.width)
        inner = inner.without_top(painter.line_height(SMALLEST))
    if not rows:
        draw_classes(painter, inner, classes)
        return
    count = max(1, min(len(rows), int(inner.height / (painter.pixels(LEAST_PITCH) * painter.type_scale))))
    best = sorted(range(len(rows)), key=lambda number: -rows[number].value)[:count]
    shown = [rows[number] for number in sorted(best)]
    pitch = inner.height / count
    size = max(SMALLEST, min(CAPTION, fitted_size(painter, pitch)))
    labels = max(painter.width(row.label, size, True) for row in shown) + painter.pixels(10)
    numbers = painter.width("99.9 %", size, True) + painter.pixels(8)
    high = min(painter.pixels(THICKNESS), round(pitch / 2))
    for number, row in enumerate(shown):
        middle = round(inner.top + (number + 0.5) * pitch)
        track = Box(inner.left + labels, middle - high // 2, max(8, inner.width - labels - numbers), high)
        draw_row(painter, inner, row, track, row.value, size)
