"""Optimizers and schedules: how the gradient of one batch becomes a step, and how long steps are as training goes on.

The gradient of a batch is noisy and says nothing about how far to go, so plain descent is slow; each optimizer here
improves on it in a published way. An optimizer sees two vectors, the parameters and their gradients, and knows nothing
of layers. Steps are taken in place and without new arrays, because memory traffic takes much of the time of a step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self, dataclass_transform

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks import FRACTION, NOT_NEGATIVE, POSITIVE


@dataclass_transform(kw_only_default=True, field_specifiers=(field,))
@dataclass(kw_only=True)
class Optimizer:
    """Moves parameters (P,) in place against their gradients (P,); a new one has `moments` and `move`.

    With `weight_decay`, every step also shrinks the parameters, w <- w - eta decay w. That keeps them small,
    independently of their gradients (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019). w is all of
    the parameters: biases and the scales and shifts of normalization shrink like weights, as by default in PyTorch.

    Attributes:
        learning_rate: eta, where the schedule is at its highest. Each optimizer has a default that suits it.
        l2: the strength of a penalty l2 |w|^2 / 2, whose gradient, l2 w, is added. In plain descent that is weight
            decay; with momentum or Adam it is not, because it goes through their averages. Reports leave it out.
        largest_norm: the limit of the length of the gradient, the penalty's included; None for no limit.
        moments: the names of the vectors (P,) that are kept from step to step; all begin at 0.
        steps: taken so far. A checkpoint needs only these and the vectors in `state`.
    """

    moments: ClassVar[tuple[str, ...]] = ()
    learning_rate: float = field(default=0.01, kw_only=False)
    weight_decay: float = 0.0
    l2: float = 0.0
    largest_norm: float | None = None

    def __init_subclass__(cls) -> None:
        """Make the class a dataclass: its fields are its arguments."""
        dataclass(kw_only=True)(cls)

    def __post_init__(self) -> None:
        POSITIVE.check("learning_rate", self.learning_rate)
        NOT_NEGATIVE.check("weight_decay", self.weight_decay)
        NOT_NEGATIVE.check("l2", self.l2)
        if self.largest_norm is not None:
            POSITIVE.check("largest_norm", self.largest_norm)

    def attach(self, parameters: Array, gradients: Array) -> Self:
        """Begin anew, with the vectors that `step` will use; returns the optimizer itself."""
        if parameters.shape != gradients.shape:
            raise ValueError(f"Parameters {parameters.shape} and gradients {gradients.shape} have different shapes.")
        self.parameters, self.gradients, self.steps = parameters, gradients, 0
        self.scratch = np.empty_like(parameters)
        self.state = {name: np.zeros_like(parameters) for name in self.moments}
        return self

    def step(self, factor: float = 1.0) -> None:
        """Take one step with the present gradients; `factor` is what the schedule makes of the learning rate."""
        eta = self.learning_rate * factor
        if self.l2:
            self.gradients += self.l2 * self.parameters
        if self.largest_norm is not None:
            clip_norm(self.gradients, self.largest_norm)
        if self.weight_decay:
            self.parameters *= 1 - eta * self.weight_decay
        self.steps += 1
        self.move(self.parameters, self.gradients, eta)

    def move(self, w: Array, g: Array, eta: float) -> None:
        """Change `w` (P,) in place, with the gradient `g` (P,) and the learning rate `eta`."""
        raise NotImplementedError(f"{type(self).__name__} needs a method move(w, g, eta).")


class SGD(Optimizer):
    """Gradient descent with momentum: v <- mu v + g, w <- w - eta v (Polyak 1964; mu = 0 is plain descent).

    With `nesterov`, the step is taken along g + mu v, where the momentum will be one step later (Nesterov 1983, in the
    form of Sutskever, Martens, Dahl and Hinton 2013).
    """

    moments = ("velocity",)
    learning_rate: float = field(default=0.1, kw_only=False)
    momentum: float = 0.9
    weight_decay: float = 0.001
    nesterov: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        FRACTION.check("momentum", self.momentum)

    def move(self, w: Array, g: Array, eta: float) -> None:
        v, scratch = self.state["velocity"], self.scratch
        v *= self.momentum
        v += g
        if self.nesterov:
            np.multiply(v, self.momentum, out=scratch)
            scratch += g
            scratch *= eta
        else:
            np.multiply(v, eta, out=scratch)
        w -= scratch


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

    moments = ("m_sum", "v_sum")
    learning_rate: float = field(default=0.008, kw_only=False)
    betas: tuple[float, float] = (0.9, 0.999)
    weight_decay: float = 0.1
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        super().__post_init__()
        for beta in self.betas:
            FRACTION.check("beta", beta)
        POSITIVE.check("epsilon", self.epsilon)

    def move(self, w: Array, g: Array, eta: float) -> None:
        m_sum, v_sum, scratch, (b1, b2) = self.state["m_sum"], self.state["v_sum"], self.scratch, self.betas
        m_sum *= b1
        m_sum += g
        np.multiply(g, g, out=scratch)
        v_sum *= b2
        v_sum += scratch
        c = (1 - b1) / (1 - b1**self.steps)
        d = math.sqrt((1 - b2) / (1 - b2**self.steps))
        np.sqrt(v_sum, out=scratch)
        scratch += self.epsilon / d
        np.divide(m_sum, scratch, out=scratch)
        scratch *= eta * c / d
        w -= scratch


OPTIMIZERS: dict[str, Callable[..., Optimizer]] = {
    "sgd": SGD,
    "nesterov": lambda **chosen: SGD(nesterov=True, **chosen),
    "adam": Adam,  # with weight decay as in AdamW
}


def optimizer_of(optimizer: Optimizer | str | None) -> Optimizer:
    """`optimizer` itself, the one of that name, or Adam; ValueError or TypeError if there is none."""
    if isinstance(optimizer, str) and optimizer in OPTIMIZERS:
        return OPTIMIZERS[optimizer]()
    if isinstance(optimizer, str):
        raise ValueError(f"There is no optimizer {optimizer!r}; choose one of {', '.join(OPTIMIZERS)}.")
    if not isinstance(optimizer, Optimizer | None):
        raise TypeError(f"An optimizer is an object such as Adam(0.01), or the name of one, not {optimizer!r}.")
    return optimizer or Adam()


def clip_norm(gradients: Array, largest: float) -> float:
    """Scale `gradients` (P,) in place to the Euclidean norm `largest` if theirs is larger; returns the norm before.

    The direction stays the same. One bad batch can then not move the network far (Pascanu, Mikolov and Bengio 2013).
    """
    norm = float(np.linalg.norm(gradients))
    if norm > largest:
        gradients *= largest / norm
    return norm


# Schedules: large steps go far but do not converge, and small steps converge but do not get far. A schedule is a
# function of the fraction t of the training that is done, 0 <= t < 1; it returns a factor for the learning rate.

Schedule = Callable[[float], float]
WARM_UP, START = 0.25, 0.04  # the fraction of a one-cycle in which the rate rises, and the factor at which it starts


def constant(t: float) -> float:
    """The same rate from the beginning to the end."""
    return 1.0


def cosine(t: float) -> float:
    """From 1 down to 0 along half a cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts)."""
    return 0.5 * (1 + math.cos(math.pi * t))


def one_cycle(t: float) -> float:
    """Up to 1 along half a cosine, then down to 0 along another.

    Small steps while the first gradients are unreliable, then large steps to get far, then small steps to converge
    (Smith and Topin, "Super-Convergence", 2018).
    """
    if t < WARM_UP:
        return START + (1 - START) * (1 - cosine(t / WARM_UP))
    return cosine((t - WARM_UP) / (1 - WARM_UP))


def stairs(drops: Sequence[float], factor: float = 0.1) -> Schedule:
    """Times `factor`, which is above 0, at each of `drops`, which are fractions of the training."""
    POSITIVE.check("factor", factor)
    return lambda t: factor ** sum(t >= drop for drop in drops)


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "step": stairs((0.2, 0.4, 0.6, 0.8), 0.5),  # halved after each fifth of the training
    "multi-step": stairs((0.5, 0.75)),  # as for the residual networks of He et al. (2016) on CIFAR-10
    "cosine": cosine,
    "one-cycle": one_cycle,
}
