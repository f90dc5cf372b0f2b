"""The convolution: a dense layer that looks at the image through a small window, with the same weights at every place.

A stroke looks the same wherever it is, so a detector for it is learned once and used at all places. That takes far
fewer weights than a dense layer over all pixels.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.nn.initializers import Bias, Initializer, check, check_bias, fill
from nn_scratch.nn.layers.buffer import Buffer
from nn_scratch.nn.layers.layer import Layer
from nn_scratch.nn.layers.window import Padding, Pair, Window, image_shape, padding_pair


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
        self.columns: Array = self.W  # of the last training batch
        self.frame_buffer, self.columns_buffer = Buffer(), Buffer()

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
        columns = self.columns_of(x, training)
        if training:
            self.columns = columns
        z: Array = columns @ self.W  # (B H' W', kh kw C) @ (kh kw C, channels) -> (B H' W', channels)
        z = z.reshape(len(x), -1)  # (B, H' W' channels): adding one long row is faster than adding many short ones
        z += np.broadcast_to(self.b, self.output_shape).ravel()
        return z.reshape(len(x), *self.output_shape)

    def columns_of(self, x: Array, training: bool) -> Array:
        """What the window sees, one row for each of its places: (B, H, W, C) -> (B H' W', kh kw C).

        This is the only copy in the convolution: the window view repeats each pixel up to kh kw times, and a matrix
        product needs these numbers side by side. Training uses the same memory for each batch. Prediction does not
        touch that memory, because `backward` may still need it.
        """
        frame, buffer = (self.frame_buffer, self.columns_buffer) if training else (Buffer(), Buffer())
        seen = self.window.view(self.framed(x, frame))  # (B, H', W', kh, kw, C)
        columns = buffer(seen.shape, x.dtype)
        np.copyto(columns, seen)
        return columns.reshape(-1, self.inputs)

    def framed(self, x: Array, frame: Buffer) -> Array:
        """`x` in a frame of zeros: a new buffer is all zeros, and its frame is never written."""
        (height, width, depth), (down, across) = self.input_shape, self.padding
        if down == across == 0:
            return x
        wide = frame((len(x), height + 2 * down, width + 2 * across, depth), x.dtype)
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
        dz = dy.reshape(-1, self.channels)  # (B H' W', channels)
        W = self.W.reshape(*self.window.size, depth, self.channels)  # (kh, kw, C, channels)
        for i, j, place in self.window.offsets():
            dslice = dz @ W[i, j].T  # (B H' W', channels) @ (channels, C) -> (B H' W', C)
            dx[place] += dslice.reshape(len(dy), *self.window.places, depth)
        return dx[:, down : down + height, across : across + width]

    def backward_parameters(self, dy: Array) -> None:
        """The same weights multiply every row of the columns, so dL/dW is that of a dense layer over all rows:

        dL/dW = columns^T dz, and dL/db is the sum of dz over all the outputs that a bias was added to.
        """
        dz = dy.reshape(-1, self.channels)  # (B H' W', channels)
        np.matmul(self.columns.T, dz, out=self.dW)  # (kh kw C, B H' W') @ (B H' W', channels)
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
