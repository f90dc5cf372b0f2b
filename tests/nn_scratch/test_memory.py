"""What does not fit into memory is refused with a sentence, before anything is allocated."""

from __future__ import annotations

import os

import pytest

from nn_scratch import UserError, checks, mlp
from nn_scratch.checks import check_memory


def test_the_memory_of_the_computer_is_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "bytes_installed", lambda: 4 * 10**9)
    check_memory(4 * 10**9, "A list", "write less")
    with pytest.raises(UserError, match=r"^A list would need 5 GB of memory, and this computer has 4 GB; write"):
        check_memory(5 * 10**9, "A list", "write less")


def test_a_system_that_does_not_tell_is_given_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.bytes_installed() > 2**28
    monkeypatch.delattr(os, "sysconf", raising=False)
    assert checks.bytes_installed() == checks.ASSUMED


@pytest.mark.parametrize("units", [10**9, 10**30])
def test_a_network_beyond_all_memory_is_one_sentence(units: int) -> None:
    with pytest.raises(UserError, match=r"parameters would need .* GB of memory.*make layers smaller") as caught:
        mlp((units,))
    assert isinstance(caught.value, MemoryError)
