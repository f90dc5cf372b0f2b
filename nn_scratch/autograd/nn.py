"""Layers on the tensor engine, optimizers for them, and their numbers in a file.

Only the forward direction of a layer is written, because the engine derives the backward one. With them, the network
that the rest of the library differentiates by hand can be built and trained a second time. The optimizers are written
as the papers have them, tensor by tensor; those of the rest do the same with the whole network in one vector.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from nn_scratch.arrays import Array, Labels, Shape
from nn_scratch.autograd.tensor import Tensor
from nn_scratch.errors import UserError, shown
from nn_scratch.files import atomic_write, read_npz

LARGEST_FILE = 256 * 2**20  # bytes


class Module(ABC):
    """A function of tensors that has numbers of its own.

    Its attributes that are tensors are parameters, which learn; those that are arrays are state, which is only kept;
    those that are modules have more of both. `training` is whether it is being trained: batch normalization and dropout
    do something else then.
    """

    training = True

    @abstractmethod
    def __call__(self, x: Tensor, /) -> Tensor: ...

    def parts(self) -> dict[str, Any]:
        """What the module consists of, by name."""
        return vars(self)

    def numbers(self) -> dict[str, Tensor | Array]:
        """Parameters and state by name; those of a module within are called as it is and as they are: 0.W, 0.b."""
        found: dict[str, Tensor | Array] = {}
        for name, part in self.parts().items():
            if isinstance(part, Module):
                found |= {f"{name}.{inner}": number for inner, number in part.numbers().items()}
            elif isinstance(part, Tensor | np.ndarray):
                found[name] = part
        return found

    def parameters(self) -> list[Tensor]:
        """All parameters, in a fixed order."""
        return list(dict.fromkeys(number for number in self.numbers().values() if isinstance(number, Tensor)))

    def arrays(self) -> dict[str, Array]:
        """The arrays of all parameters and of the state, by name, for a file; they share the tensors' memory."""
        return {name: n.data if isinstance(n, Tensor) else n for name, n in self.numbers().items()}

    def train(self, on: bool = True) -> None:
        """Say whether the module is being trained, which it is at first; with `train(False)` it only answers."""
        self.training = on
        for part in self.parts().values():
            if isinstance(part, Module):
                part.train(on)


def he(shape: Shape, fan_in: int, rng: np.random.Generator, dtype: DTypeLike) -> Tensor:
    """Weights of variance 2 / fan_in, which keep the size of a signal through ReLUs (He et al. 2015, equation 10)."""
    return Tensor((rng.standard_normal(shape, np.float32) * np.sqrt(2 / fan_in)).astype(dtype), requires_grad=True)


class Linear(Module):
    """z = x W + b: (B, inputs) -> (B, outputs)."""

    def __init__(self, inputs: int, outputs: int, rng: np.random.Generator, dtype: DTypeLike = np.float32) -> None:
        if inputs < 1 or outputs < 1:
            raise ValueError(f"A linear layer needs at least one input and one output, not {inputs} and {outputs}.")
        self.W = he((inputs, outputs), inputs, rng, dtype)
        self.b = Tensor(np.zeros(outputs, dtype), requires_grad=True)

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
        self.W = he(kernels, int(np.prod(kernels[1:])), rng, dtype)
        self.b = Tensor(np.zeros((kernels[0], 1, 1), dtype), requires_grad=True)
        self.stride, self.padding = stride, padding

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
        along: Shape = (-1, *(1,) * (x.ndim - 2))  # features as an array that broadcasts over x
        mean, variance = Tensor(self.mean.reshape(along)), Tensor(self.variance.reshape(along))
        if self.training:
            axes = (0, *range(2, x.ndim))  # all but that of the features
            mean, variance = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
            n = x.data.size // len(self.mean)  # n / (n - 1) makes the variance of a population of that of a sample
            self.mean += self.momentum * (mean.data.ravel() - self.mean)
            self.variance += self.momentum * (variance.data.ravel() * (n / max(n - 1, 1)) - self.variance)
        x_hat = (x - mean) / (variance + self.epsilon).sqrt()
        return x_hat * self.gamma.reshape(along) + self.beta.reshape(along)


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
        return x * (self.rng.random(x.shape) >= self.fraction) / (1 - self.fraction) if self.training else x


class Sequential(Module):
    """Functions of tensors, one after the other: modules, or plain functions such as `Tensor.relu`."""

    def __init__(self, *functions: Callable[[Tensor], Tensor]) -> None:
        self.functions = functions

    def __call__(self, x: Tensor) -> Tensor:
        for function in self.functions:
            x = function(x)
        return x

    def parts(self) -> dict[str, Any]:
        return {str(place): function for place, function in enumerate(self.functions)}


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
    return x.flatten(1)


def cross_entropy(logits: Tensor, labels: Labels) -> Tensor:
    """The mean of -log p of the right class, p = softmax(logits): `logits` (B, K), `labels` (B,) class numbers.

    Raises:
        ValueError: a label is negative, so that it would be counted from the last class.
    """
    if len(labels) and labels.min() < 0:
        raise ValueError(f"Labels are class numbers from 0, not {labels.min()}.")
    return -logits.log_softmax()[np.arange(len(labels)), labels].mean()


class Optimizer(ABC):
    """Moves `parameters` in place against their gradients. One that has no gradient stays where it is."""

    def __init__(self, parameters: Iterable[Tensor]) -> None:
        self.parameters = list(parameters)

    def zero_grad(self) -> None:
        """Forget the gradients of the last batch; otherwise those of the next batch would be added to them."""
        for parameter in self.parameters:
            parameter.zero_grad()

    @abstractmethod
    def step(self, learning_rate: float) -> None:
        """Take one step with the present gradients."""


class SGD(Optimizer):
    """Gradient descent with momentum: v <- mu v + g, w <- w - eta v (Polyak 1964; mu = 0 is plain descent)."""

    def __init__(self, parameters: Iterable[Tensor], momentum: float = 0.9) -> None:
        super().__init__(parameters)
        self.momentum = momentum
        self.velocities = [np.zeros_like(parameter.data) for parameter in self.parameters]

    def step(self, learning_rate: float) -> None:
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            if parameter.grad is not None:
                velocity *= self.momentum
                velocity += parameter.grad
                parameter.data -= learning_rate * velocity


class Adam(Optimizer):
    """Scales the step of each number by the recent size of its own gradient.

        m <- b1 m + (1 - b1) g,   v <- b2 v + (1 - b2) g^2
        m_hat = m / (1 - b1^t),   v_hat = v / (1 - b2^t)      (both start at 0; t counts the steps)
        w <- w - eta m_hat / (sqrt(v_hat) + e)

    Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1.
    """

    def __init__(
        self, parameters: Iterable[Tensor], betas: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8
    ) -> None:
        super().__init__(parameters)
        self.betas, self.epsilon, self.steps = betas, epsilon, 0
        self.moments = [np.zeros((2, *parameter.shape), parameter.dtype) for parameter in self.parameters]

    def step(self, learning_rate: float) -> None:
        self.steps += 1
        for parameter, moments in zip(self.parameters, self.moments, strict=True):
            if (g := parameter.grad) is not None:
                for moment, beta, term in zip(moments, self.betas, (g, g * g), strict=True):
                    moment *= beta
                    moment += (1 - beta) * term
                m_hat, v_hat = (m / (1 - beta**self.steps) for m, beta in zip(moments, self.betas, strict=True))
                parameter.data -= learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)


def save(model: Module, path: str | Path) -> None:
    """Write all parameters and the state of `model` to the .npz file `path`, as a whole or not at all.

    A file cannot hold the functions of a model without code to run, so it holds the numbers alone, each array under its
    name; whoever loads them builds the same model first: load(mlp((784, 50, 25, 10), rng), "model.npz").

    Raises:
        UserError: the file cannot be written.
    """
    with atomic_write(Path(path)) as file:
        np.savez(file, **model.arrays())  # type: ignore[arg-type]  # NumPy's stub takes the names for its own options


def load(model: Module, path: str | Path) -> None:
    """Put the numbers in `path` into `model`. Where they do not fit, `model` stays as it was.

    Raises:
        UserError: the file is missing or damaged, or has other arrays than `model`, or numbers that are not finite.
    """
    arrays = read_npz(Path(path), LARGEST_FILE, "file of a model", "check the name, or save a model there first")
    given, wanted = ({name: f"{a.dtype} {a.shape}" for name, a in each.items()} for each in (arrays, model.arrays()))
    for name in sorted(given | wanted):
        if given.get(name) != wanted.get(name):
            raise UserError(
                f"{path} does not fit this model: {shown(name)} is {shown(given.get(name, 'missing'))} there and "
                f"{wanted.get(name, 'missing')} in the model; build the model that was saved."
            )
        if not np.isfinite(arrays[name]).all():
            raise UserError(f"{path} has numbers in {name} that are not finite (NaN); train the model again.")
    for name, array in model.arrays().items():
        array[...] = arrays[name]
