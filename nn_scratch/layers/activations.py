"""Activations: the bends between the linear layers, without which any stack of them would be one linear layer."""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers.layer import Layer


class ReLU(Layer):
    """a = max(z, 0), element by element (Nair and Hinton 2010)."""

    kind = "relu"

    def __init__(self) -> None:
        self.a: Array = np.zeros(0, np.float32)  # the last training batch's output

    def build(self, input_shape: Shape) -> Shape:
        return input_shape

    def forward(self, x: Array, training: bool = False) -> Array:
        a: Array = np.maximum(x, 0.0)
        if training:
            self.a = a
        return a

    def backward(self, dy: Array) -> Array:
        """da/dz is 1 where z > 0 and 0 where z < 0; at the kink, where no derivative exists, we take 0.

        z > 0 exactly where a > 0, so the output is all that needs keeping: dL/dz = dL/da [a > 0].
        """
        dx: Array = dy * (self.a > 0.0)
        return dx
