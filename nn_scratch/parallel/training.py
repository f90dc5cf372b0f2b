"""What synchronous and asynchronous training have in common: the start, the shares, the validation, and the end.

Every rank runs the same loop, `training.steps`, with a loss, targets and an optimizer that know of the other ranks, and
all get the same reports, but for the seconds. What they decide by them, such as to stop early, they decide alike.

All ranks draw the same order of examples from the same random numbers. What a rank draws for its own examples, to move
images or to drop units, must differ from rank to rank, and must not depend on which ranks there were before: a run that
goes on with other ranks has to go on from one state. So these numbers are seeded anew in each epoch, from the state of
the common ones and the rank.
"""

from __future__ import annotations

import copy
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset, Rows
from nn_scratch.losses import Loss
from nn_scratch.metrics import Score, score_of
from nn_scratch.network import Network
from nn_scratch.optimizers import Adam, Optimizer
from nn_scratch.parallel.ranks import Ranks, noticed_interrupts
from nn_scratch.training import (
    LARGEST_LOSS,
    EpochReport,
    Examples,
    StepReport,
    Targets,
    Vary,
    check_loss,
    detect_divergence,
    epoch_report,
    labelled,
    loss_for,
    steps,
)


def share(rows: Rows, rank: int, ranks: int) -> Rows:
    """The examples of `rows` (B,) that `rank` reads: B / ranks of them, one more or less, one after the other."""
    return rows[len(rows) * rank // ranks : len(rows) * (rank + 1) // ranks]


def fingerprint(*arrays: NDArray[Any]) -> int:
    """A number (CRC-32) that practically always differs where a bit of `arrays` does."""
    number = 0
    for array in arrays:
        number = zlib.crc32(np.ascontiguousarray(array).data.cast("B"), number)
    return number


@dataclass
class OwnTargets:
    """The targets of one rank: it reads `rows_of` each batch, and draws its own random numbers, seeded each epoch."""

    targets: Targets | None
    loss: Loss
    network: Network
    rank: int
    rows_of: Callable[[Rows], Rows]

    def examples(
        self, training: Dataset, vary: Vary | None, rng: np.random.Generator, progress: Callable[[int], object]
    ) -> Examples:
        """What gives the rank its share of a batch; `rng` are the common random numbers."""
        own, seeded = np.random.default_rng(), -1
        self.network.reseed(own)
        inner = self.targets.examples(training, vary, own, progress) if self.targets else labelled(training, vary, own)

        def mine(epoch: int, rows: Rows) -> tuple[NDArray[Any], Any]:
            nonlocal seeded
            if epoch != seeded:  # the common numbers were last used to shuffle this epoch: all ranks have the same
                drawn = int(copy.deepcopy(rng).integers(2**63))
                own.bit_generator.state = np.random.default_rng([drawn, self.rank]).bit_generator.state
                seeded = epoch
            return inner(epoch, self.rows_of(rows))

        return mine


class ParallelTraining(ABC):
    """Trains one network on all `ranks`, in one of several ways."""

    def __init__(self, ranks: Ranks) -> None:
        self.ranks = ranks

    def steps(
        self,
        network: Network,
        training: Dataset,
        validation: Dataset,
        rng: np.random.Generator,
        *,
        loss: Loss | str | None = None,
        optimizer: Optimizer | None = None,
        targets: Targets | None = None,
        batch_size: int = 128,
        **settings: Any,
    ) -> Iterator[StepReport | EpochReport]:
        """Train as `training.steps` does, with all ranks; each must call it with the same values.

        A batch is shared among the ranks, or whole batches are: `batch_size` is in either case the number of examples
        in one step of the parameters.

        Raises:
            ValueError, DivergedError: as there.
            UserError: the ranks do not start from the same numbers, or do not stay together.
            KeyboardInterrupt: Ctrl-C was pressed; on all ranks, after the same step.
        """
        self.check_batch(batch_size)
        data = fingerprint(training.images, training.labels)
        self.ranks.check_same(data, "The ranks have different data: give every machine the same files.")
        start = "The ranks start from different parameters: give every machine the same program and run folder."
        self.ranks.check_same(fingerprint(network.parameters, network.state), start)
        inner, taken = loss_for(network, training, loss, targets), list[StepReport]()
        with noticed_interrupts() as interrupted:
            shared = self.shared(network, training, inner, optimizer or Adam(), targets, interrupted)
            for report in steps(network, training, None, rng, batch_size=batch_size, **shared, **settings):
                network.loss = inner
                if isinstance(report, StepReport):
                    taken.append(self.whole(report))
                    yield taken[-1]
                    continue
                with detect_divergence(report.epoch, shared["optimizer"].learning_rate):
                    self.end_epoch(taken)
                    score = self.evaluate(network, validation)
                    check_loss(score.loss, LARGEST_LOSS)
                numbers = fingerprint(network.parameters, network.state)
                self.ranks.check_same(numbers, "The ranks no longer have the same parameters.")
                yield epoch_report(report.epoch, taken, report.seconds, score)
                taken.clear()

    @abstractmethod
    def check_batch(self, batch_size: int) -> None:
        """UserError where batches of this size cannot be shared."""

    @abstractmethod
    def shared(
        self,
        network: Network,
        training: Dataset,
        loss: Loss,
        optimizer: Optimizer,
        targets: Targets | None,
        interrupted: Callable[[], bool],
    ) -> dict[str, Any]:
        """The loss, optimizer, targets and shard of the batches with which this rank takes part in the steps of all."""

    def whole(self, report: StepReport) -> StepReport:
        """What this rank's `report` of a step says of the step of all."""
        return report

    def end_epoch(self, taken: list[StepReport]) -> None:  # noqa: B027  # most ways have nothing to do
        """Let all ranks have the same numbers, and `taken` be the steps of all."""

    def summary(self) -> str:
        """What is to be told at the end of the training, if anything."""
        return ""

    def evaluate(self, network: Network, data: Dataset) -> Score:
        """The score on `data`, of which each rank reads its share."""
        logits: Array = np.zeros((len(data), len(network.classes)), network.parameters.dtype)  # (N, K)
        mine = share(np.arange(len(data)), self.ranks.rank, self.ranks.size)
        if len(mine):
            logits[mine] = network.logits(data.images[mine])
        self.ranks.sum(logits)
        return score_of(logits, data, network.loss)
