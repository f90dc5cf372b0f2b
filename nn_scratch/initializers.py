"""Initializers: the random numbers that a network starts from.

Their scale decides whether a network can learn at all. A unit sums n products w x. With independent weights of variance
s^2 and mean 0, Var(sum) = n s^2 E[x^2]. If s is too large, the signal grows with every layer; if s is too small, the
signal vanishes, and so do the gradients on their way back. The right s keeps the variance the same in all layers.

Each function fills `weights` in place, for a layer whose outputs sum `fan_in` inputs each and whose inputs reach
`fan_out` outputs each. A layer names its initializer, such as "he", or ("gaussian", 0.05) where a number is needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks import NOT_NEGATIVE, Range

Fans: TypeAlias = tuple[int, int]  # fan_in, fan_out
Initializer: TypeAlias = str | tuple[str, float]
Bias: TypeAlias = Initializer | Literal[False]  # how the biases of a layer start, or that it has none


def gaussian(weights: Array, rng: np.random.Generator, deviation: float) -> None:
    """Normal with mean 0 and standard deviation `deviation`, for a layer of any size."""
    weights[...] = rng.standard_normal(weights.shape, dtype=np.float32) * deviation


def lecun(weights: Array, fans: Fans, rng: np.random.Generator) -> None:
    """Normal, variance 1 / fan_in: a linear layer then keeps the variance, n s^2 = 1.

    Source: LeCun, Bottou, Orr and Mueller, "Efficient BackProp" (1998), section 4.6.
    """
    gaussian(weights, rng, np.sqrt(1.0 / fans[0]))


def xavier(weights: Array, fans: Fans, rng: np.random.Generator) -> None:
    """Normal, variance 2 / (fan_in + fan_out), for tanh, which is linear near 0.

    The forward signal needs 1 / fan_in. The backward signal needs 1 / fan_out, since each input sums gradients from
    fan_out outputs. This variance is between the two. Source: Glorot and Bengio (2010), equation 12.
    """
    gaussian(weights, rng, np.sqrt(2.0 / (fans[0] + fans[1])))


def he(weights: Array, fans: Fans, rng: np.random.Generator) -> None:
    """Normal, variance 2 / fan_in, for layers before a ReLU.

    ReLU zeroes half of a symmetric signal, so E[x^2] = Var / 2, and n s^2 / 2 = 1 gives s^2 = 2 / n.
    Source: He, Zhang, Ren and Sun, "Delving Deep into Rectifiers" (2015), equation 10.
    """
    gaussian(weights, rng, np.sqrt(2.0 / fans[0]))


def he_uniform(weights: Array, fans: Fans, rng: np.random.Generator) -> None:
    """Uniform from -c to c with the same variance as `he`: c^2 / 3 = 2 / fan_in, so c = sqrt(6 / fan_in).

    No weight is then far out by chance. Elsewhere it is called Kaiming uniform.
    """
    weights[...] = (2 * rng.random(weights.shape, dtype=np.float32) - 1) * np.sqrt(6.0 / fans[0])


SCALED: dict[str, Callable[[Array, Fans, np.random.Generator], None]] = {
    "lecun": lecun,
    "xavier": xavier,
    "he": he,
    "he_uniform": he_uniform,
}
FIXED = {"zeros": 0.0, "ones": 1.0}
WITH_NUMBER = {"constant": Range(-math.inf), "gaussian": NOT_NEGATIVE}  # and which numbers each takes


def check(initializer: Initializer) -> Initializer:
    """Return `initializer` if there is such an initializer; raise ValueError if there is not."""
    match initializer:
        case str() if initializer in SCALED or initializer in FIXED:
            return initializer
        case (str(name), number) if name in WITH_NUMBER and number in WITH_NUMBER[name]:
            return initializer
    known = ", ".join([*SCALED, *FIXED, *(f"({name!r}, number)" for name in WITH_NUMBER)])
    raise ValueError(f"There is no initializer {initializer!r}; choose one of {known}.")


def check_bias(bias: Bias) -> Bias:
    """Return `bias` if it is an initializer or False; raise ValueError if it is neither."""
    return False if bias is False else check(bias)


def fill(weights: Array, initializer: Initializer, fans: Fans, rng: np.random.Generator) -> None:
    """Fill `weights` in place as `initializer` says."""
    match initializer:
        case ("constant", value):
            weights[...] = value
        case ("gaussian", deviation):
            gaussian(weights, rng, float(deviation))
        case str() if initializer in FIXED:
            weights[...] = FIXED[initializer]
        case str():
            SCALED[initializer](weights, fans, rng)
