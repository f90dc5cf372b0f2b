"""What synchronous and asynchronous training have in common: the epochs, the shares, the validation, and the end.

As in `training.fit`, training is a generator that yields a report after each epoch. Here every rank runs it, and all
get the same reports, but for the seconds. So whatever they decide by them, such as to stop early, they decide alike.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Unpack

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.metrics import Score, score_of
from nn_scratch.network import Network
from nn_scratch.parallel.interrupts import noticed_interrupts
from nn_scratch.parallel.ranks import Ranks
from nn_scratch.parallel.shares import fingerprint, fingerprint_of, seed_for_rank, share
from nn_scratch.schedules import SCHEDULES
from nn_scratch.training.batches import Batches, Examples, Rows, shuffled
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.divergence import LARGEST_LOSS, check_loss, told_if_diverged
from nn_scratch.training.fit import (
    Descent,
    FitOptions,
    check_class_weights,
    check_ready,
    examples_and_loss,
    optimizer_for,
)
from nn_scratch.training.reports import EpochReport, Tally, count_right


@dataclass
class Sums:
    """What the ranks add up beside gradients, as one vector."""

    loss: float = 0.0
    right: float = 0.0  # examples predicted correctly; NaN where soft targets are learned
    stops: float = 0.0  # ranks that want to stop

    def start_over(self, ranks: Ranks) -> Callable[[], Sums]:
        """Begin to add up the sums of all ranks; what is returned waits for the result."""
        vector = np.array([self.loss, self.right, self.stops])
        wait = ranks.start_sum(vector)

        def result() -> Sums:
            wait()
            return Sums(*vector.tolist())

        return result

    @property
    def right_or_none(self) -> int | None:
        """How many examples were predicted correctly, as reports have it."""
        return None if np.isnan(self.right) else round(self.right)


@dataclass
class Course:
    """A training as one rank takes part in it."""

    network: Network
    descent: Descent
    examples: Examples
    buffer: Array  # (largest share of a batch, *input_shape)
    importance: Array | None = None  # (N,) how often each example counts in a mean over a batch; None: once
    interrupted: Callable[[], bool] = lambda: False
    progress: Callable[[int], object] = lambda seen: None

    def fraction(self, rows: Rows, batch: Rows) -> float:
        """How much of the mean over the examples of `batch` those of `rows` make up, from 0 to 1."""
        if self.importance is None:
            return len(rows) / len(batch)
        total = float(self.importance[batch].sum())
        return float(self.importance[rows].sum()) / total if total else 0.0

    def forward(self, epoch: int, rows: Rows) -> tuple[Sums, Array | None]:
        """The mean loss of the examples `rows` (b,) and dL/d(logits) (b, K); None where there are no examples."""
        if not len(rows):
            return Sums(), None
        x, y = next(iter(Batches(self.examples, epoch, rows, self.buffer)))
        logits = self.network.forward(x, training=True)  # (b, K)
        right = count_right(logits, y)
        loss, dz = self.descent.loss.value_and_gradient(logits, y)
        return Sums(loss, np.nan if right is None else right), dz

    def backward(self, dz: Array | None, weight: float = 1.0) -> None:
        """Fill `network.gradients` with `weight` times the gradient that `dz` leads to."""
        if dz is None:
            self.network.gradients[...] = 0
        else:
            dz *= weight
            self.network.backward(dz)


class ParallelTraining(ABC):
    """Trains one network on all `ranks`, in one of several ways."""

    def __init__(self, ranks: Ranks) -> None:
        self.ranks = ranks

    def fit(
        self,
        network: Network,
        training: Dataset,
        validation: Dataset,
        config: TrainConfig,
        rng: np.random.Generator,
        *,
        progress: Callable[[int], object] = lambda seen: None,
        **options: Unpack[FitOptions],
    ) -> Iterator[EpochReport]:
        """Train as `training.fit.fit` does, with all ranks; each must call it with the same values.

        A batch is shared among the ranks, or whole batches are: `config.batch_size` is in either case the number of
        examples in one step of the parameters.

        Raises:
            ValueError, DivergedError: as there.
            UserError: the ranks do not start from the same numbers, or do not stay together.
            KeyboardInterrupt: Ctrl-C was pressed; on all ranks, after the same step.
        """
        teachers, epochs_done = options.get("teachers", ()), options.get("epochs_done", 0)
        check_ready(network, training, validation, teachers)
        check_class_weights(config, training)
        if epochs_done >= config.epochs:
            return
        self.check_start(network, training)
        own = np.random.default_rng()
        network.reseed(own)
        examples, loss = examples_and_loss(training, config, options.get("rehearsal") or teachers, own, progress)
        schedule = options.get("schedule") or SCHEDULES[config.schedule]
        optimizer = options.get("optimizer") or optimizer_for(network, config)
        descent = Descent(options.get("loss") or loss, optimizer, config, schedule)
        buffer = np.empty((self.examples_at_once(config.batch_size), *network.input_shape), network.parameters.dtype)
        importance = np.array(config.class_weights)[training.labels] if config.class_weights else None  # (N,)
        with noticed_interrupts() as interrupted:
            course = Course(network, descent, examples, buffer, importance, interrupted, progress)
            for epoch in range(epochs_done, config.epochs):
                seed_for_rank(own, rng, self.ranks.rank)
                yield self.epoch_and_score(course, epoch, shuffled(training, rng), validation)

    def epoch_and_score(self, course: Course, epoch: int, order: Rows, validation: Dataset) -> EpochReport:
        """The report of one epoch, after it has been trained with all ranks."""
        with told_if_diverged(epoch + 1, course.descent.config.learning_rate):
            tally = self.epoch(course, epoch, order)
            score = self.evaluate(course.network, validation)
            check_loss(score.loss, LARGEST_LOSS)
        self.ranks.check_same(fingerprint_of(course.network), "The ranks no longer have the same parameters.")
        return tally.report(epoch + 1, score)

    def check_start(self, network: Network, training: Dataset) -> None:
        """UserError where the ranks have other data or other numbers to start from."""
        data = fingerprint(iter((training.images, training.labels)))
        self.ranks.check_same(data, "The ranks have different data: give every machine the same files.")
        start = "The ranks start from different parameters: give every machine the same program and run folder."
        self.ranks.check_same(fingerprint_of(network), start)

    @abstractmethod
    def examples_at_once(self, batch_size: int) -> int:
        """How many examples a rank reads for one gradient, at most."""

    @abstractmethod
    def epoch(self, course: Course, epoch: int, order: Rows) -> Tally:
        """Train with all examples in `order`; all ranks end with the same network and the same sums."""

    def summary(self) -> str:
        """What is to be told at the end of the training, if anything."""
        return ""

    def evaluate(self, network: Network, data: Dataset) -> Score:
        """The score on `data`, of which each rank reads its share."""
        logits = np.zeros((len(data), len(data.classes)), network.parameters.dtype)  # (N, K)
        mine = share(np.arange(len(data)), self.ranks.rank, self.ranks.size)
        if len(mine):
            logits[mine] = network.logits(data.images[mine])
        self.ranks.sum(logits)
        return score_of(logits, data)


def seconds_since(start: float) -> float:
    """How long ago `start` was, which is a `time.perf_counter()`."""
    return time.perf_counter() - start
