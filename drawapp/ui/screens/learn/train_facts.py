"""What the part Train says in words, and what the network in training says of the drawing."""

from __future__ import annotations

import numpy as np

from drawapp.reading.prediction import SURE, Character
from drawapp.session.language import gettext as _
from drawapp.ui.learning.training import TrainingView
from drawapp.ui.screens.draw.bars import OTHERS, ROWS, SHOWN_OF_MANY, Row
from drawapp.ui.screens.learn.reads import ReadRows
from nn_scratch.network import Network


def facts_of(view: TrainingView) -> list[str]:
    """What is written below everything, the most important first."""
    progress = view.progress
    if view.compares:
        return [_("thin: training, thick: validation"), _("Scroll to zoom")] if view.runs else []
    if progress is None:
        return [_("A network learns from scratch, and reads what you draw while it learns.")]
    if progress.state == "preparing" or not progress.steps:
        return [_("reading the data\N{HORIZONTAL ELLIPSIS}")]
    facts = [
        _("epoch {epoch} of {epochs}").format(
            epoch=min(progress.step // view.steps_per_epoch + 1, round(progress.steps / view.steps_per_epoch)),
            epochs=round(progress.steps / view.steps_per_epoch),
        )
    ]
    if progress.reports:
        facts.append(_("{accuracy:.1f} % right").format(accuracy=100 * progress.reports[-1].validation_accuracy))
    if progress.is_over:
        facts[0] = _("finished after {count} steps").format(count=progress.step)
        return facts
    if progress.state == "running" and progress.speed:
        facts.append(_("{speed:,.0f} images/s").format(speed=progress.speed))
        if progress.seconds_left is not None:
            facts.append(_("{seconds:.0f} s left").format(seconds=progress.seconds_left))
    return [*facts, _("step {step} of {steps}").format(step=progress.step, steps=progress.steps)]


def reads_of(network: Network, character: Character | None) -> ReadRows:
    """What the `network` in training makes of the `character` on the sheet."""
    caption, classes = _("the network in training"), network.classes
    if character is None:
        rows = [Row(label, 0.0) for label in classes] if len(classes) <= ROWS else []
        return ReadRows(rows, classes, caption)
    p = network.predict_proba(character.cut_out[None])[0]  # (K,)
    best = int(p.argmax())
    count = len(classes) if len(classes) <= ROWS else SHOWN_OF_MANY
    order = range(count) if len(classes) <= ROWS else np.argsort(-p, kind="stable")[:count].tolist()
    rows = [Row(classes[k], float(p[k]), k == best, k == best and p[k] >= SURE) for k in order]
    if count < len(classes):
        rows.append(Row(_(OTHERS), max(0.0, 1.0 - sum(row.value for row in rows))))
    return ReadRows(rows, classes, caption)
