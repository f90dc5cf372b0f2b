"""Lists of `Value`s as vectors, matrices and images: the scalar engine knows single numbers only.

A vector is a list of values, a matrix is a list of rows, an image is a list of channels. Nothing here computes but
`softmax`: the others put the same values into another shape, so that gradients pass through them by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from nn_scratch.autograd.scalar import Value

Item = TypeVar("Item")


def as_values(numbers: Iterable[Any]) -> list[Any]:
    """`numbers`, an array or nested lists of any depth, as lists of new values in the same shape."""
    return [as_values(item) if isinstance(item, Iterable) else Value(float(item)) for item in numbers]


def as_numbers(values: Iterable[Any]) -> list[Any]:
    """The numbers in nested lists of `values`, in the same shape; `numpy.array` takes them as they are."""
    return [as_numbers(item) if isinstance(item, Iterable) else item.data for item in values]


def flatten(items: Iterable[Any]) -> list[Any]:
    """One list of all that is in nested lists, in order."""
    flat: list[Any] = []
    for item in items:
        if isinstance(item, Iterable):
            flat += flatten(item)
        else:
            flat.append(item)
    return flat


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


def transpose(matrix: Iterable[Sequence[Item]]) -> list[list[Item]]:
    """Rows as columns; ValueError if the rows differ in length."""
    rows = list(matrix)
    lengths = sorted({len(row) for row in rows})
    if len(lengths) > 1:
        raise ValueError(f"Rows of {lengths[0]} and of {lengths[-1]} values are not a matrix.")
    return [list(column) for column in zip(*rows, strict=True)]


def softmax(values: Sequence[Value]) -> list[Value]:
    """e^v_k / sum_j e^v_j; the largest number is subtracted first, which changes no quotient: nothing overflows."""
    largest = max((value.data for value in values), default=0.0)
    exponentials = [(value - largest).exp() for value in values]
    total = sum(exponentials, Value(0.0))
    return [exponential / total for exponential in exponentials]
