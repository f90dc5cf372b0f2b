"""Asynchronous training: each rank takes steps as it can, and nobody waits for the slowest.

The parameters and the state of the optimizer are shared. A rank takes the next batch that nobody has, computes a
gradient at the parameters that it knows, and then, alone for a moment,

    reads the shared parameters and state,
    corrects its gradient for what the others have changed in the meantime (`DelayCompensation` derives how),
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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks import NOT_NEGATIVE
from nn_scratch.dataset import Rows
from nn_scratch.parallel.ranks import Ranks
from nn_scratch.parallel.synchronous import Synchronous
from nn_scratch.training import StepReport, check_loss

STRENGTH, MEMORY, EPSILON = 20.0, 0.95, 1e-7  # lambda_0, m and epsilon of the compensation
TICKETS, SERVED, BATCHES, STEPS = range(4)  # the numbers beside the shared vectors
FINISHED = 2**40  # more batches than an epoch can have: whoever adds them ends the epoch for all
WAIT = 20e-6  # seconds between two looks at who is served


class Asynchronous(Synchronous):
    """Ranks that step on shared parameters, each when it can, with gradients that are stale and corrected for it.

    Attributes:
        known: how many steps the parameters of this rank know of.
        staleness: how many gradients were stale by how many steps, on all ranks.
    """

    def __init__(self, ranks: Ranks, strength: float = STRENGTH) -> None:
        super().__init__(ranks)
        self.compensation, self.staleness = DelayCompensation(strength), Counter[int]()

    def check_batch(self, batch_size: int) -> None:
        """A rank takes whole batches."""

    def shard(self, count: int) -> Iterator[int]:
        """The batches that nobody has, until none is left or somebody has ended the epoch."""
        super().shard(count)
        optimizer = self.optimizer
        self.shared = SharedVectors(self.ranks, [optimizer.parameters, *optimizer.state.values()], optimizer.steps)
        self.known, self.sums, self.stale = optimizer.steps, np.zeros(3), Counter[int]()
        while (number := self.shared.add(BATCHES, 1)) < count and np.isfinite(self.sums[0]) and not self.sums[2]:
            yield number
        self.shared.add(BATCHES, FINISHED)

    def rows_read(self, rows: Rows) -> Rows:
        self.batch_size, self.fraction, self.weight = len(rows), 1.0, 1.0
        return rows

    def start_sums(self) -> None:
        """The sums are those of this rank alone, until the epoch is over."""

    def step(self, factor: float) -> None:
        """Read what is shared, correct the gradient for what others have changed, step, and write, while alone."""
        optimizer, before = self.optimizer, self.optimizer.parameters.copy()
        slopes = self.compensation.slopes(optimizer.gradients)
        with self.shared.alone():
            optimizer.steps = self.shared.add(STEPS, 1)
            self.shared.read()
            stale = optimizer.steps - self.known
            if stale and self.compensation.strength:
                slopes *= optimizer.parameters - before
                optimizer.gradients += slopes
            optimizer.step(factor)
            self.shared.write()
        self.known = optimizer.steps
        self.stale[stale] += 1

    def whole_epoch(self, taken: list[StepReport]) -> list[StepReport]:
        """Let all ranks have the numbers after the last step of all, and give the shared memory back."""
        rows = [(step.examples, step.loss * step.examples, step.right) for step in taken]
        sums = np.append(np.array(rows, np.float64).reshape(-1, 3).sum(axis=0), self.sums[2])  # None becomes NaN
        self.ranks.sum(sums)  # when it is there, all have taken their steps
        self.shared.read()
        self.optimizer.steps = self.shared.add(STEPS, 0)
        self.shared.close()
        state = self.network.state
        if state.size:  # the running averages of batch normalization: each rank has its own until here
            state /= self.ranks.size
            self.ranks.sum(state)
        self.staleness = sum(self.ranks.comm.allgather(self.stale), self.staleness)
        examples, loss, right, interrupted = sums.tolist()
        check_loss(loss)
        if interrupted:
            raise KeyboardInterrupt
        counted = None if np.isnan(right) else round(right)
        return [StepReport(taken[0].epoch if taken else 1, round(examples), loss / max(examples, 1), counted)]

    def summary(self) -> str:
        steps = self.staleness.total()
        if not steps:
            return ""
        mean, strength = sum(n * count for n, count in self.staleness.items()) / steps, self.compensation.strength
        how = f"compensated with strength {strength:g}" if strength else "not compensated"
        return f"Gradients were stale by {mean:.2f} steps on average, {max(self.staleness)} at most; {how}."


class DelayCompensation:
    """What a gradient would be at parameters that have moved on since it was taken.

    An asynchronous rank takes its gradient g(w) at parameters w. When it comes to step, the others have moved them to
    w'. Its gradient is stale: what is wanted is g(w'). By Taylor's theorem, with the Hessian H of the loss at w,

        g(w') = g(w) + H (w' - w) + O(|w' - w|^2),

    and asynchronous descent as such keeps the first term only. H has P^2 numbers, but for a loss -log p there is a way
    to its size. With s = d(-log p)/dw for one example, whose class is drawn from p itself,

        E[s] = -sum_k p_k (dp_k/dw) / p_k = -d(sum_k p_k)/dw = 0,
        H_1 = d^2(-log p)/dw^2 = (dp/dw)(dp/dw)^T / p^2 - (d^2 p/dw^2) / p = s s^T - (d^2 p/dw^2) / p,

    and the last term is 0 in the mean, because sum_k d^2 p_k/dw^2 = d^2(1)/dw^2 = 0. So E[H_1] = E[s s^T]: the
    gradients themselves tell the Hessian (it is Fisher's information). Of s s^T only the diagonal is kept, s * s
    element by element, and the gradient of the batch takes the place of s. Both are crude, so the term gets a strength
    lambda:

        g(w') ~ g + lambda g * g * (w' - w).

    A batch's g is the mean of B of the s. Where these point all ways, g * g is about B times smaller than the mean of s
    * s, so the right lambda grows with the batch and, as g shrinks, over the training. The adaptive rule sets it for
    each parameter by the recent size of the gradient:

        q <- m q + (1 - m) g * g,    lambda = lambda_0 / sqrt(q + epsilon).

    Source: Zheng, Meng, Wang, Chen, Yu, Ma and Liu, "Asynchronous Stochastic Gradient Descent with Delay Compensation"
    (2017), the algorithm DC-ASGD-a. lambda_0 = 2 and m = 0.95 are their values for CIFAR-10. On MNIST 2 removes 0.4 %
    of the error that staleness makes in a gradient, 20 about 3 %, and 100 adds to it (docs/scaling.md), so 20 is ours.
    """

    def __init__(self, strength: float) -> None:
        NOT_NEGATIVE.check("strength", strength)
        self.strength = strength
        self.mean_square: Array | float = 0.0  # q (P,)

    def slopes(self, g: Array) -> Array:
        """How much the gradient `g` (P,) changes as each parameter moves, (P,): lambda g * g."""
        square = np.square(g)
        self.mean_square = MEMORY * self.mean_square + (1 - MEMORY) * square
        return self.strength * square / np.sqrt(self.mean_square + EPSILON)


class SharedVectors:
    """Vectors that all ranks read and write, though only rank 0 holds them: MPI's one-sided communication.

    With one-sided communication a rank reads and writes the memory of another, which need not take part (it goes on
    with its own work). That memory is called a window.

    Two ranks must not change the vectors at once. MPI has a lock, but where the network card knows no locks, it is
    granted only when rank 0 happens to call MPI, and that may take as long as its whole step. Its atomic addition is
    quicker, and is enough to build a lock from, as at a counter in an office (Mellor-Crummey and Scott, "Algorithms for
    Scalable Synchronization on Shared-Memory Multiprocessors", 1991): who comes draws the next ticket, and waits until
    it is served.

    `vectors` are this rank's own: `read` overwrites them with the shared numbers, and `write` does the reverse.
    """

    def __init__(self, ranks: Ranks, vectors: Sequence[Array], steps: int) -> None:
        self.vectors, self.mpi, counters = vectors, ranks.mpi, np.array([0, 0, 0, steps], np.int64)
        self.first = np.cumsum([counters.nbytes, *(vector.nbytes for vector in vectors)])  # bytes of the window
        holds = ranks.rank == 0
        self.window = self.mpi.Win.Allocate(int(self.first[-1]) if holds else 0, 1, comm=ranks.comm)
        self.window.Lock_all(self.mpi.MODE_NOCHECK)  # opens it to one-sided calls; it keeps nobody out
        if holds:
            self.window.Put(counters, 0)
            self.write()
        ranks.comm.Barrier()

    def close(self) -> None:
        """Give the window back; all ranks must do it."""
        self.window.Unlock_all()
        self.window.Free()

    def read(self) -> None:
        """Fill the vectors of this rank with the shared numbers."""
        self.each(self.window.Get)

    def write(self) -> None:
        """Let the shared numbers be those in the vectors of this rank."""
        self.each(self.window.Put)

    def each(self, transfer: Callable[..., object]) -> None:
        """Let `transfer` go between each vector and its place in the window, and wait until it has."""
        for vector, first in zip(self.vectors, self.first, strict=False):
            transfer(vector, 0, target=int(first))
        self.window.Flush(0)

    def add(self, counter: int, number: int) -> int:
        """Add `number` to a counter, which nobody can do in between; returns what it was before."""
        before = np.zeros(1, np.int64)
        self.window.Fetch_and_op(np.array([number], np.int64), before, 0, counter * before.itemsize, self.mpi.SUM)
        self.window.Flush(0)
        return int(before[0])

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A block in which no other rank is in such a block."""
        ticket = self.add(TICKETS, 1)
        while self.add(SERVED, 0) != ticket:
            time.sleep(WAIT)
        try:
            yield
        finally:
            self.add(SERVED, 1)
