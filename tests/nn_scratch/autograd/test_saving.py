"""A model of the engine in a file: it comes back, or one sentence says why it does not."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch.autograd import BatchNorm, Conv2D, Linear, Sequential, Tensor, flatten, load, save
from nn_scratch.errors import UserError


def model(seed: int) -> Sequential:
    rng = np.random.default_rng(seed)
    inner = Sequential(Conv2D((2, 1, 3, 3), rng), BatchNorm(2), Tensor.relu)
    return Sequential(inner, flatten, Linear(72, 3, rng))


def trained(seed: int) -> Sequential:
    network = model(seed)
    network(Tensor(np.random.default_rng(9).standard_normal((4, 1, 8, 8)).astype(np.float32)))  # moves the averages
    network.train(False)
    return network


def test_a_model_comes_back_with_its_state(tmp_path: Path, rng: np.random.Generator) -> None:
    first, second = trained(0), trained(1)
    path = tmp_path / "model.npz"
    save(first, path)
    assert sorted(np.load(path)) == [
        *("0.0.W", "0.0.b", "0.1.beta", "0.1.gamma", "0.1.mean", "0.1.variance"),
        *("2.W", "2.b"),
    ]
    x = Tensor(rng.standard_normal((5, 1, 8, 8)).astype(np.float32))
    assert (first(x) != second(x)).any()
    load(second, path)
    assert (first(x) == second(x)).all()
    assert [file.name for file in tmp_path.iterdir()] == ["model.npz"]


def changed(**arrays: Any) -> dict[str, Any]:
    return {**model(0).arrays(), **arrays}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: {"W": np.zeros(3)}, "does not fit this model: it has W float64"),
        (lambda: changed(**{"2.b": np.zeros(4, np.float32)}), "build the model that was saved"),
        (lambda: changed(**{"2.b": np.zeros(3)}), "build the model that was saved"),
        (lambda: changed(**{"2.b": np.full(3, np.nan, np.float32)}), r"numbers in 2\.b that are not finite"),
        (lambda: changed(**{"2.b": np.array([None] * 3)}), "not an .npz file of plain arrays"),
    ],
)
def test_what_does_not_fit_changes_nothing(
    content: Callable[[], dict[str, Any]], sentence: str, tmp_path: Path
) -> None:
    np.savez(tmp_path / "other.npz", **content())
    network = model(1)
    before = {name: array.copy() for name, array in network.arrays().items()}
    with pytest.raises(UserError, match=sentence):
        load(network, tmp_path / "other.npz")
    assert all((array == before[name]).all() for name, array in network.arrays().items())


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    with pytest.raises(UserError, match="There is no file of a model"):
        load(model(0), path)
    path.write_bytes(pickle.dumps({"2.b": 1}))
    with pytest.raises(UserError, match=r"not an \.npz file"):
        load(model(0), path)
    with pytest.raises(UserError, match="Cannot write"):
        save(model(0), tmp_path / "nowhere" / "model.npz")
