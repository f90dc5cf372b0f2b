"""The drawing screen: the sheet; the model, the answer, what the network saw and the bars; and the tool bar below.

It puts together what the other files of this folder draw, so that the app has one thing to show and to ask. It needs no
window, so that a screenshot can be made anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Box
from drawapp.session.language import gettext as _
from drawapp.ui.controls.control import Control
from drawapp.ui.controls.segments import Segments
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.painter import Painter
from drawapp.ui.screens.draw.answer import Answer
from drawapp.ui.screens.draw.bars import Bars, rows_of
from drawapp.ui.screens.draw.seen import draw_seen
from drawapp.ui.screens.draw.sheet import Sheet
from drawapp.ui.screens.screen import Screen
from drawapp.ui.view import View


class DrawScreen(Screen):
    """The screen on which one draws and reads the answer."""

    def __init__(self, layout: Layout, view: View) -> None:
        super().__init__(layout, view, Sheet())
        self.charset = Segments("charset", _("Allowed characters") + " (H)")
        self.answer = Answer(view)
        self.bars = Bars(view)
        self.arrange(layout)
        self.update(view)

    @property
    def own_controls(self) -> Sequence[Control]:
        """The switch between charsets, the bars, the answer, and the offer of another model."""
        return (self.charset, self.bars, self.answer, self.answer.offer)

    @property
    def answer_box(self) -> Box:
        """The labels open below the answer, as wide as all cards."""
        answer, header = self.layout.answer, self.layout.header
        return Box(header.left, answer.top, header.width, answer.height)

    def arrange(self, layout: Layout) -> None:
        """Lay everything out anew."""
        super().arrange(layout)
        self.answer.arrange(layout)
        self.bars.arrange(layout)

    def update(self, view: View) -> None:
        """Show this view from here on."""
        self.charset.shown = view.charset is not None
        self.charset.charset = view.charset or self.charset.charset
        self.answer.update(view)
        self.bars.update(view)
        super().update(view)
        self._arrange_header()

    def glide(self, seconds: float) -> bool:
        """Let the bars move on by `seconds`. Returns whether they are still moving."""
        return self.bars.glide(rows_of(self.view), seconds)

    def draw_cards(self, painter: Painter) -> None:
        """Draw what the network saw."""
        draw_seen(painter, self.layout, self.view)

    def _arrange_header(self) -> None:
        """The list of models takes the whole header where there is no charset to choose."""
        layout = self.layout
        head = layout.header
        width = max(layout.seen.width, layout.pixels(3 * TARGET)) if self.charset.shown else 0
        if width:
            self.charset.box = Box(head.right - width, head.top, width, head.height)
            head = Box(head.left, head.top, head.width - width - layout.gutter, head.height)
        self.models.arrange(head, Box(0, 0, *layout.window), layout.inset, layout.scale)
