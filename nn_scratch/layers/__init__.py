"""The layers: the functions that a network is composed of, each with its derivative.

Read in this order: layer, which says what they have in common; dense and activations, which are enough for the digit
network; window, conv and pool; then the others in any order; last kinds, which has every class by the name that model
files use.
"""

from __future__ import annotations

from nn_scratch.layers.activations import GELU, Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from nn_scratch.layers.batch_norm import BatchNorm
from nn_scratch.layers.conv import Conv2D, UntiedConv2D
from nn_scratch.layers.dense import Dense
from nn_scratch.layers.dense_per_channel import DensePerChannel
from nn_scratch.layers.deslant import Deslant
from nn_scratch.layers.dropout import Dropout
from nn_scratch.layers.kinds import LAYERS, register
from nn_scratch.layers.layer import Layer
from nn_scratch.layers.layer_norm import LayerNorm
from nn_scratch.layers.pool import GlobalMeanPool2D, Maxout, MaxPool2D, MeanPool2D
from nn_scratch.layers.reshape import Flatten, Reshape
from nn_scratch.layers.residual import Residual
from nn_scratch.layers.standardize import Standardize

__all__ = [
    "GELU",
    "LAYERS",
    "BatchNorm",
    "Conv2D",
    "Dense",
    "DensePerChannel",
    "Deslant",
    "Dropout",
    "Flatten",
    "GlobalMeanPool2D",
    "Identity",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "MaxPool2D",
    "Maxout",
    "MeanPool2D",
    "ReLU",
    "Reshape",
    "Residual",
    "Sigmoid",
    "Softmax",
    "Standardize",
    "Tanh",
    "UntiedConv2D",
    "register",
]
