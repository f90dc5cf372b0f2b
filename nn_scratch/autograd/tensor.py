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

import math
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from nn_scratch.arrays import Array, Shape
from nn_scratch.autograd.graph import checked, modes
from nn_scratch.autograd.rules import RULES, Axes, unbroadcast
from nn_scratch.autograd.scalar import topological_order

Operand: TypeAlias = "Tensor | NDArray[Any] | float"
FREED = "freed"  # the operation of results that `backward` has gone through: it frees the graph


def unary(operation: str) -> Callable[[Tensor], Tensor]:
    """The method of a primitive of one tensor."""

    def method(x: Tensor) -> Tensor:
        return apply(operation, x)

    method.__qualname__ = f"Tensor.{operation}"  # by which pickle finds the functions of a model again
    return method


def reduction(operation: str) -> Callable[..., Tensor]:
    """The method of a primitive that goes over one axis, several, or all."""

    def method(x: Tensor, axis: Axes = None, keepdims: bool = False) -> Tensor:
        return apply(operation, x, axis=axis, keepdims=keepdims)

    method.__qualname__ = f"Tensor.{operation}"
    return method


def operators(operation: str) -> tuple[Callable[[Tensor, Operand], Tensor], ...]:
    """The operators of a primitive of two tensors: a + b; b + a if only a is a tensor; a += b."""

    def in_place(a: Tensor, b: Operand) -> Tensor:
        """What takes the name of `a`. For a result that may be a new tensor, but nobody would find a leaf again."""
        result = apply(operation, a, b)
        if a.operation or not a.requires_grad:
            return result
        if modes.recording:
            raise RuntimeError(
                "x += 1 would lose the gradient of the leaf x: write y = x + 1, or change x within no_grad."
            )
        a.data[...] = result.data
        return a

    return lambda a, b: apply(operation, a, b), lambda a, b: apply(operation, b, a), in_place


def comparison(compare: Callable[..., Any]) -> Callable[[Tensor, Any], NDArray[np.bool_]]:
    """A comparison gives a plain array of bool: it jumps from 0 to 1, so it has no derivative."""
    return lambda a, b: compare(a.data, b.data if isinstance(b, Tensor) else b)


class Tensor:
    """An array that can be differentiated with respect to.

    Attributes:
        data: the numbers, a floating-point array of any shape; a copy of those that are given. If they are changed in
            place between an operation and `backward`, the gradient is that at the changed numbers.
        grad: the sum of dL/d(data) over every L whose `backward` has reached this tensor, in the same shape, or None.
        requires_grad: whether `backward` computes `grad`: a leaf is told so; a result does so if any operand does.
        operation, operands, settings: the primitive that a result was computed by, and what it was given.
    """

    __slots__ = ("data", "grad", "operands", "operation", "requires_grad", "settings")
    __array_ufunc__ = None  # so that array + tensor calls __radd__, and NumPy does not do it by element

    def __init__(self, data: ArrayLike, requires_grad: bool = False, *, copy: bool = True) -> None:
        array = np.array(data, copy=copy or None)
        if array.dtype.kind in "biu":
            array = array.astype(np.float64)
        if array.dtype.kind != "f":
            raise TypeError(f"A Tensor holds real numbers, not {array.dtype}.")
        self.data: Array = checked("A number given to a Tensor", np.asarray, array)
        self.grad: Array | None = None
        self.requires_grad = requires_grad
        self.operation, self.operands, self.settings = "", tuple[Tensor, ...](), dict[str, Any]()

    shape, ndim, dtype = (property(attrgetter(f"data.{name}")) for name in ("shape", "ndim", "dtype"))

    def __repr__(self) -> str:
        return f"Tensor({self.data}{', requires_grad=True' if self.requires_grad else ''})"

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[row] for row in range(len(self)))

    def __bool__(self) -> bool:
        return bool(self.data)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        return np.array(self.data, dtype, copy=copy)

    def item(self) -> float:
        """The number in a tensor that has only one."""
        return float(self.data.item())

    __float__ = item

    def detach(self) -> Tensor:
        """A tensor of the same numbers, in the same memory, without their origin."""
        return Tensor(self.data, copy=False)

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
        if not self.requires_grad:
            raise RuntimeError("This tensor was computed from nothing that requires a gradient, or within no_grad.")
        if gradient is None and self.data.size != 1:
            raise ValueError(f"backward from shape {self.shape} needs the gradient of what follows, in that shape.")
        dy = np.ones_like(self.data) if gradient is None else np.asarray(gradient, self.dtype)
        if dy.shape != self.shape:
            raise ValueError(f"backward from shape {self.shape} cannot start from a gradient of shape {dy.shape}.")
        pending = {self: dy}  # the gradients of tensors whose turn has not come yet
        for tensor in reversed(topological_order(self, differentiable_operands)):
            dy = pending.pop(tensor)
            if not tensor.operation:
                dy = dy.astype(tensor.dtype)  # a copy, because another tensor may hold the same array
                tensor.grad = dy if tensor.grad is None else tensor.grad + dy
                continue
            arrays = [operand.data for operand in tensor.operands]
            for place, operand in enumerate(tensor.operands):
                if operand.requires_grad:
                    what = f"The gradient of {tensor.operation} with respect to operand {place + 1}"
                    gradient_of = RULES[tensor.operation][1](place)
                    dx = checked(what, gradient_of, dy, tensor.data, *arrays, **tensor.settings)
                    dx = unbroadcast(dx, operand.shape)
                    pending[operand] = pending[operand] + dx if operand in pending else dx
            tensor.operation, tensor.operands, tensor.settings = FREED, (), {}

    __add__, __radd__, __iadd__ = operators("add")
    __sub__, __rsub__, __isub__ = operators("subtract")
    __mul__, __rmul__, __imul__ = operators("multiply")
    __truediv__, __rtruediv__, __itruediv__ = operators("divide")
    __pow__, __rpow__, __ipow__ = operators("power")
    __matmul__, __rmatmul__, __imatmul__ = operators("matmul")
    __lt__, __le__, __gt__, __ge__ = map(comparison, (np.less, np.less_equal, np.greater, np.greater_equal))
    __eq__, __ne__ = map(comparison, (np.equal, np.not_equal))  # type: ignore[assignment]
    __hash__ = object.__hash__  # two tensors are the same in a set or a dictionary only if they are one object

    exp, log, sqrt, sin, cos = map(unary, ("exp", "log", "sqrt", "sin", "cos"))
    tanh, sigmoid, relu, abs, __neg__ = map(unary, ("tanh", "sigmoid", "relu", "abs", "negative"))
    sum, max, min, logsumexp = map(reduction, ("sum", "max", "min", "logsumexp"))
    __abs__ = abs

    def __getitem__(self, index: Any) -> Tensor:
        return apply("index", self, index=index)

    def mean(self, axis: Axes = None, keepdims: bool = False) -> Tensor:
        total = self.sum(axis, keepdims)
        return total / (self.data.size / (total.data.size or 1))

    def var(self, axis: Axes = None, keepdims: bool = False, ddof: int = 0) -> Tensor:
        """The mean squared distance from the mean, or their sum / (n - ddof), as in NumPy."""
        total = ((self - self.mean(axis, keepdims=True)) ** 2).sum(axis, keepdims)
        return total / (self.data.size / (total.data.size or 1) - ddof)

    def norm(self, axis: Axes = None, keepdims: bool = False) -> Tensor:
        """The length of the vector of all numbers, or of those along `axis`; its gradient at 0 is 0."""
        return (self * self).sum(axis, keepdims).sqrt()

    def softmax(self, axis: int = -1) -> Tensor:
        """e^x_k / sum_j e^x_j along `axis`, without overflow."""
        return apply("softmax", self, axis=axis)

    def log_softmax(self, axis: int = -1) -> Tensor:
        """The logarithms of the softmax probabilities along `axis`, without overflow."""
        return apply("log_softmax", self, axis=axis)

    def clip(self, min: float | None = None, max: float | None = None) -> Tensor:
        """The nearest numbers from `min` to `max`; the gradient is 0 outside of these."""
        return apply("clip", self, min=min, max=max)

    def reshape(self, *shape: int | Shape) -> Tensor:
        return apply("reshape", self, shape=shape)

    def flatten(self, first: int = 0) -> Tensor:
        """The axes from number `first` on as one: flatten(1) keeps the examples of a batch apart."""
        return self.reshape(*self.shape[:first], math.prod(self.shape[first:]))

    def transpose(self, *axes: int | Shape) -> Tensor:
        """The axes in the given order, or in reverse order if none is given, as in NumPy."""
        return apply("transpose", self, axes=np.ravel(axes).tolist() or range(self.ndim)[::-1])

    T = property(transpose)

    def conv2d(self, kernels: Operand, stride: int = 1, padding: int = 0) -> Tensor:
        """(B, K, H, W) with `kernels` (O, K, h, w) -> (B, O, R, C); R = (H + 2 padding - h) // stride + 1, C alike.

            y[n, o, r, c] = sum over k, i, j of  w[o, k, i, j] x[n, k, s r + i, s c + j]

        Each kernel is a row of numbers, and each window of an image a column. (Strictly this is correlation, because a
        convolution would flip the kernel. Neural networks have called it convolution since LeCun et al. 1989.)
        """
        w = kernels if isinstance(kernels, Tensor) else Tensor(kernels)
        if self.ndim != 4 or w.ndim != 4 or self.shape[1] != w.shape[1]:
            needed = "images are (B, K, H, W) and kernels (O, K, height, width), with the same K"
            raise ValueError(f"conv2d does not fit shapes {self.shape} and {w.shape}: {needed}.")
        padded = apply("pad", self, margin=padding) if padding else self
        seen = apply("windows", padded, size=w.shape[2:], stride=stride).transpose(0, 1, 4, 5, 2, 3)
        columns = seen.reshape(len(self), math.prod(w.shape[1:]), -1)  # (B, K h w, R C)
        y = w.flatten(1) @ columns  # (O, K h w) @ (B, K h w, R C) -> (B, O, R C)
        return y.reshape(len(self), len(w), *seen.shape[4:])

    def max_pool2d(self, kernel: int = 2, stride: int | None = None) -> Tensor:
        """The largest number in each window: (B, K, H, W) -> (B, K, R, C) with R = (H - kernel) // stride + 1, C alike.

        It moves by its own size unless `stride` is given. Of several largest numbers, the first gets the gradient:
        after a ReLU whole windows are 0, and each of their numbers would count.
        """
        seen = apply("windows", self, size=(kernel, kernel), stride=kernel if stride is None else stride).flatten(4)
        return seen[(*np.indices(seen.shape[:4], sparse=True), seen.data.argmax(axis=-1))]


def stack(tensors: Sequence[Operand], axis: int = 0) -> Tensor:
    """Tensors of one shape, side by side along a new axis."""
    return apply("stack", *tensors, axis=axis)


def concatenate(tensors: Sequence[Operand], axis: int = 0) -> Tensor:
    """Tensors one behind the other along an axis that they have; the other axes have the same lengths in all."""
    return apply("concatenate", *tensors, axis=axis)


def where(condition: ArrayLike, a: Operand, b: Operand) -> Tensor:
    """The numbers of `a` where `condition` holds, and those of `b` elsewhere."""
    return apply("where", a, b, condition=np.asarray(condition, bool))


def apply(operation: str, *operands: Operand, **settings: Any) -> Tensor:
    """Compute the primitive `operation` of the table, and record it if its gradient may be needed.

    Whole numbers and plain ones take the type of the first tensor, so that float32 stays float32.

    Raises:
        ValueError, IndexError: the operation does not fit operands of these shapes.
    """
    dtype = next((operand.dtype for operand in operands if isinstance(operand, Tensor)), np.dtype(float))
    tensors = tuple(operand if isinstance(operand, Tensor) else lifted(operand, dtype) for operand in operands)
    arrays = [tensor.data for tensor in tensors]
    try:
        value = checked(f"The result of {operation}", RULES[operation][0], *arrays, **settings)
    except (ValueError, IndexError) as error:
        shapes = " and ".join(str(array.shape) for array in arrays)
        reason = f": {error}" if settings else ""
        raised = ValueError if isinstance(error, ValueError) else IndexError
        raise raised(f"{operation} does not fit shape{'s' * (len(arrays) > 1)} {shapes}{reason}.") from error
    result = Tensor(value, copy=False)
    if modes.recording and any(tensor.requires_grad for tensor in tensors):
        result.requires_grad = True
        result.operation, result.operands, result.settings = operation, tensors, settings
    return result


def lifted(operand: Any, dtype: np.dtype[Any]) -> Tensor:
    """An array or a number as a tensor; whole numbers and plain ones take the type `dtype`."""
    array = np.asarray(operand)
    return Tensor(array.astype(dtype) if isinstance(operand, float) or array.dtype.kind in "biu" else array)


def differentiable_operands(tensor: Tensor) -> list[Tensor]:
    """The operands of `tensor` that require a gradient; RuntimeError if `backward` has freed them."""
    if tensor.operation == FREED:
        raise RuntimeError("backward has gone through this graph and has freed it; compute the value again.")
    return [operand for operand in tensor.operands if operand.requires_grad]
