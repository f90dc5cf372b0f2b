"""Vectors that all ranks read and write, though only rank 0 holds them: MPI's one-sided communication.

With one-sided communication a rank reads and writes the memory of another, which need not take part (it goes on with
its own work). That memory is called a window.

Two ranks must not change the vectors at once. MPI has a lock, but where the network card knows no locks, it is granted
only when rank 0 happens to call MPI, and that may take as long as its whole step. Its atomic addition is quicker, and
is enough to build a lock from, as at a counter in an office (Mellor-Crummey and Scott, "Algorithms for Scalable
Synchronization on Shared-Memory Multiprocessors", 1991): who comes draws the next ticket, and waits until it is served.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.parallel.ranks import Ranks

TICKETS, SERVED, BATCHES, STEPS = range(4)  # the numbers beside the vectors
WAIT = 20e-6  # seconds between two looks at who is served


class SharedVectors:
    """Shared copies of `vectors`, all (P,) and of one type; and counters that are changed by atomic additions.

    `vectors` are this rank's own: `read` overwrites them with the shared numbers, and `write` does the reverse.
    """

    def __init__(self, ranks: Ranks, vectors: Sequence[Array]) -> None:
        self.ranks, self.vectors, self.mpi = ranks, list(vectors), ranks.mpi
        count, holds = sum(vector.size for vector in vectors), ranks.rank == 0
        itemsize = vectors[0].itemsize
        self.window = self.mpi.Win.Allocate(count * itemsize if holds else 0, itemsize, comm=ranks.comm)
        self.counters = self.mpi.Win.Allocate(8 * 4 if holds else 0, 8, comm=ranks.comm)
        for window in (self.window, self.counters):
            window.Lock_all(self.mpi.MODE_NOCHECK)  # opens the window to one-sided calls; it keeps nobody out
        if holds:
            self.counters.Put(np.zeros(4, np.int64), 0)
            self.counters.Flush(0)
            self.write()
        ranks.comm.Barrier()

    def close(self) -> None:
        """Give the windows back; all ranks must do it."""
        for window in (self.window, self.counters):
            window.Unlock_all()
            window.Free()

    def read(self) -> None:
        """Fill the vectors of this rank with the shared numbers."""
        first = 0
        for vector in self.vectors:
            self.window.Get(vector, 0, target=first)
            first += vector.size
        self.window.Flush(0)

    def write(self) -> None:
        """Let the shared numbers be those in the vectors of this rank."""
        first = 0
        for vector in self.vectors:
            self.window.Put(vector, 0, target=first)
            first += vector.size
        self.window.Flush(0)

    def add(self, counter: int, number: int) -> int:
        """Add `number` to a counter, which nobody can do in between; returns what it was before."""
        before = np.zeros(1, np.int64)
        self.counters.Fetch_and_op(np.array([number], np.int64), before, 0, counter, self.mpi.SUM)
        self.counters.Flush(0)
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
