"""Activations: the nonlinear functions between linear layers.

Without them, any stack of linear layers would be no more than a single linear layer.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers.layer import Layer


class Activation(Layer):
    """a = f(z), of the same shape. For most f here, da/dz follows from a itself, so only a is kept."""

    def __init__(self) -> None:
        self.a: Array = np.zeros(0, np.float32)  # the output of the last training batch

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array, training: bool = False) -> Array:
        a = self.f(x)
        if training:
            self.a = a
        return a

    def f(self, x: Array) -> Array:
        """The function itself."""
        raise NotImplementedError


class Identity(Activation):
    """a = z: linear units, where an activation is asked for by name."""

    kind = "identity"

    def f(self, x: Array) -> Array:
        return x

    def backward(self, dy: Array) -> Array:
        """da/dz = 1."""
        return dy


class ReLU(Activation):
    """a = max(z, 0), element by element (Nair and Hinton 2010)."""

    kind = "relu"

    def f(self, x: Array) -> Array:
        a: Array = np.maximum(x, 0.0)
        return a

    def backward(self, dy: Array) -> Array:
        """da/dz is 1 where z > 0 and 0 where z < 0; at the kink, where no derivative exists, we take 0.

        z > 0 exactly where a > 0, so only the output needs to be kept: dL/dz = dL/da [a > 0].
        """
        active = (self.a > 0.0).astype(dy.dtype)  # a product of floats and bools takes up to four times as long
        dx: Array = np.multiply(dy, active, out=active)
        return dx


class LeakyReLU(Activation):
    """a = z where z > 0, else `slope` z, so that a unit below 0 can still learn (Maas, Hannun and Ng 2013)."""

    kind = "leaky_relu"

    def __init__(self, slope: float = 0.01) -> None:
        if not 0 < slope < 1:
            raise ValueError(f"The slope of a leaky ReLU is between 0 and 1, not {slope}.")
        super().__init__()
        self.slope = slope

    def f(self, x: Array) -> Array:
        a: Array = np.maximum(x, self.slope * x)
        return a

    def backward(self, dy: Array) -> Array:
        """da/dz is 1 where z > 0, and `slope` elsewhere; a has the sign of z."""
        dx: Array = np.where(self.a > 0.0, dy, self.slope * dy)
        return dx

    def spec(self) -> dict[str, Any]:
        return {"slope": self.slope}


class GELU(Activation):
    """a = z Phi(z), where Phi(z) is the probability that a normal number is below z: ReLU with a soft bend.

    Phi is computed as in the paper, (1 + tanh u) / 2 with u = c (z + 0.044715 z^3) and c = sqrt(2 / pi), which differs
    by less than 0.0005. Source: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016).
    """

    kind = "gelu"
    c, cubic = math.sqrt(2 / math.pi), 0.044715

    def __init__(self) -> None:
        super().__init__()
        self.z: Array = self.a  # the last training batch: a alone does not tell, because the function falls and rises

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.z = x
        return self.f(x)

    def f(self, x: Array) -> Array:
        a: Array = 0.5 * x * (1.0 + np.tanh(self.c * (x + self.cubic * x**3)))
        return a

    def backward(self, dy: Array) -> Array:
        """With t = tanh u, dt/du = 1 - t^2 and du/dz = c (1 + 3 . 0.044715 z^2), the product rule gives

        da/dz = (1 + t) / 2 + z / 2 (1 - t^2) du/dz.
        """
        z = self.z
        t = np.tanh(self.c * (z + self.cubic * z**3))
        dx: Array = dy * 0.5 * (1.0 + t + z * (1.0 - t * t) * self.c * (1.0 + 3.0 * self.cubic * z * z))
        return dx


class Sigmoid(Activation):
    """a = 1 / (1 + exp(-z)), from 0 to 1."""

    kind = "sigmoid"

    def f(self, x: Array) -> Array:
        """With tanh, which never overflows: 1 / (1 + exp(-z)) = (1 + tanh(z / 2)) / 2."""
        a: Array = 0.5 * np.tanh(0.5 * x) + 0.5
        return a

    def backward(self, dy: Array) -> Array:
        """With e = exp(-z), da/dz = e / (1 + e)^2 = 1 / (1 + e) . e / (1 + e) = a (1 - a)."""
        dx: Array = dy * self.a * (1.0 - self.a)
        return dx


class Tanh(Activation):
    """a = tanh z, from -1 to 1."""

    kind = "tanh"

    def f(self, x: Array) -> Array:
        a: Array = np.tanh(x)
        return a

    def backward(self, dy: Array) -> Array:
        """tanh = sinh / cosh, so da/dz = (cosh^2 - sinh^2) / cosh^2 = 1 - a^2."""
        dx: Array = dy * (1.0 - self.a * self.a)
        return dx


class Softmax(Activation):
    """a_k = exp z_k / sum_j exp z_j along the last axis: probabilities.

    For the last layer of a network with the quadratic loss. `SoftmaxCrossEntropy` contains a softmax and takes logits.
    """

    kind = "softmax"

    def f(self, x: Array) -> Array:
        a: Array = np.exp(x - x.max(axis=-1, keepdims=True))  # without the largest, nothing overflows
        a /= a.sum(axis=-1, keepdims=True)
        return a

    def backward(self, dy: Array) -> Array:
        """From d log a_k / dz_i = [k = i] - a_i follows da_k / dz_i = a_k ([k = i] - a_i), and

        dL/dz_i = sum_k dL/da_k a_k ([k = i] - a_i) = a_i (dL/da_i - sum_k dL/da_k a_k).
        """
        weighted = dy * self.a
        dx: Array = weighted - self.a * weighted.sum(axis=-1, keepdims=True)
        return dx
