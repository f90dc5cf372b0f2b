"""A part of the place Learn: its own controls, and its own cards in the box beside the sheet.

The sheet, the model and its answer stay where they are while one goes from part to part. Everything else is the part's.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Box, Point
from drawapp.ui.controls.control import Control
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.layout import Layout
from drawapp.ui.painter import Painter
from drawapp.ui.screens.draw.bars import rows_of
from drawapp.ui.screens.learn.reads import ReadRows
from drawapp.ui.view import View


class Part:
    """A part that shows a `view` in a box."""

    @property
    def controls(self) -> Sequence[Control]:
        """Its controls, in the order of Tab."""
        return ()

    def key(self, stroke: KeyStroke) -> Intent | None:
        """What a key means that the sheet does not take; None: it means the same as everywhere."""
        return None

    def arrange(self, layout: Layout, box: Box) -> None:
        """Lay everything out in `box`."""

    def update(self, view: View) -> None:
        """Show this view from here on."""

    def reads(self, view: View) -> ReadRows:
        """What is shown beside the sheet: what the chosen model makes of it, unless the part has another network."""
        return ReadRows(rows_of(view), view.classes)

    def draw(self, painter: Painter, mouse: Point | None) -> None:
        """Draw the cards, below the controls."""

    def draw_over(self, painter: Painter, mouse: Point | None) -> None:
        """Draw what lies over the controls; `mouse` is where the mouse is, None outside of the window."""
