"""Layer normalization: the features of every example get mean 0 and variance 1, then a learned scale and shift.

Batch normalization needs a large batch, and is another function in use than in training. Here every example is
normalized by itself, so that both are the same and a batch of one is enough.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers.layer import Layer


class LayerNorm(Layer):
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta, over the last axis: units, or the channels of a place.

    Source: Ba, Kiros and Hinton, "Layer Normalization" (2016).
    """

    kind = "layer_norm"

    def __init__(self, epsilon: float = 1e-5) -> None:
        if not epsilon > 0:
            raise ValueError(f"The epsilon of a layer_norm layer is above 0, not {epsilon}.")
        self.epsilon = epsilon
        self.features = 0
        self.gamma: Array = np.zeros(0, np.float32)  # (features,)
        self.beta = self.dgamma = self.dbeta = self.gamma
        self.x_hat: Array = self.gamma  # the last training batch, normalized: (B, ..., features)
        self.deviation: Array = self.gamma  # (B, ..., 1)

    def build(self, input_shape: Shape) -> Shape:
        if not input_shape:
            raise ValueError("A layer_norm layer needs at least one feature.")
        self.features = input_shape[-1]
        return input_shape

    def parameter_shapes(self) -> dict[str, Shape]:
        return {"gamma": (self.features,), "beta": (self.features,)}

    def bind(self, parameters: dict[str, Array], gradients: dict[str, Array]) -> None:
        self.gamma, self.beta = parameters["gamma"], parameters["beta"]
        self.dgamma, self.dbeta = gradients["gamma"], gradients["beta"]

    def initialize(self, rng: np.random.Generator) -> None:
        self.gamma[...], self.beta[...] = 1.0, 0.0

    def forward(self, x: Array, training: bool = False) -> Array:
        deviation = np.sqrt(x.var(axis=-1, keepdims=True) + x.dtype.type(self.epsilon))
        x_hat = (x - x.mean(axis=-1, keepdims=True)) / deviation
        if training:
            self.x_hat, self.deviation = x_hat, deviation
        y: Array = x_hat * self.gamma
        y += self.beta
        return y

    def backward(self, dy: Array) -> Array:
        """As derived for batch normalization, but with means over the features in place of the batch:

        dL/dx = (dx_hat - mean(dx_hat) - x_hat mean(dx_hat x_hat)) / deviation, with dx_hat = dy gamma.
        """
        dx_hat = dy * self.gamma
        dx: Array = dx_hat - dx_hat.mean(axis=-1, keepdims=True)
        dx -= self.x_hat * (dx_hat * self.x_hat).mean(axis=-1, keepdims=True)
        dx /= self.deviation
        return dx

    def backward_parameters(self, dy: Array) -> None:
        """y = gamma x_hat + beta: dL/dgamma = sum dy x_hat and dL/dbeta = sum dy, over the batch and all places."""
        rows = dy.reshape(-1, self.features)  # (n, features)
        np.sum(rows * self.x_hat.reshape(-1, self.features), axis=0, out=self.dgamma)
        np.sum(rows, axis=0, out=self.dbeta)

    def spec(self) -> dict[str, Any]:
        return {"epsilon": self.epsilon}
