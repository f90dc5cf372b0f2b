"""The strategy of a training: this process alone, or all ranks that `mpiexec` has started.

The command is the same for one process and for a thousand. What differs is who loads first, who writes and prints, and
how the steps are taken; so nn_scratch.train asks its strategy for these, and does not know of ranks.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from nn_scratch.errors import UserError
from nn_scratch.parallel.asynchronous import STRENGTH, Asynchronous
from nn_scratch.parallel.ranks import Ranks, launched, load_mpi
from nn_scratch.parallel.synchronous import Synchronous
from nn_scratch.runs import Run, new_run_folder
from nn_scratch.training import EpochReport, StepReport, steps

T = TypeVar("T")


class Alone(AbstractContextManager["Alone"]):
    """One process, without MPI: what it does is done by all."""

    rank, size = 0, 1

    def __exit__(self, *error: object) -> None:
        """Nobody else is there to be ended."""

    def together(self, action: Callable[[], T]) -> T:
        """What `action` returns."""
        return action()

    first_then_all = together


class Strategy:
    """All `ranks`, which train in the way of `training`; or one process.

    Attributes:
        leads: whether this process is the one that writes and prints.
    """

    def __init__(self, ranks: Ranks | Alone, training: Synchronous | None = None) -> None:
        self.ranks, self.training = ranks, training
        self.leads = ranks.rank == 0

    def steps(self, *arguments: Any, **settings: Any) -> Iterator[StepReport | EpochReport]:
        """`training.steps`, with whoever takes part."""
        return (self.training.steps if self.training else steps)(*arguments, **settings)

    def run_for(self, args: argparse.Namespace, arguments: Sequence[str]) -> Run:
        """The record of the training that `args` ask for, which all ranks keep and one writes."""
        if self.training:
            self.training.check_batch(args.batch_size)  # a UserError must come before there is a folder
        folder = self.ranks.together(lambda: args.resume or (new_run_folder() if self.leads else Path()))
        return Run(folder, arguments, writes=self.leads)

    def introduction(self, run: Run) -> str:
        """What is told before the training, if anything."""
        if not self.training:
            return ""
        size, how = self.ranks.size, self.metadata()["parallel"]
        if size == 1:
            return f"Parallel training, {how}, with 1 rank; mpiexec -n N starts more."
        return f"Parallel training, {how}, with {size} ranks. If one dies, all end, and --resume {run.folder} goes on."

    def summary(self) -> str:
        """What is told after the training, if anything."""
        return self.training.summary() if self.training else ""

    def metadata(self) -> dict[str, Any]:
        """What the model file tells."""
        return {"parallel": type(self.training).__name__.lower(), "ranks": self.ranks.size} if self.training else {}


def strategy_for(parallel: str | None) -> Strategy:
    """The strategy called `parallel`: sync, async or async:STRENGTH; None for one process.

    Raises:
        UserError: there is no MPI, or there are ranks although none are asked for.
    """
    if parallel is None:
        if launched()[1] > 1:
            raise UserError(f"mpiexec has started {launched()[1]} processes; say how they train: --parallel sync")
        return Strategy(Alone())
    ranks, (way, _, strength) = Ranks(load_mpi()), parallel.partition(":")
    return Strategy(ranks, Synchronous(ranks) if way == "sync" else Asynchronous(ranks, float(strength or STRENGTH)))
