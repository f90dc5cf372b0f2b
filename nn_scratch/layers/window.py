"""The window: a small rectangle that convolution and pooling move over an image step by step.

Where it fits, which pixels it sees, and what happens where its places overlap is the same for both, so it is here once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from numpy.lib.stride_tricks import sliding_window_view

from nn_scratch.arrays import Array, Shape

Pair: TypeAlias = tuple[int, int]  # down, across
Padding: TypeAlias = int | Pair | Literal["same"]
Place: TypeAlias = tuple[slice, slice, slice]  # indices for (B, H, W, ...)

CACHED = 2**18  # numbers: 1 MB


def few_at_a_time(count: int, numbers: int) -> Iterator[slice]:
    """`count` images, so many at a time that `numbers` for each of them stay in the cache.

    What one operation has just written, the next then reads several times faster than from memory.
    """
    size = max(1, CACHED // numbers)
    return (slice(first, first + size) for first in range(0, count, size))


def pair(value: int | Pair, name: str, least: int) -> Pair:
    """`value` as (down, across), where one number stands for both; ValueError if it is neither a number nor a pair."""
    both = (value, value) if isinstance(value, int) else tuple(value)
    if len(both) != 2 or not all(isinstance(side, int) and side >= least for side in both):
        raise ValueError(f"The {name} is one or two whole numbers of at least {least}, not {value!r}.")
    return both[0], both[1]


def padding_pair(padding: Padding, size: Pair) -> Pair:
    """`padding` as (down, across); "same" is what gives a window of `size` as many places as the image has pixels.

    With k - 1 more pixels there is one place for each of them. They are half on each side, so k must be odd.

    Raises:
        ValueError: it is neither a number, nor a pair, nor "same"; or "same" of an even window.
    """
    if padding != "same":
        return pair(padding, "padding", 0)
    if not all(side % 2 for side in size):
        raise ValueError(f'The padding "same" needs a window with a pixel in its middle, not {size[0]}x{size[1]}.')
    return size[0] // 2, size[1] // 2


def image_shape(input_shape: Shape, kind: str) -> tuple[int, int, int]:
    """`input_shape` as (height, width, channels); ValueError if it is not the shape of an image."""
    if len(input_shape) != 3:
        raise ValueError(
            f"A {kind} layer takes images of (height, width, channels), not shape {input_shape}; reshape before it."
        )
    return input_shape[0], input_shape[1], input_shape[2]


class Window:
    """A rectangle of `size` pixels that moves over an image by `stride` and stays inside of it.

    Images are (B, H, W, C), channels last, as in files and on screens. The kw C numbers in a row of the window are then
    side by side in memory, and one matrix product is enough for the whole batch; with channels first, each image needs
    its own. The copies and products of `convnet` take about as long in either order, and this one is simpler.
    """

    def __init__(self, size: int | Pair, stride: int | Pair) -> None:
        self.size = pair(size, "window", 1)
        self.stride = pair(stride, "stride", 1)
        self.places = (0, 0)  # H', W'

    def build(self, height: int, width: int) -> Pair:
        """How many places it has on an image of this size, down and across: (H', W'). It does not see the remainder."""
        if height < self.size[0] or width < self.size[1]:
            down, across = self.size
            raise ValueError(f"A window of {down}x{across} does not fit into images of {height}x{width}.")
        self.places = ((height - self.size[0]) // self.stride[0] + 1, (width - self.size[1]) // self.stride[1] + 1)
        return self.places

    @property
    def overlaps(self) -> bool:
        """Whether a pixel may be seen from several places."""
        return self.stride[0] < self.size[0] or self.stride[1] < self.size[1]

    def view(self, images: Array) -> Array:
        """What the window sees at each of its places: (B, H, W, C) -> (B, H', W', kh, kw, C).

        Nothing is copied: the result is the same memory with other strides, and several windows see the same number.
        """
        seen = sliding_window_view(images, self.size, axis=(1, 2))  # (B, H - kh + 1, W - kw + 1, C, kh, kw)
        seen = seen[:, :: self.stride[0], :: self.stride[1]]  # (B, H', W', C, kh, kw)
        windows: Array = seen.transpose(0, 1, 2, 4, 5, 3)
        return windows

    def offsets(self) -> Iterator[tuple[int, int, Place]]:
        """Each pixel (i, j) of the window, row by row, with the index of what it sees over all places.

        `images[place]` (B, H', W', C) is `view(images)[:, :, :, i, j]`. Windows overlap, so a sum into the image cannot
        use the view; it uses these kh kw strided slices, each of which has a pixel only once.
        """
        for i in range(self.size[0]):
            for j in range(self.size[1]):
                (down, across), (rows, columns) = self.stride, self.places
                yield i, j, (slice(None), slice(i, i + down * rows, down), slice(j, j + across * columns, across))
