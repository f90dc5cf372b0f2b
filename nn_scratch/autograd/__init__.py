"""Automatic differentiation: two small engines that know nothing of the derivations in the rest of the library.

That is why they exist: `python -m nn_scratch.gradients`, `python -m nn_scratch.train --engine` and the tests compare
the derivations with them. So nothing else in the library imports them. Read in this order: scalar and scalar_nn, which
show the whole idea with single numbers; rules, tensor and nn, which do the same with arrays. graph draws both kinds.
"""

from nn_scratch.autograd.graph import debug, dot, listing, no_grad, picture
from nn_scratch.autograd.nn import (
    SGD,
    Adam,
    BatchNorm,
    Conv2D,
    Dropout,
    Linear,
    Module,
    Sequential,
    cross_entropy,
    flatten,
    load,
    mlp,
    save,
)
from nn_scratch.autograd.scalar import Value
from nn_scratch.autograd.tensor import Tensor, concatenate, stack, where

__all__ = ["SGD", "Adam", "BatchNorm", "Conv2D", "Dropout", "Linear", "Module", "Sequential", "Tensor", "Value"]
__all__ += ["concatenate", "cross_entropy", "debug", "dot", "flatten", "listing", "load", "mlp", "no_grad", "picture"]
__all__ += ["save", "stack", "where"]
