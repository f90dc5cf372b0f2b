"""Optimizers: how the gradient of one batch becomes a step of the parameters.

The gradient of a batch is noisy and says nothing about how far to go, so plain descent is slow; each optimizer here
improves on it in a published way. An optimizer sees two vectors, the parameters and their gradients, and knows nothing
of layers. Steps are taken in place and without new arrays, because memory traffic takes much of the time of a step.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks import FRACTION, NOT_NEGATIVE, POSITIVE


class Optimizer(ABC):
    """Moves `parameters` (P,) in place against `gradients` (P,).

    With `weight_decay`, every step also shrinks the parameters, w <- w - eta decay w. That keeps them small,
    independently of their gradients (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019). w is all of
    `parameters`: biases and the scales and shifts of batch normalization shrink like weights, as by default in PyTorch.
    """

    def __init__(self, parameters: Array, gradients: Array, weight_decay: float) -> None:
        NOT_NEGATIVE.check("weight_decay", weight_decay)
        if parameters.shape != gradients.shape:
            raise ValueError(f"Parameters {parameters.shape} and gradients {gradients.shape} have different shapes.")
        self.parameters = parameters
        self.gradients = gradients
        self.weight_decay = weight_decay
        self.steps = 0  # taken so far

    @property
    @abstractmethod
    def state(self) -> dict[str, Array]:
        """The vectors (P,) that are kept from step to step; a checkpoint needs only these and `steps`."""

    def decay(self, learning_rate: float) -> None:
        """Shrink all parameters by the weight decay of one step."""
        if self.weight_decay:
            self.parameters *= 1 - learning_rate * self.weight_decay

    @abstractmethod
    def step(self, learning_rate: float) -> None:
        """Take one step with the present gradients."""


class SGD(Optimizer):
    """Gradient descent with momentum: v <- mu v + g, w <- w - eta v (Polyak 1964; mu = 0 is plain descent).

    With `nesterov`, the step is taken along g + mu v, where the momentum will be one step later (Nesterov 1983, in the
    form of Sutskever, Martens, Dahl and Hinton 2013).
    """

    def __init__(
        self,
        parameters: Array,
        gradients: Array,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(parameters, gradients, weight_decay)
        FRACTION.check("momentum", momentum)
        self.momentum = momentum
        self.nesterov = nesterov
        self.velocity = np.zeros_like(parameters)
        self.scratch = np.empty_like(parameters)

    @property
    def state(self) -> dict[str, Array]:
        return {"velocity": self.velocity}

    def step(self, learning_rate: float) -> None:
        self.decay(learning_rate)
        self.steps += 1
        self.velocity *= self.momentum
        self.velocity += self.gradients
        if self.nesterov:
            np.multiply(self.velocity, self.momentum, out=self.scratch)
            self.scratch += self.gradients
            self.scratch *= learning_rate
        else:
            np.multiply(self.velocity, learning_rate, out=self.scratch)
        self.parameters -= self.scratch


class Adam(Optimizer):
    """Scales the step of each parameter by the recent size of its own gradient.

        m <- b1 m + (1 - b1) g              the running mean of the gradient
        v <- b2 v + (1 - b2) g^2            and of its square
        m_hat = m / (1 - b1^t)              both start at 0, so after t steps they are too small by 1 - b^t,
        v_hat = v / (1 - b2^t)              which is corrected here
        w <- w - eta m_hat / (sqrt(v_hat) + e)

    The code keeps the sums m / (1 - b1) and v / (1 - b2) instead, which saves two passes over memory. All the factors
    are then two numbers per step: with c = (1 - b1) / (1 - b1^t) and d = sqrt((1 - b2) / (1 - b2^t)),

        w <- w - (eta c / d) m_sum / (sqrt(v_sum) + e / d).

    Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1; with weight decay it
    is called AdamW.
    """

    def __init__(
        self,
        parameters: Array,
        gradients: Array,
        betas: tuple[float, float] = (0.9, 0.999),
        weight_decay: float = 0.0,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, gradients, weight_decay)
        for beta in betas:
            FRACTION.check("beta", beta)
        POSITIVE.check("epsilon", epsilon)
        self.beta1, self.beta2 = betas
        self.epsilon = epsilon
        self.m_sum = np.zeros_like(parameters)
        self.v_sum = np.zeros_like(parameters)
        self.scratch = np.empty_like(parameters)

    @property
    def state(self) -> dict[str, Array]:
        return {"m_sum": self.m_sum, "v_sum": self.v_sum}

    def step(self, learning_rate: float) -> None:
        self.decay(learning_rate)
        self.steps += 1
        self.m_sum *= self.beta1
        self.m_sum += self.gradients
        np.multiply(self.gradients, self.gradients, out=self.scratch)
        self.v_sum *= self.beta2
        self.v_sum += self.scratch
        c = (1 - self.beta1) / (1 - self.beta1**self.steps)
        d = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.steps))
        np.sqrt(self.v_sum, out=self.scratch)
        self.scratch += self.epsilon / d
        np.divide(self.m_sum, self.scratch, out=self.scratch)
        self.scratch *= learning_rate * c / d
        self.parameters -= self.scratch


def add_l2(parameters: Array, gradients: Array, strength: float) -> None:
    """Add the gradient of `strength` / 2 |w|^2, which is `strength` w, in place; w is all parameters, biases too.

    In plain descent this is weight decay. With momentum or Adam it is not, because it goes through their averages.
    """
    gradients += strength * parameters


def clip_norm(gradients: Array, largest: float) -> float:
    """Scale `gradients` (P,) in place to the Euclidean norm `largest` if theirs is larger; returns the norm before.

    The direction stays the same. One bad batch can then not move the network far (Pascanu, Mikolov and Bengio 2013).
    """
    norm = float(np.linalg.norm(gradients))
    if norm > largest:
        gradients *= largest / norm
    return norm


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": SGD,
    "nesterov": partial(SGD, nesterov=True),
    "adam": Adam,
    "adamw": Adam,  # under either name, weight decay is that of AdamW
}
