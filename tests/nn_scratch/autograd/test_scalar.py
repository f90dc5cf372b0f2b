"""The scalar engine against PyTorch and the tensor engine, and small networks that learn with it."""

from __future__ import annotations

import ast
import operator
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_scratch.autograd import Tensor, Value, scalar
from nn_scratch.autograd.scalar import flatten
from nn_scratch.autograd.scalar_nn import MLP, Conv2D, Linear, cross_entropy
from nn_scratch.dataset import Dataset

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


def evaluate(steps: Steps, leaves: list[Any]) -> Any:
    results = list(leaves)
    for function, a, b in steps:
        x, y = results[-1 - a % len(results)], results[-1 - b % len(results)]
        n = function % (len(UNARY) + len(BINARY))
        results.append(UNARY[n](x) if n < len(UNARY) else BINARY[n - len(UNARY)](x, y))
    return results[-1]


def leaf_gradients(kind: Callable[[float], Any], steps: Steps, numbers: list[float]) -> tuple[float, list[float]]:
    leaves = [kind(number) for number in numbers]
    result = evaluate(steps, leaves)
    result.backward()
    data = result.data if isinstance(result, Value) else result.item()
    return float(data), [0.0 if leaf.grad is None else float(leaf.grad) for leaf in leaves]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 99)] * 3), min_size=1, max_size=8),
    st.lists(st.floats(-2, 2).map(lambda x: round(x, 2) + 0.00123), min_size=1, max_size=3),
)
def test_any_expression_agrees_with_pytorch_and_the_tensor_engine(steps: Steps, numbers: list[float]) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = leaf_gradients(Value, steps, numbers)
    tensors = leaf_gradients(lambda x: Tensor(x, requires_grad=True), steps, numbers)
    referee = leaf_gradients(lambda x: torch.tensor(x, dtype=torch.float64, requires_grad=True), steps, numbers)
    for value, gradients in (ours, tensors):
        assert value == pytest.approx(referee[0], rel=1e-10, abs=1e-10)
        np.testing.assert_allclose(gradients, referee[1], rtol=1e-10, atol=1e-10)


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


@pytest.mark.parametrize(("function", "slope"), [(Value.relu, 0), (Value.abs, 0), (lambda x: x**0, 0)])
def test_the_slope_at_a_kink_is_zero(function: Callable[[Value], Value], slope: float) -> None:
    x = Value(0.0)
    function(x).backward()
    assert x.grad == slope


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


def test_powers_that_are_defined_at_zero_and_below() -> None:
    for base, exponent, value, slope in ((0.0, 1, 0, 1), (0.0, 2, 0, 0), (0.0, 0, 1, 0), (-2.0, 3, -8, 12)):
        x = Value(base)
        y = x**exponent
        y.backward()
        assert (y.data, x.grad) == (value, slope)


def test_values_and_layers_say_what_they_are() -> None:
    rng, x = random.Random(0), Value(2.0)
    y = (x * 3).tanh() ** 2
    assert repr(x) == "Value(data=2.0, grad=0.0)"
    assert repr(x * 3) == "Value(data=6.0, grad=0.0, operation='*')"
    assert [y.operation, *(operand.operation for operand in y.operands)] == ["** 2", "tanh"]
    assert repr(MLP([2, 3, 1], rng)) == "MLP(Linear(3 x Neuron(2 inputs, relu)), Linear(1 x Neuron(3 inputs)))"
    assert repr(Conv2D(1, 2, 5, rng, 2)) == "Conv2D(2 x Neuron(25 inputs, tanh), kernel 5, stride 2)"


def test_layers_forget_their_gradients_together() -> None:
    layer = Conv2D(1, 2, kernel=2, rng=random.Random(0), activation=None)
    sum(flatten(layer([[[1.0, 2.0], [3.0, 4.0]]])), Value(0.0)).backward()
    assert [parameter.grad for parameter in layer.parameters()] == [1, 2, 3, 4, 1] * 2
    layer.zero_grad()
    assert not any(parameter.grad for parameter in layer.parameters())


def test_a_sigmoid_of_anything_is_finite() -> None:
    assert [Value(x).sigmoid().data for x in (-1e4, 0.0, 1e4)] == [0, 0.5, 1]


def test_a_chain_of_twenty_thousand_operations() -> None:
    x = y = Value(1.0)
    for _ in range(20_000):
        y = y + 1
    y.backward()
    assert x.grad == 1


def test_the_engine_is_plain_python_and_short() -> None:
    source = Path(scalar.__file__).read_text(encoding="utf-8")
    modules = {
        name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert modules == {"__future__", "math"}
    assert len(source.splitlines()) <= 150


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


def test_the_convolution_agrees_with_the_tensor_engine(rng: np.random.Generator) -> None:
    layer = Conv2D(2, 3, kernel=3, rng=random.Random(0), stride=2)
    image = rng.standard_normal((2, 7, 5))
    ours = layer(image.tolist())
    kernels = Tensor([[w.data for w in neuron.w] for neuron in layer.neurons], requires_grad=True)
    theirs = Tensor(image[None]).conv2d(kernels.reshape(3, 2, 3, 3), stride=2).tanh()[0]
    np.testing.assert_allclose([[[v.data for v in row] for row in plane] for plane in ours], theirs.data, atol=1e-14)
    sum(flatten(flatten(ours)), Value(0.0)).backward()
    theirs.sum().backward()
    assert kernels.grad is not None
    for neuron, gradient in zip(layer.neurons, kernels.grad, strict=True):
        np.testing.assert_allclose([w.grad for w in neuron.w], gradient, atol=1e-12)


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
        descend(model.parameters(), loss, 0.5)
    assert loss.data < 0.05


class LeNet:
    """LeCun's network of 1989 on 15x15 pixels, with fewer units: two strided convolutions and two linear layers."""

    def __init__(self, rng: random.Random) -> None:
        self.h1 = Conv2D(1, 4, kernel=5, rng=rng, stride=2)  # 15x15 -> 4 of 6x6
        self.h2 = Conv2D(4, 6, kernel=4, rng=rng, stride=2)  # -> 6 of 2x2
        self.h3 = Linear(24, 16, rng, Value.tanh)
        self.output = Linear(16, 10, rng, Value.tanh)

    def __call__(self, image: list[list[float]]) -> list[Value]:
        planes = self.h2(self.h1([image]))
        return self.output(self.h3(flatten(flatten(planes))))

    def parameters(self) -> list[Value]:
        return [parameter for layer in (self.h1, self.h2, self.h3, self.output) for parameter in layer.parameters()]


def descend(parameters: list[Value], loss: Value, learning_rate: float) -> None:
    for parameter in parameters:
        parameter.zero_grad()
    loss.backward()
    for parameter in parameters:
        parameter.data -= learning_rate * parameter.grad


def fifteen(data: Dataset) -> Iterator[tuple[list[list[float]], int]]:
    """Images of 15x15 pixels, each with its digit; -1 is paper and 1 is ink, as in 1989."""
    big = np.pad(data.images, ((0, 0), (1, 1), (1, 1))).astype(float)  # (N, 30, 30)
    small = big.reshape(-1, 15, 2, 15, 2).mean(axis=(2, 4)) / 127.5 - 1
    return zip(small.tolist(), data.labels.tolist(), strict=True)


def squared_error(output: list[Value], digit: int) -> Value:
    """The loss of 1989: an output should be 1 for its own digit and -1 for the others."""
    return sum(((y - (1 if k == digit else -1)) ** 2 for k, y in enumerate(output)), Value(0.0)) / len(output)


def train(model: LeNet, examples: list[tuple[list[list[float]], int]], epochs: int, rng: random.Random) -> list[float]:
    """Train on one example at a time, as in 1989; returns the mean loss of each epoch."""
    losses = []
    for epoch in range(epochs):
        rng.shuffle(examples)
        total = 0.0
        for image, digit in examples:
            loss = squared_error(model(image), digit)
            descend(model.parameters(), loss, 0.3 * (1 - epoch / epochs))
            total += loss.data
        losses.append(total / len(examples))
    return losses


def test_a_convolutional_network_begins_to_learn(small_digits: tuple[Dataset, Dataset]) -> None:
    rng = random.Random(0)
    examples = [example for example, _ in zip(fifteen(small_digits[0]), range(3), strict=False)]
    losses = train(LeNet(rng), examples, 3, rng)
    assert losses[2] < 0.8 * losses[0]


@pytest.mark.slow
def test_a_convolutional_network_reads_digits_it_never_saw(small_digits: tuple[Dataset, Dataset]) -> None:
    rng = random.Random(0)
    model = LeNet(rng)
    examples = [example for example, _ in zip(fifteen(small_digits[0]), range(300), strict=False)]
    losses = train(model, examples, 6, rng)
    assert losses[-1] < 0.3 * losses[0]
    unseen = [example for example, _ in zip(fifteen(small_digits[1]), range(200), strict=False)]
    right = 0
    for image, digit in unseen:
        scores = [y.data for y in model(image)]
        right += scores.index(max(scores)) == digit
    assert right >= 160
