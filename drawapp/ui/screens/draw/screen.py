"""The drawing screen: the sheet; the model, the answer, what the network saw and the bars; and the tool bar below.

It puts together what the other files of this folder draw, so that the app has one thing to show and to ask. It needs no
window, so that a screenshot can be made anywhere.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.session.language import gettext as _
from drawapp.ui.controls.control import Control
from drawapp.ui.controls.drop_down import DropDown
from drawapp.ui.controls.focus import Focus
from drawapp.ui.controls.message import draw_message
from drawapp.ui.controls.segments import Segments
from drawapp.ui.controls.tool_tip import ToolTip
from drawapp.ui.intents import Intent, PenGone
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.painter import Painter
from drawapp.ui.preferences import colours_of
from drawapp.ui.screens.draw.answer import Answer
from drawapp.ui.screens.draw.bars import Bars, rows_of
from drawapp.ui.screens.draw.brackets import draw_brackets
from drawapp.ui.screens.draw.seen import draw_seen
from drawapp.ui.screens.draw.sheet import Sheet
from drawapp.ui.screens.help import Help
from drawapp.ui.screens.tool_bar import ToolBar
from drawapp.ui.view import View


class DrawScreen:
    """Draws a `view` in a `layout`, on any surface of the layout's size, and leads events to its controls."""

    def __init__(self, layout: Layout, view: View) -> None:
        self.layout = layout
        self.view = view
        self.focus = Focus()
        self.sheet = Sheet()
        self.tools = ToolBar(view.places)
        self.models = DropDown("models", _("Model") + " (M)")
        self.charset = Segments("charset", _("What may be answered") + " (H)")
        self.answer = Answer(view)
        self.help = Help()
        self._bars = Bars()
        self._tip = ToolTip()
        self.arrange(layout)
        self.update(view)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.layout.window

    @property
    def controls(self) -> list[Control]:
        """All controls of the screen, in the order of Tab."""
        return [self.sheet, *self.tools.controls, self.models, self.charset, self.answer, self.answer.offer]

    @property
    def shows_help(self) -> bool:
        """Whether the help lies over everything."""
        return self.help.shown

    def arrange(self, layout: Layout) -> None:
        """Lay everything out anew."""
        self.layout = layout
        self.sheet.arrange(layout)
        self.tools.arrange(layout)
        self.help.arrange(layout)
        self.answer.arrange(layout)

    def update(self, view: View) -> None:
        """Show this view from here on."""
        self.view = view
        self.charset.shown = view.charset is not None
        self.charset.charset = view.charset or self.charset.charset
        self.models.names, self.models.chosen = view.models, view.chosen
        self.tools.update(view)
        self.help.update(view)
        self.answer.update(view)
        self._arrange_header()
        self.focus.show(self.help.controls if self.help.shown else self.controls)

    def toggle_help(self) -> None:
        """Show the help, or hide it."""
        self.help.shown = not self.help.shown
        self.update(self.view)

    def close_open(self) -> bool:
        """Close what lies over the screen. Returns whether there was anything."""
        opened = self.focus.opened
        if opened:
            opened.close()
        elif self.help.shown:
            self.toggle_help()
        else:
            return False
        return True

    def pen_at(self, at: Point) -> Intent:
        """The pen is where the mouse is over the sheet, and else nowhere."""
        return (self.sheet.drag(at) if self.focus.hovered is self.sheet else None) or PenGone()

    def let_go(self) -> Intent | None:
        """The keyboard was taken away."""
        return self.sheet.let_go()

    def glide(self, seconds: float) -> bool:
        """Let the bars move on by `seconds`. Returns whether they are still moving."""
        return self._bars.glide(rows_of(self.view), seconds)

    def tip(self, now: float) -> bool:
        """Show or hide the tool tip, at the time `now`. Returns whether that changes the screen."""
        return self._tip.follow(self.focus.pointed, now)

    def draw(self, surface: pygame.Surface) -> None:
        """Draw everything."""
        view, layout = self.view, self.layout
        painter = Painter(surface, colours_of(view.preferences), layout.scale, layout.look.type_scale)
        surface.fill(painter.theme.background)
        self._draw_sheet(painter)
        draw_seen(painter, layout, view)
        self._bars.draw(painter, layout, view)
        for control in self.controls:
            if control.shown and control is not self.sheet:
                control.draw(painter, self.focus.state(control))
        for control in self.controls:
            if control.is_open:
                control.draw_over(painter, self.focus.mouse)
        if self.help.shown:
            for control in self.help.controls:
                control.draw(painter, self.focus.state(control))
        if view.message:
            draw_message(painter, layout, view.message)
        self._tip.draw(painter)

    def _draw_sheet(self, painter: Painter) -> None:
        view, sheet = self.view, self.sheet
        sheet.draw_canvas(painter, view.canvas, view.preferences.fine_ink, self.focus.state(sheet))
        if view.canvas.is_empty and not view.canvas.is_drawing:
            sheet.draw_invitation(painter, view.noun)
        if len(view.characters) > 1:
            draw_brackets(painter, sheet.viewport, view.canvas, view.characters)
        sheet.draw_brush(painter, view.brush)

    def _arrange_header(self) -> None:
        """The list of models takes the whole header where there is no charset to choose."""
        layout = self.layout
        head = layout.header
        width = max(layout.seen.width, layout.pixels(3 * TARGET)) if self.charset.shown else 0
        if width:
            self.charset.box = Box(head.right - width, head.top, width, head.height)
            head = Box(head.left, head.top, head.width - width - layout.gutter, head.height)
        self.models.arrange(head, Box(0, 0, *layout.window), layout.inset, layout.scale)
