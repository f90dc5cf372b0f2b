"""Layers on the tensor engine: only the forward direction is written, because the engine derives the backward one.

With them, the network that the rest of the library differentiates by hand can be built and trained a second time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import DTypeLike

from nn_scratch.arrays import Array, Labels, Shape
from nn_scratch.autograd.tensor import Tensor
from nn_scratch.initializers import he


class Module(ABC):
    """A function of tensors that has numbers of its own.

    Its attributes that are tensors are parameters, which learn; those that are arrays are state, which is only kept.
    `training` is whether it is being trained: batch normalization and dropout do something else then.
    """

    training = True

    @abstractmethod
    def __call__(self, x: Tensor, /) -> Tensor: ...

    def parameters(self) -> list[Tensor]:
        """All parameters, in a fixed order."""
        return [value for value in vars(self).values() if isinstance(value, Tensor)]

    def arrays(self) -> dict[str, Array]:
        """The arrays of all parameters and of the state, by name: what a file keeps. They are no copies."""
        kept = {name: value.data if isinstance(value, Tensor) else value for name, value in vars(self).items()}
        return {name: value for name, value in kept.items() if isinstance(value, np.ndarray)}

    def train(self, on: bool = True) -> None:
        """Say whether the module is being trained, which it is at first; with `train(False)` it only answers."""
        self.training = on


class Linear(Module):
    """z = x W + b: (B, inputs) -> (B, outputs)."""

    def __init__(self, inputs: int, outputs: int, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        if inputs < 1 or outputs < 1:
            raise ValueError(f"A linear layer needs at least one input and one output, not {inputs} and {outputs}.")
        self.W = Tensor(np.empty((inputs, outputs), dtype), requires_grad=True)
        self.b = Tensor(np.zeros(outputs, dtype), requires_grad=True)
        he(self.W.data, (inputs, outputs), rng)

    def __call__(self, x: Tensor) -> Tensor:
        return x @ self.W + self.b  # (B, inputs) @ (inputs, outputs) -> (B, outputs)


class Conv2D(Module):
    """A convolution with a bias for each output channel: (B, K, H, W) -> (B, O, R, C), as `Tensor.conv2d` says.

    `kernels` is the shape of the weights, (O, K, height, width): (16, 1, 3, 3) makes 16 channels of one.
    """

    def __init__(
        self,
        kernels: tuple[int, int, int, int],
        rng: np.random.Generator,
        stride: int = 1,
        padding: int = 0,
        dtype: DTypeLike = np.float32,
    ) -> None:
        if len(kernels) != 4 or min(kernels) < 1:
            raise ValueError(f"Kernels are (outputs, inputs, height, width), each at least 1, not {tuple(kernels)}.")
        outputs, inputs, height, width = kernels
        self.W = Tensor(np.empty(kernels, dtype), requires_grad=True)
        self.b = Tensor(np.zeros((outputs, 1, 1), dtype), requires_grad=True)
        self.stride, self.padding = stride, padding
        he(self.W.data, (inputs * height * width, outputs * height * width), rng)

    def __call__(self, x: Tensor) -> Tensor:
        return x.conv2d(self.W, self.stride, self.padding) + self.b  # (B, O, R, C) + (O, 1, 1)


class BatchNorm(Module):
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta, for each feature: axis 1, units or channels.

    In training, mean and variance are those of the batch, and the gradient goes through them. Otherwise they are
    running averages of these, which move by the fraction `momentum` per batch.
    Source: Ioffe and Szegedy, "Batch Normalization" (2015), algorithms 1 and 2.
    """

    def __init__(
        self, features: int, momentum: float = 0.1, epsilon: float = 1e-5, dtype: DTypeLike = np.float32
    ) -> None:
        self.gamma = Tensor(np.ones(features, dtype), requires_grad=True)
        self.beta = Tensor(np.zeros(features, dtype), requires_grad=True)
        self.mean, self.variance = np.zeros(features, dtype), np.ones(features, dtype)
        self.momentum, self.epsilon = momentum, epsilon

    def __call__(self, x: Tensor) -> Tensor:
        axes = (0, *range(2, x.ndim))  # all but that of the features
        along: Shape = (-1, *(1,) * (x.ndim - 2))  # features as an array that broadcasts over x
        mean, variance = Tensor(self.mean.reshape(along)), Tensor(self.variance.reshape(along))
        if self.training:
            mean = x.mean(axes, keepdims=True)
            variance = ((x - mean) ** 2).mean(axes, keepdims=True)
            self._move_averages(mean.data.ravel(), variance.data.ravel(), x.data.size // len(self.mean))
        x_hat = (x - mean) / (variance + self.epsilon).sqrt()
        return x_hat * self.gamma.reshape(*along) + self.beta.reshape(*along)

    def _move_averages(self, mean: Array, variance: Array, n: int) -> None:
        """Move the running averages; n / (n - 1) turns the variance of a sample into that of its population."""
        self.mean += self.momentum * (mean - self.mean)
        self.variance += self.momentum * (variance * (n / max(n - 1, 1)) - self.variance)


class Dropout(Module):
    """Leaves out each number with probability `fraction` in training; the others grow, so that the mean stays.

    A unit that cannot rely on any single input learns from many. Source: Srivastava, Hinton, Krizhevsky, Sutskever and
    Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting" (2014).
    """

    def __init__(self, fraction: float, rng: np.random.Generator) -> None:
        if not 0 <= fraction < 1:
            raise ValueError(f"The fraction that is left out is from 0 to below 1, not {fraction}.")
        self.fraction, self.rng = fraction, rng

    def __call__(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        return x * (self.rng.random(x.shape) >= self.fraction) / (1 - self.fraction)


class Sequential(Module):
    """Functions of tensors, one after the other: modules, or plain functions such as `Tensor.relu`."""

    def __init__(self, *functions: Callable[[Tensor], Tensor]) -> None:
        self.functions = functions

    def __call__(self, x: Tensor) -> Tensor:
        for function in self.functions:
            x = function(x)
        return x

    def modules(self) -> dict[int, Module]:
        """Those of the functions that have numbers of their own, by their place."""
        return {place: each for place, each in enumerate(self.functions) if isinstance(each, Module)}

    def parameters(self) -> list[Tensor]:
        return [parameter for module in self.modules().values() for parameter in module.parameters()]

    def arrays(self) -> dict[str, Array]:
        """As of any module; the names begin with the place of the module: 0.W, 0.b, 2.W, 2.b."""
        return {
            f"{place}.{name}": array
            for place, module in self.modules().items()
            for name, array in module.arrays().items()
        }

    def train(self, on: bool = True) -> None:
        self.training = on
        for module in self.modules().values():
            module.train(on)


def mlp(sizes: Iterable[int], rng: np.random.Generator, dtype: DTypeLike = np.float32) -> Sequential:
    """Linear layers with ReLU between them, from numbers of units: 784, 50, 25, 10 is the digit network."""
    functions: list[Callable[[Tensor], Tensor]] = []
    for inputs, outputs in pairwise(sizes):
        functions += [Linear(inputs, outputs, rng, dtype), Tensor.relu]
    if not functions:
        raise ValueError("An MLP needs at least two sizes: the number of its inputs and that of its outputs.")
    return Sequential(*functions[:-1])


def flatten(x: Tensor) -> Tensor:
    """Each example as one row: (B, ...) -> (B, n)."""
    return x.reshape(len(x), -1)


def cross_entropy(logits: Tensor, labels: Labels) -> Tensor:
    """The mean of -log p of the right class, p = softmax(logits): `logits` (B, K), `labels` (B,) class numbers.

    Raises:
        ValueError: a label is negative, so that it would be counted from the last class.
    """
    if len(labels) and labels.min() < 0:
        raise ValueError(f"Labels are class numbers from 0, not {labels.min()}.")
    return -logits.log_softmax()[np.arange(len(labels)), labels].mean()
