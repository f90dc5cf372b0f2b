"""The scalar engine: back-propagation in plain Python, one number at a time.

Every operation on a `Value` computes a number and writes down the local derivatives beside it, one for each operand.
That is all the calculus there is. `backward` starts with dL/dL = 1 and applies the chain rule, last result first:
dL/d(operand) += dL/d(result) d(result)/d(operand). It adds, because an operand used twice reaches L in two ways.

After micrograd (Karpathy 2020), with local derivatives in place of closures and a loop in place of the recursion.

A vector is a list of values, a matrix is a list of rows, an image is a list of channels. The functions for them put the
same values into another shape, so that gradients pass through them by themselves; only `softmax` computes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

Node = TypeVar("Node")


class Value:
    """A number `data`, and in `grad` the sum of dL/d(data) over every L whose `backward` has reached it.

    A result also has its operands, one slope for each of them, and the name of the operation, such as "+" or "tanh".
    """

    __slots__ = ("data", "grad", "operands", "operation", "slopes")

    def __init__(
        self, data: float, operands: tuple[Value, ...] = (), slopes: tuple[float, ...] = (), operation: str = ""
    ) -> None:
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.slopes = slopes
        self.operation = operation

    def __repr__(self) -> str:
        operation = f", operation={self.operation!r}" if self.operation else ""
        return f"Value(data={self.data}, grad={self.grad}{operation})"

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0), "+")

    def __sub__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0), "-")

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data), "*")

    def __truediv__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        if not other.data:
            raise ZeroDivisionError(f"{self.data} / {other.data} is not defined.")
        quotient = self.data / other.data
        return Value(quotient, (self, other), (1 / other.data, -quotient / other.data), "/")

    def __pow__(self, exponent: Value | float) -> Value:
        a, b = self.data, exponent.data if isinstance(exponent, Value) else exponent
        try:
            power, slope = math.pow(a, b), b * math.pow(a, b - 1) if b else 0.0
            if isinstance(exponent, Value):  # d/db e^(b log a) = a^b log a
                return Value(power, (self, exponent), (slope, power * math.log(a)), "**")
        except ValueError as error:
            raise ValueError(f"{a} ** {b} is not defined, or it has no finite derivative there.") from error
        return Value(power, (self,), (slope,), f"** {b}")

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other: float) -> Value:
        return Value(other) - self

    def __rtruediv__(self, other: float) -> Value:
        return Value(other) / self

    def __rpow__(self, base: float) -> Value:
        return Value(base) ** self

    def __neg__(self) -> Value:
        return Value(-self.data, (self,), (-1.0,), "negative")

    def exp(self) -> Value:
        e = math.exp(self.data)
        return Value(e, (self,), (e,), "exp")

    def log(self) -> Value:
        if not self.data > 0:
            raise ValueError(f"The logarithm of {self.data} is not defined.")
        return Value(math.log(self.data), (self,), (1 / self.data,), "log")

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,), "tanh")

    def sigmoid(self) -> Value:
        """1 / (1 + e^-x) = (1 + tanh(x / 2)) / 2, which never overflows."""
        s = 0.5 + 0.5 * math.tanh(0.5 * self.data)
        return Value(s, (self,), (s * (1 - s),), "sigmoid")

    def relu(self) -> Value:
        """max(x, 0); it has no derivative at 0, where we take 0."""
        return Value(self.data, (self,), (1.0,), "relu") if self.data > 0 else Value(0.0, (self,), (0.0,), "relu")

    def abs(self) -> Value:
        """|x|; it has no derivative at 0, where we take 0."""
        return Value(abs(self.data), (self,), (math.copysign(1.0, self.data) if self.data else 0.0,), "abs")

    __abs__ = abs

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self.grad = 0.0

    def backward(self) -> None:
        """Add dL/d(leaf) to `grad` of every leaf that this value, L, was computed from."""
        results = [value for value in topological_order(self, attrgetter("operands")) if value.operands]
        for value in results:  # leaves keep the sum over all passes
            value.grad = 0.0
        self.grad += 1.0
        for value in reversed(results):
            grad = value.grad
            for operand, slope in zip(value.operands, value.slopes):  # noqa: B905 - strict=True costs a quarter more
                operand.grad += grad * slope


def topological_order(result: Node, operands_of: Callable[[Node], Sequence[Node]]) -> list[Node]:
    """All that `result` was computed from, in either engine, each node after its own operands.

    Depth first, with an explicit stack: recursion would fail after a thousand operations in a row.
    """
    order: list[Node] = []
    path: list[Node] = []  # nodes whose operands are being visited
    seen: set[Node] = set()
    stack: list[Node | None] = [result]
    while stack:
        node = stack.pop()
        if node is None:  # all operands of the newest node on the path are done
            order.append(path.pop())
        elif node not in seen:
            seen.add(node)
            if operands := operands_of(node):
                path.append(node)
                stack.append(None)
                stack += operands
            else:
                order.append(node)
    return order


def as_values(numbers: Iterable[Any]) -> list[Any]:
    """`numbers`, an array or nested lists of any depth, as lists of new values in the same shape."""
    return [as_values(item) if isinstance(item, Iterable) else Value(float(item)) for item in numbers]


def as_numbers(values: Iterable[Any]) -> list[Any]:
    """The numbers in nested lists of `values`, in the same shape; `numpy.array` takes them as they are."""
    return [as_numbers(item) if isinstance(item, Iterable) else item.data for item in values]


def flatten(items: Iterable[Any]) -> list[Any]:
    """One list of all that is in nested lists, in order."""
    return [leaf for item in items for leaf in (flatten(item) if isinstance(item, Iterable) else [item])]


def reshape(items: Iterable[Any], *shape: int) -> list[Any]:
    """The same items as nested lists of `shape`: reshape(range(6), 2, 3) is [[0, 1, 2], [3, 4, 5]].

    Raises:
        ValueError: there are more or fewer items than `shape` holds.
    """
    flat = flatten(items)
    if not shape or min(shape) < 1 or math.prod(shape) != len(flat):
        raise ValueError(f"{len(flat)} values do not fit the shape {shape}.")
    for length in reversed(shape[1:]):
        flat = [flat[start : start + length] for start in range(0, len(flat), length)]
    return flat


def transpose(matrix: Iterable[Sequence[Node]]) -> list[list[Node]]:
    """Rows as columns; ValueError if the rows differ in length."""
    rows = list(matrix)
    if len(lengths := {len(row) for row in rows}) > 1:
        raise ValueError(f"Rows of {min(lengths)} and of {max(lengths)} values are not a matrix.")
    return [list(column) for column in zip(*rows, strict=True)]


def softmax(values: Sequence[Value]) -> list[Value]:
    """e^v_k / sum_j e^v_j; the largest number is subtracted first, which changes no quotient: nothing overflows."""
    largest = max((value.data for value in values), default=0.0)
    exponentials = [(value - largest).exp() for value in values]
    total = sum(exponentials, Value(0.0))
    return [exponential / total for exponential in exponentials]
