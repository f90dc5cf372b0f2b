"""Programs for micrograd (Karpathy) and minigrad (Kulka) run on the scalar engine: only names are different.

The expressions are ours; the names that they are written with are those of these two libraries. PyTorch is the referee.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn_scratch.autograd import scalar_nn
from nn_scratch.autograd.scalar import Value
from nn_scratch.autograd.scalar import as_numbers as value_array_to_list
from nn_scratch.autograd.scalar import as_values as as_value_array
from nn_scratch.autograd.scalar import flatten, reshape, softmax, transpose


def micrograd_mlp(nin: int, nouts: list[int]) -> scalar_nn.MLP:
    """micrograd's MLP(nin, nouts)."""
    return scalar_nn.MLP([nin, *nouts], random.Random(1337))


def minigrad_conv2d(
    kernel_size: int, stride: int, in_channels: int, out_channels: int, activation: Callable[[Value], Value]
) -> scalar_nn.Conv2D:
    """minigrad's Conv2D, which is also told the size of its images."""
    return scalar_nn.Conv2D(in_channels, out_channels, kernel_size, random.Random(0), stride, activation)


def mixed(a: Any, b: Any) -> Any:
    """Every operator of micrograd, with numbers on both sides."""
    c = 3 * a - b / 2 + 1
    d = (a * b + 5).relu() - (-c)
    e = (c - d * a) ** 2 + 7 / (1 + a * a) + b**3
    return (2 - e + (e / 100).tanh() + (b / 4).exp()) / 2.5


@pytest.mark.parametrize(("a", "b"), [(-3.5, 2.0), (0.5, -1.25), (2, 3), (1e-3, -4.0)])
def test_an_expression_of_micrograd(a: float, b: float) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = Value(a), Value(b)
    theirs = [torch.tensor(float(number), dtype=torch.float64, requires_grad=True) for number in (a, b)]
    result, referee = mixed(*ours), mixed(*theirs)
    result.backward()
    referee.backward()
    assert result.data == pytest.approx(referee.item(), rel=1e-12)
    assert [x.grad for x in ours] == pytest.approx([x.grad.item() for x in theirs], rel=1e-12)


def test_a_perceptron_of_micrograd_learns_with_a_margin_loss() -> None:
    model = micrograd_mlp(2, [6, 6, 1])
    points = [([1.0, 1.0], 1), ([1.0, -1.0], -1), ([-1.0, 1.0], -1), ([-1.0, -1.0], 1)]
    for _ in range(60):
        scores = [model(point)[0] for point, _ in points]
        margins = [(1 - label * score).relu() for score, (_, label) in zip(scores, points, strict=True)]
        loss = sum(margins) * (1.0 / len(points))
        loss += 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        assert isinstance(loss, Value)
        loss.backward()
        for p in model.parameters():
            p.data -= 0.1 * p.grad
    assert [score.data > 0 for score in scores] == [label > 0 for _, label in points]


@pytest.mark.parametrize("number", [0.0, 0.3, -0.7, 2.0, -40.0, 500.0])
def test_results_in_between_have_gradients_as_in_minigrad(number: float) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    def compute(v: Any, soft: Callable[[list[Any]], Any]) -> tuple[Any, list[Any]]:
        a = 1 - v * 0.5
        b = (a.abs() + 1) ** 1.7 / (v.relu() + 2)
        probabilities = soft([a / 100, b / 50, -b.tanh()])
        return a * probabilities[0] + b * probabilities[1] - probabilities[2] / 3, [a, b]

    result, between = compute(x := Value(number), softmax)
    leaf = torch.tensor(number, dtype=torch.float64, requires_grad=True)
    referee, others = compute(leaf, lambda values: torch.stack(values).softmax(0))
    for other in others:
        other.retain_grad()
    result.backward()
    referee.backward()
    assert result.data == pytest.approx(referee.item(), rel=1e-10)
    gradients = [value.grad for value in (x, *between)]
    assert gradients == pytest.approx([other.grad.item() for other in (leaf, *others)], rel=1e-9, abs=1e-12)


def test_shapes_as_in_minigrad() -> None:
    numbers = np.arange(20.0)
    np.testing.assert_array_equal(reshape(numbers, 5, 4), numbers.reshape(5, 4))
    np.testing.assert_array_equal(transpose(numbers.reshape(5, 4)), numbers.reshape(5, 4).T)
    assert flatten(numbers.reshape(5, 2, 2)) == numbers.tolist()


@pytest.mark.parametrize(
    ("activation", "name"), [(Value.tanh, "tanh"), (Value.relu, "relu"), (Value.sigmoid, "sigmoid")]
)
def test_a_convolution_as_in_minigrad(
    activation: Callable[[Value], Value], name: str, rng: np.random.Generator
) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    image, kernels, bias = rng.standard_normal((3, 5, 7)), rng.standard_normal((4, 3, 3, 3)), rng.standard_normal(4)
    conv = minigrad_conv2d(kernel_size=3, stride=2, in_channels=3, out_channels=4, activation=activation)
    for neuron, kernel, b in zip(conv.neurons, kernels, bias, strict=True):
        neuron.w, neuron.b = as_value_array(flatten(kernel)), Value(float(b))
    referee = torch.conv2d(*map(torch.from_numpy, (image[None], kernels, bias)), stride=2)[0]
    np.testing.assert_allclose(
        value_array_to_list(conv(as_value_array(image))), getattr(referee, name)().numpy(), atol=1e-12
    )
