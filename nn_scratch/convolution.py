"""Convolution and pooling: layers that look at an image through a small window, in the same way at every place.

A stroke looks the same wherever it is, so a detector for it is learned once and used at all places. That takes far
fewer weights than a dense layer over all pixels. Pooling makes the image smaller: it is less work for the layers behind
it, and what they see changes less when a stroke moves by a pixel.

Images are (B, H, W, C), channels last, as in files and on screens. The kw C numbers in a row of the window are then
side by side in memory, and one matrix product is enough for the whole batch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from nn_scratch.arrays import Array, Shape
from nn_scratch.initializers import Bias, Initializer, check_initializer, fill
from nn_scratch.layers import Layer, later

Pair: TypeAlias = tuple[int, int]  # down, across
Padding: TypeAlias = int | Pair | Literal["same"]
Place: TypeAlias = tuple[slice, slice, slice]  # indices for (B, H, W, ...)

CACHED = 2**18  # numbers, 1 MB: what one operation has just written, the next reads several times faster than memory


def image_shape(input_shape: Shape, kind: str) -> tuple[int, int, int]:
    """`input_shape` as (height, width, channels); ValueError if it is not the shape of an image."""
    if len(input_shape) != 3:
        raise ValueError(
            f"A {kind} layer takes images of (height, width, channels), not shape {input_shape}; reshape before it."
        )
    return input_shape[0], input_shape[1], input_shape[2]


def pair(value: int | Pair, name: str, least: int) -> Pair:
    """`value` as (down, across), where one number stands for both; ValueError if it is neither a number nor a pair."""
    both = (value, value) if isinstance(value, (int, np.integer)) else tuple(value)
    if len(both) != 2 or not all(isinstance(side, (int, np.integer)) and side >= least for side in both):
        raise ValueError(f"The {name} is one or two whole numbers of at least {least}, not {value!r}.")
    return int(both[0]), int(both[1])


@dataclass
class Windows:
    """A rectangle of `size` pixels at all its places: it moves by `stride` over an image framed by `padding` pixels."""

    size: Pair
    stride: Pair
    padding: Pair

    @classmethod
    def of(cls, size: int | Pair, stride: int | Pair, padding: Padding) -> Windows:
        """The windows that these arguments of a layer mean.

        The padding "same" gives it as many places as the image has pixels, if the stride is 1. With k - 1 more pixels
        there is one place for each of them; they are half on each side, so k must be odd.
        """
        size = pair(size, "window", 1)
        if padding != "same":
            return cls(size, pair(stride, "stride", 1), pair(padding, "padding", 0))
        if not all(side % 2 for side in size):
            raise ValueError(f'The padding "same" needs a window with a pixel in its middle, not {size[0]}x{size[1]}.')
        return cls(size, pair(stride, "stride", 1), (size[0] // 2, size[1] // 2))

    def build(self, shape: tuple[int, int, int]) -> Pair:
        """How many places it has on images of `shape`, down and across: (H', W'). It does not see the remainder."""
        (height, width, channels), (down, across) = shape, self.padding
        self.framed_shape = (height + 2 * down, width + 2 * across, channels)
        if self.framed_shape[0] < self.size[0] or self.framed_shape[1] < self.size[1]:
            raise ValueError(
                f"A window of {self.size[0]}x{self.size[1]} does not fit into images of "
                f"{self.framed_shape[0]}x{self.framed_shape[1]}."
            )
        self.places = (
            (self.framed_shape[0] - self.size[0]) // self.stride[0] + 1,
            (self.framed_shape[1] - self.size[1]) // self.stride[1] + 1,
        )
        return self.places

    @property
    def overlaps(self) -> bool:
        """Whether a pixel may be seen from several places."""
        return self.stride[0] < self.size[0] or self.stride[1] < self.size[1]

    def framed(self, x: Array, value: float = 0.0) -> Array:
        """`x` (B, H, W, C) in a frame of `value`, as wide as the padding."""
        down, across = self.padding
        if down == across == 0:
            return x
        framed = np.full((len(x), *self.framed_shape), value, x.dtype)
        framed[:, down : down + x.shape[1], across : across + x.shape[2]] = x
        return framed

    def unframed(self, framed: Array) -> Array:
        """The part of `framed` that is not the frame: what the frame receives on the way back is dropped."""
        (height, width, _), (down, across) = self.framed_shape, self.padding
        return framed[:, down : height - down, across : width - across]

    def view(self, images: Array) -> Array:
        """What the window sees at each of its places: framed (B, H, W, C) -> (B, H', W', kh, kw, C).

        Nothing is copied: the result is the same memory with other strides, and several windows see the same number.
        """
        seen = sliding_window_view(images, self.size, axis=(1, 2))  # (B, H - kh + 1, W - kw + 1, C, kh, kw)
        seen = seen[:, :: self.stride[0], :: self.stride[1]]  # (B, H', W', C, kh, kw)
        return seen.transpose(0, 1, 2, 4, 5, 3)

    def offsets(self) -> Iterator[tuple[int, int, Place]]:
        """Each pixel (i, j) of the window, row by row, with the index of what it sees over all places.

        `images[place]` (B, H', W', C) is `view(images)[:, :, :, i, j]`. Windows overlap, so a sum into the image cannot
        use the view; it uses these kh kw strided slices, each of which has a pixel only once.
        """
        (down, across), (rows, columns) = self.stride, self.places
        for i in range(self.size[0]):
            for j in range(self.size[1]):
                yield i, j, (slice(None), slice(i, i + down * rows, down), slice(j, j + across * columns, across))


def few_at_a_time(count: int, numbers: int) -> Iterator[slice]:
    """`count` images, so many at a time that `numbers` for each of them stay in the cache."""
    size = max(1, CACHED // numbers)
    return (slice(first, first + size) for first in range(0, count, size))


class Conv2D(Layer):
    """z = columns W + b, where each row of `columns` is what the window sees at one place of one image.

    The window has H' x W' places with `channels` outputs each: (B, H, W, C) -> (B, H', W', channels). It is a dense
    layer behind a window; as is usual in neural networks, W is not flipped as in a mathematical convolution. `bias` is
    the initializer of b, or False for none.
    Source: LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998).
    """

    kind = "conv"
    channels: int
    kernel: int | Pair = 3
    stride: int | Pair = 1
    padding: Padding = 0
    initializer: Initializer = "he"
    bias: Bias = later(default="zeros")

    def __post_init__(self) -> None:
        if self.channels < 1:
            raise ValueError(f"A convolution needs at least one output channel, not {self.channels}.")
        self.windows = Windows.of(self.kernel, self.stride, self.padding)
        self.kernel, self.stride, self.padding = self.windows.size, self.windows.stride, self.windows.padding
        check_initializer(self.initializer)
        check_initializer(self.bias)

    def build(self, input_shape: Shape) -> Shape:
        self.input_shape = image_shape(input_shape, self.kind)
        self.output_shape = (*self.windows.build(self.input_shape), self.channels)
        self.inputs = math.prod(self.windows.size) * self.input_shape[2]  # kh kw C, the numbers in one window
        self.parameter_shapes = {"W": (self.inputs, self.channels)}
        if self.bias is not False:
            self.parameter_shapes = {"W": (self.inputs, self.channels), "b": self.bias_shape()}
        return self.output_shape

    def bias_shape(self) -> Shape:
        """One bias per channel."""
        return (self.channels,)

    def initialize(self, rng: np.random.Generator) -> None:
        fans = self.inputs, math.prod(self.windows.size) * self.channels
        fill(self.W, self.initializer, fans, rng)
        if self.bias is not False:
            fill(self.b, self.bias, fans, rng)

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.x = x
        z = np.empty((len(x), *self.output_shape), x.dtype)
        b = np.broadcast_to(self.b, self.output_shape).ravel() if self.bias is not False else None
        for few in self.blocks(len(x)):
            rows = z[few].reshape(-1, self.channels)
            np.matmul(self.columns(x[few]), self.W, out=rows)  # (n H' W', kh kw C) @ (kh kw C, channels)
            if b is not None:  # adding one long row is faster than many short ones
                flat = rows.reshape(-1, len(b))  # (n, H' W' channels)
                flat += b
        return z

    def blocks(self, count: int) -> Iterator[slice]:
        """A few of `count` images at a time, whose columns stay in the cache.

        The columns are kh kw times as many numbers as the image, and to fetch them from memory takes as long as to make
        them. So they are never all there at once, and `backward` makes them again.
        """
        return few_at_a_time(count, math.prod(self.windows.places) * self.inputs)

    def columns(self, x: Array) -> Array:
        """What the window sees, one row for each of its places: (n, H, W, C) -> (n H' W', kh kw C).

        This is the only copy in the convolution: the window view repeats each pixel up to kh kw times, and a matrix
        product needs these numbers side by side. In an image of one channel only kw of them are side by side before,
        so its columns are written as the rows of the transposed matrix: each is a long piece of the image.
        """
        seen = self.windows.view(self.windows.framed(x))  # (n, H', W', kh, kw, C)
        if seen.shape[5] > 1:
            return seen.reshape(-1, self.inputs)
        return seen.transpose(3, 4, 5, 0, 1, 2).reshape(self.inputs, -1).T

    def backward(self, dy: Array) -> Array:
        """The same weights multiply every row of the columns, so dL/dW is that of a dense layer over all rows:

            dL/dW = columns^T dz, and dL/db is the sum of dz over all the outputs that a bias was added to.

        Likewise dL/d(columns) = dz W^T, but a pixel is in many rows. The window's pixel (i, j) sees, over all places,
        one strided slice of the framed image, through the C rows W_ij of W. So that slice receives dz W_ij^T, and what
        a pixel receives through several (i, j) adds up.
        """
        self.dW[...] = 0
        dx = np.zeros((len(dy), *self.windows.framed_shape) if self.needs_dx else (0, 0, 0, 0), dy.dtype)
        W = self.W.reshape(*self.windows.size, -1, self.channels)  # (kh, kw, C, channels)
        for few in self.blocks(len(dy)):
            dz = dy[few].reshape(-1, self.channels)  # (n H' W', channels)
            self.dW += self.columns(self.x[few]).T @ dz  # (kh kw C, n H' W') @ (n H' W', channels)
            images = dx[few]
            for i, j, place in self.windows.offsets() if self.needs_dx else ():
                dslice = dz @ W[i, j].T  # (n H' W', channels) @ (channels, C) -> (n H' W', C)
                images[place] += dslice.reshape(len(images), *self.windows.places, -1)
        if self.bias is not False:
            rows = dy.reshape(-1, self.b.size)  # one row for each time that the biases were added
            np.matmul(np.ones(len(rows), dy.dtype), rows, out=self.db.reshape(-1))
        return self.windows.unframed(dx) if self.needs_dx else dy


class Pool2D(Layer):
    """What max and mean pooling have in common: a window that moves by its own size or by `stride`.

    Each channel is pooled separately: (B, H, W, C) -> (B, H', W', C). The window may reach `padding` pixels beyond the
    image, but never lies beyond it entirely.
    """

    window: int | Pair = 2
    stride: int | Pair | None = None
    padding: Padding = later(default=(0, 0))

    def __post_init__(self) -> None:
        stride = self.window if self.stride is None else self.stride
        self.windows = Windows.of(self.window, stride, self.padding)
        self.window, self.stride, self.padding = self.windows.size, self.windows.stride, self.windows.padding
        if self.padding[0] >= self.window[0] or self.padding[1] >= self.window[1]:
            raise ValueError(f"The padding of a {self.kind} layer is smaller than its window, not {self.padding}.")

    def build(self, input_shape: Shape) -> Shape:
        shape = image_shape(input_shape, self.kind)
        return (*self.windows.build(shape), shape[2])


class MaxPool2D(Pool2D):
    """The largest number in each window; the frame is lower than any number, so it never is the largest."""

    kind = "max_pool"

    def forward(self, x: Array, training: bool = False) -> Array:
        """Keeps which number of each window was the largest, from 0: the last one that is larger than all before it."""
        x = self.windows.framed(x, -np.inf)
        y = np.empty((len(x), *self.windows.places, x.shape[3]), x.dtype)  # (B, H', W', C)
        largest = np.zeros(y.shape if training else 0, np.min_scalar_type(math.prod(self.windows.size)))
        for few in few_at_a_time(len(x), math.prod(self.windows.framed_shape)):
            for number, (_, _, place) in enumerate(self.windows.offsets()):
                seen = x[few][place]
                if number == 0:
                    y[few] = seen
                    continue
                if training:
                    larger = (seen > y[few]).view(np.uint8) * largest.dtype.type(number)
                    np.maximum(largest[few], larger, out=largest[few])  # the numbers only grow
                np.maximum(y[few], seen, out=y[few])
        if training:
            self.largest: NDArray[np.unsignedinteger[Any]] = largest
        return y

    def backward(self, dy: Array) -> Array:
        """dy/dx is 1 at the largest number of a window and 0 at the others, so the largest gets the whole gradient.

        If several are equally large, no derivative exists, and we take the first. After a ReLU, whole windows are 0; if
        each number in them got the gradient, it would count several times.
        """
        dx = np.zeros((len(dy), *self.windows.framed_shape), dy.dtype)
        for few in few_at_a_time(len(dy), math.prod(self.windows.framed_shape)):
            for number, (_, _, place) in enumerate(self.windows.offsets()):
                given = (self.largest[few] == number).astype(dy.dtype)  # (n, H', W', C)
                given *= dy[few]
                if self.windows.overlaps:
                    dx[few][place] += given
                else:
                    dx[few][place] = given
        return self.windows.unframed(dx)


class MeanPool2D(Pool2D):
    """The mean of the numbers in each window; the frame is 0, and counts."""

    kind = "mean_pool"

    def forward(self, x: Array, training: bool = False) -> Array:
        y = np.zeros((len(x), *self.windows.places, x.shape[3]), x.dtype)
        framed = self.windows.framed(x)
        for _, _, place in self.windows.offsets():
            y += framed[place]
        y /= math.prod(self.windows.size)
        return y

    def backward(self, dy: Array) -> Array:
        """y is the sum of the kh kw pixels in its window, divided by kh kw, so each pixel receives dy / (kh kw)."""
        dx = np.zeros((len(dy), *self.windows.framed_shape), dy.dtype)
        per_pixel = dy / math.prod(self.windows.size)
        for _, _, place in self.windows.offsets():
            dx[place] += per_pixel
        return self.windows.unframed(dx)
