"""Initializers: the random numbers that a network starts from.

Their scale decides whether it can learn at all. A unit
sums n products w x. With independent weights of variance s^2 and mean 0, Var(sum) = n s^2 E[x^2]: if s is too large,
the signal grows with every layer; if s is too small, it vanishes, and so do the gradients on their way back.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks import NOT_NEGATIVE, Range

Fans: TypeAlias = tuple[int, int]  # fan_in: how many inputs an output sums; fan_out: how many outputs an input reaches
Initializer: TypeAlias = str | tuple[str, float]
Bias: TypeAlias = Initializer | Literal[False]  # how the biases of a layer start, or that it has none

VARIANCES: dict[str, Callable[[int, int], float]] = {
    # a linear layer keeps the variance, n s^2 = 1: LeCun, Bottou, Orr and Mueller, "Efficient BackProp" (1998), 4.6
    "lecun": lambda fan_in, fan_out: 1.0 / fan_in,
    # between what the signal needs, 1 / fan_in, and the gradients, 1 / fan_out: Glorot and Bengio (2010), equation 12
    "xavier": lambda fan_in, fan_out: 2.0 / (fan_in + fan_out),
    # a ReLU zeroes half of the signal, E[x^2] = Var / 2, so n s^2 / 2 = 1: He, Zhang, Ren and Sun (2015), equation 10
    "he": lambda fan_in, fan_out: 2.0 / fan_in,
}
FIXED = {"zeros": 0.0, "ones": 1.0}
WITH_NUMBER = {"constant": Range(-math.inf), "gaussian": NOT_NEGATIVE}  # and which numbers each takes


def check_initializer(initializer: Bias) -> None:
    """Raise ValueError unless there is such an initializer, such as "he" or ("gaussian", 0.05), or it is False."""
    match initializer:
        case False:
            return
        case str() if initializer in VARIANCES or initializer in FIXED or initializer == "he_uniform":
            return
        case (str(name), number) if name in WITH_NUMBER and number in WITH_NUMBER[name]:
            return
    known = ", ".join([*VARIANCES, "he_uniform", *FIXED, *(f"({name!r}, number)" for name in WITH_NUMBER)])
    raise ValueError(f"There is no initializer {initializer!r}; choose one of {known}.")


def fill(weights: Array, initializer: Bias, fans: Fans, rng: np.random.Generator) -> None:
    """Fill `weights` in place as `initializer` says."""
    match initializer:
        case ("constant", value):
            weights[...] = value
        case ("gaussian", deviation):
            weights[...] = rng.standard_normal(weights.shape, dtype=np.float32) * float(deviation)
        case "he_uniform":  # from -c to c with the variance of he, c^2 / 3 = 2 / fan_in: no weight is far out by chance
            weights[...] = (2 * rng.random(weights.shape, dtype=np.float32) - 1) * np.sqrt(6.0 / fans[0])
        case str() if initializer in FIXED:
            weights[...] = FIXED[initializer]
        case str():
            deviation = np.sqrt(VARIANCES[initializer](*fans))
            weights[...] = rng.standard_normal(weights.shape, dtype=np.float32) * deviation
