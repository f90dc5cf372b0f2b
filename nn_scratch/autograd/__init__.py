"""Automatic differentiation: two small engines that know nothing of the derivations in the rest of the library.

That is why they exist: `python -m nn_scratch.gradients` and the tests compare the derivations with them. So nothing
else in the library imports them. Read in this order: scalar and scalar_nn, which show the whole idea with single
numbers; rules, tensor and nn, which do the same with arrays; then what these need: broadcasting, convolution, modes.
"""

from __future__ import annotations

from nn_scratch.autograd.modes import debug, no_grad
from nn_scratch.autograd.nn import SGD, Linear, Sequential, cross_entropy, mlp
from nn_scratch.autograd.scalar import Value
from nn_scratch.autograd.tensor import Tensor

__all__ = ["SGD", "Linear", "Sequential", "Tensor", "Value", "cross_entropy", "debug", "mlp", "no_grad"]
