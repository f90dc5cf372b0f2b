"""Layers at a glance: the sizes of their gradients, and the first weights as images."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.explain.layers import first_weights, gradient_sizes
from nn_scratch.layers import BatchNorm, Dense, Flatten
from nn_scratch.network import DIGITS, Network, mlp
from nn_scratch.presets import PRESETS, preset, upright


def test_each_layer_with_parameters_has_the_size_of_its_gradient() -> None:
    network = mlp((5, 3))
    first = network.layers[0]
    assert isinstance(first, Dense)
    first.dW[...], first.db[...] = 2.0, 2.0
    assert gradient_sizes(network) == {"dense_1": 2.0, "dense_2": 0.0, "dense_3": 0.0}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_shows_what_its_first_layer_looks_for(name: str, rng: np.random.Generator) -> None:
    images = first_weights(preset(name).initialize(rng))
    assert images.ndim == 3
    assert len(images) > 1
    assert images.std() > 0


def test_an_image_has_the_weights_of_one_unit() -> None:
    network = upright(mlp((4,)))
    weights = next(layer for layer in network.layers if isinstance(layer, Dense)).W
    weights[28 * 3 + 5, 2] = 1.0
    images = first_weights(network)
    assert images.shape == (4, 28, 28)
    assert np.argwhere(images).tolist() == [[2, 3, 5]]


def test_a_kernel_has_the_sum_of_its_colours() -> None:
    network = preset("convnet", (8, 8, 3))
    network.parameters[:] = 1.0
    assert (first_weights(network) == np.full((16, 3, 3), 3.0)).all()


def test_other_first_layers_have_no_images() -> None:
    assert first_weights(mlp((4,), inputs=783)).shape == (0, 1, 1)
    normed = Network([BatchNorm(), Flatten(), Dense(10)], (28, 28, 1), DIGITS)
    assert len(first_weights(normed)) == 0
