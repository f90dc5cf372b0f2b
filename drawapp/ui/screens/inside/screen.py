"""The place Inside: one draws on the left and watches the network think on the right.

A percentage says nothing of how it came about. Here the same drawing is followed from the ink to the answer, in the
numbers of the prediction that is shown.
"""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading.experiments import Experiment
from drawapp.session.language import gettext as _
from drawapp.ui import intents
from drawapp.ui.controls.button import Button
from drawapp.ui.controls.control import Control
from drawapp.ui.controls.row import arrange_in_row
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.layout import Layout
from drawapp.ui.painter import Painter
from drawapp.ui.screens.draw.sheet import Sheet
from drawapp.ui.screens.inside.card import draw_card
from drawapp.ui.screens.inside.enlarged import Enlarged
from drawapp.ui.screens.inside.experiment_card import draw_experiment, draw_trial
from drawapp.ui.screens.inside.kept_image import KeptImage
from drawapp.ui.screens.inside.network import BARS_WIDTH, NetworkCard
from drawapp.ui.screens.inside.plan import Plan, TrialPlan, plan_for, trial_plan
from drawapp.ui.screens.inside.trial_controls import TrialControls
from drawapp.ui.screens.inside.wording import sentence_of, wrapped
from drawapp.ui.screens.screen import Screen
from drawapp.ui.theme import BODY, SMALLEST
from drawapp.ui.view import View

CAPTION_LINE = 1.35  # of the size of type
GAP = 14  # pixels between an enlarged map and the words beside it


class WatchedSheet(Sheet):
    """The sheet of this place: one draws on it with the pen, and the keys go through the network."""

    def key(self, stroke: KeyStroke) -> Intent | None:
        """Space plays the steps, and the arrows go from one to the next."""
        if stroke.shift:
            return None
        means: dict[int, Intent] = {
            pygame.K_SPACE: intents.Play(),
            pygame.K_LEFT: intents.Walk(-1),
            pygame.K_RIGHT: intents.Walk(1),
        }
        return means.get(stroke.key)


class InsideScreen(Screen):
    """The screen on which one sees the network at work."""

    def __init__(self, layout: Layout, view: View) -> None:
        super().__init__(layout, view, WatchedSheet())
        self.network = NetworkCard()
        self.enlarged = Enlarged()
        self.trial = TrialControls()
        self.steps = [
            Button("back", _("Previous step"), "\N{LEFTWARDS ARROW}", intents.Walk(-1), framed=True),
            Button("play", _("Step by step") + " (Space)", _("Play"), intents.Play(), framed=True),
            Button("next", _("Next step"), "\N{RIGHTWARDS ARROW}", intents.Walk(1), framed=True),
            Button("why", _("The ink for and against the answer") + " (W)", _("Why"), intents.AskWhy(), framed=True),
        ]
        self.tries = [
            Button("dream", _("What the network wants to see") + " (D)", _("Dream"), intents.Try("dream"), framed=True),
            Button(
                "fool", _("The smallest change that fools it") + " (F)", _("Fool"), intents.Try("fool"), framed=True
            ),
            Button("alike", _("Training images like this") + " (N)", _("Nearest"), intents.Try("alike"), framed=True),
        ]
        self._card = KeptImage()
        self._given = layout
        self._plan = plan_for(layout, None)
        self.arrange(layout)
        self.update(view)

    @property
    def own_controls(self) -> Sequence[Control]:
        """The steps, the network, and the image that its card enlarges."""
        return (*self.steps, *self.tries, self.network, self.enlarged, *self.trial.all)

    @property
    def card(self) -> str | None:
        """Which card is open: that of a unit or a pixel, or that of an experiment."""
        if self.view.experiment:
            return "trial"
        explanation, unit = self.view.explanation, self.view.inside.unit
        is_open = (
            unit is not None
            and explanation is not None
            and not explanation.at_rest
            and unit[0] < len(explanation.stages)
        )
        return "value" if is_open else None

    def arrange(self, layout: Layout) -> None:
        """Lay everything out anew."""
        self._given = layout
        self._plan = self._planned()
        own = self._plan.layout
        super().arrange(own)
        self.models.arrange(own.header, Box(0, 0, *own.window), own.inset, own.scale)
        self.network.arrange(self._plan.network, min(own.inset, own.pixels(16)))
        self.enlarged.box = Box(*self._inner[:2], *[min(self._inner.height, self._inner.width // 3)] * 2)
        arrange_in_row(self.steps, self._plan.steps, own.pixels(6))
        arrange_in_row(self.tries, self._plan.tries, own.pixels(6))

    def update(self, view: View) -> None:
        """Show this view from here on."""
        self.view = view
        if self._planned() != self._plan:
            self.arrange(self._given)
        own = self.layout
        play, why = self.steps[1], self.steps[3]
        play.is_on, why.is_on = view.inside.plays, view.inside.explains
        for button in (*self.steps, *self.tries):
            button.enabled = view.explanation is not None and not view.explanation.at_rest
        self.tries[0].enabled = view.explanation is not None  # a dream may begin with nothing
        caption = round(own.pixels(SMALLEST) * own.look.type_scale * CAPTION_LINE)
        self.network.update(view, caption, round(own.pixels(BARS_WIDTH) * own.look.type_scale))
        self.enlarged.update(*(view.explanation, view.inside.unit) if self.card == "value" else (None, None))
        self.trial.update(view)
        if view.experiment:
            self.trial.arrange(self._trial_plan(view.experiment).controls, own)
        super().update(view)

    @property
    def _inner(self) -> Box:
        """The room in the card."""
        own = self.layout
        return (self._plan.card or self._plan.network).shrunk(min(own.inset, own.pixels(14)))

    def draw_cards(self, painter: Painter) -> None:
        """Draw the sentence, and the card of the unit that is open."""
        draw_sentence(painter, self._plan.notes, sentence_of(self.view))
        explanation, unit, experiment = self.view.explanation, self.view.inside.unit, self.view.experiment
        if self._plan.card and experiment:
            painter.card(self._plan.card)
            if experiment.what == "alike":
                draw_experiment(painter, self._inner, experiment)
            else:
                draw_trial(painter, self._inner, experiment, self._trial_plan(experiment))
        elif self._plan.card and explanation and unit:
            card, inner = self._plan.card, self._inner
            if self.enlarged.shown:
                inner = inner.without_left(self.enlarged.box.width + self.layout.pixels(GAP))
            self._card.draw(
                painter, card, (explanation, unit), lambda: draw_card(painter, card, inner, explanation, unit)
            )

    def draw_over_controls(self, painter: Painter) -> None:
        """Light the connections of the unit under the mouse."""
        if self.focus.hovered is self.network:
            self.network.draw_hover(painter, self.focus.mouse)

    def _trial_plan(self, experiment: Experiment) -> TrialPlan:
        return trial_plan(self._inner, self.layout, len(experiment.frames))

    def _planned(self) -> Plan:
        return plan_for(self._given, self.card)


def draw_sentence(painter: Painter, box: Box, words: str) -> None:
    """Write `words` in `box`, in as many lines as they need."""
    lines, room = wrapped(painter, words, box.width), box.width
    pitch = min(painter.line_height(BODY), box.height // max(len(lines), 1))
    size = min(BODY, max(SMALLEST, BODY * pitch / painter.line_height(BODY)))
    for number, line in enumerate(lines):
        at = (box.left, box.top + number * pitch)
        painter.write(line, size, painter.theme.text, "topleft", at, room=room)
