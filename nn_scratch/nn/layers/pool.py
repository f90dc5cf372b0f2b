"""Pooling: a smaller image, each pixel of which summarizes a window of the larger one.

It is less work for the layers behind it, and what they see changes less when a stroke moves by a pixel.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.nn.layers.layer import Layer
from nn_scratch.nn.layers.window import Padding, Pair, Window, image_shape, padding_pair


class Pool2D(Layer):
    """What max and mean pooling have in common: a window that moves by its own size or by `stride`.

    Each channel is pooled separately: (B, H, W, C) -> (B, H', W', C). The window may reach `padding` pixels beyond the
    image, but never lies beyond it entirely.
    """

    optional: ClassVar = {"padding": (0, 0)}

    def __init__(self, window: int | Pair = 2, stride: int | Pair | None = None, padding: Padding = 0) -> None:
        self.window = Window(window, window if stride is None else stride)
        self.padding = padding_pair(padding, self.window.size)
        if self.padding[0] >= self.window.size[0] or self.padding[1] >= self.window.size[1]:
            raise ValueError(f"The padding of a {self.kind} layer is smaller than its window, not {self.padding}.")
        self.framed_shape: Shape = ()

    def build(self, input_shape: Shape) -> Shape:
        (height, width, channels), (down, across) = image_shape(input_shape, self.kind), self.padding
        self.framed_shape = (height + 2 * down, width + 2 * across, channels)
        return (*self.window.build(*self.framed_shape[:2]), channels)

    def framed(self, x: Array, value: float) -> Array:
        """`x` in a frame of `value`, as wide as the padding."""
        down, across = self.padding
        if down == across == 0:
            return x
        return np.pad(x, ((0, 0), (down, down), (across, across), (0, 0)), constant_values=value)

    def unframed(self, framed: Array) -> Array:
        """The part of `framed` that is not the frame."""
        (height, width, _), (down, across) = self.framed_shape, self.padding
        return framed[:, down : height - down, across : width - across]

    def spec(self) -> dict[str, Any]:
        return {"window": self.window.size, "stride": self.window.stride, "padding": self.padding}


class MaxPool2D(Pool2D):
    """The largest number in each window; the frame is lower than any number, so it never is the largest."""

    kind = "max_pool"

    def __init__(self, window: int | Pair = 2, stride: int | Pair | None = None, padding: Padding = 0) -> None:
        super().__init__(window, stride, padding)
        self.x: Array = np.zeros(0, np.float32)  # the last training batch, framed
        self.y: Array = self.x  # and its output

    def forward(self, x: Array, training: bool = False) -> Array:
        x = self.framed(x, -np.inf)
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
        dx: Array = np.zeros((len(dy), *self.framed_shape), dy.dtype)
        waiting = np.ones(dy.shape, np.bool_)  # windows whose largest number has not been found yet
        for _, _, place in self.window.offsets():
            largest = self.x[place] == self.y  # (B, H', W', C)
            largest &= waiting
            waiting ^= largest
            dx[place] += dy * largest
        return self.unframed(dx)


class MeanPool2D(Pool2D):
    """The mean of the numbers in each window; the frame is 0, and counts."""

    kind = "mean_pool"

    def forward(self, x: Array, training: bool = False) -> Array:
        y = np.zeros((len(x), *self.window.places, x.shape[3]), x.dtype)
        x = self.framed(x, 0.0)
        for _, _, place in self.window.offsets():
            y += x[place]
        y /= self.window.size[0] * self.window.size[1]
        return y

    def backward(self, dy: Array) -> Array:
        """y is the sum of the kh kw pixels in its window, divided by kh kw, so each pixel receives dy / (kh kw)."""
        dx: Array = np.zeros((len(dy), *self.framed_shape), dy.dtype)
        per_pixel = dy / (self.window.size[0] * self.window.size[1])
        for _, _, place in self.window.offsets():
            dx[place] += per_pixel
        return self.unframed(dx)


class GlobalMeanPool2D(Layer):
    """The mean of each channel over the whole image, (B, H, W, C) -> (B, C).

    How much of each feature there is, wherever it is. It takes the place of the large dense layer behind the last
    convolution, and suits images of any size. Source: Lin, Chen and Yan, "Network in Network" (2014).
    """

    kind = "global_mean_pool"

    def __init__(self) -> None:
        self.input_shape = (0, 0, 0)

    def build(self, input_shape: Shape) -> Shape:
        self.input_shape = image_shape(input_shape, self.kind)
        return (self.input_shape[2],)

    def forward(self, x: Array, training: bool = False) -> Array:
        y: Array = x.mean(axis=(1, 2))
        return y

    def backward(self, dy: Array) -> Array:
        """Each of the H W pixels of a channel enters y with the factor 1 / (H W)."""
        height, width, _ = self.input_shape
        dx: Array = np.empty((len(dy), *self.input_shape), dy.dtype)
        dx[...] = (dy / (height * width))[:, None, None, :]
        return dx


class Maxout(Layer):
    """Pooling across features: the largest of each `size` neighbours along the last axis, (..., C) -> (..., C / size).

    After a dense layer or a convolution, it is an activation that is learned: the largest of a few linear functions.
    Source: Goodfellow, Warde-Farley, Mirza, Courville and Bengio, "Maxout Networks" (2013).
    """

    kind = "maxout"

    def __init__(self, size: int = 2) -> None:
        if size < 1:
            raise ValueError(f"A maxout layer chooses from at least one number, not {size}.")
        self.size = size
        self.largest: Array = np.zeros(0, np.bool_)  # (..., C / size, size) which number each was, in the last batch

    def build(self, input_shape: Shape) -> Shape:
        if not input_shape or input_shape[-1] % self.size:
            raise ValueError(f"Features of shape {input_shape} cannot be taken {self.size} at a time.")
        return (*input_shape[:-1], input_shape[-1] // self.size)

    def forward(self, x: Array, training: bool = False) -> Array:
        groups = x.reshape(*x.shape[:-1], -1, self.size)  # (..., C / size, size)
        if training:
            self.largest = groups.argmax(axis=-1)[..., None] == np.arange(self.size)
        y: Array = groups.max(axis=-1)
        return y

    def backward(self, dy: Array) -> Array:
        """As in max pooling, the largest number of a group, or the first of them, gets the whole gradient."""
        dx: Array = dy[..., None] * self.largest  # (..., C / size, size)
        return dx.reshape(*dy.shape[:-1], -1)

    def spec(self) -> dict[str, Any]:
        return {"size": self.size}
