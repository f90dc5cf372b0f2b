"""Pooling: a smaller image, each pixel of which summarizes a window of the larger one.

It is less work for the layers behind it, and what they see changes less when a stroke moves by a pixel.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array, Shape
from nn_scratch.layers.layer import Layer
from nn_scratch.layers.window import Padding, Pair, Window, few_at_a_time, image_shape, padding_pair


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

    def blocks(self, count: int) -> Iterator[slice]:
        """A few of `count` images at a time: they are read again for each pixel of the window."""
        return few_at_a_time(count, math.prod(self.framed_shape))

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
        # (B, H', W', C) which of its numbers was the largest in each window of the last training batch, from 0
        self.largest: NDArray[np.unsignedinteger[Any]] = np.zeros(0, np.uint8)

    def forward(self, x: Array, training: bool = False) -> Array:
        x = self.framed(x, -np.inf)
        y = np.empty((len(x), *self.window.places, x.shape[3]), x.dtype)  # (B, H', W', C)
        largest = np.zeros(y.shape if training else 0, np.min_scalar_type(math.prod(self.window.size)))
        for few in self.blocks(len(x)):
            self.find(x[few], y[few], largest[few] if training else None)
        if training:
            self.largest = largest
        return y

    def find(self, x: Array, y: Array, largest: NDArray[np.unsignedinteger[Any]] | None) -> None:
        """Write the largest number of each window of `x` to `y`, and which one it is to `largest`, all 0 before.

        The first of several that are equally large is the last that is larger than all before it.
        """
        for number, (_, _, place) in enumerate(self.window.offsets()):
            seen = x[place]
            if number == 0:
                y[...] = seen
            elif largest is None:
                np.maximum(y, seen, out=y)
            else:
                larger = (seen > y).view(np.uint8)
                np.maximum(largest, larger * largest.dtype.type(number), out=largest)  # the numbers only grow
                np.maximum(y, seen, out=y)

    def backward(self, dy: Array) -> Array:
        """dy/dx is 1 at the largest number of a window and 0 at the others, so the largest gets the whole gradient.

        If several are equally large, no derivative exists, and we take the first. After a ReLU, whole windows are 0; if
        each number in them got the gradient, it would count several times.
        """
        dx: Array = np.zeros((len(dy), *self.framed_shape), dy.dtype)
        for few in self.blocks(len(dy)):
            for number, (_, _, place) in enumerate(self.window.offsets()):
                given = (self.largest[few] == number).astype(dy.dtype)  # (n, H', W', C)
                given *= dy[few]
                if self.window.overlaps:
                    dx[few][place] += given
                else:
                    dx[few][place] = given
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
