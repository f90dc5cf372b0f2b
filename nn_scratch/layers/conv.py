"""The convolution: a dense layer that looks at the image through a small window, with the same weights at every place.

A stroke looks the same wherever it is, so a detector for it is learned once and used at all places. That takes far
fewer weights than a dense layer over all pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.initializers import Bias, Initializer, check, check_bias, fill
from nn_scratch.layers.layer import Layer
from nn_scratch.layers.window import Padding, Pair, Window, few_at_a_time, image_shape, padding_pair


class Conv2D(Layer):
    """z = columns W + b, where each row of `columns` is what the window sees at one place of one image.

    Images are (B, H, W, C), in a frame of `padding` zeros. The window has H' x W' places with `channels` outputs each:
    z is (B, H', W', channels). As is usual in neural networks, W is not flipped as in a mathematical convolution.
    With the padding "same" and a stride of 1, H' = H and W' = W. `bias` is the initializer of b, or False for none.
    Source: LeCun, Bottou, Bengio and Haffner, "Gradient-Based Learning Applied to Document Recognition" (1998).
    """

    kind = "conv"
    optional: ClassVar = {"bias": "zeros"}

    def __init__(
        self,
        channels: int,
        kernel: int | Pair = 3,
        stride: int | Pair = 1,
        padding: Padding = 0,
        initializer: Initializer = "he",
        bias: Bias = "zeros",
    ) -> None:
        if channels < 1:
            raise ValueError(f"A convolution needs at least one output channel, not {channels}.")
        self.channels = channels
        self.window = Window(kernel, stride)
        self.padding = padding_pair(padding, self.window.size)
        self.initializer = check(initializer)
        self.bias = check_bias(bias)
        self.input_shape = self.output_shape = (0, 0, 0)
        self.inputs = 0  # kh kw C, the numbers in one window
        self.W: Array = np.zeros((0, 0), np.float32)  # (kh kw C, channels)
        self.b: Array = np.zeros(0, np.float32)  # (channels,), all 0 and no parameters where there is no bias
        self.dW, self.db = self.W, self.b
        self.x: Array = self.W  # the last training batch

    def build(self, input_shape: Shape) -> Shape:
        height, width, depth = self.input_shape = image_shape(input_shape, self.kind)
        places = self.window.build(height + 2 * self.padding[0], width + 2 * self.padding[1])
        self.inputs = self.window.size[0] * self.window.size[1] * depth
        self.output_shape = (*places, self.channels)
        return self.output_shape

    def parameter_shapes(self) -> dict[str, Shape]:
        weights: dict[str, Shape] = {"W": (self.inputs, self.channels)}
        return weights if self.bias is False else {**weights, "b": self.bias_shape()}

    def bias_shape(self) -> Shape:
        """One bias per channel."""
        return (self.channels,)

    def bind(self, parameters: dict[str, Array], gradients: dict[str, Array]) -> None:
        self.W, self.dW = parameters["W"], gradients["W"]
        self.b, self.db = (
            named.get("b", np.zeros(self.bias_shape(), self.W.dtype)) for named in (parameters, gradients)
        )

    def initialize(self, rng: np.random.Generator) -> None:
        fans = self.inputs, self.inputs // self.input_shape[2] * self.channels
        fill(self.W, self.initializer, fans, rng)
        if self.bias is not False:
            fill(self.b, self.bias, fans, rng)

    def forward(self, x: Array, training: bool = False) -> Array:
        if training:
            self.x = x
        z: Array = np.empty((len(x), *self.output_shape), x.dtype)
        b = np.broadcast_to(self.b, self.output_shape).ravel()  # adding one long row is faster than many short ones
        for few in self.blocks(len(x)):
            columns, rows = self.columns_of(x[few]), z[few].reshape(-1, self.channels)
            np.matmul(columns, self.W, out=rows)  # (n H' W', kh kw C) @ (kh kw C, channels) -> (n H' W', channels)
            flat = rows.reshape(-1, len(b))  # (n, H' W' channels)
            flat += b
        return z

    def blocks(self, count: int) -> Iterator[slice]:
        """A few of `count` images at a time, whose columns stay in the cache.

        The columns are kh kw times as many numbers as the image, and to fetch them from memory takes as long as to make
        them. So they are never all there at once, and `backward_parameters` makes them again.
        """
        return few_at_a_time(count, math.prod(self.window.places) * self.inputs)

    def columns_of(self, x: Array) -> Array:
        """What the window sees, one row for each of its places: (n, H, W, C) -> (n H' W', kh kw C).

        This is the only copy in the convolution: the window view repeats each pixel up to kh kw times, and a matrix
        product needs these numbers side by side. In an image of one channel only kw of them are side by side before,
        so its columns are written as the rows of the transposed matrix: each is a long piece of the image.
        """
        seen = self.window.view(self.framed(x))  # (n, H', W', kh, kw, C)
        if seen.shape[5] > 1:
            return seen.reshape(-1, self.inputs)
        return seen.transpose(3, 4, 5, 0, 1, 2).reshape(self.inputs, -1).T

    def framed(self, x: Array) -> Array:
        """`x` in a frame of zeros, as wide as the padding."""
        (height, width, depth), (down, across) = self.input_shape, self.padding
        if down == across == 0:
            return x
        wide: Array = np.zeros((len(x), height + 2 * down, width + 2 * across, depth), x.dtype)
        wide[:, down : down + height, across : across + width] = x
        return wide

    def backward(self, dy: Array) -> Array:
        """As in a dense layer, for each row of the columns: dL/d(columns) = dz W^T. But a pixel is in many rows.

        The window's pixel (i, j) sees, over all places, one strided slice of the framed image, through the C rows
        W_ij of W. So that slice receives dz W_ij^T. What a pixel receives through several (i, j) adds up, and what
        the frame receives is dropped.
        """
        (height, width, depth), (down, across) = self.input_shape, self.padding
        dx = np.zeros((len(dy), height + 2 * down, width + 2 * across, depth), dy.dtype)
        W = self.W.reshape(*self.window.size, depth, self.channels)  # (kh, kw, C, channels)
        for few in self.blocks(len(dy)):
            dz, images = dy[few].reshape(-1, self.channels), dx[few]  # (n H' W', channels), and a view
            for i, j, place in self.window.offsets():
                dslice = dz @ W[i, j].T  # (n H' W', channels) @ (channels, C) -> (n H' W', C)
                images[place] += dslice.reshape(len(images), *self.window.places, depth)
        return dx[:, down : down + height, across : across + width]

    def backward_parameters(self, dy: Array) -> None:
        """The same weights multiply every row of the columns, so dL/dW is that of a dense layer over all rows:

        dL/dW = columns^T dz, and dL/db is the sum of dz over all the outputs that a bias was added to.
        """
        self.dW[...] = 0
        for few in self.blocks(len(dy)):
            dz = dy[few].reshape(-1, self.channels)  # (n H' W', channels)
            self.dW += self.columns_of(self.x[few]).T @ dz  # (kh kw C, n H' W') @ (n H' W', channels)
        rows = dy.reshape(-1, self.b.size)  # one row for each time that the biases were added
        np.matmul(np.ones(len(rows), dy.dtype), rows, out=self.db.reshape(-1))

    def spec(self) -> dict[str, Any]:
        return {
            "channels": self.channels,
            "kernel": self.window.size,
            "stride": self.window.stride,
            "padding": self.padding,
            "initializer": self.initializer,
            "bias": self.bias,
        }


class UntiedConv2D(Conv2D):
    """A convolution with a bias for each place and channel: b is (H', W', channels)."""

    kind = "untied_conv"

    def bias_shape(self) -> Shape:
        return self.output_shape
