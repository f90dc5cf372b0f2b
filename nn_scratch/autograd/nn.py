"""Layers on the tensor engine: only the forward direction is written, because the engine derives the backward one.

With them, the network that the rest of the library differentiates by hand can be built and trained a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import DTypeLike

from nn_scratch.arrays import Labels
from nn_scratch.autograd.tensor import Tensor
from nn_scratch.nn.initializers import he


class Linear:
    """z = x W + b: (B, inputs) -> (B, outputs)."""

    def __init__(self, inputs: int, outputs: int, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        if inputs < 1 or outputs < 1:
            raise ValueError(f"A linear layer needs at least one input and one output, not {inputs} and {outputs}.")
        self.W = Tensor(np.empty((inputs, outputs), dtype), requires_grad=True)
        self.b = Tensor(np.zeros(outputs, dtype), requires_grad=True)
        he(self.W.data, (inputs, outputs), rng)

    def __call__(self, x: Tensor) -> Tensor:
        return x @ self.W + self.b  # (B, inputs) @ (inputs, outputs) -> (B, outputs)

    def parameters(self) -> list[Tensor]:
        return [self.W, self.b]


class Sequential:
    """Functions of tensors, one after the other: layers, or plain functions such as `Tensor.relu`."""

    def __init__(self, *functions: Callable[[Tensor], Tensor]) -> None:
        self.functions = functions

    def __call__(self, x: Tensor) -> Tensor:
        for function in self.functions:
            x = function(x)
        return x

    def parameters(self) -> list[Tensor]:
        """The parameters of all layers, in order."""
        layers = (function for function in self.functions if isinstance(function, Linear | Sequential))
        return [parameter for layer in layers for parameter in layer.parameters()]


def mlp(sizes: Iterable[int], rng: np.random.Generator, dtype: DTypeLike = np.float32) -> Sequential:
    """Linear layers with ReLU between them, from numbers of units: 784, 50, 25, 10 is the digit network."""
    functions: list[Callable[[Tensor], Tensor]] = []
    for inputs, outputs in pairwise(sizes):
        functions += [Linear(inputs, outputs, rng, dtype), Tensor.relu]
    if not functions:
        raise ValueError("An MLP needs at least two sizes: the number of its inputs and that of its outputs.")
    return Sequential(*functions[:-1])


def cross_entropy(logits: Tensor, labels: Labels) -> Tensor:
    """The mean of -log p of the right class, p = softmax(logits): `logits` (B, K), `labels` (B,) class numbers.

    Raises:
        ValueError: a label is negative, so that it would be counted from the last class.
    """
    if len(labels) and labels.min() < 0:
        raise ValueError(f"Labels are class numbers from 0, not {labels.min()}.")
    return -logits.log_softmax()[np.arange(len(labels)), labels].mean()


class SGD:
    """Gradient descent with momentum: v <- mu v + g, w <- w - eta v (Polyak 1964; mu = 0 is plain descent)."""

    def __init__(self, parameters: Iterable[Tensor], momentum: float = 0.9) -> None:
        self.parameters = list(parameters)
        self.momentum = momentum
        self.velocities = [np.zeros_like(parameter.data) for parameter in self.parameters]

    def zero_grad(self) -> None:
        """Forget the gradients of the last batch; otherwise those of the next batch would be added to them."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def step(self, learning_rate: float) -> None:
        """Move each parameter that has a gradient, in place."""
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            if parameter.grad is not None:
                velocity *= self.momentum
                velocity += parameter.grad
                parameter.data -= learning_rate * velocity
