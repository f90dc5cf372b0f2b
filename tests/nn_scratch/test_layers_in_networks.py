"""Layers that are more than a function: inputs standardized, layers within a layer; all of them in model files."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_scratch
from nn_scratch.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, MaxPool2D, ReLU, Residual, Standardize
from nn_scratch.network import Network
from tests.helpers.layer_cases import CASES


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_standardized_inputs_have_mean_0_and_variance_1(kind: Any, rng: np.random.Generator) -> None:
    images = rng.integers(10, 240, (3000, 2, 3, 4)).astype(np.uint8)
    images[..., 3] = 7  # the same everywhere: it is only shifted
    network = Network([Standardize(), Flatten(), Dense(2)], (2, 3, 4), "ab").initialize(rng)
    layer = network.layers[0]
    assert isinstance(layer, Standardize)
    assert (layer.forward(network.inputs(images)) == network.inputs(images)).all()
    layer.fit(images if kind is np.uint8 else network.inputs(images))
    y = layer.forward(network.inputs(images))
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(y.std(axis=(0, 1, 2)), [1, 1, 1, 0], atol=1e-4)


def test_a_residual_layer_does_all_that_its_layers_do(tmp_path: Path, rng: np.random.Generator) -> None:
    """State, random decisions, use and copies, as in a network; and it comes back from a model file."""
    inner = [Conv2D(2, 3, padding="same", bias=False), BatchNorm(), Dropout(0.5), Residual([ReLU()])]
    network = Network([Residual(inner), Flatten(), Dense(3)], (4, 5, 2), "abc").initialize(rng)
    network.reseed(rng)
    x = rng.random((6, 4, 5, 2), dtype=np.float32)
    network.backward(network.forward(x, training=True))
    assert network.gradients.all()
    assert set(network.arrays["residual_1"]) == {
        *("conv_1.W", "batch_norm_1.gamma", "batch_norm_1.beta"),
        *("batch_norm_1.mean", "batch_norm_1.variance"),
    }
    assert network.state.all()
    expected = network.forward(x)
    np.testing.assert_allclose(network.layers[0].trace(x), network.layers[0].forward(x), rtol=1e-5)
    nn_scratch.save(network, tmp_path / "model.npy")
    for same in (nn_scratch.load(tmp_path / "model.npy"), copy.deepcopy(network)):
        assert (same.forward(x) == expected).all()
    fresh = network.layers[0].fresh()
    assert fresh.spec() == network.layers[0].spec()
    assert not fresh.in_network


@pytest.mark.parametrize("name", CASES)
def test_every_layer_comes_back_from_a_model_file(name: str, tmp_path: Path, rng: np.random.Generator) -> None:
    make, shape = CASES[name]
    network = Network([make(), Flatten(), Dense(2)], shape[1:], "ab").initialize(rng)
    nn_scratch.save(network, tmp_path / "model.npy")
    x = rng.random(shape, dtype=np.float32)
    assert (nn_scratch.load(tmp_path / "model.npy").forward(x) == network.forward(x)).all()


def test_a_file_that_needs_nothing_newer_says_nothing_of_it() -> None:
    assert Dense(2).described() == {"outputs": 2, "initializer": "he"}
    assert Dense(2, bias=False).described()["bias"] is False
    assert "padding" not in MaxPool2D(3).described()
