"""Flatten and reshape: the same numbers in the same order, in another shape.

Convolutions work on images and dense layers on rows of numbers; these layers stand between them.
"""

from __future__ import annotations

import math
from typing import Any

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers.layer import Layer


class Reshape(Layer):
    """(B, *input_shape) -> (B, *shape)."""

    kind = "reshape"

    def __init__(self, shape: Shape) -> None:
        self.shape = tuple(shape)
        self.input_shape: Shape = ()

    def build(self, input_shape: Shape) -> Shape:
        if math.prod(input_shape) != math.prod(self.shape) or min(self.shape, default=1) < 0:
            raise ValueError(f"Numbers of shape {input_shape} cannot be laid out as {self.shape}.")
        self.input_shape = input_shape
        return self.shape

    def forward(self, x: Array, training: bool = False) -> Array:
        return x.reshape(len(x), *self.shape)

    def backward(self, dy: Array) -> Array:
        """Each number is copied to one place, and its gradient is copied back."""
        return dy.reshape(len(dy), *self.input_shape)

    def spec(self) -> dict[str, Any]:
        return {"shape": self.shape}


class Flatten(Reshape):
    """(B, *input_shape) -> (B, n): images as rows for a dense layer."""

    kind = "flatten"

    def __init__(self) -> None:
        super().__init__(())

    def build(self, input_shape: Shape) -> Shape:
        self.shape = (math.prod(input_shape),)
        return super().build(input_shape)

    def spec(self) -> dict[str, Any]:
        return {}
