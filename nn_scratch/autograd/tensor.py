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

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from nn_scratch.arrays import Array, Shape
from nn_scratch.autograd.broadcasting import unbroadcast
from nn_scratch.autograd.graph import topological_order
from nn_scratch.autograd.modes import check_finite, checked, modes
from nn_scratch.autograd.operations import Operand, Operations, plain
from nn_scratch.autograd.rules import RULES


class Origin(NamedTuple):
    """How a tensor was computed."""

    operation: str
    operands: tuple[Tensor, ...]
    settings: dict[str, Any]


FREED = Origin("freed", (), {})  # the origin of results that `backward` has gone through: it frees the graph


class Tensor(Operations):
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

    @property
    def operation(self) -> str:
        """The name of the primitive that this tensor is the result of, or nothing for a leaf."""
        return self.origin.operation if self.origin else ""

    @property
    def operands(self) -> tuple[Tensor, ...]:
        """The tensors that this one was computed from."""
        return self.origin.operands if self.origin else ()

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
        order = topological_order(self, differentiable_operands)
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

    def operate(self, operation: str, *others: Operand, **settings: Any) -> Tensor:
        return apply(operation, self, *(self.lift(other) for other in others), **settings)

    def lift(self, other: Operand) -> Tensor:
        """`other` as a tensor. Whole numbers and plain ones take the type of `self`, so that float32 stays float32."""
        if isinstance(other, Tensor):
            return other
        array = np.asarray(plain(other))
        return Tensor(array.astype(self.dtype) if isinstance(other, float) or array.dtype.kind in "biu" else array)


def stack(tensors: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Tensors of one shape, side by side along a new axis."""
    return apply("stack", *tensors, axis=axis)


def concatenate(tensors: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Tensors one behind the other along an axis that they have; the other axes have the same lengths in all."""
    return apply("concatenate", *tensors, axis=axis)


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


def differentiable_operands(tensor: Tensor) -> list[Tensor]:
    """The operands of `tensor` that require a gradient; RuntimeError if `backward` has freed them."""
    if tensor.origin is FREED:
        raise RuntimeError("backward has gone through this graph and has freed it; compute the value again.")
    return [operand for operand in tensor.operands if operand.requires_grad]


def gradient_of_operand(place: int, dy: Array, result: Tensor, origin: Origin) -> Array:
    """dL/d(operand number `place`) in the shape of that operand, from `dy` = dL/d(result)."""
    arrays = [operand.data for operand in origin.operands]
    what = f"The gradient of {origin.operation} with respect to operand {place + 1}"
    dx = checked(what, RULES[origin.operation].gradient(place), dy, result.data, *arrays, **origin.settings)
    return unbroadcast(dx, arrays[place].shape)
