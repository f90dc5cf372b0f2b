"""The part of Learn that shows how a network learns, from noise to an answer.

It has three faces: the settings before a training, the training itself, and runs beside one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from drawapp.drawing.geometry import Box, Point
from drawapp.learning.trainer import Pace, Progress
from drawapp.reading.prediction import Character
from drawapp.session.language import gettext as _
from drawapp.ui.controls.button import Button
from drawapp.ui.controls.choice import Choice
from drawapp.ui.controls.control import Control
from drawapp.ui.controls.row import arrange_in_row
from drawapp.ui.intents import AskForFile, Intent
from drawapp.ui.layout import DEFAULT, Layout, layout_for
from drawapp.ui.learn_intents import ChangePace, CompareRuns, TrainingCommand
from drawapp.ui.learning.training import TrainingView
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.kept_image import KeptImage
from drawapp.ui.screens.learn.curve_lines import charts_of_runs, charts_of_training
from drawapp.ui.screens.learn.curves import Curves
from drawapp.ui.screens.learn.matrix import draw_matrix
from drawapp.ui.screens.learn.part import Part
from drawapp.ui.screens.learn.reads import ReadRows
from drawapp.ui.screens.learn.run_list import RunList
from drawapp.ui.screens.learn.scale import WHOLE
from drawapp.ui.screens.learn.text import draw_caption, draw_facts
from drawapp.ui.screens.learn.train_facts import facts_of, reads_of
from drawapp.ui.screens.learn.train_plan import train_plan
from drawapp.ui.screens.learn.train_settings import TrainSettings
from drawapp.ui.screens.learn.weights import draw_gradients, draw_weights
from drawapp.ui.theme import SMALLEST
from drawapp.ui.view import View
from nn_scratch.explain.layers import first_weights

Face = Literal["settings", "training", "runs"]
PACES: tuple[Pace, ...] = ("slow", "steady", "full")
BUTTONS = 0.46  # of the width of the row, beside the paces
GRADIENTS = 0.6  # of the height of the curves, below which the gradients lie


def button(name: str, words: str, what: Intent, tip: str = "") -> Button:
    """A button of this part that means `what`."""
    return Button(name, tip, words, what, framed=True)


class TrainPart(Part):
    """Shows the training of `view.learn.training`."""

    def __init__(self) -> None:
        self.settings = TrainSettings()
        self.curves = Curves()
        self.runs = RunList()
        self.pace = Choice("pace", _("Step by step, an epoch per second, or as fast as possible"), pace_at)
        self.pace.words = [_("Slow"), _("Steady"), _("Full speed")]
        self.play = button("train-play", "", TrainingCommand("play"))
        self.step = button("train-step", _("Step"), TrainingCommand("step"), _("One batch, and then a pause"))
        self.stop = button("train-stop", _("Stop"), TrainingCommand("stop"), _("End here, and keep what was learned"))
        self.compare = button("compare", _("Compare runs"), CompareRuns(True))
        self.try_it = button("try-it", _("Try it"), TrainingCommand("draw"), _("Read with this network"))
        self.keep = button("keep-run", _("Keep the run"), TrainingCommand("keep"), _("Keep its curves to compare them"))
        self.discard = button("discard", _("Discard"), TrainingCommand("discard"))
        self.open_run = button("open-run", _("Open a run") + "\N{HORIZONTAL ELLIPSIS}", AskForFile("run"))
        self.back = button("compare-back", _("Back"), CompareRuns(False))
        self._kept = {name: KeptImage() for name in ("weights", "confusion")}
        self._view = TrainingView()
        self._read: tuple[Progress | None, Character | None, ReadRows] | None = None
        self._classes: tuple[str, ...] = ()
        self._layout = layout_for(DEFAULT)
        self._plan = train_plan(self._layout, Box(0, 0, *DEFAULT))

    @property
    def face(self) -> Face:
        """Which of the three is shown."""
        if self._view.compares:
            return "runs"
        return "settings" if self._view.progress is None else "training"

    @property
    def buttons(self) -> Sequence[Control]:
        """The row above everything."""
        progress = self._view.progress
        if self.face == "runs":
            return (self.open_run, self.back)
        if progress is None:
            return (self.play, self.step, self.compare)
        if progress.is_over:
            return (self.try_it, self.keep, self.compare, self.discard)
        return (self.play, self.step, self.stop, self.pace)

    @property
    def controls(self) -> Sequence[Control]:
        """Its controls, in the order of Tab."""
        shown: dict[Face, Sequence[Control]] = {
            "settings": self.settings.controls,
            "training": (self.curves,),
            "runs": (self.curves, self.runs),
        }
        return (*self.buttons, *shown[self.face])

    def arrange(self, layout: Layout, box: Box) -> None:
        """Lay everything out in `box`."""
        self._layout, self._plan = layout, train_plan(layout, box)
        plan, gap = self._plan, layout.pixels(6)
        self.settings.arrange(layout, plan.body)
        self.curves.inset = self.runs.inset = min(layout.inset, layout.pixels(14))
        self.curves.box, self.runs.box = plan.curves, plan.side
        self._arrange_buttons(gap)

    def _arrange_buttons(self, gap: int) -> None:
        box = self._plan.buttons
        if self.pace not in self.buttons:
            arrange_in_row(self.buttons, box, gap)
            return
        half = round(BUTTONS * box.width)
        arrange_in_row(self.buttons[:3], box.without_right(box.width - half), gap)
        self.pace.box = box.without_left(half + gap)

    def update(self, view: View) -> None:
        """Show this view from here on."""
        training, face = view.learn.training, self.face
        if training is self._view:
            return
        self._view = training
        if self.face != face:
            self.curves.seen = WHOLE
        progress = training.progress
        self._classes = training.network.classes if training.network else ()
        self.settings.update(training)
        self.pace.chosen = PACES.index(training.pace)
        goes_on = progress is not None and progress.state in ("running", "preparing")
        self.play.face = _("Pause") if goes_on else _("Play")
        self.play.intent = TrainingCommand("pause") if goes_on else TrainingCommand("play")
        self.try_it.enabled = training.network is not None
        self.keep.enabled = bool(progress and progress.reports) and not training.is_kept
        if self.face == "runs":
            compared = training.compared
            self.runs.show(compared, self._layout.scale * self._layout.look.type_scale)
            self.curves.show(charts_of_runs(compared), max((run.epochs[-1].epoch for run in compared), default=1))
        elif progress is not None:
            self.curves.show(charts_of_training(training), progress.steps / training.steps_per_epoch or 1)
        slow = self.face == "training" and progress is not None and progress.gradients is not None
        self.curves.box = self._plan.curves.without_bottom(self._plan.curves.height - self._upper(slow))
        self._arrange_buttons(self._layout.pixels(6))

    def reads(self, view: View) -> ReadRows:
        """What the network in training makes of the drawing as it is now; before there is one, the chosen model's."""
        training = view.learn.training
        if training.network is None:
            return super().reads(view)
        is_shape = view.prediction is not None and view.prediction.shape is not None
        character = None if is_shape else view.character
        if self._read is None or self._read[:2] != (training.progress, character):
            self._read = (training.progress, character, reads_of(training.network, character))
        return self._read[2]

    def draw(self, painter: Painter, mouse: Point | None) -> None:
        """Draw the cards, below the controls."""
        self.curves.mouse = mouse if mouse is not None and self.curves.box.contains(*mouse) else None
        self.runs.mouse = mouse
        draw_facts(painter, self._plan.facts, facts_of(self._view))
        if self.face == "settings":
            self.settings.draw(painter)
        elif self.face == "training":
            self._draw_network(painter)

    def _upper(self, slow: bool) -> int:
        """The height of the curves: in slow motion accuracy stands still, and the gradients have its place."""
        whole = self._plan.curves.height
        return round(GRADIENTS * (whole - self._layout.gutter)) if slow else whole

    def _draw_network(self, painter: Painter) -> None:
        plan, progress, network = self._plan, self._view.progress, self._view.network
        if progress is None or network is None:
            return
        if progress.gradients:
            draw_gradients(
                painter, plan.curves.without_top(self._upper(True) + self._layout.gutter), progress.gradients
            )
        if plan.weights:
            box = plan.weights
            self._kept["weights"].draw(
                painter, box, progress, lambda: draw_weights(painter, box, first_weights(network))
            )
        if plan.confusion:
            card, confusion = plan.confusion, progress.confusion
            shows = None if confusion is None else confusion.tobytes()
            self._kept["confusion"].draw(painter, card, shows, lambda: self._draw_confusion(painter, card))

    def _draw_confusion(self, painter: Painter, box: Box) -> None:
        painter.card(box)
        inner, progress = box.shrunk(painter.pixels(12)), self._view.progress
        draw_caption(painter, inner, _("Rows: what it is. Columns: what is read."), _("Confusion"))
        if progress is not None and progress.confusion is not None:
            place = inner.without_top(painter.line_height(SMALLEST) + painter.pixels(2))
            side = min(place.width, place.height)
            middle = Box(place.left + (place.width - side) // 2, place.top, side, place.height)
            draw_matrix(painter, middle, progress.confusion, self._classes)


def pace_at(number: int) -> ChangePace:
    """What the segment at `number` of the paces means."""
    return ChangePace(PACES[number])
