"""Convolution in two dimensions, for the tensor engine: a sum of matrix products, one for each place in the kernel.

    y[n, o, r, c] = sum over i, j, k of  w[o, k, i, j] x[n, k, s r + i, s c + j]

At one place (i, j) of the kernel, all outputs together see one shifted image, every s-th pixel of x from there on, and
w[:, :, i, j] mixes its channels. So the value is a short loop over places, and each derivative is the same loop with
the product rule in its body. The convolution layer, which this engine checks, is written in another way. (Strictly this
is correlation, because a convolution would flip the kernel. Neural networks have called it convolution since LeCun et
al. 1989.)
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nn_scratch.arrays import Array

Place = tuple[slice, slice, slice, slice]


def output_side(pixels: int, kernel: int, stride: int) -> int:
    """How many times a kernel of side `kernel` fits along `pixels`, moving by `stride`."""
    if kernel > pixels:
        raise ValueError(f"a kernel of {kernel} pixels is longer than the image, which has {pixels}")
    if stride < 1:
        raise ValueError(f"a stride of {stride} does not move the kernel")
    return (pixels - kernel) // stride + 1


def places(x: Array, w: Array, stride: int) -> Iterator[tuple[Place, Place]]:
    """For each place (i, j) of the kernels, the index of that place in `w` and of the pixels in `x` that it meets."""
    _, _, height, width = x.shape
    _, _, kernel_height, kernel_width = w.shape
    rows = stride * output_side(height, kernel_height, stride)
    columns = stride * output_side(width, kernel_width, stride)
    everything = slice(None)
    for i, j in np.ndindex(kernel_height, kernel_width):
        here = (everything, everything, slice(i, i + 1), slice(j, j + 1))
        there = (everything, everything, slice(i, i + rows, stride), slice(j, j + columns, stride))
        yield here, there


def value(x: Array, w: Array, stride: int) -> Array:
    """Images `x` (B, K, H, W), kernels `w` (O, K, kernel height, kernel width) -> (B, O, rows, columns)."""
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[1]:
        raise ValueError("images are (B, K, H, W) and kernels (O, K, height, width), with the same K")
    rows, columns = (output_side(x.shape[axis], w.shape[axis], stride) for axis in (2, 3))
    y = np.zeros((len(x), len(w), rows, columns), np.result_type(x, w))
    for here, there in places(x, w, stride):
        y += np.einsum("okij,nkrc->norc", w[here], x[there], optimize=True)  # i and j have length 1
    return y


def gradient_of_input(dy: Array, y: Array, x: Array, w: Array, stride: int) -> Array:
    """A pixel enters an output once for each place of the kernel that meets it: dx[there] += w^T dy."""
    dx = np.zeros_like(x)
    for here, there in places(x, w, stride):
        dx[there] += np.einsum("okij,norc->nkrc", w[here], dy, optimize=True)
    return dx


def gradient_of_kernels(dy: Array, y: Array, x: Array, w: Array, stride: int) -> Array:
    """A weight multiplies all the pixels that its place meets: dw = sum of dy x[there]."""
    dw = np.zeros_like(w)
    for here, there in places(x, w, stride):
        dw[here] = np.einsum("norc,nkrc->ok", dy, x[there], optimize=True)[:, :, None, None]
    return dw
