"""The controls of an experiment: which digit to dream of, and how strongly to fool.

They lie in the card of the experiment, beside its images, and are there only while it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Box
from drawapp.reading.experiments import STRONGEST
from drawapp.session.language import gettext as _
from drawapp.ui import intents
from drawapp.ui.controls.button import Button
from drawapp.ui.controls.control import Control, State
from drawapp.ui.controls.slider import Slider
from drawapp.ui.controls.strip import Strip
from drawapp.ui.intents import Intent
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.wording import TIMES
from drawapp.ui.theme import SMALLEST
from drawapp.ui.view import View

STEP = 0.05  # times the change
WIDEST = 380  # pixels


class StrengthSlider(Slider):
    """How many times the smallest change is made. At 1, which is marked, the answer turns."""

    def __init__(self) -> None:
        super().__init__("strength", _("Strength of the change"), 0.0, STRONGEST, STEP)

    def meaning(self, value: float) -> Intent:
        """Fool by so many times the change."""
        return intents.Try("fool", strength=round(value, 2))

    @property
    def way(self) -> Box:
        """The way of the knob's middle: what is left of it is free for the number."""
        return self.box.without_left(self.box.width // 5).shrunk(self.box.height // 4)

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the number, the way, the mark at 1 and the knob."""
        theme, way = painter.theme, self.way
        middle, half = way.centre[1], painter.pixels(2)
        words = f"{TIMES}\N{THIN SPACE}{self.value:.2f}"
        painter.write(words, SMALLEST, theme.text, "midleft", (self.box.left, middle), bold=True)
        painter.fill(Box(way.left, middle - half, way.width, 2 * half), theme.edge, 2)
        mark = way.left + round(self.fraction(1.0) * way.width)
        painter.fill(Box(mark - half // 2, middle - 5 * half, half, 10 * half), theme.edge)
        self.draw_knob(painter, state)


class TrialControls:
    """The controls of whatever experiment a `view` shows, in the order of Tab."""

    def __init__(self) -> None:
        self.classes = Strip("classes", _("What to dream of"), self._dream_of)
        self.pause = Button("pause", _("Stop the dream, or go on"), "", intents.Try("pause"), framed=True)
        self.undo = Button("undo-dream", _("Back to the drawing") + " (Esc)", _("Undo"), intents.Escape(), framed=True)
        self.strength = StrengthSlider()
        self.ask = Button("ask", _("The same image for another network"), "", intents.Try("ask"), framed=True)
        self._numbers: Sequence[int] = ()

    @property
    def all(self) -> list[Control]:
        """All of them."""
        return [self.classes, self.pause, self.undo, self.strength, self.ask]

    def update(self, view: View) -> None:
        """Show the controls of the experiment of this view."""
        shown, explanation = view.experiment, view.explanation
        what = shown.what if shown else None
        for control in (self.classes, self.pause, self.undo):
            control.shown = what == "dream"
        self.strength.shown = what == "fool"
        self.ask.shown = what == "fool" and bool(shown and shown.other)
        if shown is None or explanation is None:
            return
        self._numbers = explanation.shown
        self.classes.words = [explanation.network.classes[k] for k in self._numbers]
        self.classes.chosen = self._numbers.index(shown.label) if shown.label in self._numbers else None
        self.pause.face = _("Go on") if shown.is_paused else _("Stop")
        self.pause.enabled = shown.runs or shown.is_paused
        self.strength.value = shown.strength
        self.ask.face = _("Ask the convnet") if "convnet" in shown.other else _("Ask the small network")

    def arrange(self, box: Box, layout: Layout) -> None:
        """Put them into `box`, in two rows."""
        gap, width = layout.pixels(6), min(box.width, layout.pixels(WIDEST))
        height = min(layout.pixels(TARGET), (box.height - gap) // 2)
        top, half = box.bottom - height, (width - gap) // 2
        self.classes.box = self.strength.box = Box(box.left, top - gap - height, width, height)
        self.ask.box = Box(box.left, top, width, height)
        self.pause.box = Box(box.left, top, half, height)
        self.undo.box = Box(box.left + width - half, top, half, height)

    def _dream_of(self, number: int) -> Intent:
        return intents.Try("dream", self._numbers[number])
