"""The tool bar: what one draws with on one side, where one is and the help on the other.

It is the same in every place of the window, so that nobody has to look for Undo.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Box
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui import intents, pen
from drawapp.ui.controls.button import Button
from drawapp.ui.controls.control import Control
from drawapp.ui.controls.slider import Slider
from drawapp.ui.keys import CONTROL
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.view import View

PLACES = {"draw": marked("Draw"), "inside": marked("Inside"), "learn": marked("Learn")}
GROUP = 14  # pixels between groups of tools
PLACE_WIDTH, SLIDER_WIDTH = 88, 150  # pixels


class ToolBar:
    """The controls of the tool bar, in the order of Tab. `places` are shown when there are several."""

    def __init__(self, places: Sequence[str]) -> None:
        self.undo = Button("undo", _("Undo") + f" ({CONTROL} Z)", "undo", intents.Undo())
        self.redo = Button("redo", _("Redo") + f" ({CONTROL} Y)", "redo", intents.Redo())
        self.pen = Button("pen", _("Pen"), "pen", intents.ChooseTool(erase=False))
        self.eraser = Button("eraser", _("Eraser (right button)"), "eraser", intents.ChooseTool(erase=True))
        self.clear = Button("clear", _("Clear the sheet") + " (R)", "clear", intents.Clear())
        self.brush = Slider("brush", "", pen.NARROWEST, pen.WIDEST, pen.STEP)
        shown = places if len(places) > 1 else ()
        self.places = [Button(name, "", _(PLACES[name]), intents.ChoosePlace(name)) for name in shown]
        self.help = Button("help", _("Keys and settings") + " (F1)", "?", intents.ShowHelp())

    @property
    def controls(self) -> list[Control]:
        """All of them."""
        return [*self._tools, *self._others]

    @property
    def _tools(self) -> list[Control]:
        return [self.undo, self.redo, self.pen, self.eraser, self.clear, self.brush]

    @property
    def _others(self) -> list[Control]:
        return [*self.places, self.help]

    def arrange(self, layout: Layout) -> None:
        """Put them there: the tools on the side of the sheet, and the others at the far end."""
        bar, group = layout.tools, layout.pixels(GROUP)
        widths = {control: layout.pixels(TARGET) for control in self.controls}
        free = bar.width - sum(widths.values()) - 4 * group + len(self.places) * layout.pixels(TARGET)
        place = min(layout.pixels(PLACE_WIDTH * layout.look.type_scale), free // max(len(self.places), 1))
        widths.update(dict.fromkeys(self.places, place))
        free = bar.width - sum(widths.values()) + widths[self.brush] - 4 * group
        widths[self.brush] = min(layout.pixels(SLIDER_WIDTH), max(free, widths[self.brush]))
        first, second = self._tools, self._others
        if layout.look.left_handed:
            first, second = second, first
        left = bar.left
        for control in first:
            control.box = Box(left, bar.top, widths[control], bar.height)
            left = control.box.right + (group if control in (self.redo, self.eraser, self.clear) else 0)
        left = bar.right - sum(widths[c] for c in second) - (3 * group if self.brush in second else 0)
        for control in second:
            control.box = Box(left, bar.top, widths[control], bar.height)
            left = control.box.right + (group if control in (self.redo, self.eraser, self.clear) else 0)

    def update(self, view: View) -> None:
        """Show this view."""
        self.undo.enabled, self.redo.enabled = view.canvas.can_undo, view.canvas.can_redo
        self.clear.enabled = bool(view.canvas.ink.any())
        self.pen.is_on, self.eraser.is_on = not view.brush.erases, view.brush.erases
        self.brush.value = view.brush.width
        self.brush.tip = _("Brush: {width} cells").format(width=f"{view.brush.width:g}") + " ([ ])"
        for place in self.places:
            place.is_on = place.name == view.place
