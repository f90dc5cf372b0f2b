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

import time
from collections import Counter

import numpy as np

from nn_scratch.parallel.compensation import STRENGTH, DelayCompensation
from nn_scratch.parallel.course import Course, ParallelTraining, Sums, seconds_since
from nn_scratch.parallel.ranks import Ranks
from nn_scratch.parallel.shared_vectors import BATCHES, STEPS, SharedVectors
from nn_scratch.parallel.shares import batches_of
from nn_scratch.training.batches import Rows
from nn_scratch.training.divergence import check_loss
from nn_scratch.training.reports import StepReport, Tally

FINISHED = 2**40  # more batches than an epoch can have: whoever adds them ends the epoch for all


class Asynchronous(ParallelTraining):
    """Steps on shared parameters, with gradients that are stale and corrected for it.

    Attributes:
        staleness: how many gradients were stale by how many steps, on all ranks.
    """

    def __init__(self, ranks: Ranks, strength: float = STRENGTH) -> None:
        super().__init__(ranks)
        self.strength = strength
        self.compensation: DelayCompensation | None = None  # until there are parameters
        self.staleness: Counter[int] = Counter()

    def examples_at_once(self, batch_size: int) -> int:
        return batch_size

    def epoch(self, course: Course, epoch: int, order: Rows) -> Tally:
        start = time.perf_counter()
        self.compensation = self.compensation or DelayCompensation(self.strength, course.descent.optimizer.parameters)
        worker = Worker(self.ranks, course, self.compensation)
        sums = worker.take_steps(epoch, order).start_over(
            self.ranks
        )()  # when the sums are there, all have taken their steps
        worker.end_together()
        for staleness in self.ranks.comm.allgather(worker.staleness):
            self.staleness += staleness
        check_loss(sums.loss)
        if sums.stops:
            raise KeyboardInterrupt
        tally = Tally()
        whole = StepReport(epoch + 1, len(order), sums.loss / len(order), sums.right_or_none)
        tally.add(whole, seconds_since(start))
        return tally

    def summary(self) -> str:
        steps = self.staleness.total()
        if not steps:
            return ""
        mean = sum(stale * count for stale, count in self.staleness.items()) / steps
        how = f"compensated with strength {self.strength:g}" if self.strength else "not compensated"
        return f"Gradients were stale by {mean:.2f} steps on average, {max(self.staleness)} at most; {how}."


class Worker:
    """One rank in one epoch."""

    def __init__(self, ranks: Ranks, course: Course, compensation: DelayCompensation) -> None:
        optimizer = course.descent.optimizer
        self.ranks, self.course = ranks, course
        self.shared = SharedVectors(ranks, [optimizer.parameters, *optimizer.state.values()])
        self.first_step = optimizer.steps
        self.known = 0  # of the steps in this epoch, those that our parameters know of
        self.before = np.empty_like(optimizer.parameters)
        self.compensation = compensation
        self.staleness: Counter[int] = Counter()

    def take_steps(self, epoch: int, order: Rows) -> Sums:
        """Take a step for one batch after the other, until none is left or somebody has ended the epoch."""
        course, total = self.course, Sums()
        size = course.descent.config.batch_size
        batches = batches_of(order, size)
        while (number := self.shared.add(BATCHES, 1)) < len(batches):
            if course.interrupted():
                total.stops = 1
                break
            sums, dz = course.forward(epoch, batches[number])
            total.loss += sums.loss * len(batches[number])
            total.right += sums.right
            if not np.isfinite(sums.loss):
                break
            course.backward(dz)
            self.step(epoch + number * size / len(order))
            course.progress(len(batches[number]) * self.ranks.size)  # the others are about as quick
        self.shared.add(BATCHES, FINISHED)
        return total

    def step(self, epochs: float) -> None:
        """Step on the shared parameters with the gradient that was taken at our own, when so many epochs are over."""
        optimizer, shared = self.course.descent.optimizer, self.shared
        self.before[...] = optimizer.parameters
        with shared.alone():
            steps = shared.add(STEPS, 1)
            shared.read()
            optimizer.steps = self.first_step + steps
            if stale := steps - self.known:
                moved = np.subtract(optimizer.parameters, self.before, out=self.before)
                self.compensation.correct(optimizer.gradients, moved)
            self.course.descent.step(epochs)
            shared.write()
        self.known = steps + 1
        self.staleness[stale] += 1

    def end_together(self) -> None:
        """Let all ranks have the same numbers, after the last step of each, and give the shared memory back."""
        optimizer, state = self.course.descent.optimizer, self.course.network.state
        self.shared.read()
        optimizer.steps = self.first_step + self.shared.add(STEPS, 0)
        if state.size:  # the running averages of batch normalization: each rank has its own until here
            state /= self.ranks.size
            self.ranks.sum(state)
        self.shared.close()
