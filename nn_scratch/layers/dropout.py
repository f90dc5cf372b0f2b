"""Dropout: in training, numbers are left out at random, so that no unit can rely on a single other unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers.layer import Layer


class Dropout(Layer):
    """y = x m, where m is 0 with probability `rate` and else 1 / (1 - rate); outside training, y = x.

    The factor keeps the mean, E[m] = (1 - rate) / (1 - rate) = 1, so that nothing needs to be changed outside training.
    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014).
    """

    kind = "dropout"

    def __init__(self, rate: float = 0.5) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"A dropout rate is at least 0 and below 1, not {rate}.")
        self.rate = rate
        self.rng = np.random.default_rng(0)  # until `reseed` replaces it
        self.m: Array = np.zeros(0, np.float32)  # the factors of the last training batch

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def reseed(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def forward(self, x: Array, training: bool = False) -> Array:
        if not training:
            return x
        kept = self.rng.random(x.shape, np.float32) >= self.rate
        self.m = kept * x.dtype.type(1 / (1 - self.rate))
        y: Array = x * self.m
        return y

    def trace(self, x: Array) -> Array:
        """Nothing is left out: y = x, so m = 1."""
        self.m = np.ones_like(x)
        return x

    def backward(self, dy: Array) -> Array:
        """y = x m, where m is random and not learned: dL/dx = dL/dy m."""
        dx: Array = dy * self.m
        return dx

    def spec(self) -> dict[str, Any]:
        return {"rate": self.rate}
