"""Batch normalization: every feature gets mean 0 and variance 1 over the batch, then a learned scale and shift.

As a layer learns, the numbers that it passes on change their scale, and the next layer has to follow. Normalized
numbers keep their scale, so a deep network can learn with larger steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers.layer import Layer


class BatchNorm(Layer):
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta, feature by feature: the last axis, units or channels.

    In training, mean and variance are those of the batch, over all images and places. Otherwise they are running
    averages of these, which move by the fraction `momentum` per batch, so that the answer for an image does not depend
    on the rest of its batch. The averages are state: saved with the model, but changed by no gradient.
    Source: Ioffe and Szegedy, "Batch Normalization" (2015), algorithms 1 and 2.
    """

    kind = "batch_norm"

    def __init__(self, momentum: float = 0.1, epsilon: float = 1e-5) -> None:
        if not (0 < momentum <= 1 and epsilon > 0):
            raise ValueError(f"Momentum is above 0 and at most 1, not {momentum}; epsilon is above 0, not {epsilon}.")
        self.momentum, self.epsilon = momentum, epsilon
        self.features = 0
        self.gamma: Array = np.zeros(0, np.float32)  # (features,)
        self.beta = self.dgamma = self.dbeta = self.mean = self.variance = self.gamma
        self.x_hat: Array = self.gamma  # the last training batch, normalized: (n, features)
        self.deviation: Array = self.gamma  # (features,)
        self.is_traced = False  # mean and deviation were the running ones, which do not change with x

    def build(self, input_shape: Shape) -> Shape:
        if not input_shape:
            raise ValueError("A batch_norm layer needs at least one feature.")
        self.features = input_shape[-1]
        return input_shape

    def parameter_shapes(self) -> dict[str, Shape]:
        return {"gamma": (self.features,), "beta": (self.features,)}

    def bind(self, parameters: dict[str, Array], gradients: dict[str, Array]) -> None:
        self.gamma, self.beta = parameters["gamma"], parameters["beta"]
        self.dgamma, self.dbeta = gradients["gamma"], gradients["beta"]

    def state_shapes(self) -> dict[str, Shape]:
        return {"mean": (self.features,), "variance": (self.features,)}

    def bind_state(self, state: dict[str, Array]) -> None:
        self.mean, self.variance = state["mean"], state["variance"]

    def initialize(self, rng: np.random.Generator) -> None:
        self.gamma[...], self.beta[...] = 1.0, 0.0
        self.mean[...], self.variance[...] = 0.0, 1.0

    def forward(self, x: Array, training: bool = False) -> Array:
        rows = x.reshape(-1, self.features)  # (n, features): n is B, or B H W for images
        mean, variance = self.mean, self.variance
        if training:
            mean, variance = rows.mean(axis=0), rows.var(axis=0)
            self.update_averages(mean, variance, len(rows))
        deviation = np.sqrt(variance + self.epsilon)
        x_hat = (rows - mean) / deviation
        if training:
            self.x_hat, self.deviation, self.is_traced = x_hat, deviation, False
        y: Array = x_hat * self.gamma
        y += self.beta
        return y.reshape(x.shape)

    def trace(self, x: Array) -> Array:
        """With the running averages: x_hat and its deviation are kept, and nothing moves."""
        rows = x.reshape(-1, self.features)  # (n, features)
        self.deviation = np.sqrt(self.variance + self.epsilon)
        self.x_hat, self.is_traced = (rows - self.mean) / self.deviation, True
        return (self.x_hat * self.gamma + self.beta).reshape(x.shape)

    def update_averages(self, mean: Array, variance: Array, n: int) -> None:
        """Move the running averages; n / (n - 1) turns the variance of a sample into that of its population."""
        self.mean += self.momentum * (mean - self.mean)
        self.variance += self.momentum * (variance * (n / max(n - 1, 1)) - self.variance)

    def backward(self, dy: Array) -> Array:
        """With x_hat = (x - m) / s, per feature, m = sum_i x_i / n and s^2 = sum_i (x_i - m)^2 / n + epsilon:

            dm/dx_j = 1/n,    ds/dx_j = (x_j - m) / (n s) = x_hat_j / n    (the sum over x_i - m is 0)
            dx_hat_i/dx_j = ([i = j] - 1/n) / s - (x_i - m) / s^2 . x_hat_j / n
                          = ([i = j] - 1/n - x_hat_i x_hat_j / n) / s

        and with dx_hat = dy gamma, summed over i,

            dL/dx_j = (dx_hat_j - mean(dx_hat) - x_hat_j mean(dx_hat x_hat)) / s:

        the normalization removes what would only shift or only scale all numbers of a feature. After `trace`, m and s
        are constants, and dL/dx = dx_hat / s is all.
        """
        rows = dy.reshape(-1, self.features)  # (n, features)
        dx: Array = rows.copy()
        if not self.is_traced:
            dx -= rows.mean(axis=0)
            dx -= self.x_hat * (rows * self.x_hat).mean(axis=0)
        dx *= self.gamma / self.deviation
        return dx.reshape(dy.shape)

    def backward_parameters(self, dy: Array) -> None:
        """y = gamma x_hat + beta: dL/dgamma = sum dy x_hat and dL/dbeta = sum dy, over the n rows."""
        rows = dy.reshape(-1, self.features)  # (n, features)
        np.sum(rows * self.x_hat, axis=0, out=self.dgamma)
        np.sum(rows, axis=0, out=self.dbeta)

    def spec(self) -> dict[str, Any]:
        return {"momentum": self.momentum, "epsilon": self.epsilon}
