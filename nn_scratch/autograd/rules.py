"""The derivatives, as a table: one rule per primitive.

A rule is a function y = f(a, b, ...) and, for each of its arguments, how the gradient dy = dL/dy of any scalar L turns
into the gradient of that argument: dL/da = dL/dy dy/da. This needs no Jacobian, only its product with dy. Everything
else that a `Tensor` can do is made of these primitives: if the table and the chain rule are right, all gradients are.

If NumPy broadcast an argument, its gradient comes out in the broadcast shape, and the engine sums it back.
Source: the layout is that of HIPS autograd (Maclaurin, Duvenaud and Adams 2015).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from nn_scratch.arrays import Array, Shape
from nn_scratch.autograd import convolution, pooling


class Rule(NamedTuple):
    """A primitive: `value(*arguments, **settings)`, and `gradient(place)` for its argument number `place`.

    That is a function of (dy, y, *arguments, **settings), which returns dL/d(argument).
    """

    value: Callable[..., Array]
    gradient: Callable[[int], Callable[..., Array]]


def rule(value: Callable[..., Array], *gradients: Callable[..., Array]) -> Rule:
    """A row of the table: a primitive with one gradient for each of its arguments."""
    return Rule(value, gradients.__getitem__)


def rule_for_any_number(value: Callable[..., Array], gradient: Callable[..., Array]) -> Rule:
    """A row for a primitive that takes any number of arguments; `gradient` is told the place of its argument first."""
    return Rule(value, lambda place: partial(gradient, place))


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x) = e^-log(e^0 + e^-x), which overflows on neither side."""
    y: Array = np.exp(-np.logaddexp(0, -x))
    return y


def sigmoid_dx(dy: Array, y: Array, x: Array) -> Array:
    """y' = e^-x / (1 + e^-x)^2 = y (1 - y)."""
    return dy * y * (1 - y)


def power_da(dy: Array, y: Array, a: Array, b: Array) -> Array:
    """b a^(b - 1). For b = 0 that is 0 even where a = 0, so the exponent may not become -1 there."""
    dx: Array = dy * b * a ** np.where(b == 0, 1, b - 1)
    return dx


def power_db(dy: Array, y: Array, a: Array, b: Array) -> Array:
    """d/db e^(b log a) = a^b log a, which tends to 0 with a."""
    dx: Array = dy * y * np.log(np.where(a == 0, 1, a))
    return dx


def as_matrices(dy: Array, a: Array, b: Array) -> tuple[Array, Array, Array]:
    """A vector before @ becomes a matrix of one row, after @ one of one column; dy gets back the axis that y lost."""
    if b.ndim == 1:
        b, dy = b[:, None], dy[..., None]
    if a.ndim == 1:
        a, dy = a[None, :], dy[..., None, :]
    return dy, a, b


def matmul_da(dy: Array, y: Array, a: Array, b: Array) -> Array:
    """a_ij enters y_ik with factor b_jk, for every k: dA = dY B^T."""
    dY, _, B = as_matrices(dy, a, b)
    dA: Array = dY @ B.swapaxes(-1, -2)  # (..., n, m) @ (..., m, k) -> (..., n, k)
    return dA[..., 0, :] if a.ndim == 1 else dA


def matmul_db(dy: Array, y: Array, a: Array, b: Array) -> Array:
    """b_jk enters y_ik with factor a_ij, for every i: dB = A^T dY."""
    dY, A, _ = as_matrices(dy, a, b)
    dB: Array = A.swapaxes(-1, -2) @ dY  # (..., k, n) @ (..., n, m) -> (..., k, m)
    return dB[..., 0] if b.ndim == 1 else dB


def index_dx(dy: Array, y: Array, x: Array, index: Any) -> Array:
    """A number gets a gradient for each time that the index picked it, and 0 if it was not picked."""
    dx = np.zeros_like(x)
    np.add.at(dx, index, dy)
    return dx


Axes = int | tuple[int, ...] | None


def with_axes_restored(reduced: Array, axis: Axes, keepdims: bool) -> Array:
    """A reduced array with its lost axes put back as axes of length 1, so that it broadcasts."""
    return reduced if keepdims or axis is None else np.expand_dims(reduced, axis)


def sum_dx(dy: Array, y: Array, x: Array, axis: Axes, keepdims: bool) -> Array:
    """Every term enters the sum with factor 1."""
    return np.broadcast_to(with_axes_restored(dy, axis, keepdims), x.shape)


def extreme_dx(dy: Array, y: Array, x: Array, axis: Axes, keepdims: bool) -> Array:
    """The largest (or smallest) number gets the whole gradient; several of them get equal fractions of it."""
    chosen = x == with_axes_restored(y, axis, keepdims)
    count = chosen.sum(axis=axis, keepdims=True).astype(x.dtype)
    dx: Array = with_axes_restored(dy, axis, keepdims) * chosen / count
    return dx


def softmax(x: Array, axis: int) -> Array:
    """e^x_k / sum_j e^x_j along `axis`; the largest x is subtracted first, so that nothing overflows."""
    p: Array = np.exp(x - x.max(axis=axis, keepdims=True))
    p /= p.sum(axis=axis, keepdims=True)
    return p


def log_softmax(x: Array, axis: int) -> Array:
    """x_k - log sum_j e^x_j along `axis`; the largest x is subtracted first, as in softmax."""
    shifted: Array = x - x.max(axis=axis, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
    return shifted


def log_softmax_dx(dy: Array, y: Array, x: Array, axis: int) -> Array:
    """dy_k / dx_i = [k = i] - p_i, so dL/dx_i = dy_i - p_i sum_k dy_k."""
    dx: Array = dy - softmax(x, axis) * dy.sum(axis=axis, keepdims=True)
    return dx


def transpose_dx(dy: Array, y: Array, x: Array, axes: Shape) -> Array:
    """The inverse permutation."""
    return dy.transpose(np.argsort([axis % x.ndim for axis in axes]))


def pad(x: Array, margin: int) -> Array:
    """`margin` zeros around the last two axes."""
    around = ((margin, margin), (margin, margin))
    return np.pad(x, ((0, 0),) * (x.ndim - 2) + around)


def stack_dx(place: int, dy: Array, y: Array, *arrays: Array, axis: int) -> Array:
    """Array number `place` is there in y as it is."""
    dx: Array = np.take(dy, place, axis)
    return dx


def concatenate_dx(place: int, dy: Array, y: Array, *arrays: Array, axis: int) -> Array:
    """Array number `place` is there in y as it is, behind those before it."""
    ends = np.cumsum([array.shape[axis] for array in arrays])
    return np.split(dy, ends[:-1], axis)[place]


RULES: dict[str, Rule] = {
    "add": rule(np.add, lambda dy, y, a, b: dy, lambda dy, y, a, b: dy),
    "subtract": rule(np.subtract, lambda dy, y, a, b: dy, lambda dy, y, a, b: -dy),
    "multiply": rule(np.multiply, lambda dy, y, a, b: dy * b, lambda dy, y, a, b: dy * a),
    "divide": rule(np.divide, lambda dy, y, a, b: dy / b, lambda dy, y, a, b: -dy * y / b),
    "power": rule(lambda a, b: a**b, power_da, power_db),
    "negative": rule(np.negative, lambda dy, y, x: -dy),
    "exp": rule(np.exp, lambda dy, y, x: dy * y),
    "log": rule(np.log, lambda dy, y, x: dy / x),
    "sqrt": rule(np.sqrt, lambda dy, y, x: dy / (2 * y)),
    "tanh": rule(np.tanh, lambda dy, y, x: dy * (1 - y * y)),
    "sigmoid": rule(sigmoid, sigmoid_dx),
    "relu": rule(lambda x: np.maximum(x, 0), lambda dy, y, x: dy * (y > 0)),  # ReLU and abs have no derivative
    "abs": rule(np.abs, lambda dy, y, x: dy * np.sign(x)),  # at 0; we take 0 there
    "matmul": rule(np.matmul, matmul_da, matmul_db),
    "sum": rule(np.sum, sum_dx),
    "max": rule(np.max, extreme_dx),
    "min": rule(np.min, extreme_dx),
    "log_softmax": rule(log_softmax, log_softmax_dx),
    "reshape": rule(lambda x, shape: x.reshape(*shape), lambda dy, y, x, shape: dy.reshape(x.shape)),
    "transpose": rule(lambda x, axes: x.transpose(axes), transpose_dx),
    "index": rule(lambda x, index: x[index], index_dx),
    "pad": rule(pad, lambda dy, y, x, margin: dy[..., margin:-margin, margin:-margin]),
    "stack": rule_for_any_number(lambda *arrays, axis: np.stack(arrays, axis), stack_dx),
    "concatenate": rule_for_any_number(lambda *arrays, axis: np.concatenate(arrays, axis), concatenate_dx),
    "max_pool2d": rule(pooling.value, pooling.gradient),
    "conv2d": rule(convolution.value, convolution.gradient_of_input, convolution.gradient_of_kernels),
}
