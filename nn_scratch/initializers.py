"""Initializers: the random numbers a network starts from.

Why the scale matters: a unit sums n products w x. With independent weights of variance s^2 and mean 0,
Var(sum) = n s^2 E[x^2]. If s is too large the signal grows with every layer, if too small it dies, and the gradients
with it, on their way back. The good s keeps the variance the same from layer to layer.
"""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array


def he(weights: Array, fan_in: int, rng: np.random.Generator) -> None:
    """Fill `weights` in place for a layer of `fan_in` inputs that ReLU follows: normal, variance 2 / fan_in.

    ReLU zeroes half of a symmetric signal, so E[x^2] = Var / 2, and n s^2 / 2 = 1 gives s^2 = 2 / n.
    Source: He, Zhang, Ren and Sun, "Delving Deep into Rectifiers" (2015), equation 10.
    """
    weights[...] = rng.standard_normal(weights.shape, dtype=np.float32) * np.sqrt(2.0 / fan_in)
