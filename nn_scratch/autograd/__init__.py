"""Automatic differentiation: two small engines that know nothing of the derivations in the rest of the library.

That is why they exist: `python -m nn_scratch.gradients`, `python -m nn_scratch.train --engine` and the tests compare
the derivations with them. So nothing else in the library imports them. Read in this order: scalar, scalar_arrays and
scalar_nn, which show the whole idea with single numbers; rules, operations, tensor and nn, which do the same with
arrays; then what these need: broadcasting, convolution, pooling, modes, optimizers, saving. graph draws both kinds.
"""

from __future__ import annotations

from nn_scratch.autograd.graph import dot, listing, picture
from nn_scratch.autograd.modes import debug, no_grad
from nn_scratch.autograd.nn import (
    BatchNorm,
    Conv2D,
    Dropout,
    Linear,
    Module,
    Sequential,
    cross_entropy,
    flatten,
    mlp,
)
from nn_scratch.autograd.optimizers import SGD, Adam
from nn_scratch.autograd.saving import load, save
from nn_scratch.autograd.scalar import Value
from nn_scratch.autograd.tensor import Tensor, concatenate, stack

__all__ = [
    "SGD",
    "Adam",
    "BatchNorm",
    "Conv2D",
    "Dropout",
    "Linear",
    "Module",
    "Sequential",
    "Tensor",
    "Value",
    "concatenate",
    "cross_entropy",
    "debug",
    "dot",
    "flatten",
    "listing",
    "load",
    "mlp",
    "no_grad",
    "picture",
    "save",
    "stack",
]
