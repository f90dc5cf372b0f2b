"""The layers. `LAYERS` names every kind for the model file.

Read dense and activations first; conv is dense behind a window; the others are short.
"""

from __future__ import annotations

from nn_scratch.nn.layers.activations import Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nn_scratch.nn.layers.batch_norm import BatchNorm
from nn_scratch.nn.layers.conv import Conv2D, UntiedConv2D
from nn_scratch.nn.layers.dense import Dense
from nn_scratch.nn.layers.deslant import Deslant
from nn_scratch.nn.layers.dropout import Dropout
from nn_scratch.nn.layers.layer import Layer
from nn_scratch.nn.layers.pool import MaxPool2D, MeanPool2D
from nn_scratch.nn.layers.reshape import Flatten, Reshape

LAYERS: dict[str, type[Layer]] = {
    kind.kind: kind
    for kind in (
        BatchNorm,
        Conv2D,
        Dense,
        Deslant,
        Dropout,
        Flatten,
        Identity,
        LeakyReLU,
        MaxPool2D,
        MeanPool2D,
        ReLU,
        Reshape,
        Sigmoid,
        Softmax,
        Tanh,
        UntiedConv2D,
    )
}

__all__ = [
    "LAYERS",
    "BatchNorm",
    "Conv2D",
    "Dense",
    "Deslant",
    "Dropout",
    "Flatten",
    "Identity",
    "Layer",
    "LeakyReLU",
    "MaxPool2D",
    "MeanPool2D",
    "ReLU",
    "Reshape",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "UntiedConv2D",
]
