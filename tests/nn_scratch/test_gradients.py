"""The command that compares gradients: every method gives the same one, and the printed tables show it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from nn_scratch import UserError, gradients
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
from nn_scratch.network import mlp


@pytest.mark.parametrize("name", [name for name in gradients.METHODS if name != "PyTorch"])
def test_every_method_gives_the_same_gradient(name: str, rng: np.random.Generator) -> None:
    network = mlp((4, 3), ("a", "b", "c"), np.float64).initialize(rng)
    x, labels = rng.uniform(0, 1, (2, 784)), rng.integers(0, 3, 2)
    by_hand, result = gradients.by_hand(network, x, labels), gradients.METHODS[name](network, x, labels)
    assert result.loss == pytest.approx(by_hand.loss, rel=1e-14)
    assert result.gradient.shape == network.parameters.shape
    allowed = 1e-8 if name == "differences" else 1e-14
    np.testing.assert_allclose(result.gradient, by_hand.gradient, rtol=0, atol=allowed)


def test_pytorch_gives_the_same_gradient(rng: np.random.Generator) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    network = mlp((4, 3), ("a", "b", "c"), np.float64).initialize(rng)
    x, labels = rng.uniform(0, 1, (2, 784)), rng.integers(0, 3, 2)
    by_hand, result = gradients.by_hand(network, x, labels), gradients.by_pytorch(network, x, labels)
    assert result.loss == pytest.approx(by_hand.loss, rel=1e-14)
    np.testing.assert_allclose(result.gradient, by_hand.gradient, rtol=0, atol=1e-14)


@pytest.mark.parametrize("torch_is_there", [True, False])
def test_the_tables_compare_every_pair_of_methods(
    torch_is_there: bool,
    small_digits: tuple[Dataset, Dataset],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    there = gradients.installed("torch") and torch_is_there
    monkeypatch.setattr(gradients, "installed", lambda module: there)
    assert gradients.main(["--hidden", "3", "--batch-size", "2"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(
        "784-3-10: the mean loss of a batch of 2, and its derivative with respect to each of 2,395 "
    )
    methods = 5 if there else 4
    assert ("PyTorch is not installed" in printed) is not there
    differences = [float(number) for number in re.findall(r"\d\.\de[-+]\d\d", printed)]
    assert len(differences) == methods * (methods - 1) // 2
    assert max(differences) < 1e-8


def test_a_graph_beyond_all_memory_is_one_sentence(
    small_digits: tuple[Dataset, Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    for options in (["--batch-size", "1000000000"], ["--hidden", "100000000"]):
        with pytest.raises(UserError, match="GB of memory"):
            gradients.main(options)


def test_a_module_that_is_not_there_is_not_installed() -> None:
    assert gradients.installed("json")
    assert not gradients.installed("no_such_module")
