"""Programs for micrograd (Karpathy) and minigrad (Kulka) run on the scalar engine under their names for things.

The expressions are ours; what they import, and how they call it, is as in the tests of these two libraries. PyTorch is
the referee there, and here.
"""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from nn_scratch.autograd import scalar, scalar_nn
from nn_scratch.autograd.scalar import Value


class Layer(scalar_nn.Linear):
    """micrograd's Layer(nin, nout); its constructors take no random numbers."""

    def __init__(self, nin: int, nout: int) -> None:
        super().__init__(nin, nout, random.Random(1337), Value.relu)


class MLP(scalar_nn.MLP):
    """micrograd's MLP(nin, nouts), which gives a single output as it is."""

    def __init__(self, nin: int, nouts: list[int]) -> None:
        super().__init__([nin, *nouts], random.Random(1337))

    def __call__(self, x: Any) -> Any:
        outputs = super().__call__(x)
        return outputs[0] if len(outputs) == 1 else outputs


class Conv2D(scalar_nn.Conv2D):
    """minigrad's Conv2D."""

    def __init__(
        self, kernel_size: int, stride: int, in_channels: int, out_channels: int, activation: Callable[[Value], Value]
    ) -> None:
        super().__init__(in_channels, out_channels, kernel_size, random.Random(0), stride, activation)


@pytest.fixture(autouse=True)
def aliases(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of both libraries, as if these were installed."""
    names: dict[str, dict[str, Any]] = {
        "micrograd": {},
        "micrograd.engine": vars(scalar),
        "micrograd.nn": vars(scalar_nn) | {"Layer": Layer, "MLP": MLP},
        "minigrad": vars(scalar)
        | {"as_value_array": scalar.as_values, "value_array_to_list": scalar.as_numbers, "Conv2D": Conv2D},
    }
    for name, content in names.items():
        module = ModuleType(name)
        vars(module).update({key: value for key, value in content.items() if not key.startswith("__")})
        monkeypatch.setitem(sys.modules, name, module)


def imported(module: str, *names: str) -> list[Any]:
    """from module import names"""
    return [getattr(importlib.import_module(module), name) for name in names]


def mixed(a: Any, b: Any) -> Any:
    """Every operator of micrograd, with numbers on both sides."""
    c = 3 * a - b / 2 + 1
    d = (a * b + 5).relu() - (-c)
    e = (c - d * a) ** 2 + 7 / (1 + a * a) + b**3
    return (2 - e + (e / 100).tanh() + (b / 4).exp()) / 2.5


@pytest.mark.parametrize(("a", "b"), [(-3.5, 2.0), (0.5, -1.25), (2, 3), (1e-3, -4.0)])
def test_an_expression_of_micrograd(a: float, b: float) -> None:
    (Value,) = imported("micrograd.engine", "Value")
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = Value(a), Value(b)
    theirs = [torch.tensor(float(number), dtype=torch.float64, requires_grad=True) for number in (a, b)]
    result, referee = mixed(*ours), mixed(*theirs)
    result.backward()
    referee.backward()
    assert result.data == pytest.approx(referee.item(), rel=1e-12)
    assert [x.grad for x in ours] == pytest.approx([x.grad.item() for x in theirs], rel=1e-12)


def test_assignments_of_micrograd() -> None:
    """A value is no array: += makes a new one, through which the gradient reaches the old."""
    (Value,) = imported("micrograd.engine", "Value")
    x = Value(-4.0)
    y = 2 * x + 2 + x
    y += y.relu() + y * x
    y -= x / 2
    y *= 10.0 / y
    y.backward()
    assert (y.data, x.grad) == pytest.approx((10, 0), abs=1e-12)


def test_a_perceptron_of_micrograd_learns_with_a_margin_loss() -> None:
    MLP, Layer, Neuron = imported("micrograd.nn", "MLP", "Layer", "Neuron")
    model = MLP(2, [6, 6, 1])
    assert len(model.parameters()) == 3 * 6 + 7 * 6 + 7
    assert [type(part) for part in (model.layers[0].neurons[0], Layer(2, 3))] == [Neuron, Layer]
    points = [([1.0, 1.0], 1), ([1.0, -1.0], -1), ([-1.0, 1.0], -1), ([-1.0, -1.0], 1)]
    for _ in range(60):
        scores = [model(point) for point, _ in points]
        margins = [(1 - label * score).relu() for score, (_, label) in zip(scores, points, strict=True)]
        loss = sum(margins) * (1.0 / len(points))
        loss += 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.1 * p.grad
    assert [score.data > 0 for score in scores] == [label > 0 for _, label in points]


@pytest.mark.parametrize("number", [0.0, 0.3, -0.7, 2.0, -40.0, 500.0])
def test_results_in_between_have_gradients_as_in_minigrad(number: float) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    Value, softmax = imported("minigrad", "Value", "softmax")

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
    reshape, transpose, flatten = imported("minigrad", "reshape", "transpose", "flatten")
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
    Conv2D, as_value_array, value_array_to_list, flatten = imported(
        "minigrad", "Conv2D", "as_value_array", "value_array_to_list", "flatten"
    )
    image, kernels, bias = rng.standard_normal((3, 5, 7)), rng.standard_normal((4, 3, 3, 3)), rng.standard_normal(4)
    conv = Conv2D(kernel_size=3, stride=2, in_channels=3, out_channels=4, activation=activation)
    for neuron, kernel, b in zip(conv.neurons, kernels, bias, strict=True):
        neuron.w, neuron.b = as_value_array(flatten(kernel)), Value(float(b))
    referee = torch.conv2d(*map(torch.from_numpy, (image[None], kernels, bias)), stride=2)[0]
    np.testing.assert_allclose(
        value_array_to_list(conv(as_value_array(image))), getattr(referee, name)().numpy(), atol=1e-12
    )
