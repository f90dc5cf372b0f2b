"""The screen of a film: the place Inside without what one presses.

A film is watched and not used. So it has no tools and no buttons, and its sentences say what happens, never what to do.
"""

from __future__ import annotations

from drawapp.drawing.geometry import Box
from drawapp.ui.controls.control import Control
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.screen import InsideScreen, draw_sentence
from drawapp.ui.screens.inside.wording import sentence_of
from drawapp.ui.theme import CAPTION


class FilmScreen(InsideScreen):
    """The sheet, the name of the model and the sentence of a step on the left, and the network on the right."""

    @property
    def controls(self) -> list[Control]:
        """What is drawn as a control: only the sheet and the network."""
        return [self.sheet, self.network]

    @property
    def watched(self) -> Box:
        """All that is to be seen; below it would be the tools."""
        width, _height = self.layout.window
        return Box(0, 0, width, self.network.box.bottom + min(self.sheet.box.top, self.network.box.top))

    def draw_cards(self, painter: Painter) -> None:
        """Write the name of the model, and below it what happens in the step, if any."""
        view, sheet, gap = self.view, self.layout.sheet, self.layout.gutter
        box = Box(sheet.left, sheet.bottom + gap, sheet.width, self.network.box.bottom - sheet.bottom - gap)
        name = view.models[view.chosen]
        painter.write(name, CAPTION, painter.theme.muted, "topleft", box[:2], room=box.width)
        if view.inside.step is not None:
            draw_sentence(painter, box.without_top(painter.line_height(CAPTION) + gap // 2), sentence_of(view))
