"""The ranks: the processes that `mpiexec` has started together, as MPI (the Message Passing Interface) numbers them.

MPI runs on a laptop and on any cluster, so this library need not know how machines find one another.

Every rank runs the same program. What they do together, they must all do in the same order: a rank that waits for one
that never comes waits forever. So errors of one rank become errors of all, and a rank that crashes ends the run.
Ctrl-C is a wish that they agree on: `mpiexec` sends it to all ranks, and each gets it at another moment. If each
stopped at once, one might wait for a sum to which another no longer adds. So the signal only raises a flag, the flags
are added up with the numbers of each step, and all ranks stop after the same one.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nn_scratch.errors import UserError

T = TypeVar("T")
LAUNCHED = (("PMI_RANK", "PMI_SIZE"), ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"))  # MPICH and its kin; Open MPI


def launched() -> tuple[int, int]:
    """The rank and the number of ranks as `mpiexec` tells them, without MPI: (0, 1) where it did not start this."""
    for rank, size in LAUNCHED:
        if rank in os.environ and size in os.environ:
            return int(os.environ[rank]), int(os.environ[size])
    return 0, 1


def mute_all_but_the_first() -> None:
    """Let this process print nothing, unless it is rank 0; what it prints of a crash goes to `sys.__stderr__`."""
    if launched()[0] > 0:
        sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  for the rest of the process


def load_mpi() -> Any:
    """The module `mpi4py.MPI`, whose import starts MPI; UserError where it is not installed."""
    os.environ.setdefault("MPIR_CVAR_POLLS_BEFORE_YIELD", "0")  # MPICH: who waits lets others have the core
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError) as error:  # RuntimeError: mpi4py is there, but no MPI
        raise UserError(
            "--parallel needs MPI, which is not found: pip install mpi4py mpich. Without mpich where the machine has "
            "an MPI of its own. Then N processes train with: mpiexec -n N python -m nn_scratch.train --parallel sync"
        ) from error
    return MPI


class Ranks(AbstractContextManager["Ranks"]):
    """All processes of a run, as one of them sees them. As a context, it ends the run if this process crashes in it.

    Attributes:
        mpi, comm: the module `mpi4py.MPI`, and its communicator of all ranks.
        rank: the number of this process, from 0; rank 0 alone writes and prints.
        size: how many there are.
    """

    def __init__(self, mpi: Any) -> None:
        self.mpi, self.comm = mpi, mpi.COMM_WORLD
        self.rank: int = self.comm.Get_rank()
        self.size: int = self.comm.Get_size()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """End all ranks at once where this one has crashed or was stopped. A UserError is one of all ranks."""
        if error is None or isinstance(error, UserError | SystemExit):
            return
        stopped = isinstance(error, KeyboardInterrupt)
        told = [] if stopped else traceback.format_exception(error)
        told.append(f"Rank {self.rank} {'was stopped' if stopped else 'has failed'}, and the run ends.\n")
        sys.stdout.flush()
        if sys.__stderr__ is not None:  # which a process without a console lacks
            sys.__stderr__.write("".join(told))
            sys.__stderr__.flush()
        self.comm.Abort(130 if stopped else 1)

    def sum(self, vector: NDArray[Any]) -> None:
        """Add up the `vector` of all ranks, in place: an all-reduce. The result has the same bits on each rank."""
        self.comm.Allreduce(self.mpi.IN_PLACE, vector)

    def start_sum(self, vector: NDArray[Any]) -> Callable[[], object]:
        """As `sum`, but without waiting: the vector has the result after what is returned has been called."""
        return self.comm.Iallreduce(self.mpi.IN_PLACE, vector).Wait

    def together(self, action: Callable[[], T]) -> T:
        """What `action` returns on this rank, after it has succeeded on all.

        Raises:
            UserError: it has failed on a rank; the sentence is that of the lowest one.
        """
        failure = None
        try:
            result = action()
        except UserError as error:
            failure = str(error), error.exit_status
        for rank, found in enumerate(self.comm.allgather(failure)):
            if found:
                raise UserError(found[0] if rank == 0 else f"Rank {rank}: {found[0]}", found[1])
        return result

    def first_then_all(self, action: Callable[[], T]) -> T:
        """As `together`, but rank 0 does it before the others: it may download what they then find."""
        found = [self.together(action if mine else lambda: None) for mine in (self.rank == 0, self.rank > 0)]
        return found[self.rank > 0]  # type: ignore[return-value]  # of this rank's turn

    def share(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The examples of `rows` (B,) that this rank reads: B / size, one more or less, one after the other."""
        return rows[len(rows) * self.rank // self.size : len(rows) * (self.rank + 1) // self.size]

    def check_same(self, otherwise: str, *arrays: NDArray[Any]) -> None:
        """UserError that says `otherwise` unless all ranks have the same `arrays`, bit by bit (by their CRC-32)."""
        number = 0
        for array in arrays:
            number = zlib.crc32(np.ascontiguousarray(array).data, number)
        if len(set(self.comm.allgather(number))) > 1:
            raise UserError(otherwise)


@contextmanager
def noticed_interrupts() -> Iterator[Callable[[], bool]]:
    """While the block runs, Ctrl-C raises no exception; yields what tells whether it was pressed."""
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False  # Python tells only the main thread of signals
        return
    pressed = threading.Event()
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.set())
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)
