"""Automatic differentiation: two small engines that know nothing of the derivations in the rest of the library.

That is their use here: `python -m nn_scratch.gradients` and the tests let them disagree with the derivations, and they
do not. Read scalar first, where the whole idea stands in numbers, then rules, tensor and nn, which do the same to
arrays. Nothing in the rest of the library imports them.
"""

from __future__ import annotations

from nn_scratch.autograd.modes import debug, no_grad
from nn_scratch.autograd.nn import SGD, Linear, Sequential, cross_entropy, mlp
from nn_scratch.autograd.scalar import Value
from nn_scratch.autograd.tensor import Tensor

__all__ = ["SGD", "Linear", "Sequential", "Tensor", "Value", "cross_entropy", "debug", "mlp", "no_grad"]
