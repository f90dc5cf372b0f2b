"""Pooling: a smaller image, each pixel of which summarizes a window of the larger one.

It is less work for the layers behind it, and what they see changes less when a stroke moves by a pixel.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.nn.layers.layer import Layer
from nn_scratch.nn.layers.window import Pair, Window, image_shape


class Pool2D(Layer):
    """What max and mean pooling have in common: a window that moves by its own size or by `stride`.

    Each channel is pooled separately: (B, H, W, C) -> (B, H', W', C).
    """

    def __init__(self, window: int | Pair = 2, stride: int | Pair | None = None) -> None:
        self.window = Window(window, window if stride is None else stride)
        self.input_shape: Shape = ()

    def build(self, input_shape: Shape) -> Shape:
        height, width, channels = self.input_shape = image_shape(input_shape, self.kind)
        return (*self.window.build(height, width), channels)

    def spec(self) -> dict[str, Any]:
        return {"window": self.window.size, "stride": self.window.stride}


class MaxPool2D(Pool2D):
    """The largest number in each window."""

    kind = "max_pool"

    def __init__(self, window: int | Pair = 2, stride: int | Pair | None = None) -> None:
        super().__init__(window, stride)
        self.x: Array = np.zeros(0, np.float32)  # the last training batch
        self.y: Array = self.x  # and its output

    def forward(self, x: Array, training: bool = False) -> Array:
        places = [place for _, _, place in self.window.offsets()]
        y = x[places[0]].copy()  # (B, H', W', C)
        for place in places[1:]:
            np.maximum(y, x[place], out=y)
        if training:
            self.x, self.y = x, y
        return y

    def backward(self, dy: Array) -> Array:
        """dy/dx is 1 at the largest number of a window and 0 at the others, so the largest gets the whole gradient.

        If several are equally large, no derivative exists, and we take the first. After a ReLU, whole windows are 0; if
        each number in them got the gradient, it would count several times.
        """
        dx = np.zeros((len(dy), *self.input_shape), dy.dtype)
        waiting = np.ones(dy.shape, np.bool_)  # windows whose largest number has not been found yet
        for _, _, place in self.window.offsets():
            largest = self.x[place] == self.y  # (B, H', W', C)
            largest &= waiting
            waiting ^= largest
            dx[place] += dy * largest
        return dx


class MeanPool2D(Pool2D):
    """The mean of the numbers in each window."""

    kind = "mean_pool"

    def forward(self, x: Array, training: bool = False) -> Array:
        y = np.zeros((len(x), *self.window.places, x.shape[3]), x.dtype)
        for _, _, place in self.window.offsets():
            y += x[place]
        y /= self.window.size[0] * self.window.size[1]
        return y

    def backward(self, dy: Array) -> Array:
        """y is the sum of the kh kw pixels in its window, divided by kh kw, so each pixel receives dy / (kh kw)."""
        dx = np.zeros((len(dy), *self.input_shape), dy.dtype)
        per_pixel = dy / (self.window.size[0] * self.window.size[1])
        for _, _, place in self.window.offsets():
            dx[place] += per_pixel
        return dx
