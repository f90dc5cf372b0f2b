"""The work of a part of Learn: a network that learns from scratch while one watches."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from pathlib import Path

from drawapp.learning import runs, sources
from drawapp.learning.runs import KnownRun
from drawapp.learning.sources import Source
from drawapp.learning.start import Choices, start_of
from drawapp.learning.trainer import Pace, Progress, Trainer
from drawapp.reading import own_models
from drawapp.session.language import gettext as _
from drawapp.ui.intents import ChoosePlace, Intent, OpenModel, Redraw, Tell
from drawapp.ui.job import Job
from drawapp.ui.learn_intents import (
    ChangePace,
    ChangeTraining,
    ChoosePart,
    CloseRun,
    CompareRuns,
    OpenData,
    OpenRun,
    TrainingCommand,
)
from drawapp.ui.learning.work import Desk, Work
from nn_scratch.calibration import calibrate
from nn_scratch.errors import UserError, shown
from nn_scratch.network import Network

NAME = "my network"  # of what is taken to Draw
MOST_RUNS = 6  # that are compared: as many colours can be told apart
ENDING = 2.0  # seconds that a closing window waits for the present step


@dataclass(frozen=True)
class TrainingView:
    """What the part shows.

    `progress` is what the training has come to, None where there is none; `network` is its network as it is at that
    time, and `steps_per_epoch` how many steps show every example once. `runs` are compared where `compares`.
    """

    choices: Choices = field(default_factory=Choices)
    sources: tuple[Source, ...] = sources.SOURCES[:1]
    pace: Pace = "steady"
    progress: Progress | None = None
    network: Network | None = None
    steps_per_epoch: int = 1
    runs: tuple[KnownRun, ...] = ()
    compares: bool = False
    is_kept: bool = False

    @property
    def compared(self) -> tuple[KnownRun, ...]:
        """The runs, and the training itself as far as it has come, unless it is kept as one of them."""
        reports = self.progress.reports if self.progress and not self.is_kept else ()
        if not reports:
            return self.runs
        return (KnownRun(_("this training"), reports, settings=runs.settings_of(self.choices)), *self.runs)


class TrainingWork(Work):
    """Trains one network at a time, and knows the runs that it is compared with."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._trainer: Trainer | None = None
        self._view = TrainingView()
        self._saving: Job[list[Intent]] | None = None
        self._news: list[Intent] = []

    @property
    def view(self) -> TrainingView:
        """What the part shows now."""
        return self._view

    def follow(self, intent: Intent) -> Intent | None:
        """Do what the user means, if it is for this part. Returns what follows from it, such as a message."""
        match intent:
            case ChoosePart("train"):
                self._look_for_data()
            case ChangeTraining(choices):
                self._show(choices=choices)
            case ChangePace(pace):
                self._show(pace=pace)
                if self._trainer:
                    self._trainer.set_pace(pace)
            case CompareRuns(compares):
                self._show(compares=compares)
            case OpenRun(path):
                return self._open_run(path)
            case CloseRun(path):
                self._show(runs=tuple(run for run in self._view.runs if run.folder != path))
            case OpenData(path):
                return self._open_data(path)
            case TrainingCommand():
                self._command(intent)
        return None

    def turn(self, now: float) -> Intent | None:
        """Go on by a turn: show what the training has come to since the last one."""
        if self._saving and self._saving.is_done:
            self._news += self._saving.result
            self._saving = None
        if self._news:
            return self._news.pop(0)
        trainer = self._trainer
        if trainer is None or trainer.progress is self._view.progress:
            return None
        progress = trainer.progress
        if progress.state == "failed":
            self._discard()
            return Tell(progress.trouble)
        if trainer.reader and trainer.start and progress.parameters is not None and progress.layer_state is not None:
            trainer.reader.parameters[...] = progress.parameters
            trainer.reader.state[...] = progress.layer_state
            self._show(network=trainer.reader, steps_per_epoch=trainer.start.steps_per_epoch)
        self._show(progress=progress)
        return Redraw()

    def close(self) -> None:
        """End what is going on: the window closes."""
        if self._trainer:
            self._trainer.stop()
            self._trainer.wait(ENDING)
        if self._saving:
            self._saving.wait(ENDING)

    def _show(self, **values: object) -> None:
        self._view = replace(self._view, **values)  # type: ignore[arg-type]  # each has the type of its field

    def _look_for_data(self) -> None:
        """Find all that can be learned from now; a file that was opened stays among it."""
        known, choices = sources.available(self.desk.session.corrections.all), self._view.choices
        chosen = next((each for each in known if each.name == choices.source.name), choices.source)
        self._show(sources=known if chosen in known else (*known, chosen), choices=replace(choices, source=chosen))

    def _open_data(self, path: Path) -> Intent | None:
        """Choose the images in a file. They are read when the training begins. A training that is there stays."""
        self._show(compares=False)
        if self._trainer:
            words = _("A training is already open. Stop and discard it first, then open {file} again.")
            return Tell(words.format(file=shown(path.name)))
        self._show(choices=replace(self._view.choices, source=sources.custom(path)))
        self._look_for_data()
        return None

    def _open_run(self, path: Path) -> Intent | None:
        try:
            found = runs.open_run(path)
        except UserError as error:
            return Tell(str(error))
        others = [run for run in self._view.runs if run.folder not in [each.folder for each in found]]
        self._show(runs=tuple([*others, *found][-MOST_RUNS:]), compares=True)
        return None

    def _command(self, intent: TrainingCommand) -> None:
        if intent.what == "discard":
            self._discard()
            return
        if self._trainer is None and intent.what in ("play", "step"):
            choices = self._view.choices
            self._trainer = Trainer(lambda: start_of(choices), self._view.pace)
            self._show(progress=Progress(), compares=False, is_kept=False)
        trainer = self._trainer
        if trainer is None:
            return
        match intent.what:
            case "play":
                trainer.play()
            case "pause":
                trainer.pause()
            case "step":
                trainer.take_step()
            case "stop":
                trainer.stop()
            case "keep":
                self._keep()
            case "draw":
                self._save(trainer)

    def _discard(self) -> None:
        """Forget the training. Nothing of it was ever written."""
        if self._trainer:
            self._trainer.stop()
        self._trainer = None
        self._show(progress=None, network=None)

    def _keep(self) -> None:
        """Keep the training as a run folder, and show it among the others."""
        view = self._view
        if view.network is None or view.progress is None or not view.progress.reports:
            return
        try:
            folder = runs.keep(view.network, view.progress.reports)
            self._show(runs=(*view.runs, *runs.open_run(folder))[-MOST_RUNS:], is_kept=True)
            self._news.append(Tell(_("Kept as {path}").format(path=folder)))
        except UserError as error:
            self._news.append(Tell(str(error)))

    def _save(self, trainer: Trainer) -> None:
        """Take the network to Draw: calibrated, and saved under a name of its own."""
        if trainer.reader is None or trainer.start is None or self._saving:
            return
        network, validation, name = copy.deepcopy(trainer.reader), trainer.start.validation, free_name()

        def work() -> list[Intent]:
            calibrate(network, validation)
            return [OpenModel(own_models.save(network, name)), ChoosePlace("draw")]

        self._saving = Job(work, lambda sentence: [Tell(sentence)])


def free_name() -> str:
    """What the next network is called: "my network 1", unless there is one."""
    number = 1
    while own_models.unused_name(f"{NAME} {number}") != f"{NAME} {number}":
        number += 1
    return f"{NAME} {number}"
