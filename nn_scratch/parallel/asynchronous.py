"""Asynchronous training: each rank takes steps as it can, and nobody waits for the slowest.

The parameters and the state of the optimizer are shared. A rank takes the next batch that nobody has, computes a
gradient at the parameters that it knows, and then, alone for a moment,

    reads the shared parameters and state,
    corrects its gradient for what the others have changed in the meantime (`compensation` derives how),
    lets the optimizer take a step, and writes the result back.

The steps of all ranks thus follow one another as in one process, with one optimizer. Only their gradients are stale: by
how many steps of others, is counted. With one rank, nothing is stale, and the numbers are those of one process.
Source: Dean et al., "Large Scale Distributed Deep Networks" (2012), for the shared parameters.

Which rank takes which batch depends on their speed. So, other than all else in this library, the same seed does not
give the same model here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.losses import Loss
from nn_scratch.network import Network
from nn_scratch.optimizers import Optimizer
from nn_scratch.parallel.compensation import STRENGTH, DelayCompensation
from nn_scratch.parallel.ranks import Ranks
from nn_scratch.parallel.shared_vectors import BATCHES, STEPS, SharedVectors
from nn_scratch.parallel.training import OwnTargets, ParallelTraining
from nn_scratch.training import StepReport, Targets, check_loss

FINISHED = 2**40  # more batches than an epoch can have: whoever adds them ends the epoch for all


@dataclass(kw_only=True)
class SharedOptimizer(Optimizer):
    """Lets `inner` step on parameters that all ranks share, with a gradient that was taken at our own.

    Attributes:
        known: of the steps in this epoch, those that our parameters know of.
        staleness: how many gradients were stale by how many steps.
    """

    weight_decay: float = 0.0
    inner: Optimizer
    compensation: DelayCompensation
    ranks: Ranks

    def attach(self, parameters: Array, gradients: Array) -> SharedOptimizer:
        self.inner.attach(parameters, gradients)
        return self

    def begin(self) -> None:
        """Share the parameters and the state of the optimizer, for one epoch; all ranks must do it."""
        inner = self.inner
        self.vectors = SharedVectors(self.ranks, [inner.parameters, *inner.state.values()])
        self.first_step, self.known = inner.steps, 0
        self.before = np.empty_like(inner.parameters)
        self.staleness: Counter[int] = Counter()

    def step(self, factor: float = 1.0) -> None:
        """Read what is shared, correct the gradient for what others have changed, step, and write, while alone."""
        inner, vectors = self.inner, self.vectors
        self.before[...] = inner.parameters
        with vectors.alone():
            taken = vectors.add(STEPS, 1)
            vectors.read()
            inner.steps = self.first_step + taken
            if stale := taken - self.known:
                moved = np.subtract(inner.parameters, self.before, out=self.before)
                self.compensation.correct(inner.gradients, moved)
            inner.step(factor)
            vectors.write()
        self.known = taken + 1
        self.staleness[stale] += 1

    def end(self) -> None:
        """Let this rank have the numbers after the last step of all, and give the shared memory back."""
        self.vectors.read()
        self.inner.steps = self.first_step + self.vectors.add(STEPS, 0)
        self.vectors.close()


class Asynchronous(ParallelTraining):
    """Steps on shared parameters, with gradients that are stale and corrected for it.

    Attributes:
        staleness: how many gradients were stale by how many steps, on all ranks.
    """

    def __init__(self, ranks: Ranks, strength: float = STRENGTH) -> None:
        super().__init__(ranks)
        self.strength = strength
        self.staleness: Counter[int] = Counter()

    def check_batch(self, batch_size: int) -> None:
        """A rank takes whole batches."""

    def shared(
        self,
        network: Network,
        training: Dataset,
        loss: Loss,
        optimizer: Optimizer,
        targets: Targets | None,
        interrupted: Callable[[], bool],
    ) -> dict[str, Any]:
        compensation = DelayCompensation(self.strength, network.parameters[network.learning])
        self.network, self.stops, self.failed = network, False, False
        self.optimizer = SharedOptimizer(
            optimizer.learning_rate, inner=optimizer, compensation=compensation, ranks=self.ranks
        )

        def shard(count: int) -> Iterator[int]:
            """The batches that nobody has, until none is left or somebody has ended the epoch."""
            self.optimizer.begin()
            while (number := self.optimizer.vectors.add(BATCHES, 1)) < count and not self.failed:
                self.stops = interrupted()
                if self.stops:
                    break
                yield number
            self.optimizer.vectors.add(BATCHES, FINISHED)

        return {
            "loss": FiniteLoss(loss, self),
            "optimizer": self.optimizer,
            "targets": OwnTargets(targets, loss, network, self.ranks.rank, lambda rows: rows),
            "shard": shard,
        }

    def end_epoch(self, taken: list[StepReport]) -> None:
        """When the sums are there, all have taken their steps."""
        seen = sum(step.examples for step in taken)
        right = np.nan if any(step.right is None for step in taken) else sum(step.right or 0 for step in taken)
        loss = np.nan if self.failed else sum(step.loss * step.examples for step in taken)
        sums = np.array([seen, loss, right, self.stops], np.float64)
        self.ranks.sum(sums)
        self.optimizer.end()
        state = self.network.state
        if state.size:  # the running averages of batch normalization: each rank has its own until here
            state /= self.ranks.size
            self.ranks.sum(state)
        for staleness in self.ranks.comm.allgather(self.optimizer.staleness):
            self.staleness += staleness
        check_loss(float(sums[1]))
        if sums[3]:
            raise KeyboardInterrupt
        epoch = taken[0].epoch if taken else 1
        counted = None if np.isnan(sums[2]) else round(sums[2])
        taken[:] = [StepReport(epoch, round(sums[0]), float(sums[1] / max(sums[0], 1)), counted)]

    def summary(self) -> str:
        steps = self.staleness.total()
        if not steps:
            return ""
        mean = sum(stale * count for stale, count in self.staleness.items()) / steps
        how = f"compensated with strength {self.strength:g}" if self.strength else "not compensated"
        return f"Gradients were stale by {mean:.2f} steps on average, {max(self.staleness)} at most; {how}."


class FiniteLoss(Loss):
    """`loss`; where it is not finite, this rank takes no further step, and the epoch ends for all with that."""

    loss: Loss
    way: Asynchronous

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        value, dz = self.loss.value_and_gradient(z, y)
        if np.isfinite(value):
            return value, dz
        self.way.failed = True
        return 0.0, np.zeros_like(dz)

    def decided(self, z: Array) -> Any:
        return self.loss.decided(z)
