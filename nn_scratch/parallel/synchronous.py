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

import time

import numpy as np

from nn_scratch.errors import UserError
from nn_scratch.parallel.course import Course, ParallelTraining, Sums, seconds_since
from nn_scratch.parallel.shares import batches_of, largest_share, share
from nn_scratch.training.batches import Rows
from nn_scratch.training.divergence import check_loss
from nn_scratch.training.reports import StepReport, Tally


class Synchronous(ParallelTraining):
    """One all-reduce of the gradient per step."""

    def examples_at_once(self, batch_size: int) -> int:
        if batch_size < self.ranks.size:
            raise UserError(
                f"A batch of {batch_size} cannot be shared among {self.ranks.size} ranks; choose a larger "
                "--batch-size or fewer ranks."
            )
        return largest_share(batch_size, self.ranks.size)

    def epoch(self, course: Course, epoch: int, order: Rows) -> Tally:
        tally = Tally()
        for batch in batches_of(order, course.descent.config.batch_size):
            start = time.perf_counter()
            sums = self.step(course, epoch, batch, tally.seen / len(order))
            step = StepReport(epoch + 1, len(batch), sums.loss, sums.right_or_none)
            tally.add(step, seconds_since(start))
            course.progress(len(batch))
            if sums.stops:
                raise KeyboardInterrupt
        return tally

    def step(self, course: Course, epoch: int, batch: Rows, done: float) -> Sums:
        """Take one step for `batch` (B,) when the fraction `done` of the epoch is over; FloatingPointError if none."""
        network = course.network
        mine = share(batch, self.ranks.rank, self.ranks.size)
        weight = course.fraction(mine, batch)
        own, dz = course.forward(epoch, mine)
        own.loss *= weight
        own.stops = float(course.interrupted())
        all_sums = own.start_over(self.ranks)  # under way while we go backward
        course.backward(dz, weight)
        self.ranks.sum(network.gradients[network.learning])
        sums = all_sums()
        check_loss(sums.loss)  # all see the same, so that all go on or none
        self.average_state(course, weight)
        course.descent.step(epoch + done)
        return sums

    def average_state(self, course: Course, weight: float) -> None:
        """Let all ranks have the running averages of batch normalization that the whole batch has moved."""
        state = course.network.state
        if state.size:
            np.multiply(state, weight, out=state)
            self.ranks.sum(state)
