"""Max pooling, for the tensor engine: the largest number in each window of an image.

    y[n, k, r, c] = the largest x[n, k, s r + i, s c + j] over the places (i, j) of the window

The pooling layer, which this engine checks, compares shifted images. Here all windows are one view of the image, and
the derivative asks where in each of them the largest number stands.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nn_scratch.arrays import Array
from nn_scratch.autograd.convolution import output_side


def windows(x: Array, kernel: int, stride: int) -> Array:
    """All windows of `x` (B, K, H, W), as a view (B, K, rows, columns, kernel, kernel)."""
    if x.ndim != 4 or kernel < 1:
        raise ValueError("images are (B, K, H, W), and a window has at least one pixel")
    for side in x.shape[2:]:
        output_side(side, kernel, stride)
    return sliding_window_view(x, (kernel, kernel), axis=(2, 3))[:, :, ::stride, ::stride]


def value(x: Array, kernel: int, stride: int) -> Array:
    """Images `x` (B, K, H, W) -> (B, K, rows, columns)."""
    y: Array = windows(x, kernel, stride).max(axis=(4, 5))
    return y


def gradient(dy: Array, y: Array, x: Array, kernel: int, stride: int) -> Array:
    """The largest number in a window gets its whole gradient; if there are several, the first of them does.

    After a ReLU, whole windows are 0: if each of their numbers got the gradient, it would count several times.
    """
    largest = windows(x, kernel, stride).reshape(*y.shape, kernel * kernel).argmax(axis=-1)  # (B, K, rows, columns)
    image, channel, row, column = np.indices(y.shape)
    dx = np.zeros_like(x)
    np.add.at(dx, (image, channel, stride * row + largest // kernel, stride * column + largest % kernel), dy)
    return dx
