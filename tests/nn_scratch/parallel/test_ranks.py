"""Ranks: an error of one is an error of all, and a crash ends the run."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from nn_scratch import train
from nn_scratch.errors import UserError
from nn_scratch.parallel import ranks as ranks_module
from nn_scratch.parallel.ranks import Ranks, launched, load_mpi
from tests.helpers.ranks import Mpi, World, on_ranks


def test_rank_0_prepares_before_the_others() -> None:
    order: list[int] = []

    def prepare(rank: int) -> int:
        order.append(rank)
        return rank

    assert on_ranks(3, lambda ranks: ranks.first_then_all(lambda: prepare(ranks.rank))) == [0, 1, 2]
    assert order[0] == 0


def test_an_error_of_one_rank_is_told_on_all() -> None:
    def fails_on_1(ranks: Ranks) -> str:
        def prepare() -> None:
            if ranks.rank == 1:
                raise UserError("There is no data.", 3)

        with pytest.raises(UserError) as told:
            ranks.first_then_all(prepare)
        assert told.value.exit_status == 3
        return str(told.value)

    assert on_ranks(2, fails_on_1) == ["Rank 1: There is no data."] * 2


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (ValueError("a bug"), 1)])
def test_a_crash_ends_all_ranks(error: BaseException, status: int, capfd: pytest.CaptureFixture[str]) -> None:
    ranks = Ranks(Mpi(World(1), 0))
    ended: list[Any] = []
    ranks.comm.Abort = ended.append
    with pytest.raises(type(error)), ranks:
        raise error
    assert ended == [status]
    with pytest.raises(UserError), ranks:
        raise UserError("That is one of all ranks.")
    assert ended == [status]


def test_what_mpiexec_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    assert launched() == (0, 1)
    monkeypatch.setenv("OMPI_COMM_WORLD_RANK", "2")
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "4")
    assert launched() == (2, 4)
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    ranks_module.mute_all_but_the_first()
    with sys.stdout as nowhere:
        nowhere.write("nobody reads this")


def test_ranks_without_the_option_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PMI_RANK", "0")
    monkeypatch.setenv("PMI_SIZE", "4")
    with pytest.raises(UserError, match="mpiexec has started 4 processes"):
        train.main([])


def test_without_mpi_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    with pytest.raises(UserError, match=r"pip install mpi4py mpich.*mpiexec -n N"):
        load_mpi()
