"""Optimizers of the engine: from the gradient in each tensor to a step.

They are written as the papers have them, tensor by tensor. The optimizers of `nn_scratch.nn` do the same with the whole
network in one vector and with fewer passes over memory, so the two check each other.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.autograd.tensor import Tensor


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
        self.betas = betas
        self.epsilon = epsilon
        self.steps = 0
        self.moments = [(np.zeros_like(parameter.data), np.zeros_like(parameter.data)) for parameter in self.parameters]

    def step(self, learning_rate: float) -> None:
        self.steps += 1
        for parameter, (m, v) in zip(self.parameters, self.moments, strict=True):
            if parameter.grad is not None:
                m_hat = self._corrected_mean(m, self.betas[0], parameter.grad)
                v_hat = self._corrected_mean(v, self.betas[1], parameter.grad * parameter.grad)
                parameter.data -= learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)

    def _corrected_mean(self, mean: Array, beta: float, term: Array) -> Array:
        """Move the running `mean` towards `term`, in place; returns it without the pull of the 0 that it started at."""
        mean *= beta
        mean += (1 - beta) * term
        corrected: Array = mean / (1 - beta**self.steps)
        return corrected
