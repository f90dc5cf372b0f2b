"""A model file cannot ask for more than it brings: memory, time and answers of its network are bounded."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nn_scratch.presets import PRESETS, preset, upright

import nn_scratch
from nn_scratch import Network, UserError, limits
from nn_scratch.arrays import Shape
from nn_scratch.layers import (
    GELU,
    BatchNorm,
    Conv2D,
    Dense,
    DensePerChannel,
    Deslant,
    Flatten,
    GlobalMeanPool2D,
    Layer,
    LayerNorm,
    Maxout,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    Residual,
    Standardize,
    Tanh,
)
from nn_scratch.network import CHUNK, DIGITS, mlp
from tests.helpers.model_files import rewritten, with_layers

SIDES = (20, 20, 3)


def saved(folder: Path, layers: Sequence[Layer], shape: Shape, state: float | None = None) -> Path:
    """A small network in a file; all its state is `state`, where that is given."""
    network = Network([*layers, Flatten(), Dense(10)], shape, DIGITS).initialize(np.random.default_rng(0))
    if state is not None:
        network.state[...] = state
    nn_scratch.save(network, folder / "model.npy")
    return folder / "model.npy"


def refused(path: Path) -> str:
    """The sentence with which `path` is refused, at once and at no cost."""
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(UserError, match="is not a model file") as caught:
        nn_scratch.load(path)
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 5
    assert peak < 20 * 2**20
    return str(caught.value)


CLAIMS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a reshape to 10.0": (
        lambda folder: rewritten(
            saved(folder, [], (784,)),
            layers=[{"kind": "dense", "outputs": 10}, {"kind": "reshape", "shape": [10.0]}],
        ),
        "shape is not made of whole numbers",
    ),
    "sides below 0": (
        lambda folder: rewritten(saved(folder, [], (28, 28)), input_shape=[-28, -28]),
        "input shape is not made of whole numbers from 1",
    ),
    "sides of 28.0": (lambda folder: rewritten(saved(folder, [], (28, 28)), input_shape=[28.0, 28]), "input shape"),
    "a side of true": (lambda folder: rewritten(saved(folder, [], (1, 28)), input_shape=[True, 28]), "input shape"),
    "a padding of 20,000": (
        lambda folder: with_layers(
            saved(folder, [Conv2D(1, 1), MaxPool2D(28)], (28, 28, 1)),
            conv={"padding": [20_000, 20_000]},
            max_pool={"window": [40_028, 40_028]},
        ),
        "numbers per image",
    ),
    "a wide frame for pooling": (
        lambda folder: with_layers(
            saved(folder, [MaxPool2D(28)], (28, 28, 1)), max_pool={"window": [9000, 9000], "padding": [8999, 8999]}
        ),
        "numbers per image",
    ),
    "a wide frame within a residual layer": (
        lambda folder: with_layers(
            saved(folder, [Residual([MaxPool2D(1)])], (28, 28, 1)),
            residual={"layers": [{"kind": "conv", "channels": 1, "kernel": 8001, "padding": 4000}]},
        ),
        "numbers per image",
    ),
    "a residual layer of something else": (
        lambda folder: with_layers(saved(folder, [Residual([ReLU()])], (5,)), residual={"layers": [3]}),
        "'int' object is not iterable",
    ),
    "a residual layer with another argument": (
        lambda folder: with_layers(saved(folder, [Residual([ReLU()])], (5,)), residual={"more": 3}),
        "unexpected keyword argument",
    ),
    "a padding below 0": (
        lambda folder: with_layers(saved(folder, [Conv2D(1, 3)], (9, 9, 1)), conv={"padding": -1}),
        "padding is not made of whole numbers from 0",
    ),
    "a stride of 2.0": (
        lambda folder: with_layers(saved(folder, [MaxPool2D(2)], (8, 8, 1)), max_pool={"stride": [2.0, 2]}),
        "stride",
    ),
    "an output of true": (
        lambda folder: with_layers(saved(folder, [Dense(1)], (5,)), dense={"outputs": True}),
        "outputs",
    ),
    "a momentum of true": (
        lambda folder: with_layers(saved(folder, [BatchNorm()], (5,), 1), batch_norm={"momentum": True}),
        "momentum is not a number",
    ),
    "an infinite epsilon": (
        lambda folder: with_layers(saved(folder, [BatchNorm()], (5,), 1), batch_norm={"epsilon": float("inf")}),
        "epsilon is not finite",
    ),
    "a negative variance": (lambda folder: saved(folder, [BatchNorm()], (5,), -1), "negative variance"),
    "a variance that divides by 0": (
        lambda folder: with_layers(saved(folder, [BatchNorm()], (5,), 0), batch_norm={"epsilon": 1e-300}),
        "no answer for a blank or a full image",
    ),
    "1,000,000 outputs": (
        lambda folder: with_layers(saved(folder, [Dense(10)], (784,)), dense={"outputs": 1_000_000}),
        "disagree about how many numbers",
    ),
    "a million images of weights": (
        lambda folder: rewritten(saved(folder, [], (28, 28)), input_shape=[2**20, 28, 28]),
        "numbers per image",
    ),
    "hours of tanh": (
        lambda folder: rewritten(
            saved(folder, [], (28, 28)), input_shape=[1000, 1000], layers=[{"kind": "tanh"}] * 999
        ),
        "multiplications",
    ),
    "a window of many steps": (
        lambda folder: with_layers(
            rewritten(saved(folder, [MaxPool2D(28)], (28, 28, 1)), input_shape=[1400, 1400, 1]),
            max_pool={"window": [1400, 1400]},
        ),
        "multiplications",
    ),
    "a kind without an end": (
        lambda folder: rewritten(saved(folder, [], (5,)), layers=[{"kind": "\x1b" + "x" * 60_000}]),
        "…",
    ),
    "an initializer without an end": (
        lambda folder: with_layers(saved(folder, [], (5,)), dense={"initializer": "x" * 60_000}),
        "…",
    ),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_file_that_claims_too_much_is_refused(claim: str, tmp_path: Path) -> None:
    hostile, why = CLAIMS[claim]
    path = hostile(tmp_path)
    sentence = refused(path)
    assert why in sentence
    assert sentence.isprintable()
    assert len(sentence) < len(str(path)) + 400


def test_numbers_that_overflow_on_their_way_are_refused(tmp_path: Path) -> None:
    network = mlp((5,)).initialize(np.random.default_rng(0))
    network.parameters[...] = 3e38
    nn_scratch.save(network, tmp_path / "model.npy")
    assert "no answer for a blank or a full image" in refused(tmp_path / "model.npy")


def test_what_could_not_be_loaded_is_not_saved(tmp_path: Path) -> None:
    network = Network([Conv2D(64, 3, padding=1), MaxPool2D(400), Flatten(), Dense(2)], (400, 400, 1), "ab")
    with pytest.raises(UserError, match="no such model can be loaded"):
        nn_scratch.save(network, tmp_path / "model.npy")
    assert list(tmp_path.iterdir()) == []


def peak_of(network: Network, images: int) -> int:
    """The most bytes that NumPy has taken while `network` reads so many images."""
    batch = np.random.default_rng(0).random((images, *network.input_shape), np.float32)
    network.initialize(np.random.default_rng(0))
    tracemalloc.start()
    network.forward(batch)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


NETWORKS: dict[str, Network] = {
    **{name: preset(name, (28, 28)) for name in PRESETS},
    "convnet in colour": preset("convnet", (64, 48, 3)),
    "upright": upright(mlp()),
    "padded pool": Network([MaxPool2D(9, padding=8), Flatten(), Dense(2)], SIDES, "ab"),
    **{
        layer.kind: Network([layer, Flatten(), Dense(2)], SIDES, "ab")
        for layer in (
            *(Conv2D(4, 5, padding=3), Deslant(), MaxPool2D(3, 1), MeanPool2D(2), BatchNorm(), ReLU(), Tanh()),
            *(GELU(), LayerNorm(), DensePerChannel(3), GlobalMeanPool2D(), Maxout(3), Standardize()),
            Residual([Conv2D(3, 5, padding="same"), GELU()]),
        )
    },
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_prediction_takes_no_more_memory_than_is_estimated(name: str) -> None:
    network = NETWORKS[name]
    shapes: list[Any] = [network.input_shape, *network.shapes]
    estimates = map(limits.numbers_of, network.layers, shapes, shapes[1:])
    assert peak_of(network, 32) <= 32 * 4 * max(estimates) + 2**16


def test_a_whole_prediction_is_bounded() -> None:
    assert CHUNK * limits.MOST_NUMBERS * 4 <= 4 * 2**30


def test_networks_for_photographs_are_within_the_limits() -> None:
    for name in PRESETS:
        network = preset(name, (224, 224, 3))
        limits.check_cost(network.layers, network.input_shape, network.shapes)
