"""The tensor engine: write how a value is computed, and get its gradient.

Every operation on a `Tensor` computes its value with NumPy at once and records its origin: the name of the primitive
and its operands. These records form a graph from the result back to everything that it was computed from. `backward`
goes through the graph once, last result first, and applies the rule of each primitive (`nn_scratch.autograd.rules`).
This is the chain rule in reverse mode (Linnainmaa 1970; Speelpenning 1980). It gives the gradient of one number with
respect to everything, and takes only a few times as long as computing that number.

    x = Tensor([1.0, 2.0], requires_grad=True)
    (x * x).sum().backward()
    x.grad  # [2, 4]
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from nn_scratch.arrays import Array, Shape
from nn_scratch.autograd.broadcasting import unbroadcast
from nn_scratch.autograd.modes import check_finite, checked, modes
from nn_scratch.autograd.rules import RULES, Axes


class Origin(NamedTuple):
    """How a tensor was computed."""

    operation: str
    operands: tuple[Tensor, ...]
    settings: dict[str, Any]


FREED = Origin("freed", (), {})  # the origin of results that `backward` has gone through: it frees the graph


class Tensor:
    """An array that can be differentiated with respect to.

    Attributes:
        data: the numbers, a floating-point array of any shape. If they are changed in place between an operation and
            `backward`, the gradient is that at the changed numbers.
        grad: the sum of dL/d(data) over every L whose `backward` has reached this tensor, in the same shape, or None.
        requires_grad: whether `backward` computes `grad`: a leaf is told so; a result does so if any operand does.
    """

    __slots__ = ("data", "grad", "origin", "requires_grad")
    __array_ufunc__ = None  # so that array + tensor calls __radd__, and NumPy does not do it by element

    def __init__(self, data: ArrayLike, requires_grad: bool = False) -> None:
        array = np.asarray(data)
        if array.dtype.kind in "biu":
            array = array.astype(np.float64)
        if array.dtype.kind != "f":
            raise TypeError(f"A Tensor holds real numbers, not {array.dtype}.")
        if modes.checking:
            check_finite("A number given to a Tensor", array)
        self.data: Array = array
        self.grad: Array | None = None
        self.requires_grad = requires_grad
        self.origin: Origin | None = None

    @property
    def shape(self) -> Shape:
        return self.data.shape

    @property
    def ndim(self) -> int:
        return self.data.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.data.dtype

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[row] for row in range(len(self)))

    def __repr__(self) -> str:
        return f"Tensor({self.data}{', requires_grad=True' if self.requires_grad else ''})"

    def item(self) -> float:
        """The number in a tensor that has only one."""
        return float(self.data.item())

    def detach(self) -> Tensor:
        """A tensor of the same numbers, in the same memory, without their origin."""
        return Tensor(self.data)

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self.grad = None

    def backward(self, gradient: ArrayLike | None = None) -> None:
        """Add dL/d(leaf) to `grad` of every leaf that requires it, and free the graph.

        Args:
            gradient: dL/d(self), in the shape of `self`. It may be left out for a single number, which is then L.

        Raises:
            ValueError: `gradient` is missing or has another shape.
            RuntimeError: no operand requires a gradient, or the graph has been freed.
        """
        dy = self._seed(gradient)
        order = topological_order(self)
        pending = {self: dy}  # the gradients of tensors whose turn has not come yet
        for tensor in reversed(order):
            dy, origin = pending.pop(tensor), tensor.origin
            if origin is None:
                tensor.accumulate(dy)
                continue
            for place, operand in enumerate(origin.operands):
                if operand.requires_grad:
                    dx = gradient_of_operand(place, dy, tensor, origin)
                    pending[operand] = pending[operand] + dx if operand in pending else dx
            tensor.origin = FREED

    def _seed(self, gradient: ArrayLike | None) -> Array:
        """The gradient that `backward` starts from."""
        if not self.requires_grad:
            raise RuntimeError("This tensor was computed from nothing that requires a gradient, or within no_grad.")
        if gradient is None:
            if self.data.size != 1:
                raise ValueError(f"backward from shape {self.shape} needs the gradient of what follows, in that shape.")
            return np.ones_like(self.data)
        dy = np.asarray(gradient, self.dtype)
        if dy.shape != self.shape:
            raise ValueError(f"backward from shape {self.shape} cannot start from a gradient of shape {dy.shape}.")
        return dy

    def accumulate(self, dy: Array) -> None:
        """Add `dy` to `grad`; the first one is copied, because another tensor may hold the same array."""
        if self.grad is None:
            self.grad = dy.astype(self.dtype)
        else:
            self.grad += dy

    def _lift(self, other: Operand) -> Tensor:
        """`other` as a tensor. A plain number takes the type of `self`, so that float32 stays float32."""
        if isinstance(other, Tensor):
            return other
        return Tensor(np.asarray(other, self.dtype) if isinstance(other, int | float) else other)

    def __add__(self, other: Operand) -> Tensor:
        return apply("add", self, self._lift(other))

    def __radd__(self, other: Operand) -> Tensor:
        return self._lift(other) + self

    def __sub__(self, other: Operand) -> Tensor:
        return apply("subtract", self, self._lift(other))

    def __rsub__(self, other: Operand) -> Tensor:
        return self._lift(other) - self

    def __mul__(self, other: Operand) -> Tensor:
        return apply("multiply", self, self._lift(other))

    def __rmul__(self, other: Operand) -> Tensor:
        return self._lift(other) * self

    def __truediv__(self, other: Operand) -> Tensor:
        return apply("divide", self, self._lift(other))

    def __rtruediv__(self, other: Operand) -> Tensor:
        return self._lift(other) / self

    def __pow__(self, other: Operand) -> Tensor:
        return apply("power", self, self._lift(other))

    def __rpow__(self, other: Operand) -> Tensor:
        return self._lift(other) ** self

    def __matmul__(self, other: Operand) -> Tensor:
        return apply("matmul", self, self._lift(other))

    def __rmatmul__(self, other: Operand) -> Tensor:
        return self._lift(other) @ self

    def __neg__(self) -> Tensor:
        return apply("negative", self)

    def __getitem__(self, index: Any) -> Tensor:
        return apply("index", self, index=index)

    def exp(self) -> Tensor:
        return apply("exp", self)

    def log(self) -> Tensor:
        return apply("log", self)

    def tanh(self) -> Tensor:
        return apply("tanh", self)

    def sigmoid(self) -> Tensor:
        return apply("sigmoid", self)

    def relu(self) -> Tensor:
        return apply("relu", self)

    def abs(self) -> Tensor:
        return apply("abs", self)

    __abs__ = abs

    def sum(self, axis: Axes = None, keepdims: bool = False) -> Tensor:
        return apply("sum", self, axis=axis, keepdims=keepdims)

    def mean(self, axis: Axes = None, keepdims: bool = False) -> Tensor:
        total = self.sum(axis, keepdims)
        return total / (self.data.size / max(total.data.size, 1))

    def max(self, axis: Axes = None, keepdims: bool = False) -> Tensor:
        return apply("max", self, axis=axis, keepdims=keepdims)

    def log_softmax(self, axis: int = -1) -> Tensor:
        """The logarithms of the softmax probabilities along `axis`, without overflow."""
        return apply("log_softmax", self, axis=axis)

    def reshape(self, *shape: int) -> Tensor:
        return apply("reshape", self, shape=shape)

    def transpose(self, *axes: int) -> Tensor:
        """The axes in the given order, or in reverse order if none is given, as in NumPy."""
        return apply("transpose", self, axes=axes or tuple(reversed(range(self.ndim))))

    @property
    def T(self) -> Tensor:  # noqa: N802
        return self.transpose()

    def conv2d(self, kernels: Tensor, stride: int = 1, padding: int = 0) -> Tensor:
        """(B, K, H, W) with `kernels` (O, K, h, w) -> (B, O, R, C); R = (H + 2 padding - h) // stride + 1, C alike."""
        padded = apply("pad", self, margin=padding) if padding else self
        return apply("conv2d", padded, kernels, stride=stride)


Operand: TypeAlias = Tensor | Array | float


def apply(operation: str, *operands: Tensor, **settings: Any) -> Tensor:
    """Compute the primitive `operation` of the table, and record it if its gradient may be needed.

    Raises:
        ValueError, IndexError: the operation does not fit operands of these shapes.
    """
    arrays = [operand.data for operand in operands]
    try:
        value = checked(f"The result of {operation}", RULES[operation].value, *arrays, **settings)
    except (ValueError, IndexError) as error:
        shapes = " and ".join(str(array.shape) for array in arrays)
        reason = f": {error}" if settings else ""
        raised = ValueError if isinstance(error, ValueError) else IndexError
        raise raised(f"{operation} does not fit shape{'s' * (len(arrays) > 1)} {shapes}{reason}.") from error
    result = Tensor(value)
    if modes.recording and any(operand.requires_grad for operand in operands):
        result.requires_grad = True
        result.origin = Origin(operation, operands, settings)
    return result


def topological_order(result: Tensor) -> list[Tensor]:
    """All that `result` was computed from and that requires a gradient, each tensor after its own operands.

    Depth first, with an explicit stack: recursion would fail after a thousand operations in a row.
    """
    order: list[Tensor] = []
    seen: set[Tensor] = set()
    stack = [(result, False)]
    while stack:
        tensor, operands_done = stack.pop()
        if operands_done:
            order.append(tensor)
        elif tensor not in seen:
            seen.add(tensor)
            if tensor.origin is FREED:
                raise RuntimeError("backward has gone through this graph and has freed it; compute the value again.")
            stack.append((tensor, True))
            if tensor.origin:
                stack += [(operand, False) for operand in tensor.origin.operands if operand.requires_grad]
    return order


def gradient_of_operand(place: int, dy: Array, result: Tensor, origin: Origin) -> Array:
    """dL/d(operand number `place`) in the shape of that operand, from `dy` = dL/d(result)."""
    arrays = [operand.data for operand in origin.operands]
    what = f"The gradient of {origin.operation} with respect to operand {place + 1}"
    dx = checked(what, RULES[origin.operation].gradients[place], dy, result.data, *arrays, **origin.settings)
    return unbroadcast(dx, arrays[place].shape)
