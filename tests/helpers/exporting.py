"""Networks with one layer of every kind, for the tests of exports."""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.layers import Dense, Flatten, Layer
from nn_scratch.network import Network
from tests.helpers.layer_cases import CASES


def network_with(case: str) -> Network:
    """A network of random numbers: the layer of that case, then a dense one for three classes."""
    make, (_, *shape) = CASES[case]
    layers: list[Layer] = [make(), Flatten(), Dense(3)]
    network = Network(layers, tuple(shape), "abc").initialize(np.random.default_rng(0))
    rng = np.random.default_rng(1)
    network.parameters[...] = rng.normal(0, 0.5, network.parameters.size)
    network.state[...] = rng.uniform(0.5, 2, network.state.size)
    return network


def images_for(network: Network) -> Array:
    """Random float32 images (20, *input_shape), of which one is blank and one is full."""
    images = np.random.default_rng(2).random((20, *network.input_shape), dtype=np.float32)
    images[0], images[1] = 0, 1
    return images
