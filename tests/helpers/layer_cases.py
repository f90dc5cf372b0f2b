"""Every kind of layer with odd shapes, for the tests that check all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import nn_scratch as nn
from nn_scratch.arrays import Array, Shape
from nn_scratch.layers import Layer

Case = tuple[Callable[[], Layer], Shape]  # how to make the layer, and the shape of a batch for it

CASES: dict[str, Case] = {
    "dense": (lambda: nn.Dense(3), (4, 5)),
    "dense without bias": (lambda: nn.Dense(3, "he_uniform", bias=False), (4, 5)),
    "dense per channel": (lambda: nn.DensePerChannel(4), (3, 5, 2, 3)),
    "conv": (lambda: nn.Conv2D(4), (3, 6, 7, 2)),
    "conv, batch 1, one channel": (lambda: nn.Conv2D(1), (1, 3, 3, 1)),
    "conv, same size": (lambda: nn.Conv2D(3, (3, 5), padding="same", bias=("gaussian", 1.0)), (2, 5, 4, 2)),
    "conv, even kernel": (lambda: nn.Conv2D(2, (2, 4), padding=(0, 3), bias=False), (2, 5, 4, 3)),
    "conv, stride larger than kernel": (lambda: nn.Conv2D(2, 2, stride=3), (2, 9, 8, 2)),
    "conv, remainder unseen": (lambda: nn.Conv2D(3, (1, 3), stride=(2, 1)), (2, 4, 5, 2)),
    "untied conv": (lambda: nn.UntiedConv2D(3, 3, 2, 1), (3, 5, 6, 2)),
    "max pool": (lambda: nn.MaxPool2D(2), (3, 5, 7, 2)),
    "max pool, overlapping": (lambda: nn.MaxPool2D(3, 2, 1), (2, 5, 6, 2)),
    "max pool, stride larger than window": (lambda: nn.MaxPool2D((2, 1), 3), (2, 7, 5, 3)),
    "mean pool": (lambda: nn.MeanPool2D((2, 3), padding=(0, 1)), (2, 4, 6, 2)),
    "mean pool, overlapping": (lambda: nn.MeanPool2D((3, 2), (2, 1)), (2, 5, 6, 1)),
    "global mean pool": (nn.GlobalMeanPool2D, (3, 4, 5, 2)),
    "maxout": (lambda: nn.Maxout(3), (4, 6)),
    "maxout of images": (nn.Maxout, (2, 3, 4, 6)),
    "deslant": (nn.Deslant, (2, 5, 9, 2)),
    "dropout": (lambda: nn.Dropout(0.4), (5, 7)),
    "batch norm": (nn.BatchNorm, (6, 4)),
    "batch norm of images": (lambda: nn.BatchNorm(0.3, 1e-3), (2, 3, 4, 5)),
    "layer norm": (lambda: nn.LayerNorm(1e-3), (2, 3, 4, 5)),
    "standardize": (nn.Standardize, (3, 4, 2)),
    "residual": (lambda: nn.Residual([nn.Dense(7), nn.Tanh(), nn.Dense(5)]), (4, 5)),
    "residual of images": (lambda: nn.Residual([nn.Conv2D(2, padding=1, bias=False), nn.BatchNorm()]), (3, 5, 4, 2)),
    "flatten": (nn.Flatten, (3, 2, 4, 5)),
    "reshape": (lambda: nn.Reshape((4, 3)), (2, 2, 6)),
    "identity": (nn.Identity, (3, 4)),
    "relu": (nn.ReLU, (3, 4, 2, 2)),
    "gelu": (nn.GELU, (3, 4)),
    "leaky relu": (lambda: nn.LeakyReLU(0.2), (3, 4)),
    "sigmoid": (nn.Sigmoid, (3, 4)),
    "tanh": (nn.Tanh, (3, 4)),
    "softmax": (nn.Softmax, (3, 4)),
}


def bound(
    layer: Layer, input_shape: Shape, rng: np.random.Generator, dtype: Any = np.float64
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Give `layer` new arrays: parameters (random), state and gradients; returns parameters and gradients."""
    layer.build(input_shape)
    parameters = {name: np.zeros(shape, dtype) for name, shape in layer.parameter_shapes.items()}
    gradients = {name: np.full_like(array, np.nan) for name, array in parameters.items()}
    layer.bind(parameters | {name: np.zeros(shape, dtype) for name, shape in layer.state_shapes.items()}, gradients)
    layer.initialize(rng)
    layer.reseed(rng)
    for array in parameters.values():
        array += rng.uniform(-0.5, 0.5, array.shape)
    batch = rng.random((9, *input_shape))
    layer.measure(lambda: [batch])
    return parameters, gradients


def network_with(case: str) -> nn.Network:
    """A network of random numbers: the layer of that case, then a dense one for three classes."""
    make, (_, *shape) = CASES[case]
    return random_network([make(), nn.Flatten(), nn.Dense(3)], tuple(shape))


def random_network(layers: list[Layer], shape: Shape, classes: str = "abc") -> nn.Network:
    """A network whose numbers, also those of its state, are random."""
    network = nn.Network(layers, shape, classes).initialize(np.random.default_rng(0))
    rng = np.random.default_rng(1)
    network.parameters[...] = rng.normal(0, 0.5, network.parameters.size)
    network.state[...] = rng.uniform(0.5, 2, network.state.size)
    return network


def images_for(network: nn.Network) -> Array:
    """Random float32 images (20, *input_shape), of which one is blank and one is full."""
    images = np.random.default_rng(2).random((20, *network.input_shape), dtype=np.float32)
    images[0], images[1] = 0, 1
    return images
