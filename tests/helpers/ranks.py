"""Ranks that are threads of one process: enough of MPI to test what ranks do together, where no MPI is installed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from nn_scratch.parallel.ranks import Ranks

T = TypeVar("T")
PATIENCE = 60  # seconds until a test in which a rank never comes fails


class World:
    """What all threads share: a place to meet, a slot for what each brings, and the memory of windows."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.barrier = threading.Barrier(size, timeout=PATIENCE)
        self.slots: list[Any] = [None] * size
        self.lock = threading.Lock()

    def exchange(self, rank: int, value: Any) -> list[Any]:
        """The values of all ranks."""
        self.slots[rank] = value
        self.barrier.wait()
        values = list(self.slots)
        self.barrier.wait()
        return values


class Comm:
    """The communicator of all threads, as one of them sees it."""

    def __init__(self, world: World, rank: int) -> None:
        self.world, self.rank = world, rank

    def Get_rank(self) -> int:  # noqa: N802  MPI's names
        return self.rank

    def Get_size(self) -> int:  # noqa: N802
        return self.world.size

    def allgather(self, value: Any) -> list[Any]:
        return self.world.exchange(self.rank, value)

    def Allreduce(self, place: object, vector: NDArray[Any]) -> None:  # noqa: N802
        vectors = self.world.exchange(self.rank, vector.copy())
        vector[...] = np.sum(vectors, axis=0, dtype=vector.dtype)

    def Iallreduce(self, place: object, vector: NDArray[Any]) -> Comm:  # noqa: N802
        self.Allreduce(place, vector)
        return self

    def Wait(self) -> None:  # noqa: N802
        """The sum is already there."""

    def Barrier(self) -> None:  # noqa: N802
        self.world.barrier.wait()


class Window:
    """Memory of rank 0 that all threads read and write."""

    def __init__(self, memory: NDArray[np.uint8], unit: int, world: World) -> None:
        self.memory, self.unit, self.world = memory, unit, world

    @classmethod
    def Allocate(cls, size: int, unit: int, comm: Comm) -> Window:  # noqa: N802
        return cls(comm.allgather(np.zeros(size, np.uint8))[0], unit, comm.world)

    def place(self, array: NDArray[Any], first: int) -> NDArray[Any]:
        return self.memory[first * self.unit :][: array.nbytes].view(array.dtype)

    def Get(self, array: NDArray[Any], rank: int, target: int = 0) -> None:  # noqa: N802
        array[...] = self.place(array, target)

    def Put(self, array: NDArray[Any], rank: int, target: int = 0) -> None:  # noqa: N802
        self.place(array, target)[...] = array

    def Fetch_and_op(self, number: Any, before: Any, rank: int, target: int, operation: object) -> None:  # noqa: N802
        with self.world.lock:
            before[...] = self.place(before, target)
            self.place(before, target)[...] += number

    def nothing(self, *arguments: object) -> None:
        """What threads need not do."""

    Lock_all = Unlock_all = Flush = Free = nothing


class Mpi:
    """Takes the place of the module `mpi4py.MPI` in one thread."""

    IN_PLACE = SUM = MODE_NOCHECK = None
    Win = Window

    def __init__(self, world: World, rank: int) -> None:
        self.COMM_WORLD = Comm(world, rank)


def on_ranks(size: int, function: Callable[[Ranks], T]) -> Sequence[T]:
    """What `function` returns on each of `size` ranks; its error if it fails on one."""
    world = World(size)

    def on_rank(rank: int) -> T:
        try:
            return function(Ranks(Mpi(world, rank)))
        except BaseException:
            world.barrier.abort()  # so that the others do not wait
            raise

    with ThreadPoolExecutor(size) as pool:
        futures = [pool.submit(on_rank, rank) for rank in range(size)]
    errors = [error for future in futures if (error := future.exception())]
    for error in errors:
        if not isinstance(error, threading.BrokenBarrierError):
            raise error
    return [future.result() for future in futures]
