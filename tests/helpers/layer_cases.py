"""Every kind of layer with odd shapes, for the tests that check all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers import (
    GELU,
    BatchNorm,
    Conv2D,
    Dense,
    DensePerChannel,
    Deslant,
    Dropout,
    Flatten,
    GlobalMeanPool2D,
    Identity,
    Layer,
    LayerNorm,
    LeakyReLU,
    Maxout,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    Reshape,
    Residual,
    Sigmoid,
    Softmax,
    Standardize,
    Tanh,
    UntiedConv2D,
)

Case = tuple[Callable[[], Layer], Shape]  # how to make the layer, and the shape of a batch for it

CASES: dict[str, Case] = {
    "dense": (lambda: Dense(3), (4, 5)),
    "dense of one": (lambda: Dense(1, "lecun"), (1, 1)),
    "dense without bias": (lambda: Dense(3, "he_uniform", bias=False), (4, 5)),
    "dense per channel": (lambda: DensePerChannel(4), (3, 5, 2, 3)),
    "dense per channel, one channel": (lambda: DensePerChannel(2, "xavier"), (1, 2, 2, 1)),
    "conv": (lambda: Conv2D(4), (3, 6, 7, 2)),
    "conv, batch 1, one channel": (lambda: Conv2D(1), (1, 3, 3, 1)),
    "conv, padded": (lambda: Conv2D(3, 3, padding=1), (2, 5, 4, 2)),
    "conv, same size": (lambda: Conv2D(3, (3, 5), padding="same"), (2, 5, 4, 2)),
    "conv without bias": (lambda: Conv2D(3, 3, bias=False), (2, 5, 4, 2)),
    "conv, biases at random": (lambda: Conv2D(3, 3, bias=("gaussian", 1.0)), (2, 5, 4, 2)),
    "conv, even kernel": (lambda: Conv2D(2, (2, 4), padding=(0, 3)), (2, 5, 4, 3)),
    "conv, stride larger than kernel": (lambda: Conv2D(2, 2, stride=3), (2, 9, 8, 2)),
    "conv, remainder unseen": (lambda: Conv2D(2, 3, stride=2), (2, 6, 8, 1)),
    "conv, 1x1": (lambda: Conv2D(3, 1), (2, 3, 3, 4)),
    "conv, one row": (lambda: Conv2D(3, (1, 3), stride=(2, 1)), (2, 4, 5, 2)),
    "untied conv": (lambda: UntiedConv2D(3, 3, 2, 1), (3, 5, 6, 2)),
    "untied conv without bias": (lambda: UntiedConv2D(3, 3, bias=False), (3, 5, 6, 2)),
    "max pool": (lambda: MaxPool2D(2), (3, 4, 6, 2)),
    "max pool, overlapping": (lambda: MaxPool2D(3, 1), (2, 5, 6, 2)),
    "max pool, remainder unseen": (lambda: MaxPool2D(2, 2), (1, 5, 7, 1)),
    "max pool, stride larger than window": (lambda: MaxPool2D((2, 1), 3), (2, 7, 5, 3)),
    "max pool, padded": (lambda: MaxPool2D(3, 2, 1), (2, 5, 6, 2)),
    "max pool, same size": (lambda: MaxPool2D(3, 1, "same"), (2, 5, 4, 1)),
    "mean pool, padded": (lambda: MeanPool2D((2, 3), padding=(0, 1)), (2, 4, 6, 2)),
    "mean pool": (lambda: MeanPool2D(2), (3, 4, 6, 2)),
    "mean pool, overlapping": (lambda: MeanPool2D((3, 2), (2, 1)), (2, 5, 6, 1)),
    "mean pool, stride larger than window": (lambda: MeanPool2D(1, 3), (1, 7, 5, 3)),
    "global mean pool": (GlobalMeanPool2D, (3, 4, 5, 2)),
    "maxout": (lambda: Maxout(3), (4, 6)),
    "maxout of images": (Maxout, (2, 3, 4, 6)),
    "deslant": (Deslant, (2, 5, 9, 2)),
    "deslant, one column": (Deslant, (2, 5, 1, 1)),
    "dropout": (lambda: Dropout(0.4), (5, 7)),
    "batch norm": (BatchNorm, (6, 4)),
    "batch norm of images": (lambda: BatchNorm(0.3, 1e-3), (2, 3, 4, 5)),
    "layer norm": (LayerNorm, (6, 5)),
    "layer norm of images": (lambda: LayerNorm(1e-3), (2, 3, 4, 5)),
    "standardize": (Standardize, (3, 4, 2)),
    "residual": (lambda: Residual([Dense(7), Tanh(), Dense(5)]), (4, 5)),
    "residual of images": (lambda: Residual([Conv2D(2, 3, padding="same", bias=False), BatchNorm()]), (3, 5, 4, 2)),
    "flatten": (Flatten, (3, 2, 4, 5)),
    "reshape": (lambda: Reshape((4, 3)), (2, 2, 6)),
    "identity": (Identity, (3, 4)),
    "relu": (ReLU, (3, 4, 2, 2)),
    "gelu": (GELU, (3, 4)),
    "leaky relu": (lambda: LeakyReLU(0.2), (3, 4)),
    "sigmoid": (Sigmoid, (3, 4)),
    "tanh": (Tanh, (3, 4)),
    "softmax": (Softmax, (3, 4)),
}


def bound(layer: Layer, input_shape: Shape, rng: np.random.Generator, dtype: Any) -> dict[str, dict[str, Array]]:
    """Give `layer` new arrays for its parameters (random), gradients and state; return them."""
    layer.build(input_shape)
    arrays = {
        "parameters": {name: np.zeros(shape, dtype) for name, shape in layer.parameter_shapes().items()},
        "gradients": {name: np.full(shape, np.nan, dtype) for name, shape in layer.parameter_shapes().items()},
        "state": {name: np.zeros(shape, dtype) for name, shape in layer.state_shapes().items()},
    }
    layer.bind(arrays["parameters"], arrays["gradients"])
    layer.bind_state(arrays["state"])
    layer.initialize(rng)
    layer.reseed(rng)
    for array in arrays["parameters"].values():
        array += rng.uniform(-0.5, 0.5, array.shape)
    if isinstance(layer, Standardize):
        layer.fit(rng.random((9, *input_shape)))
    return arrays
