"""Synchronous training: all ranks take the same step, with the mean gradient of all their examples.

A batch of B examples is shared among N ranks, of which rank r reads b_r, with b_1 + ... + b_N = B. The loss of the
batch is the mean over its examples, and a derivative is linear. So with L_r for the mean loss of rank r's examples,

    L = 1/B sum_n l_n = sum_r b_r / B . L_r,        dL/dw = sum_r b_r / B . dL_r/dw.

So each rank weighs its gradient by b_r / B, and one all-reduce of the flat vector of gradients adds them up: the result
is the gradient that one process with the whole batch has, but for the order in which numbers are rounded. Shares need
not be equal; a rank without examples adds 0. Where classes have weights, b_r and B are sums of these. With the same
gradient and the same optimizer, each rank then takes the same step for itself, so that parameters never travel.
Source: Chen, Pan, Monga, Bengio and Jozefowicz, "Revisiting Distributed Synchronous SGD" (2016).

Two layers see more of a batch than single examples. Dropout draws other units on each rank, as it would for other
examples. Batch normalization takes the mean and the variance of a rank's share, as is usual (Goyal et al. 2017, section
2.3), so that with it N ranks are not quite the same as one; its running averages are averaged over the ranks.

All ranks draw the same order of examples from the same random numbers. What a rank draws for its own examples, to move
images or to drop units, must differ from rank to rank, and must not depend on which ranks there were before: a run that
goes on with other ranks has to go on from one state. So these numbers are seeded anew in each epoch, from the state of
the common ones and the rank.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch import training as loop
from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset, Rows
from nn_scratch.errors import UserError
from nn_scratch.losses import Loss
from nn_scratch.metrics import Score, classes_read, score_of
from nn_scratch.optimizers import Optimizer, optimizer_of
from nn_scratch.parallel.ranks import Ranks, noticed_interrupts
from nn_scratch.training import EpochReport, StepReport


class Synchronous:
    """All `ranks` as they train with one all-reduce of the gradient per step.

    Every rank runs the one loop, `training.steps`, with a loss, an optimizer and targets (this object) that know of the
    other ranks. All get the same reports, but for the seconds, so what they decide by them they decide alike.

    Attributes:
        batch_size: of the batch that is read.
        fraction, weight: of its examples, those that this rank reads; and what the mean loss over these counts.
        sums: what this rank adds to the loss of the batch; to the number of its right answers (NaN where nobody counts
            them); and whether Ctrl-C was pressed. Then the sums of these over all ranks.
    """

    sums: NDArray[np.float64]

    def __init__(self, ranks: Ranks) -> None:
        self.ranks = ranks

    def check_batch(self, batch_size: int) -> None:
        """UserError where there are fewer examples in a batch than ranks."""
        if batch_size < self.ranks.size:
            asked = f"A batch of {batch_size} cannot be shared among {self.ranks.size} ranks"
            raise UserError(f"{asked}; choose a larger --batch-size or fewer ranks.")

    def steps(self, *arguments: Any, **settings: Any) -> Iterator[StepReport | EpochReport]:
        """Train as `training.steps` does, with all ranks; each must call it with the same values.

        A batch is shared among the ranks, or whole batches are: `batch_size` is in either case the number of examples
        in one step of the parameters.

        Raises:
            ValueError, DivergedError: as there.
            UserError: the ranks do not start from the same numbers, or do not stay together.
            KeyboardInterrupt: Ctrl-C was pressed; on all ranks, after the same step.
        """
        network, training, validation, rng = arguments
        loss, optimizer, self.targets = (settings.pop(name, None) for name in ("loss", "optimizer", "targets"))
        self.network, self.training, self.rng = network, training, np.random.default_rng(rng)
        self.loss, self.optimizer = loop.loss_for(network, training, loss, self.targets), optimizer_of(optimizer)
        loop.check_ready(network, training, validation, self.loss)
        start = "The ranks start from different data or parameters: give every machine the same files and run folder."
        self.ranks.check_same(start, training.images, training.labels, network.parameters, network.state)
        settings |= {"loss": SharedLoss(self), "optimizer": SharedOptimizer(self.optimizer.learning_rate, way=self)}
        taken: list[StepReport] = []
        with noticed_interrupts() as self.interrupted:
            for report in loop.steps(network, training, None, self.rng, targets=self, shard=self.shard, **settings):
                network.loss = self.loss
                if isinstance(report, StepReport):
                    value, right, _ = self.sums.tolist()
                    counted = None if np.isnan(right) else round(right)
                    taken.append(StepReport(report.epoch, self.batch_size, value, counted))
                    yield taken[-1]
                    continue
                with loop.detect_divergence(report.epoch, self.optimizer.learning_rate):
                    taken = self.whole_epoch(taken)
                    score = self.evaluate(validation) if validation is not None else None
                self.ranks.check_same(
                    "The ranks no longer have the same parameters.", network.parameters, network.state
                )
                yield loop.epoch_report(report.epoch, taken, report.seconds, score)
                taken = []

    def examples(
        self, training: Dataset, vary: loop.Vary | None, rng: object, progress: Callable[[int], object]
    ) -> loop.Examples:
        """What gives this rank the rows that it reads of a batch."""
        self.own_rng, self.drawn = np.random.default_rng(), self.draw()  # seeded by `shard`
        self.network.reseed(self.own_rng)
        given = training, vary, self.own_rng
        examples = self.targets.examples(*given, progress) if self.targets else loop.labelled(*given)
        return lambda epoch, rows: examples(epoch, self.rows_read(rows))

    def shard(self, count: int) -> Iterable[int]:
        """Which of the `count` batches this rank takes part in, in the epoch that begins."""
        self.own_rng.bit_generator.state = np.random.default_rng([self.drawn, self.ranks.rank]).bit_generator.state
        self.drawn = self.draw()  # for the next epoch
        return range(count)

    def draw(self) -> int:
        """A number that all ranks draw alike, and that leaves the common random numbers as they are."""
        return int(copy.deepcopy(self.rng).integers(2**63))

    def rows_read(self, rows: Rows) -> Rows:
        """This rank's share of the batch `rows` (B,); where it has none, one example that counts nothing."""
        mine, weights = self.ranks.share(rows), getattr(self.loss, "class_weights", None)

        def counted(rows: Rows) -> float:
            """How many examples `rows` count as in the mean over the batch."""
            if weights is None or self.targets:
                return len(rows)
            y = self.training.labels[rows]  # (b,), or rows of probabilities (b, K)
            return float((weights[y] if y.ndim == 1 else y @ weights).sum())

        self.batch_size, self.fraction = len(rows), len(mine) / len(rows)
        self.weight = counted(mine) / (counted(rows) or 1.0)
        return mine if len(mine) else rows[:1]

    def start_sums(self) -> None:
        """Begin to add up `sums`, which travel while the gradient is computed."""
        self.wait = self.ranks.start_sum(self.sums)

    def step(self, factor: float) -> None:
        """Step with the gradient of the whole batch, and let the running averages be those that it has moved."""
        self.ranks.sum(self.optimizer.gradients)
        self.wait()
        loop.check_loss(self.sums[0])  # all see the same, so that all go on or none
        if self.sums[2]:
            raise KeyboardInterrupt
        state = self.network.state
        if state.size:
            state *= self.fraction
            self.ranks.sum(state)
        self.optimizer.step(factor)

    def whole_epoch(self, taken: list[StepReport]) -> list[StepReport]:
        """The steps of all in an epoch, of which this rank knows those in `taken`."""
        return taken

    def evaluate(self, data: Dataset) -> Score:
        """The score on `data`, of which each rank reads its share."""
        logits: Array = np.zeros((len(data), len(self.network.classes)), self.network.parameters.dtype)  # (N, K)
        mine = self.ranks.share(np.arange(len(data)))
        if len(mine):
            logits[mine] = self.network.logits(data.images[mine])
        self.ranks.sum(logits)
        score = score_of(logits, data, self.loss)
        loop.check_score(self.network, score)
        return score

    def summary(self) -> str:
        """What is told after the training, if anything."""
        return ""


class SharedLoss(Loss):
    """The loss of one rank. All learn of one that is not finite; until then it is 0, so that no rank ends alone."""

    way: Synchronous

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        way = self.way
        value, dz = way.loss.value_and_gradient(z, y)
        right = np.count_nonzero(classes_read(way.loss, z) == y) if loop.is_labels(y) else np.nan
        way.sums = np.array([value * way.weight, right * (way.fraction > 0), way.interrupted()])
        way.start_sums()
        return value if np.isfinite(value) else 0.0, dz * dz.dtype.type(way.weight)

    def decided(self, z: Array) -> NDArray[Any]:
        return self.way.loss.decided(z)


class SharedOptimizer(Optimizer):
    """The optimizer of one rank, which steps with the others."""

    way: Synchronous

    def attach(self, parameters: Array, gradients: Array) -> SharedOptimizer:
        self.way.optimizer.attach(parameters, gradients)
        return self

    def step(self, factor: float = 1.0) -> None:
        self.way.step(factor)
