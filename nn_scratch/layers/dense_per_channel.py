"""The dense layer per channel: every channel of an image has weights of its own, and sees no other channel."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.initializers import Initializer, check, fill
from nn_scratch.layers.layer import Layer
from nn_scratch.layers.window import image_shape


class DensePerChannel(Layer):
    """z_c = x_c W_c + b_c for each channel c: images (B, H, W, C) -> (B, outputs, 1, C), an image of one column.

    A dense layer over all H W C numbers has C times as many weights. Here channels that mean different things, such as
    the maps of different detectors, are summarized apart.
    """

    kind = "dense_per_channel"

    def __init__(self, outputs: int, initializer: Initializer = "he") -> None:
        if outputs < 1:
            raise ValueError(f"A dense_per_channel layer needs at least one output, not {outputs}.")
        self.outputs = outputs
        self.initializer = check(initializer)
        self.input_shape = (0, 0, 0)
        self.W: Array = np.zeros((0, 0, 0), np.float32)  # (C, H W, outputs)
        self.b: Array = np.zeros((0, 0), np.float32)  # (C, outputs)
        self.dW, self.db = self.W, self.b
        self.x: Array = self.W  # the last training batch, by channels: (C, B, H W)

    def build(self, input_shape: Shape) -> Shape:
        self.input_shape = image_shape(input_shape, self.kind)
        return (self.outputs, 1, self.input_shape[2])

    def parameter_shapes(self) -> dict[str, Shape]:
        height, width, channels = self.input_shape
        return {"W": (channels, height * width, self.outputs), "b": (channels, self.outputs)}

    def bind(self, parameters: dict[str, Array], gradients: dict[str, Array]) -> None:
        self.W, self.b = parameters["W"], parameters["b"]
        self.dW, self.db = gradients["W"], gradients["b"]

    def initialize(self, rng: np.random.Generator) -> None:
        fill(self.W, self.initializer, (self.input_shape[0] * self.input_shape[1], self.outputs), rng)
        self.b[...] = 0.0

    def forward(self, x: Array, training: bool = False) -> Array:
        by_channel = np.ascontiguousarray(x.reshape(len(x), -1, x.shape[3]).transpose(2, 0, 1))  # (C, B, H W)
        if training:
            self.x = by_channel
        z = by_channel @ self.W + self.b[:, None, :]  # (C, B, H W) @ (C, H W, outputs) -> (C, B, outputs)
        return z.transpose(1, 2, 0)[:, :, None, :]  # (B, outputs, 1, C)

    def backward(self, dy: Array) -> Array:
        """That of C dense layers side by side: dL/dx_c = dz_c W_c^T."""
        dx = self.by_channel(dy) @ self.W.transpose(0, 2, 1)  # (C, B, outputs) @ (C, outputs, H W) -> (C, B, H W)
        return dx.transpose(1, 2, 0).reshape(len(dy), *self.input_shape)

    def backward_parameters(self, dy: Array) -> None:
        """dL/dW_c = x_c^T dz_c, and dL/db_c is the sum of dz_c over the batch."""
        dz = self.by_channel(dy)  # (C, B, outputs)
        np.matmul(self.x.transpose(0, 2, 1), dz, out=self.dW)  # (C, H W, B) @ (C, B, outputs)
        np.sum(dz, axis=1, out=self.db)

    def by_channel(self, dy: Array) -> Array:
        """(B, outputs, 1, C) -> (C, B, outputs)."""
        dz: Array = dy[:, :, 0, :].transpose(2, 0, 1)
        return dz

    def spec(self) -> dict[str, Any]:
        return {"outputs": self.outputs, "initializer": self.initializer}
