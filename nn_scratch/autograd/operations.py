"""What can be written with tensors: Python's operators and the usual functions, each under the name of its rule.

A formula should look as it does in a book. This is only notation: how an operation is computed and recorded is the
business of the engine (`nn_scratch.autograd.tensor`), and how it is differentiated is in the table of rules.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array
from nn_scratch.autograd.rules import Axes


class Operations(ABC):
    """The notation of tensors, for a class that can `operate` and `lift`."""

    __slots__ = ()
    data: Array

    @abstractmethod
    def operate(self, operation: str, *others: Operand, **settings: Any) -> Self:
        """The result of the primitive `operation`, whose first operand is `self`."""

    @abstractmethod
    def lift(self, other: Operand) -> Self:
        """`other` as a tensor."""

    def __add__(self, other: Operand) -> Self:
        return self.operate("add", other)

    def __radd__(self, other: Operand) -> Self:
        return self.lift(other) + self

    def __sub__(self, other: Operand) -> Self:
        return self.operate("subtract", other)

    def __rsub__(self, other: Operand) -> Self:
        return self.lift(other) - self

    def __mul__(self, other: Operand) -> Self:
        return self.operate("multiply", other)

    def __rmul__(self, other: Operand) -> Self:
        return self.lift(other) * self

    def __truediv__(self, other: Operand) -> Self:
        return self.operate("divide", other)

    def __rtruediv__(self, other: Operand) -> Self:
        return self.lift(other) / self

    def __pow__(self, other: Operand) -> Self:
        return self.operate("power", other)

    def __rpow__(self, other: Operand) -> Self:
        return self.lift(other) ** self

    def __matmul__(self, other: Operand) -> Self:
        return self.operate("matmul", other)

    def __rmatmul__(self, other: Operand) -> Self:
        return self.lift(other) @ self

    def __neg__(self) -> Self:
        return self.operate("negative")

    def __getitem__(self, index: Any) -> Self:
        return self.operate("index", index=index)

    # Comparisons give plain arrays of bool: they jump from 0 to 1, so they have no derivative.

    def __lt__(self, other: Operand) -> NDArray[np.bool_]:
        return np.less(self.data, plain(other))

    def __le__(self, other: Operand) -> NDArray[np.bool_]:
        return np.less_equal(self.data, plain(other))

    def __gt__(self, other: Operand) -> NDArray[np.bool_]:
        return np.greater(self.data, plain(other))

    def __ge__(self, other: Operand) -> NDArray[np.bool_]:
        return np.greater_equal(self.data, plain(other))

    def __eq__(self, other: Operand) -> NDArray[np.bool_]:  # type: ignore[override]
        return np.equal(self.data, plain(other))

    def __ne__(self, other: Operand) -> NDArray[np.bool_]:  # type: ignore[override]
        return np.not_equal(self.data, plain(other))

    __hash__ = object.__hash__  # two tensors are the same in a set or a dictionary only if they are one object

    def exp(self) -> Self:
        return self.operate("exp")

    def log(self) -> Self:
        return self.operate("log")

    def sqrt(self) -> Self:
        return self.operate("sqrt")

    def tanh(self) -> Self:
        return self.operate("tanh")

    def sigmoid(self) -> Self:
        return self.operate("sigmoid")

    def relu(self) -> Self:
        return self.operate("relu")

    def abs(self) -> Self:
        return self.operate("abs")

    __abs__ = abs

    def sum(self, axis: Axes = None, keepdims: bool = False) -> Self:
        return self.operate("sum", axis=axis, keepdims=keepdims)

    def mean(self, axis: Axes = None, keepdims: bool = False) -> Self:
        total = self.sum(axis, keepdims)
        return total / (self.data.size / max(total.data.size, 1))

    def max(self, axis: Axes = None, keepdims: bool = False) -> Self:
        return self.operate("max", axis=axis, keepdims=keepdims)

    def min(self, axis: Axes = None, keepdims: bool = False) -> Self:
        return self.operate("min", axis=axis, keepdims=keepdims)

    def log_softmax(self, axis: int = -1) -> Self:
        """The logarithms of the softmax probabilities along `axis`, without overflow."""
        return self.operate("log_softmax", axis=axis)

    def reshape(self, *shape: int) -> Self:
        return self.operate("reshape", shape=shape)

    def transpose(self, *axes: int) -> Self:
        """The axes in the given order, or in reverse order if none is given, as in NumPy."""
        return self.operate("transpose", axes=axes or tuple(reversed(range(self.data.ndim))))

    @property
    def T(self) -> Self:  # noqa: N802
        return self.transpose()

    def conv2d(self, kernels: Operand, stride: int = 1, padding: int = 0) -> Self:
        """(B, K, H, W) with `kernels` (O, K, h, w) -> (B, O, R, C); R = (H + 2 padding - h) // stride + 1, C alike."""
        padded = self.operate("pad", margin=padding) if padding else self
        return padded.operate("conv2d", kernels, stride=stride)

    def max_pool2d(self, kernel: int = 2, stride: int | None = None) -> Self:
        """The largest number in each window: (B, K, H, W) -> (B, K, R, C) with R = (H - kernel) // stride + 1, C alike.

        The window moves by its own size unless `stride` is given.
        """
        return self.operate("max_pool2d", kernel=kernel, stride=kernel if stride is None else stride)


Operand: TypeAlias = Operations | NDArray[Any] | float


def plain(operand: Operand) -> NDArray[Any] | float:
    """The numbers in `operand`, with which NumPy can compute."""
    return operand.data if isinstance(operand, Operations) else operand
