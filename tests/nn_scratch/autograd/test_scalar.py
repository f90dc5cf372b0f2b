"""The scalar engine against PyTorch and the tensor engine, and small networks that learn with it."""

from __future__ import annotations

import operator
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_scratch.autograd import Tensor, Value, scalar
from nn_scratch.autograd.scalar import as_numbers, as_values, flatten, reshape, transpose
from nn_scratch.autograd.scalar_nn import MLP, Conv2D, Linear, cross_entropy

UNARY: list[Callable[[Any], Any]] = [
    lambda x: -x,
    lambda x: (x * x + 0.5).log(),
    lambda x: x.tanh(),
    lambda x: x.sigmoid(),
    lambda x: x.tanh().exp(),
    lambda x: x.tanh() ** 3,
    lambda x: (x * x + 0.5) ** -0.5,
    lambda x: 2 ** x.tanh(),
    lambda x: 1 - x,
    lambda x: 1 / (x * x + 0.5),
    lambda x: (x + 0.1).relu(),
    lambda x: abs(x - 0.1),
]
BINARY: list[Callable[[Any, Any], Any]] = [
    operator.add,
    operator.sub,
    lambda a, b: a.tanh() * b,
    lambda a, b: a / (b * b + 0.5),
    lambda a, b: (a * a + 0.5).log().tanh().exp() ** b.tanh(),
]
Steps = list[tuple[int, int, int]]  # operation, and the two results before it that it takes


def value_and_gradients(kind: Callable[[float], Any], steps: Steps, numbers: list[float]) -> list[float]:
    leaves = [kind(number) for number in numbers]
    results = list(leaves)
    for function, a, b in steps:
        x, y = results[-1 - a % len(results)], results[-1 - b % len(results)]
        n = function % (len(UNARY) + len(BINARY))
        results.append(UNARY[n](x) if n < len(UNARY) else BINARY[n - len(UNARY)](x, y))
    results[-1].backward()
    return [float(results[-1].data), *(0.0 if leaf.grad is None else float(leaf.grad) for leaf in leaves)]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 99)] * 3), min_size=1, max_size=8),
    st.lists(st.floats(-2, 2).map(lambda x: round(x, 2) + 0.00123), min_size=1, max_size=3),
)
def test_any_expression_agrees_with_pytorch_and_the_tensor_engine(steps: Steps, numbers: list[float]) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    referee = value_and_gradients(lambda x: torch.tensor(x, dtype=torch.float64, requires_grad=True), steps, numbers)
    for kind in (Value, lambda x: Tensor(x, requires_grad=True)):
        np.testing.assert_allclose(value_and_gradients(kind, steps, numbers), referee, rtol=1e-10, atol=1e-10)


def test_a_value_used_twice_gets_both_gradients_and_a_second_pass_adds() -> None:
    x = Value(3.0)
    y = x * x
    z = y + x
    z.backward()
    assert (z.data, x.grad) == (12, 7)
    z.backward()
    assert (x.grad, y.grad) == (14, 1)
    x.zero_grad()
    x.backward()
    assert x.grad == 1


@pytest.mark.parametrize(
    ("compute", "sentence"),
    [
        (lambda: Value(0.0) ** 0.5, r"^0\.0 \*\* 0\.5 is not defined, or it has no finite derivative there\.$"),
        (lambda: Value(0.0) ** -1, r"^0\.0 \*\* -1 is not defined"),
        (lambda: Value(-2.0) ** 0.5, r"^-2\.0 \*\* 0\.5 is not defined"),
        (lambda: Value(0.0) ** Value(2.0), r"^0\.0 \*\* 2\.0 is not defined, or"),
        (lambda: Value(-2.0) ** Value(2.0), r"^-2\.0 \*\* 2\.0 is not defined, or"),
        (lambda: Value(0.0).log(), r"^The logarithm of 0\.0 is not defined\.$"),
        (lambda: Value(float("nan")).log(), r"^The logarithm of nan is not defined\.$"),
        (lambda: 1 / Value(0.0), r"^1 / 0\.0 is not defined\.$"),
    ],
)
def test_what_has_no_finite_value_or_derivative_is_refused(compute: Callable[[], Value], sentence: str) -> None:
    with pytest.raises((ValueError, ZeroDivisionError), match=sentence):
        compute()


@pytest.mark.parametrize(
    ("function", "x", "value", "slope"),
    [
        (Value.relu, 0.0, 0, 0),
        (Value.abs, 0.0, 0, 0),
        *((lambda x: x**0, 0.0, 1, 0), (lambda x: x**1, 0.0, 0, 1), (lambda x: x**2, 0.0, 0, 0)),
        (lambda x: x**3, -2.0, -8, 12),
        (Value.sigmoid, -1e4, 0, 0),
        (Value.sigmoid, 1e4, 1, 0),
    ],
)
def test_where_formulas_need_care(function: Callable[[Value], Value], x: float, value: float, slope: float) -> None:
    leaf = Value(x)
    result = function(leaf)
    result.backward()
    assert (result.data, leaf.grad) == (value, slope)


def test_values_and_layers_say_what_they_are() -> None:
    rng, x = random.Random(0), Value(2.0)
    y = (x * 3).tanh() ** 2
    assert repr(x) == "Value(data=2.0, grad=0.0)"
    assert repr(x * 3) == "Value(data=6.0, grad=0.0, operation='*')"
    assert [y.operation, *(operand.operation for operand in y.operands)] == ["** 2", "tanh"]
    assert repr(MLP([2, 3, 1], rng)) == "MLP(Linear(3 x Neuron(2 inputs, relu)), Linear(1 x Neuron(3 inputs)))"
    assert repr(Conv2D(1, 2, 5, rng, 2)) == "Conv2D(2 x Neuron(25 inputs, tanh), kernel 5, stride 2)"


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


def test_layers_forget_their_gradients_together() -> None:
    layer = Conv2D(1, 2, kernel=2, rng=random.Random(0), activation=None)
    sum(flatten(layer([[[1.0, 2.0], [3.0, 4.0]]])), Value(0.0)).backward()
    assert [parameter.grad for parameter in layer.parameters()] == [1, 2, 3, 4, 1] * 2
    layer.zero_grad()
    assert not any(parameter.grad for parameter in layer.parameters())


def test_a_chain_of_twenty_thousand_operations() -> None:
    x = y = Value(1.0)
    for _ in range(20_000):
        y = y + 1
    y.backward()
    assert x.grad == 1


def test_the_engine_is_plain_python() -> None:
    imports = re.findall(r"^(?:from|import) (\w+)", Path(scalar.__file__).read_text(encoding="utf-8"), re.MULTILINE)
    assert imports
    assert set(imports) <= {*sys.stdlib_module_names, "__future__"}


def test_cross_entropy_is_stable_and_right(rng: np.random.Generator) -> None:
    numbers = rng.standard_normal(5) * 800
    logits = [Value(float(z)) for z in numbers]
    loss = cross_entropy(logits, 2)
    loss.backward()
    tensor = Tensor(numbers[None], requires_grad=True)
    referee = -tensor.log_softmax()[0, 2]
    referee.backward()
    assert loss.data == pytest.approx(referee.item())
    assert tensor.grad is not None
    np.testing.assert_allclose([z.grad for z in logits], tensor.grad[0], atol=1e-12)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda rng: Conv2D(1, 1, kernel=3, rng=rng)([[[0.0] * 5] * 2]), "kernel of 3 pixels .* images of 2x5"),
        (lambda rng: Conv2D(1, 1, kernel=3, rng=rng)([[[0.0] * 2] * 5]), "kernel of 3 pixels .* images of 5x2"),
        (lambda rng: Conv2D(1, 1, kernel=0, rng=rng), "at least 1 pixel, not 0 and 1"),
        (lambda rng: Conv2D(1, 1, kernel=2, rng=rng, stride=0), "at least 1 pixel, not 2 and 0"),
        (lambda rng: Conv2D(2, 1, kernel=2, rng=rng)([[[0.0] * 5] * 5]), "over 2 channels .* an image of 1"),
        (lambda rng: Conv2D(1, 1, kernel=2, rng=rng)([[[0.0] * 5, [0.0] * 4]]), "the same height, .* the same width"),
        (lambda rng: Conv2D(1, 0, kernel=2, rng=rng), "at least one neuron, not 0"),
        (lambda rng: Linear(0, 2, rng), "at least one input, not 0"),
        (lambda rng: Linear(2, 0, rng), "at least one neuron, not 0"),
        (lambda rng: MLP([4, 2, 2], rng)([1.0, 2.0]), "neuron of 4 inputs cannot read 2 numbers"),
        (lambda rng: MLP([4], rng), "at least two sizes"),
        (lambda rng: cross_entropy([Value(0.0), Value(1.0)], -1), "label -1 is not one of 2 classes"),
        (lambda rng: cross_entropy([Value(0.0), Value(1.0)], 2), "label 2 is not one of 2 classes"),
        (lambda rng: reshape(range(12), 5, 3), r"^12 values do not fit the shape \(5, 3\)\.$"),
        (lambda rng: reshape(range(12), -4, -3), r"^12 values do not fit the shape \(-4, -3\)\.$"),
        (lambda rng: reshape([]), r"^0 values do not fit the shape \(\)\.$"),
        (lambda rng: transpose([[1, 2], [3]]), r"^Rows of 1 and of 2 values are not a matrix\.$"),
    ],
)
def test_what_does_not_fit_is_refused(make: Callable[[random.Random], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        make(random.Random(0))


def test_a_perceptron_learns_exclusive_or() -> None:
    model = MLP((2, 6, 2), random.Random(1), Value.tanh)
    cases = [((0.0, 0.0), 0), ((0.0, 1.0), 1), ((1.0, 0.0), 1), ((1.0, 1.0), 0)]
    for _ in range(200):
        loss = sum((cross_entropy(model(x), label) for x, label in cases), Value(0.0)) / 4
        model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            parameter.data -= 0.5 * parameter.grad
    assert loss.data < 0.05
