"""A model file cannot ask for more than it brings: memory, time and answers of its network are bounded."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_scratch
from nn_scratch import (
    BatchNorm,
    Conv2D,
    Dense,
    Flatten,
    Layer,
    MaxPool2D,
    Network,
    ReLU,
    Residual,
    Shape,
    UserError,
    mlp,
)
from nn_scratch.layers import LAYERS
from nn_scratch.limits import MOST_NUMBERS, check_cost, cost_of
from nn_scratch.network import CHUNK, DIGITS
from nn_scratch.zoo.presets import PRESETS, preset, upright
from tests.helpers.layer_cases import CASES
from tests.helpers.model_files import rewritten, with_layers

Claim = tuple[Sequence[Layer], Shape, dict[str, Any], str]  # layers, input shape, what the file says instead, why not
POOLED: tuple[Sequence[Layer], Shape] = ([MaxPool2D(28)], (28, 28, 1))

CLAIMS: dict[str, Claim] = {
    "a shape of 10.0": (
        *([], (784,), {"layers": [{"kind": "dense", "outputs": 10}, {"kind": "reshape", "shape": [10.0]}]}),
        "shape is not made of whole numbers",
    ),
    "sides below 0": ([], (28, 28), {"input_shape": [-28, -28]}, "input shape is not made of whole numbers from 1"),
    "sides of 28.0": ([], (28, 28), {"input_shape": [28.0, 28]}, "input shape"),
    "a side of true": ([], (1, 28), {"input_shape": [True, 28]}, "input shape"),
    "a padding of 20,000": (
        *([Conv2D(1, 1), MaxPool2D(28)], (28, 28, 1)),
        {"conv": {"padding": [20_000, 20_000]}, "max_pool": {"window": [40_028, 40_028]}},
        "numbers per image",
    ),
    "a wide frame": (*POOLED, {"max_pool": {"window": [9000, 9000], "padding": [8999, 8999]}}, "numbers per image"),
    "a wide frame within a residual layer": (
        *([Residual([MaxPool2D(1)])], (28, 28, 1)),
        {"residual": {"layers": [{"kind": "conv", "channels": 1, "kernel": 8001, "padding": 4000}]}},
        "numbers per image",
    ),
    "a residual layer of 3": ([Residual([ReLU()])], (5,), {"residual": {"layers": [3]}}, "object is not iterable"),
    "an argument more": ([Residual([ReLU()])], (5,), {"residual": {"more": 3}}, "unexpected keyword argument"),
    "a padding below 0": ([Conv2D(1, 3)], (9, 9, 1), {"conv": {"padding": -1}}, "padding is not made of whole numbers"),
    "a stride of 2.0": ([MaxPool2D(2)], (8, 8, 1), {"max_pool": {"stride": [2.0, 2]}}, "stride"),
    "an output of true": ([Dense(1)], (5,), {"dense": {"outputs": True}}, "outputs"),
    "a momentum of true": ([BatchNorm()], (5,), {"batch_norm": {"momentum": True}}, "momentum is not a number"),
    "an infinite epsilon": ([BatchNorm()], (5,), {"batch_norm": {"epsilon": float("inf")}}, "epsilon is not finite"),
    "a variance below 0": ([BatchNorm()], (5,), {"state": -1}, "negative variance"),
    "a variance of 0": ([BatchNorm()], (5,), {"state": 0, "batch_norm": {"epsilon": 1e-300}}, "no answer for a blank"),
    "numbers that overflow": ([Dense(5)], (784,), {"parameters": 3e38}, "no answer for a blank or a full image"),
    "1,000,000 outputs": ([Dense(10)], (784,), {"dense": {"outputs": 1_000_000}}, "disagree about how many numbers"),
    "a million images of weights": ([], (28, 28), {"input_shape": [2**20, 28, 28]}, "numbers per image"),
    "hours of tanh": (
        *([], (28, 28), {"input_shape": [1000, 1000], "layers": [{"kind": "tanh"}] * 999}),
        "multiplications",
    ),
    "a window of many steps": (
        *(*POOLED, {"input_shape": [1400, 1400, 1], "max_pool": {"window": [1400, 1400]}}),
        "multiplications",
    ),
    "a kind without an end": ([], (5,), {"layers": [{"kind": "\x1b" + "x" * 60_000}]}, "…"),
    "an initializer without an end": ([], (5,), {"dense": {"initializer": "x" * 60_000}}, "…"),
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_file_that_claims_too_much_is_refused(claim: str, tmp_path: Path) -> None:
    """In one sentence, at once and at no cost."""
    layers, shape, said, why = CLAIMS[claim]
    path, said = tmp_path / "model.npy", dict(said)
    layers = [layer.fresh() for layer in layers]
    network = Network([*layers, Flatten(), Dense(10)], shape, DIGITS).initialize(np.random.default_rng(0))
    for vector in ("parameters", "state"):
        if vector in said:
            getattr(network, vector)[...] = said.pop(vector)
    nn_scratch.save(network, path)
    with_layers(path, **{kind: said.pop(kind) for kind in LAYERS if kind in said})
    rewritten(path, **said)
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(UserError, match="is not a model file") as caught:
        nn_scratch.load(path)
    seconds, (_, peak) = time.process_time() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 5
    assert peak < 20 * 2**20
    sentence = str(caught.value)
    assert why in sentence
    assert sentence.isprintable()
    assert len(sentence) < len(str(path)) + 400


def test_what_could_not_be_loaded_is_not_saved(tmp_path: Path) -> None:
    network = Network([Conv2D(64, 3, padding=1), MaxPool2D(400), Flatten(), Dense(2)], (400, 400, 1), "ab")
    with pytest.raises(UserError, match="no such model can be loaded"):
        nn_scratch.save(network, tmp_path / "model.npy")
    assert list(tmp_path.iterdir()) == []


OF_IMAGES = {name: (make, (20, 20, shape[3])) for name, (make, shape) in CASES.items() if len(shape) == 4}
NETWORKS: dict[str, Network] = {
    **{name: preset(name, (28, 28)) for name in PRESETS},
    "convnet in colour": preset("convnet", (64, 48, 3)),
    "upright": upright(mlp()),
    "padded pool": Network([MaxPool2D(9, padding=8), Flatten(), Dense(2)], (20, 20, 3), "ab"),
    **{name: Network([make(), Flatten(), Dense(2)], shape, "ab") for name, (make, shape) in OF_IMAGES.items()},
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_prediction_takes_no_more_memory_than_is_estimated(name: str) -> None:
    network = NETWORKS[name].initialize(np.random.default_rng(0))
    shapes = [network.input_shape, *network.shapes]
    estimates = [cost_of(*each)[0] for each in zip(network.layers, shapes, shapes[1:], strict=False)]
    batch = np.random.default_rng(0).random((32, *network.input_shape), np.float32)
    tracemalloc.start()
    network.forward(batch)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak <= 32 * 4 * max(estimates) + 2**16


def test_the_limits_leave_room_for_photographs_and_not_for_more() -> None:
    assert CHUNK * MOST_NUMBERS * 4 <= 4 * 2**30
    for name in PRESETS:
        network = preset(name, (224, 224, 3))
        check_cost(network.layers, network.input_shape, network.shapes)
