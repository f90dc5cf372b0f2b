"""Normalization: numbers that keep their scale, so that the layers behind them can learn with large steps.

Descent is slow where all inputs are positive or their scales differ, because the loss is then curved much more in some
directions than in others (LeCun, Bottou, Orr and Mueller, "Efficient BackProp", 1998, section 4.3). And as a layer
learns, what it passes on changes its scale, and the next layer has to follow.
"""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers import Layer


def features_of(input_shape: Shape, kind: str) -> int:
    """The length of the last axis: units, or the channels of a place; ValueError if there is none."""
    if not input_shape:
        raise ValueError(f"A {kind} layer needs at least one number.")
    return input_shape[-1]


class BatchNorm(Layer):
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta, feature by feature: the last axis, units or channels.

    In training, mean and variance are those of the batch, over all images and places. Otherwise they are running
    averages of these, which move by the fraction `momentum` per batch, so that the answer for an image does not depend
    on the rest of its batch. The averages are state: saved with the model, but changed by no gradient. One number alone
    has no variance, so a batch of one is read with the running averages, too.
    Source: Ioffe and Szegedy, "Batch Normalization" (2015), algorithms 1 and 2.
    """

    kind = "batch_norm"
    momentum: float = 0.1
    epsilon: float = 1e-5

    def __post_init__(self) -> None:
        if not (0 < self.momentum <= 1 and self.epsilon > 0):
            raise ValueError(
                f"Momentum is above 0 and at most 1, not {self.momentum}; epsilon is above 0, not {self.epsilon}."
            )

    def build(self, input_shape: Shape) -> Shape:
        self.features = features_of(input_shape, self.kind)
        self.parameter_shapes = {"gamma": (self.features,), "beta": (self.features,)}
        self.state_shapes = {"mean": (self.features,), "variance": (self.features,)}
        self.gamma: Array
        self.beta: Array
        self.dgamma: Array
        self.dbeta: Array
        self.mean: Array
        self.variance: Array
        return input_shape

    def initialize(self, rng: np.random.Generator) -> None:
        self.gamma[...], self.beta[...] = 1.0, 0.0
        self.mean[...], self.variance[...] = 0.0, 1.0

    def forward(self, x: Array, training: bool = False) -> Array:
        rows = x.reshape(-1, self.features)  # (n, features): n is B, or B H W for images
        n = len(rows)
        if not training:
            x_hat = (rows - self.mean) / np.sqrt(self.variance + self.epsilon)
            return (x_hat * self.gamma + self.beta).reshape(x.shape)
        if n <= 1:
            return self.trace(x)
        mean, variance = rows.mean(axis=0), rows.var(axis=0)
        self.mean += self.momentum * (mean - self.mean)
        self.variance += self.momentum * (variance * (n / (n - 1)) - self.variance)  # n / (n - 1): of the population
        return self.normalized(x, mean, variance, of_batch=True)

    def trace(self, x: Array) -> Array:
        """With the running averages, which do not change with x."""
        return self.normalized(x, self.mean, self.variance, of_batch=False)

    def normalized(self, x: Array, mean: Array, variance: Array, of_batch: bool) -> Array:
        """y, and what `backward` needs: x_hat (n, features), s (features,), and whether both are of the batch."""
        self.of_batch, self.deviation = of_batch, np.sqrt(variance + self.epsilon)
        self.x_hat = (x.reshape(-1, self.features) - mean) / self.deviation
        y = self.x_hat * self.gamma
        y += self.beta
        return y.reshape(x.shape)

    def backward(self, dy: Array) -> Array:
        """y = gamma x_hat + beta: dL/dgamma = sum dy x_hat and dL/dbeta = sum dy, over the n rows.

        With x_hat = (x - m) / s, per feature, m = sum_i x_i / n and s^2 = sum_i (x_i - m)^2 / n + epsilon:

            dm/dx_j = 1/n,    ds/dx_j = (x_j - m) / (n s) = x_hat_j / n    (the sum over x_i - m is 0)
            dx_hat_i/dx_j = ([i = j] - 1/n) / s - (x_i - m) / s^2 . x_hat_j / n
                          = ([i = j] - 1/n - x_hat_i x_hat_j / n) / s

        and with dx_hat = dy gamma, summed over i,

            dL/dx_j = (dx_hat_j - mean(dx_hat) - x_hat_j mean(dx_hat x_hat)) / s:

        the normalization removes what would only shift or only scale all numbers of a feature. Of running averages, m
        and s are constants, and dL/dx = dx_hat / s is all.
        """
        rows = dy.reshape(-1, self.features)  # (n, features)
        np.sum(rows * self.x_hat, axis=0, out=self.dgamma)
        np.sum(rows, axis=0, out=self.dbeta)
        dx = rows.copy()
        if self.of_batch:
            dx -= rows.mean(axis=0)
            dx -= self.x_hat * (rows * self.x_hat).mean(axis=0)
        dx *= self.gamma / self.deviation
        return dx.reshape(dy.shape)


class LayerNorm(Layer):
    """The same over the last axis of every example: units, or the channels of a place.

    Batch normalization needs a large batch, and is another function in use than in training. Here every example is
    normalized by itself, so that both are the same and a batch of one is enough.
    Source: Ba, Kiros and Hinton, "Layer Normalization" (2016).
    """

    kind = "layer_norm"
    epsilon: float = 1e-5

    def __post_init__(self) -> None:
        if not self.epsilon > 0:
            raise ValueError(f"The epsilon of a layer_norm layer is above 0, not {self.epsilon}.")

    def build(self, input_shape: Shape) -> Shape:
        self.features = features_of(input_shape, self.kind)
        self.parameter_shapes = {"gamma": (self.features,), "beta": (self.features,)}
        self.gamma: Array
        self.beta: Array
        self.dgamma: Array
        self.dbeta: Array
        return input_shape

    def initialize(self, rng: np.random.Generator) -> None:
        self.gamma[...], self.beta[...] = 1.0, 0.0

    def forward(self, x: Array, training: bool = False) -> Array:
        deviation = np.sqrt(x.var(axis=-1, keepdims=True) + x.dtype.type(self.epsilon))  # (B, ..., 1)
        x_hat = (x - x.mean(axis=-1, keepdims=True)) / deviation  # (B, ..., features)
        if training:
            self.x_hat, self.deviation = x_hat, deviation
        y = x_hat * self.gamma
        y += self.beta
        return y

    def backward(self, dy: Array) -> Array:
        """As derived for batch normalization, but with means over the features in place of the batch:

        dL/dx = (dx_hat - mean(dx_hat) - x_hat mean(dx_hat x_hat)) / deviation, with dx_hat = dy gamma.
        """
        rows = dy.reshape(-1, self.features)  # (n, features): the batch and all places
        np.sum(rows * self.x_hat.reshape(-1, self.features), axis=0, out=self.dgamma)
        np.sum(rows, axis=0, out=self.dbeta)
        dx_hat = dy * self.gamma
        dx = dx_hat - dx_hat.mean(axis=-1, keepdims=True)
        dx -= self.x_hat * (dx_hat * self.x_hat).mean(axis=-1, keepdims=True)
        dx /= self.deviation
        return dx
