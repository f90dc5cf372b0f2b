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
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset, Rows
from nn_scratch.errors import UserError
from nn_scratch.losses import Loss
from nn_scratch.metrics import classes_read
from nn_scratch.network import Network
from nn_scratch.optimizers import Optimizer
from nn_scratch.parallel.ranks import Ranks
from nn_scratch.parallel.training import OwnTargets, ParallelTraining, share
from nn_scratch.training import StepReport, Targets, is_labels


@dataclass
class Batch:
    """The batch that all ranks are at.

    Attributes:
        size: of the whole batch.
        weight: the fraction of its mean that this rank's examples make up.
        right: how many of all its examples were predicted correctly; None where that is not counted.
    """

    size: int = 0
    weight: float = 0.0
    right: int | None = None


class SharedLoss(Loss):
    """`loss` of the whole batch, and dL/dz of this rank's examples; a first all-reduce adds up a few numbers."""

    loss: Loss
    ranks: Ranks
    batch: Batch
    interrupted: Callable[[], bool]

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        value, dz = self.loss.value_and_gradient(z, y) if len(z) else (0.0, z)
        right = float(np.count_nonzero(classes_read(self.loss, z) == y)) if is_labels(y) else np.nan
        sums = np.array([value * self.batch.weight, right, float(self.interrupted())])
        self.ranks.sum(sums)
        if sums[2]:
            raise KeyboardInterrupt
        self.batch.right = None if np.isnan(sums[1]) else round(sums[1])
        return float(sums[0]), dz * dz.dtype.type(self.batch.weight)

    def decided(self, z: Array) -> NDArray[Any]:
        return self.loss.decided(z)


class SharedOptimizer(Optimizer):
    """Lets `inner` take the step of the whole batch: an all-reduce adds up the gradients first."""

    inner: Optimizer
    ranks: Ranks
    network: Network
    batch: Batch

    def attach(self, parameters: Array, gradients: Array) -> SharedOptimizer:
        self.inner.attach(parameters, gradients)
        return self

    def step(self, factor: float = 1.0) -> None:
        """Step, and let all ranks have the running averages of batch normalization that the whole batch has moved."""
        self.ranks.sum(self.inner.gradients)
        state = self.network.state
        if state.size:
            np.multiply(state, self.batch.weight, out=state)
            self.ranks.sum(state)
        self.inner.step(factor)


class Synchronous(ParallelTraining):
    """One all-reduce of the gradient per step."""

    def __init__(self, ranks: Ranks) -> None:
        super().__init__(ranks)
        self.batch = Batch()

    def check_batch(self, batch_size: int) -> None:
        if batch_size < self.ranks.size:
            raise UserError(
                f"A batch of {batch_size} cannot be shared among {self.ranks.size} ranks; choose a larger "
                "--batch-size or fewer ranks."
            )

    def shared(
        self,
        network: Network,
        training: Dataset,
        loss: Loss,
        optimizer: Optimizer,
        targets: Targets | None,
        interrupted: Callable[[], bool],
    ) -> dict[str, Any]:
        batch, weights = self.batch, getattr(loss, "class_weights", None)
        counts = np.ones(len(training)) if weights is None or targets else np.asarray(weights)[training.labels]  # (N,)

        def rows_of(rows: Rows) -> Rows:
            mine = share(rows, self.ranks.rank, self.ranks.size)
            batch.size, batch.weight = len(rows), float(counts[mine].sum() / (counts[rows].sum() or 1.0))
            return mine

        all_of = SharedLoss(loss, self.ranks, batch, interrupted)
        return {
            "loss": all_of,
            "optimizer": SharedOptimizer(
                optimizer.learning_rate, inner=optimizer, ranks=self.ranks, network=network, batch=batch
            ),
            "targets": OwnTargets(targets, all_of, network, self.ranks.rank, rows_of),
        }

    def whole(self, report: StepReport) -> StepReport:
        return replace(report, examples=self.batch.size, right=self.batch.right)
