"""Plots of trainings, by matplotlib: curves, confusion and mistakes.

They are apart from the command that writes them, so that only a report needs matplotlib: `nn_scratch.report` alone
imports this, when it draws.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import MaxNLocator

from nn_scratch.runs import RunRecord, TestRecord

# Okabe and Ito (2008): colours that colour-blind people can tell apart too
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000")
MOST_NUMBERED = 15  # classes for which the counts themselves are written into the confusion matrix
COLUMNS = 10  # of mistakes


def draw_all(runs: Sequence[RunRecord]) -> Figure:
    """The curves of all `runs` on top, then one row per run and test set, with its confusion and mistakes."""
    tests = [(run, test) for run in runs for test in run.tests]
    figure = Figure(figsize=(14, 4.5 + 6.5 * len(tests)), layout="constrained")
    rows = figure.subfigures(1 + len(tests), 1, height_ratios=[4.5] + [6.5] * len(tests), squeeze=False)[:, 0]
    draw_curves(rows[0], runs)
    for row, (run, test) in zip(rows[1:], tests, strict=True):
        left, right = row.subfigures(1, 2)
        row.suptitle(f"{run.name}: {test.accuracy:.2%} of {test.data or 'the'} test examples read correctly")
        draw_confusion(left, test)
        draw_mistakes(right, test)
    return figure


def draw_curves(figure: SubFigure, runs: Sequence[RunRecord]) -> None:
    """Loss, accuracy and seconds by epoch, one colour per run."""
    loss, accuracy, seconds = figure.subplots(1, 3)
    for i, run in enumerate(runs):
        colour = COLOURS[i % len(COLOURS)]
        epochs = [epoch.epoch for epoch in run.epochs]
        style = {"color": colour, "marker": "."}
        loss.plot(epochs, [epoch.train_loss for epoch in run.epochs], linestyle="--", **style)
        loss.plot(epochs, [epoch.validation_loss for epoch in run.epochs], label=run.name, **style)
        accuracy.plot(epochs, [100 * epoch.validation_accuracy for epoch in run.epochs], **style)
        seconds.plot(epochs, [epoch.seconds for epoch in run.epochs], **style)
    loss.set(title="loss: validation, and training dashed", xlabel="epoch", ylim=(0, None))
    accuracy.set(title="validation accuracy, %", xlabel="epoch")
    seconds.set(title="seconds of training", xlabel="epoch", ylim=(0, None))
    loss.legend(fontsize="small")
    for axes in (loss, accuracy, seconds):
        axes.grid(alpha=0.3)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))


def draw_confusion(figure: SubFigure, test: TestRecord) -> None:
    """The confusion matrix; shades are fractions of a row, stretched so that rare mistakes show."""
    axes = figure.subplots()
    count = len(test.classes)
    fraction = test.confusion / np.maximum(test.confusion.sum(axis=1, keepdims=True), 1)  # (K, K)
    axes.imshow(fraction, cmap="Blues", norm=PowerNorm(0.4, vmin=0, vmax=1))
    size = "small" if count <= MOST_NUMBERED else 5
    axes.set_xticks(range(count), test.classes, fontsize=size, rotation=90 if max(map(len, test.classes)) > 2 else 0)
    axes.set_yticks(range(count), test.classes, fontsize=size)
    axes.set(xlabel="read as", ylabel="is")
    if count <= MOST_NUMBERED:
        for row, column in np.argwhere(test.confusion):
            colour = "white" if fraction[row, column] > 0.2 else "black"
            number = f"{test.confusion[row, column]:,}"
            axes.text(column, row, number, ha="center", va="center", fontsize="x-small", color=colour)


def draw_mistakes(figure: SubFigure, test: TestRecord) -> None:
    """The worst mistakes: what each is, what it was read as, and with which probability."""
    count = len(test.images)
    if not count:
        figure.suptitle("no mistakes")
        return
    grid = figure.subplots(-(-count // COLUMNS), COLUMNS, squeeze=False).ravel()
    for axes in grid:
        axes.axis("off")
    for axes, image, is_, read, p in zip(
        grid, test.images, test.labels, test.taken_for, test.probability, strict=False
    ):
        axes.imshow(image.squeeze(), cmap="gray_r", vmin=0, vmax=255)
        axes.set_title(f"{test.classes[is_]} as {test.classes[read]}\n{p:.0%}", fontsize=7)
