"""Reports: what a training tells after each step, and after each epoch.

A training prints nothing. It hands out values like these, so that a terminal, a run folder and a window can each make
of them what they need.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.metrics import Score


@dataclass(frozen=True)
class StepReport:
    """The result of one step. The gradients that it took are in the network until the next step."""

    epoch: int  # counted from 1
    examples: int  # in the batch
    loss: float  # the mean over them, before the step
    right: int | None  # of them predicted correctly, before the step; None where soft targets are learned


@dataclass(frozen=True)
class EpochReport:
    """The result of one epoch; losses are means over examples, accuracies are fractions from 0 to 1.

    What is told of training is the mean over the steps of the epoch, each measured before it was taken.
    """

    epoch: int  # counted from 1
    train_loss: float
    validation_loss: float
    validation_accuracy: float
    seconds: float
    images_per_second: float
    train_accuracy: float | None = None  # None where soft targets are learned, and in the reports of older versions

    def quality(self) -> tuple[float, float]:
        """What makes one epoch better than another: the higher accuracy, and the lower loss among equals."""
        return self.validation_accuracy, -self.validation_loss


@dataclass(frozen=True)
class EpochResult:
    """What an epoch ends with: its report, and the score of validation, which knows more than the report."""

    report: EpochReport
    score: Score


@dataclass
class Tally:
    """The sums over the steps of an epoch so far; `right` is None where it is not known."""

    seen: int = 0
    loss: float = 0.0
    right: int | None = 0
    seconds: float = 0.0

    def add(self, step: StepReport, seconds: float) -> None:
        """Count a step that took so many seconds."""
        self.seen += step.examples
        self.loss += step.loss * step.examples
        self.right = None if self.right is None or step.right is None else self.right + step.right
        self.seconds += seconds

    def report(self, epoch: int, score: Score) -> EpochReport:
        """The report of the epoch that has ended with this `score` of validation."""
        accuracy = None if self.right is None else self.right / self.seen
        per_second = self.seen / self.seconds
        loss = self.loss / self.seen
        return EpochReport(epoch, loss, score.loss, score.accuracy, self.seconds, per_second, accuracy)


def count_right(logits: Array, y: Any) -> int | None:
    """How many of `logits` (B, K) are highest for their label in `y` (B,); None where `y` are soft targets (B, K)."""
    return int(np.count_nonzero(logits.argmax(axis=1) == y)) if y.ndim == 1 else None
