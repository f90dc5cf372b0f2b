"""The window: what convolution and pooling look through, moved over a image step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from numpy.lib.stride_tricks import sliding_window_view

from nn_scratch.arrays import Array, Shape

Pair: TypeAlias = tuple[int, int]  # down, across
Place: TypeAlias = tuple[slice, slice, slice]  # indices for (B, H, W, ...)


def pair(value: int | Pair, name: str, least: int) -> Pair:
    """`value` for down and across, where one number stands for both; ValueError if it is no such thing."""
    both = (value, value) if isinstance(value, int) else tuple(value)
    if len(both) != 2 or not all(isinstance(side, int) and side >= least for side in both):
        raise ValueError(f"The {name} is one or two whole numbers of at least {least}, not {value!r}.")
    return both[0], both[1]


def image_shape(input_shape: Shape, kind: str) -> tuple[int, int, int]:
    """`input_shape` as (height, width, channels); ValueError if it is none."""
    if len(input_shape) != 3:
        raise ValueError(
            f"A {kind} layer takes images of (height, width, channels), not shape {input_shape}; reshape before it."
        )
    return input_shape[0], input_shape[1], input_shape[2]


class Window:
    """A rectangle of `size` pixels that moves over a image by `stride`, wherever it fits whole.

    Images are (B, H, W, C), channels last, as files and screens have them. The numbers of one window row then lie
    side by side in memory, kw C of them, and one matrix product serves the whole batch, where channels first needs one
    for each image. The copies and products of `convnet` take about as long in either order: this one is simpler.
    """

    def __init__(self, size: int | Pair, stride: int | Pair) -> None:
        self.size = pair(size, "window", 1)
        self.stride = pair(stride, "stride", 1)
        self.places = (0, 0)  # H', W'

    def build(self, height: int, width: int) -> Pair:
        """How many places it has on a image of that size, down and across: (H', W'). What is left over is unseen."""
        if height < self.size[0] or width < self.size[1]:
            down, across = self.size
            raise ValueError(f"A window of {down}x{across} does not fit into images of {height}x{width}.")
        self.places = ((height - self.size[0]) // self.stride[0] + 1, (width - self.size[1]) // self.stride[1] + 1)
        return self.places

    def view(self, images: Array) -> Array:
        """What the window sees at each of its places: (B, H, W, C) -> (B, H', W', kh, kw, C).

        Nothing is copied: it is the same memory under other strides, each number seen by several windows.
        """
        seen = sliding_window_view(images, self.size, axis=(1, 2))  # (B, H - kh + 1, W - kw + 1, C, kh, kw)
        seen = seen[:, :: self.stride[0], :: self.stride[1]]  # (B, H', W', C, kh, kw)
        windows: Array = seen.transpose(0, 1, 2, 4, 5, 3)
        return windows

    def offsets(self) -> Iterator[tuple[int, int, Place]]:
        """Each pixel (i, j) of the window, row by row, with what it sees over all places.

        `images[place]` (B, H', W', C) is `view(images)[:, :, :, i, j]`. The kh kw strided slices are the window
        view the other way around: where views overlap, sums must go through these.
        """
        for i in range(self.size[0]):
            for j in range(self.size[1]):
                (down, across), (rows, columns) = self.stride, self.places
                yield i, j, (slice(None), slice(i, i + down * rows, down), slice(j, j + across * columns, across))
