"""Which lines the curves show: of the training that goes on, or of runs beside one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drawapp.learning.runs import KnownRun
from drawapp.session.language import gettext as _
from drawapp.ui.learning.training import TrainingView
from drawapp.ui.screens.learn.curves import Chart, Line
from nn_scratch.training import EpochReport

LOSS, PERCENT, SECONDS = "{:.3f}", "{:.1f} %", "{:.2f} s"


def charts_of_training(view: TrainingView) -> list[Chart]:
    """Loss and accuracy of the training that goes on: the loss step by step, the others by epoch."""
    progress = view.progress
    if progress is None or progress.losses is None:
        return []
    by_step = (np.arange(len(progress.losses)) + 1) / view.steps_per_epoch
    training = Line(by_step, progress.losses, is_thin=True, words=_("training"))
    loss, accuracy, _seconds = lines_of(progress.reports, 0)
    charts = [Chart(_("Loss"), [training, *(line for line in loss if not line.is_thin)], LOSS)]
    if progress.gradients is None:
        charts.append(Chart(_("Accuracy, %"), accuracy, PERCENT, is_fraction=True))
    return charts


def charts_of_runs(runs: Sequence[KnownRun]) -> list[Chart]:
    """Loss, accuracy and seconds of all `runs`."""
    several = len(runs) > 1
    found = [lines_of(run.epochs, number, has_words=not several) for number, run in enumerate(runs)]
    loss, accuracy, seconds = ([line for lines in found for line in lines[place]] for place in range(3))
    return [
        Chart(_("Loss"), loss, LOSS),
        Chart(_("Accuracy, %"), accuracy, PERCENT, is_fraction=True),
        Chart(_("Seconds per epoch"), seconds, SECONDS, weight=0.6),
    ]


def lines_of(
    reports: Sequence[EpochReport], number: int, has_words: bool = True
) -> tuple[list[Line], list[Line], list[Line]]:
    """Lines of the loss, the accuracy and the seconds by epoch, in the colour `number`."""
    x = np.array([report.epoch for report in reports], np.float64)
    validation, training = (_("validation"), _("training")) if has_words else ("", "")
    known = np.array([report.train_accuracy is not None for report in reports], np.bool_)
    right = np.array([report.train_accuracy or 0.0 for report in reports], np.float64)
    loss = [
        Line(x, np.array([report.train_loss for report in reports]), number, True, training),
        Line(x, np.array([report.validation_loss for report in reports]), number, False, validation),
    ]
    accuracy = [
        Line(x[known], right[known], number, True, training),
        Line(x, np.array([report.validation_accuracy for report in reports]), number, False, validation),
    ]
    return loss, accuracy, [Line(x, np.array([report.seconds for report in reports]), number)]
