"""Training with the gradients of an engine learns what training with the derivations does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import Network, fit, mlp, preset, train, upright
from nn_scratch.convolution import Conv2D, MaxPool2D
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
from nn_scratch.engines import ENGINES, EngineNetwork, ScalarNetwork, TensorNetwork
from nn_scratch.errors import UserError
from nn_scratch.layers import Dense, Dropout, Flatten, Layer, Sigmoid, Tanh
from nn_scratch.network import DIGITS

Digits = tuple[Dataset, Dataset]


def convolutional() -> Network:
    layers = [
        *(Conv2D(3, 3, stride=2, padding=1), Tanh(), MaxPool2D(3, 2)),
        *(Conv2D(4, 2, bias=False), Sigmoid(), Flatten(), Dense(10)),
    ]
    return Network(layers, (28, 28, 1), DIGITS)


CASES: dict[str, tuple[type[EngineNetwork], Callable[[], Network], tuple[str, ...], int, int]] = {
    # the engine, the network, its frozen layers, and how many examples are learned in batches of what size
    "mlp": (TensorNetwork, lambda: preset("mlp"), (), 1000, 128),
    "deslant": (TensorNetwork, lambda: upright(preset("mlp")), (), 1000, 128),
    "convolutions": (TensorNetwork, convolutional, (), 64, 32),
    "first layers frozen": (TensorNetwork, convolutional, ("conv_1", "conv_2"), 64, 32),
    "a layer between frozen": (TensorNetwork, convolutional, ("conv_2",), 64, 32),
    "dropout first": (TensorNetwork, lambda: Network([Dropout(0.2), Dense(10)], (784,), DIGITS), (), 64, 32),
    "scalars": (ScalarNetwork, lambda: mlp((3,)), (), 6, 3),
    "scalars, no bias": (
        ScalarNetwork,
        lambda: Network([Dense(3, bias=False), Tanh(), Dense(10)], (784,), DIGITS),
        (),
        8,
        8,
    ),
    "scalars, frozen": (ScalarNetwork, lambda: mlp((4,)), ("dense_1",), 8, 8),
    "scalars, frozen last": (
        ScalarNetwork,
        lambda: Network([Dense(3), Sigmoid(), Dense(10)], (784,), DIGITS),
        ("dense_2",),
        8,
        8,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_an_engine_learns_the_same_to_rounding(name: str, small_digits: Digits) -> None:
    kind, make, frozen, count, batch_size = CASES[name]
    training, parameters, numbers = small_digits[0][:count], [], []
    for engine in (None, kind):
        network = make().initialize(np.random.default_rng(0))
        network.freeze(frozen)
        network = engine(network) if engine else network
        before = network.parameters.copy()
        reports = fit(network, training, training, 1, epochs=2, batch_size=batch_size)
        changed = network.parameters != before
        assert changed[network.learning].any()
        assert not changed[network.learning.stop :].any()
        parameters.append(network.parameters)
        numbers.append([(each.train_loss, each.validation_loss, each.validation_accuracy) for each in reports])
    np.testing.assert_allclose(parameters[1], parameters[0], rtol=0, atol=1e-5)
    np.testing.assert_allclose(numbers[1], numbers[0], rtol=0, atol=1e-4)


@pytest.mark.parametrize(("engine", "layer"), [("tensor", "mean_pool"), ("scalar", "conv")])
def test_a_layer_that_an_engine_does_not_have_is_named(engine: str, layer: str) -> None:
    with pytest.raises(UserError, match=f"The {engine} engine has no layer of the kind {layer}; leave out --engine"):
        ENGINES[engine](preset("lenet"))


@pytest.mark.parametrize("layer", [Conv2D(1, 3, stride=(1, 2)), Conv2D(1, 3, padding=(0, 1)), MaxPool2D((2, 3))])
def test_windows_that_the_tensor_engine_does_not_have_are_refused(layer: Layer) -> None:
    oblong = TensorNetwork(Network([Conv2D(1, 1), layer.fresh(), Flatten(), Dense(10)], (8, 8, 1), DIGITS))
    with pytest.raises(UserError, match=r"the same stride and padding both ways|square windows"):
        oblong.forward(np.zeros((1, 8, 8, 1), np.float32), training=True)


def test_the_command_trains_with_each_engine_and_says_time_estimate(
    small_digits: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: (small_digits[0][:60], small_digits[0][:60]))
    monkeypatch.chdir(tmp_path)
    files, printed = [], []
    for engine in ("", "--engine tensor", "--engine scalar"):
        assert train.main(f"--hidden 2 --epochs 1 --batch-size 8 {engine}".split()) == 0
        files.append(np.load("models/mine.npy"))
        printed.append(capsys.readouterr().out)
    for field, name in ((field, name) for field in ("dense_1", "dense_2") for name in "Wb"):
        for other in files[1:]:
            np.testing.assert_allclose(other[field][name], files[0][field][name], rtol=0, atol=1e-5)
    assert "engine" not in printed[0]
    assert "The gradients are those of the tensor engine." in printed[1]
    assert "scalar engine. It computes one number at a time: an epoch will take about 0.1 minutes." in printed[2]

    monkeypatch.setattr("nn_scratch.checks.bytes_installed", lambda: 10**9)
    with pytest.raises(UserError, match=r"graph of the scalar engine would need .* choose a smaller --batch-size"):
        train.main(["--engine", "scalar"])
    assert len(list(Path("runs").iterdir())) == 3
