"""The scalar engine: back-propagation in plain Python, one number at a time.

Every operation on a `Value` computes a number and writes down the local derivatives beside it, one for each operand.
That is all the calculus there is. `backward` starts with dL/dL = 1 and applies the chain rule, last result first:
dL/d(operand) += dL/d(result) d(result)/d(operand). It adds, because an operand used twice reaches L in two ways.

After micrograd (Karpathy 2020), with local derivatives in place of closures and a loop in place of the recursion.
"""

from __future__ import annotations

import math


class Value:
    """A number `data`, and in `grad` the sum of dL/d(data) over every L whose `backward` has reached it."""

    __slots__ = ("data", "grad", "operands", "slopes")

    def __init__(self, data: float, operands: tuple[Value, ...] = (), slopes: tuple[float, ...] = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.slopes = slopes

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __sub__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0))

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __truediv__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        quotient = self.data / other.data
        return Value(quotient, (self, other), (1 / other.data, -quotient / other.data))

    def __pow__(self, exponent: Value | float) -> Value:
        if not isinstance(exponent, Value):
            slope = exponent * math.pow(self.data, exponent - 1) if exponent else 0.0
            return Value(math.pow(self.data, exponent), (self,), (slope,))
        return (exponent * self.log()).exp()  # a^b = e^(b log a), for a > 0

    def __neg__(self) -> Value:
        return Value(-self.data, (self,), (-1.0,))

    def __radd__(self, other: float) -> Value:
        return self + other

    def __rsub__(self, other: float) -> Value:
        return Value(other) - self

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __rtruediv__(self, other: float) -> Value:
        return Value(other) / self

    def __rpow__(self, base: float) -> Value:
        return Value(base) ** self

    def exp(self) -> Value:
        e = math.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self) -> Value:
        return Value(math.log(self.data), (self,), (1 / self.data,))

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))

    def sigmoid(self) -> Value:
        """1 / (1 + e^-x) = (1 + tanh(x / 2)) / 2, which never overflows."""
        s = 0.5 + 0.5 * math.tanh(0.5 * self.data)
        return Value(s, (self,), (s * (1 - s),))

    def relu(self) -> Value:
        return Value(self.data, (self,), (1.0,)) if self.data > 0 else Value(0.0, (self,), (0.0,))

    def abs(self) -> Value:
        """|x|; it has no derivative at 0, where we take 0."""
        return Value(abs(self.data), (self,), (math.copysign(1.0, self.data) if self.data else 0.0,))

    __abs__ = abs

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self.grad = 0.0

    def backward(self) -> None:
        """Add dL/d(leaf) to `grad` of every leaf that this value, L, was computed from."""
        order = self._topological_order()
        for value in order:  # only results: leaves keep the sum over all passes
            value.grad = 0.0
        self.grad += 1.0
        for value in reversed(order):
            grad = value.grad
            for operand, slope in zip(value.operands, value.slopes):  # noqa: B905 - strict=True costs a quarter more
                operand.grad += grad * slope

    def _topological_order(self) -> list[Value]:
        """All results that this one was computed from, without leaves, each after the results it was computed from.

        Depth first, with an explicit stack: recursion would fail after a thousand operations in a row.
        """
        order: list[Value] = []
        path: list[Value] = []  # results whose operands are being visited
        seen: set[Value] = set()
        stack: list[Value | None] = [self]
        while stack:
            value = stack.pop()
            if value is None:  # all operands of the newest result on the path are done
                order.append(path.pop())
            elif value.operands and value not in seen:
                seen.add(value)
                path.append(value)
                stack.append(None)
                stack += value.operands
        return order
