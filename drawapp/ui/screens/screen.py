"""The screen: what every place of the window has, whatever it shows.

The sheet, the tools, the list of models and the help are the same everywhere, and so is how events find them and what
lies over what. A place adds its own controls and draws its own cards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.session.language import gettext as _
from drawapp.ui.controls.control import Control
from drawapp.ui.controls.drop_down import DropDown
from drawapp.ui.controls.focus import Focus
from drawapp.ui.controls.label_strip import LabelStrip
from drawapp.ui.controls.message import draw_message
from drawapp.ui.controls.tool_tip import ToolTip
from drawapp.ui.intents import Intent, PenGone
from drawapp.ui.layout import Layout
from drawapp.ui.painter import Painter
from drawapp.ui.preferences import colours_of
from drawapp.ui.screens.draw.brackets import draw_brackets
from drawapp.ui.screens.draw.sheet import Sheet
from drawapp.ui.screens.help import Help
from drawapp.ui.screens.tool_bar import ToolBar
from drawapp.ui.screens.why import draw_why
from drawapp.ui.view import View


class Screen:
    """Draws a `view` in a `layout`, on any surface of the layout's size, and leads events to its controls."""

    def __init__(self, layout: Layout, view: View, sheet: Sheet) -> None:
        self.layout = layout
        self.view = view
        self.focus = Focus()
        self.sheet = sheet
        self.tools = ToolBar(view.places)
        self.models = DropDown("models", _("Model") + " (M)")
        self.labels = LabelStrip()
        self.help = Help()
        self._tip = ToolTip()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.layout.window

    @property
    def own_controls(self) -> Sequence[Control]:
        """The controls that only this place has."""
        return ()

    @property
    def controls(self) -> list[Control]:
        """All controls of the screen, in the order of Tab."""
        return [self.sheet, *self.tools.controls, self.models, *self.own_controls, self.labels]

    @property
    def answer_box(self) -> Box:
        """Where the labels open when the answer is wrong."""
        return self.layout.header

    @property
    def boxes(self) -> dict[str, Box]:
        """Where the controls lie that are shown, by their names; the sheet is known by its grid."""
        return {each.name: each.box for each in self.controls if each.shown and each is not self.sheet}

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
        self.labels.arrange(self.answer_box, layout)

    def update(self, view: View) -> None:
        """Show this view from here on."""
        self.view = view
        self.models.names, self.models.chosen = view.models, view.chosen
        self.tools.update(view)
        self.help.update(view)
        self.focus.show(self.help.controls if self.help.shown else self.controls)

    def toggle_help(self, page: Literal["keys", "about"] = "keys") -> None:
        """Show a page of the help, or hide the help."""
        self.help.toggle(page)
        self.update(self.view)

    def ask_for_label(self) -> None:
        """Show the labels to choose from, if there is a character to correct and no list has taken the key."""
        character, found = self.view.character, self.view.prediction
        if character and found and not found.shape and not self.focus.opened:
            self.labels.open(self.view.classes, character.best)

    def close_open(self) -> bool:
        """Close what lies over the screen. Returns whether there was anything."""
        opened = self.focus.opened
        if opened:
            opened.close()
        elif self.help.shown:
            self.toggle_help(self.help.page)
        else:
            return False
        return True

    def pen_at(self, at: Point) -> Intent:
        """The pen is where the mouse is over the sheet, and else nowhere."""
        return (self.sheet.drag(at) if self.focus.hovered is self.sheet else None) or PenGone()

    def glide(self, seconds: float) -> bool:
        """Move on by `seconds` what glides. Returns whether anything is still moving."""
        return False

    def tip(self, now: float) -> bool:
        """Show or hide the tool tip, at the time `now`. Returns whether that changes the screen."""
        return self._tip.follow(self.focus.pointed, now)

    def draw_cards(self, painter: Painter) -> None:
        """Draw what only this place has."""

    def draw_over_controls(self, painter: Painter) -> None:
        """Draw what lies over the controls of this place."""

    def draw(self, surface: pygame.Surface) -> None:
        """Draw everything."""
        view, layout = self.view, self.layout
        painter = Painter(surface, colours_of(view.preferences), layout.scale, layout.look.type_scale)
        surface.fill(painter.theme.background)
        self._draw_sheet(painter)
        self.draw_cards(painter)
        for control in self.controls:
            if control.shown and control is not self.sheet:
                control.draw(painter, self.focus.state(control))
        self.draw_over_controls(painter)
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
        if view.inside.explains:
            draw_why(painter, sheet, view)
        if len(view.characters) > 1:
            draw_brackets(painter, sheet.viewport, view.canvas, view.characters)
        sheet.draw_brush(painter, view.brush)
