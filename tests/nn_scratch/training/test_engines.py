"""Training with the gradients of an engine takes the same course as training with the derivations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_scratch import TrainConfig, fit, mlp, preset, train, upright
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.layers import Conv2D, Dense, Flatten, Layer, MaxPool2D, Sigmoid, Tanh
from nn_scratch.network import DIGITS, Network
from nn_scratch.training.engines import ENGINES, EngineNetwork, ScalarNetwork, TensorNetwork

Course = tuple[np.ndarray, list[tuple[float, float, float]]]  # the parameters, and losses and accuracy per epoch


def course(network: Network, kind: type[EngineNetwork] | None, training: Dataset, config: TrainConfig) -> Course:
    network.initialize(np.random.default_rng(0))
    network = kind(network) if kind else network
    reports = fit(network, training, training, config, np.random.default_rng(1))
    numbers = [(each.train_loss, each.validation_loss, each.validation_accuracy) for each in reports]
    return network.parameters, numbers


@pytest.mark.parametrize("deslant", [False, True])
def test_the_tensor_engine_takes_the_same_course_to_rounding(
    deslant: bool, small_digits: tuple[Dataset, Dataset]
) -> None:
    training, _ = small_digits
    courses = []
    for kind in (None, TensorNetwork):
        network = upright(preset("mlp")) if deslant else preset("mlp")
        courses.append(course(network, kind, training, TrainConfig(epochs=3)))
    (by_hand, reports), (by_engine, their_reports) = courses
    assert reports[-1][2] > 0.8
    np.testing.assert_allclose(by_engine, by_hand, rtol=0, atol=1e-5)
    np.testing.assert_allclose(their_reports, reports, rtol=0, atol=1e-4)


@pytest.mark.parametrize("kind", [TensorNetwork, ScalarNetwork])
def test_layers_without_a_bias_take_the_same_course(
    kind: type[EngineNetwork], small_digits: tuple[Dataset, Dataset]
) -> None:
    training, courses = small_digits[0].take(np.arange(8)), []
    for engine in (None, kind):
        network = Network([Dense(3, bias=False), Tanh(), Dense(10)], (784,), DIGITS)
        courses.append(course(network, engine, training, TrainConfig(epochs=1))[0])
    np.testing.assert_allclose(courses[1], courses[0], rtol=0, atol=1e-5)


@pytest.mark.parametrize("kind", [TensorNetwork, ScalarNetwork])
def test_frozen_layers_stay_as_they_are(kind: type[EngineNetwork], small_digits: tuple[Dataset, Dataset]) -> None:
    training, courses = small_digits[0].take(np.arange(8)), []
    for engine in (None, kind):
        network = mlp(hidden=(4,)).initialize(np.random.default_rng(0))
        network.freeze(1)
        before = network.parameters.copy()
        network = engine(network) if engine else network
        list(fit(network, training, training, TrainConfig(epochs=1), np.random.default_rng(1)))
        assert (network.parameters[: network.learning.start] == before[: network.learning.start]).all()
        assert (network.parameters[network.learning] != before[network.learning]).any()
        courses.append(network.parameters)
    np.testing.assert_allclose(courses[1], courses[0], rtol=0, atol=1e-5)


def test_forty_seven_classes_take_the_same_course(rng: np.random.Generator) -> None:
    labels = np.arange(470) % 47
    patterns = rng.integers(0, 256, (47, 28, 28))
    images = (0.5 * patterns[labels] + rng.integers(0, 128, (470, 28, 28))).astype(np.uint8)
    letters = Dataset(images, labels, tuple(map(str, range(47))))
    courses = [
        course(preset("letters", classes=letters.classes), kind, letters, TrainConfig(epochs=2))
        for kind in (None, TensorNetwork)
    ]
    np.testing.assert_allclose(courses[1][0], courses[0][0], rtol=0, atol=1e-5)


def test_a_convolutional_network_takes_the_same_course(small_digits: tuple[Dataset, Dataset]) -> None:
    training = small_digits[0].take(np.arange(64))
    courses = []
    for kind in (None, TensorNetwork):
        layers = [
            *(Conv2D(3, 3, stride=2, padding=1), Tanh(), MaxPool2D(3, 2)),
            *(Conv2D(4, 2), Sigmoid(), Flatten(), Dense(10)),
        ]
        courses.append(course(Network(layers, (28, 28, 1), DIGITS), kind, training, TrainConfig(epochs=2)))
    np.testing.assert_allclose(courses[1][0], courses[0][0], rtol=0, atol=1e-5)


def test_the_scalar_engine_takes_the_same_course(small_digits: tuple[Dataset, Dataset]) -> None:
    training = small_digits[0].take(np.arange(6))
    config = TrainConfig(epochs=2, batch_size=3)
    courses = [course(mlp((3,)), kind, training, config) for kind in (None, ScalarNetwork)]
    np.testing.assert_allclose(courses[1][0], courses[0][0], rtol=0, atol=1e-5)
    np.testing.assert_allclose(courses[1][1], courses[0][1], rtol=0, atol=1e-4)


@pytest.mark.parametrize(("engine", "layer"), [("tensor", "mean_pool"), ("scalar", "conv")])
def test_a_layer_that_an_engine_does_not_have_is_named(engine: str, layer: str) -> None:
    with pytest.raises(UserError, match=f"The {engine} engine has no layer of the kind {layer}; leave out --engine"):
        ENGINES[engine](preset("lenet"))


@pytest.mark.parametrize("layer", [Conv2D(1, 3, stride=(1, 2)), Conv2D(1, 3, padding=(0, 1)), MaxPool2D((2, 3))])
def test_windows_that_the_tensor_engine_does_not_have_are_refused(layer: Layer) -> None:
    front = [Conv2D(1, 1), layer.fresh(), Flatten(), Dense(10)]
    oblong = TensorNetwork(Network(front, (8, 8, 1), DIGITS))
    with pytest.raises(UserError, match=r"the same stride and padding both ways|square windows"):
        oblong.forward(np.zeros((1, 8, 8, 1), np.float32), training=True)


def test_the_command_trains_with_each_engine_and_says_what_to_expect(
    small_digits: tuple[Dataset, Dataset],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    few = small_digits[0].take(np.arange(60))
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: (few, few))
    files, printed = [], []
    for engine in ([], ["--engine", "tensor"], ["--engine", "scalar"]):
        out = tmp_path / "mine.npy"
        options = ["--hidden", "2", "--epochs", "1", "--batch-size", "8", "--runs", str(tmp_path / "runs")]
        assert train.main([*options, *engine, "--out", str(out)]) == 0
        files.append(np.load(out))
        printed.append(capsys.readouterr().out)
    for field in ("dense_1", "dense_2"):
        for name in ("W", "b"):
            for other in files[1:]:
                np.testing.assert_allclose(other[field][name], files[0][field][name], rtol=0, atol=1e-5)
    assert "engine" not in printed[0]
    assert "The gradients are those of the tensor engine." in printed[1]
    assert "scalar engine. It computes one number at a time: an epoch will take about 0.1 minutes." in printed[2]


def test_a_graph_that_does_not_fit_into_memory_is_refused(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nn_scratch.checks.bytes_installed", lambda: 10**9)
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    with pytest.raises(UserError, match=r"graph of the scalar engine would need .* choose a smaller --batch-size"):
        train.main(["--engine", "scalar", "--runs", str(tmp_path / "runs"), "--out", str(tmp_path / "mine.npy")])
    assert not (tmp_path / "runs").exists()
