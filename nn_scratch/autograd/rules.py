"""The derivatives, as a table: one rule per primitive.

A rule is a function y = f(a, b, ...) and, for each of its arguments, how the gradient dy = dL/dy of any scalar L turns
into the gradient of that argument: dL/da = dL/dy dy/da. This needs no Jacobian, only its product with dy. Everything
else that a `Tensor` can do is made of these primitives: if the table and the chain rule are right, all gradients are.

If NumPy broadcast an argument, its gradient comes out in the broadcast shape, and `unbroadcast` sums it back.
Source: the layout is that of HIPS autograd (Maclaurin, Duvenaud and Adams 2015).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from nn_scratch.arrays import Array, Shape

Axes = int | tuple[int, ...] | None


def unbroadcast(dy: Array, shape: Shape) -> Array:
    """Sum `dy` down to `shape`: the gradient of a number is the sum of the gradients of all its repetitions.

    Broadcasting adds axes in front and stretches axes of length 1. The sum over the added axes is computed as a product
    with ones, which is three times as fast as np.sum.
    """
    if dy.shape == shape:
        return dy
    if added := dy.ndim - len(shape):
        kept, n = dy.shape[added:], math.prod(dy.shape[:added])
        dy = (np.ones(n, dy.dtype) @ dy.reshape(n, math.prod(kept))).reshape(kept)
    stretched = tuple(axis for axis, length in enumerate(shape) if length != dy.shape[axis])
    return dy.sum(axis=stretched, keepdims=True) if stretched else dy


def power_da(dy: Array, y: Array, a: Array, b: Array) -> Array:
    """b a^(b - 1). For b = 0 that is 0 even where a = 0, and there a root (b < 1) counts as flat, as in "sqrt"."""
    flat = (b == 0) | ((a == 0) & (b > 0) & (b < 1))
    return dy * b * a ** np.where(flat, 1, b - 1)


def matmul_da(dy: Array, y: Array, a: Array, b: Array) -> Array:
    """a_ij enters y_ik with factor b_jk, for every k: dA = dY B^T. A vector b has no k, a vector a has no i."""
    if b.ndim == 1:
        return dy[..., None] * b
    dY = dy[..., None, :] if a.ndim == 1 else dy
    dA = dY @ b.swapaxes(-1, -2)  # (..., i, k) @ (..., k, j) -> (..., i, j)
    return dA[..., 0, :] if a.ndim == 1 else dA


def matmul_db(dy: Array, y: Array, a: Array, b: Array) -> Array:
    """b_jk enters y_ik with factor a_ij, for every i: dB = A^T dY. A vector a has no i, a vector b has no k."""
    if a.ndim == 1:
        return a[:, None] * dy[..., None, :] if b.ndim > 1 else a * dy
    dY = dy[..., None] if b.ndim == 1 else dy
    dB = a.swapaxes(-1, -2) @ dY  # (..., j, i) @ (..., i, k) -> (..., j, k)
    return dB[..., 0] if b.ndim == 1 else dB


def index_dx(dy: Array, y: Array, x: Array, index: Any) -> Array:
    """A number gets a gradient for each time that the index picked it, and 0 if it was not picked."""
    dx = np.zeros_like(x)
    np.add.at(dx, index, dy)
    return dx


def restored(reduced: Array, axis: Axes, keepdims: bool) -> Array:
    """A reduced array with its lost axes put back as axes of length 1, so that it broadcasts."""
    return reduced if keepdims or axis is None else np.expand_dims(reduced, axis)


def extreme_dx(dy: Array, y: Array, x: Array, axis: Axes, keepdims: bool) -> Array:
    """The largest (or smallest) number gets the whole gradient; several of them get equal fractions of it."""
    chosen = x == restored(y, axis, keepdims)
    return restored(dy, axis, keepdims) * chosen / chosen.sum(axis=axis, keepdims=True).astype(x.dtype)


def softmax(x: Array, axis: Axes) -> Array:
    """p_k = e^x_k / sum_j e^x_j along `axis`; the largest x is subtracted first, so that nothing overflows."""
    p = np.exp(x - x.max(axis=axis, keepdims=True))
    return p / p.sum(axis=axis, keepdims=True)


def log_softmax(x: Array, axis: int) -> Array:
    """x_k - log sum_j e^x_j along `axis`; the largest x is subtracted first, as in softmax."""
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def logsumexp(x: Array, axis: Axes, keepdims: bool) -> Array:
    """log sum_j e^x_j along `axis`; the largest x is subtracted first, as in softmax."""
    largest = x.max(axis=axis, keepdims=True)
    y = largest + np.log(np.exp(x - largest).sum(axis=axis, keepdims=True))
    return y if keepdims else y.squeeze(axis)


def windows(x: Array, size: tuple[int, int], stride: int) -> Array:
    """All windows of `size` in the images `x` (B, K, H, W), every `stride` pixels: a view (B, K, R, C, *size)."""
    if x.ndim != 4 or min(size) < 1:
        raise ValueError("images are (B, K, H, W), and a window has at least one pixel")
    if stride < 1:
        raise ValueError(f"a stride of {stride} does not move the window")
    if any(np.greater(size, x.shape[2:])):
        raise ValueError(f"a window of {size[0]}x{size[1]} pixels is larger than the image")
    return sliding_window_view(x, size, axis=(2, 3), writeable=True)[:, :, ::stride, ::stride]


def windows_dx(dy: Array, y: Array, x: Array, size: tuple[int, int], stride: int) -> Array:
    """A pixel gets a gradient from each window that it is in. At one place (i, j) of them, none is met twice."""
    dx = np.zeros_like(x)
    view = windows(dx, size, stride)
    for i, j in np.ndindex(*size):
        view[..., i, j] += dy[..., i, j]
    return dx


def concatenate_dx(place: int, dy: Array, y: Array, *arrays: Array, axis: int) -> Array:
    """Array number `place` is there in y as it is, behind those before it."""
    ends = np.cumsum([array.shape[axis] for array in arrays])
    return np.split(dy, ends[:-1], axis)[place]


Rule = tuple[Callable[..., Array], Callable[[int], Callable[..., Array]]]


def rule(value: Callable[..., Array], *gradients: Callable[..., Array]) -> Rule:
    """A row: y = value(*arguments, **settings), and what finds the gradient of an argument by its place.

    A gradient is a function of (dy, y, *arguments, **settings), which returns dL/d(argument).
    """
    return value, gradients.__getitem__


RULES: dict[str, Rule] = {
    "add": rule(np.add, lambda dy, y, a, b: dy, lambda dy, y, a, b: dy),
    "subtract": rule(np.subtract, lambda dy, y, a, b: dy, lambda dy, y, a, b: -dy),
    "multiply": rule(np.multiply, lambda dy, y, a, b: dy * b, lambda dy, y, a, b: dy * a),
    "divide": rule(np.divide, lambda dy, y, a, b: dy / b, lambda dy, y, a, b: -dy * y / b),
    # d/db e^(b log a) = a^b log a, which tends to 0 with a
    "power": rule(lambda a, b: a**b, power_da, lambda dy, y, a, b: dy * y * np.log(np.where(a == 0, 1, a))),
    "matmul": rule(np.matmul, matmul_da, matmul_db),
    "negative": rule(np.negative, lambda dy, y, x: -dy),
    "exp": rule(np.exp, lambda dy, y, x: dy * y),
    "log": rule(np.log, lambda dy, y, x: dy / x),
    # at 0 the slope is infinite; we take 0, so that the gradient of a norm is not infinity times 0 there
    "sqrt": rule(np.sqrt, lambda dy, y, x: dy / np.where(y == 0, np.inf, 2 * y)),
    "sin": rule(np.sin, lambda dy, y, x: dy * np.cos(x)),
    "cos": rule(np.cos, lambda dy, y, x: -dy * np.sin(x)),
    "tanh": rule(np.tanh, lambda dy, y, x: dy * (1 - y * y)),
    # 1 / (1 + e^-x) = e^-log(e^0 + e^-x), which overflows on neither side; y' = e^-x / (1 + e^-x)^2 = y (1 - y)
    "sigmoid": rule(lambda x: np.exp(-np.logaddexp(0, -x)), lambda dy, y, x: dy * y * (1 - y)),
    "relu": rule(lambda x: np.maximum(x, 0), lambda dy, y, x: dy * (y > 0)),  # ReLU and abs have no derivative
    "abs": rule(np.abs, lambda dy, y, x: dy * np.sign(x)),  # at 0; we take 0 there
    "clip": rule(lambda x, min, max: np.clip(x, min, max), lambda dy, y, x, min, max: dy * (x == y)),
    "where": rule(
        lambda a, b, condition: np.where(condition, a, b),  # type: ignore[arg-type, return-value]  # another overload
        lambda dy, y, a, b, condition: np.where(condition, dy, 0),
        lambda dy, y, a, b, condition: np.where(condition, 0, dy),
    ),
    "sum": rule(np.sum, lambda dy, y, x, axis, keepdims: np.broadcast_to(restored(dy, axis, keepdims), x.shape)),
    "max": rule(np.max, extreme_dx),
    "min": rule(np.min, extreme_dx),
    # dp_k / dx_i = p_k ([k = i] - p_i), and the logarithms of p have [k = i] - p_i; both are summed with dy_k
    "softmax": rule(softmax, lambda dy, p, x, axis: p * (dy - (dy * p).sum(axis=axis, keepdims=True))),
    "log_softmax": rule(log_softmax, lambda dy, y, x, axis: dy - softmax(x, axis) * dy.sum(axis=axis, keepdims=True)),
    "logsumexp": rule(logsumexp, lambda dy, y, x, axis, keepdims: restored(dy, axis, keepdims) * softmax(x, axis)),
    "reshape": rule(lambda x, shape: x.reshape(*shape), lambda dy, y, x, shape: dy.reshape(x.shape)),
    "transpose": rule(np.transpose, lambda dy, y, x, axes: dy.transpose(tuple(np.argsort(np.mod(axes, x.ndim))))),
    "index": rule(lambda x, index: x[index], index_dx),
    "pad": rule(
        lambda x, margin: np.pad(x, ((0, 0), (0, 0), (margin, margin), (margin, margin))),
        lambda dy, y, x, margin: dy[..., margin:-margin, margin:-margin],
    ),
    "stack": (
        lambda *arrays, axis: np.stack(arrays, axis),
        lambda place: lambda dy, y, *arrays, axis: np.take(dy, place, axis),
    ),
    "concatenate": (lambda *arrays, axis: np.concatenate(arrays, axis), lambda place: partial(concatenate_dx, place)),
    "windows": rule(windows, windows_dx),
}
