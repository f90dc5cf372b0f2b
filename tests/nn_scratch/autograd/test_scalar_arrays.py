"""Lists of values as vectors, matrices and images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nn_scratch.autograd import Tensor, Value
from nn_scratch.autograd.scalar import as_numbers, as_values, flatten, reshape, softmax, transpose


@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4)])
def test_arrays_become_values_and_come_back(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    numbers = rng.standard_normal(shape)
    values = as_values(numbers)
    assert all(type(value) is Value and type(value.data) is float for value in flatten(values))
    np.testing.assert_array_equal(as_numbers(values), numbers)


def test_another_shape_has_the_same_values() -> None:
    values = as_values(range(24))
    matrix = reshape(values, 4, 6)
    np.testing.assert_array_equal(as_numbers(matrix), np.arange(24).reshape(4, 6))
    np.testing.assert_array_equal(as_numbers(transpose(matrix)), np.arange(24).reshape(4, 6).T)
    np.testing.assert_array_equal(as_numbers(reshape(matrix, 2, 3, 4)), np.arange(24).reshape(2, 3, 4))
    assert all(one is other for one, other in zip(flatten(reshape(matrix, 2, 3, 4)), values, strict=True))
    (transpose(matrix)[1][2] * 3).backward()
    assert values[13].grad == 3


def test_softmax_agrees_with_the_tensor_engine_and_never_overflows(rng: np.random.Generator) -> None:
    numbers = rng.standard_normal(5) * 500
    values, tensor = as_values(numbers), Tensor(numbers, requires_grad=True)
    probabilities, referee = softmax(values), tensor.log_softmax().exp()
    np.testing.assert_allclose(as_numbers(probabilities), referee.data, rtol=1e-10, atol=1e-300)
    weights = rng.standard_normal(5)
    sum((p * float(w) for p, w in zip(probabilities, weights, strict=True)), Value(0.0)).backward()
    (referee * weights).sum().backward()
    assert tensor.grad is not None
    np.testing.assert_allclose([value.grad for value in values], tensor.grad, atol=1e-12)
    assert softmax([]) == []


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: reshape(range(12), 5, 3), r"^12 values do not fit the shape \(5, 3\)\.$"),
        (lambda: reshape(range(12), -4, -3), r"^12 values do not fit the shape \(-4, -3\)\.$"),
        (lambda: reshape([]), r"^0 values do not fit the shape \(\)\.$"),
        (lambda: transpose([[1, 2], [3]]), r"^Rows of 1 and of 2 values are not a matrix\.$"),
    ],
)
def test_what_has_no_such_shape_is_refused(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()
