"""The command that compares gradients: every method gives the same one, and the printed tables show it."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest

from nn_scratch import UserError, gradients
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
from nn_scratch.network import mlp


@pytest.fixture(autouse=True)
def sets(small_digits: tuple[Dataset, Dataset], monkeypatch: pytest.MonkeyPatch) -> None:
    """mnist is small digits, and there are photographs in colour."""
    photographs = Dataset(np.arange(180, dtype=np.uint8).reshape(3, 4, 5, 3), np.arange(3) % 2, ("cat", "dog"))
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    monkeypatch.setitem(DATA_SETS, "photographs", lambda: (photographs, photographs))


@pytest.mark.parametrize("name", gradients.METHODS)
def test_every_method_gives_the_same_gradient(name: str, rng: np.random.Generator) -> None:
    if name == "PyTorch":
        pytest.importorskip("torch", reason="PyTorch is not installed")
    network = mlp((4, 3), ("a", "b", "c"), np.float64).initialize(rng)
    x, labels = rng.uniform(0, 1, (2, 784)), rng.integers(0, 3, 2)
    by_hand, result = gradients.by_hand(network, x, labels), gradients.METHODS[name](network, x, labels)
    assert result.loss == pytest.approx(by_hand.loss, rel=1e-14)
    assert result.gradient.shape == network.parameters.shape
    allowed = 1e-8 if name == "differences" else 1e-14
    np.testing.assert_allclose(result.gradient, by_hand.gradient, rtol=0, atol=allowed)


@pytest.mark.parametrize(("data", "size"), [("mnist", "784-3-10"), ("photographs", "60-3-2")])
def test_the_tables_compare_every_pair_of_methods(
    data: str, size: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch", reason="PyTorch is not installed")
    for methods in (5, 4):
        assert gradients.main(["--data", data, "--hidden", "3", "--batch-size", "2"]) == 0
        printed = capsys.readouterr().out
        assert printed.startswith(f"{size}: the mean loss of a batch of 2, and its derivative with respect to each of ")
        assert ("PyTorch is not installed" in printed) is (methods == 4)
        differences = [float(number) for number in re.findall(r"\d\.\de[-+]\d\d", printed)]
        assert len(differences) == methods * (methods - 1) // 2
        assert max(differences) < 1e-8
        monkeypatch.setitem(sys.modules, "torch", None)  # as if it were not installed


@pytest.mark.parametrize("options", ["--batch-size 1000000000", "--hidden 100000000"])
def test_a_graph_beyond_all_memory_is_one_sentence(options: str) -> None:
    with pytest.raises(UserError, match="GB of memory"):
        gradients.main(options.split())
