"""The derivations, against referees that know nothing of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn_scratch.layers import Dense
from nn_scratch.losses import SoftmaxCrossEntropy, log_softmax, softmax
from nn_scratch.network import Network, mlp
from nn_scratch.optimizers import SGD, Adam

CLASSES = ("a", "b", "c", "d")


def small_problem(rng: np.random.Generator) -> tuple[Network, np.ndarray, np.ndarray]:
    network = mlp((7, 5), CLASSES, np.float64).initialize(rng)
    network.parameters += 0.05 * rng.standard_normal(network.parameters.shape)  # biases off zero
    return network, rng.uniform(0, 1, (6, 784)), rng.integers(0, 4, 6)


def loss_of(network: Network, x: np.ndarray, labels: np.ndarray) -> float:
    return SoftmaxCrossEntropy().value(network.forward(x), labels)


def test_every_gradient_matches_central_differences(rng: np.random.Generator) -> None:
    network, x, labels = small_problem(rng)
    _, dz = SoftmaxCrossEntropy().value_and_gradient(network.forward(x, training=True), labels)
    network.backward(dz)
    step = 1e-6
    for i in range(network.parameters.size):
        kept = network.parameters[i]
        network.parameters[i] = kept + step
        above = loss_of(network, x, labels)
        network.parameters[i] = kept - step
        below = loss_of(network, x, labels)
        network.parameters[i] = kept
        assert network.gradients[i] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-8), i


def test_backward_gives_the_gradient_of_the_input_too(rng: np.random.Generator) -> None:
    network, x, labels = small_problem(rng)
    _, dx = SoftmaxCrossEntropy().value_and_gradient(network.forward(x, training=True), labels)
    for layer in reversed(network.layers):
        dx = layer.backward(dx)
    direction = rng.standard_normal(x.shape)
    step = 1e-6
    slope = (loss_of(network, x + step * direction, labels) - loss_of(network, x - step * direction, labels)) / (
        2 * step
    )
    assert float((dx * direction).sum()) == pytest.approx(slope, rel=1e-6)


def test_loss_and_gradients_agree_with_pytorch(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    network, x, labels = small_problem(rng)
    loss, dz = SoftmaxCrossEntropy().value_and_gradient(network.forward(x, training=True), labels)
    network.backward(dz)
    weights: list[Any] = [
        torch.tensor(array, requires_grad=True)
        for layer in network.layers
        if isinstance(layer, Dense)
        for array in (layer.W, layer.b)
    ]
    signal = torch.tensor(x)
    for W, b in zip(weights[::2], weights[1::2], strict=True):
        signal = (signal.relu() if W is not weights[0] else signal) @ W + b
    referee = torch.nn.functional.cross_entropy(signal, torch.tensor(labels))
    referee.backward()
    assert loss == pytest.approx(referee.item(), rel=1e-12)
    theirs = np.concatenate([tensor.grad.numpy().ravel() for tensor in weights])
    assert np.abs(network.gradients - theirs).max() < 1e-12


@pytest.mark.parametrize("decay", [0, 0.3])
@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_optimizers_step_like_pytorch(name: str, decay: float, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = rng.standard_normal(50)
    theirs = torch.tensor(ours.copy(), requires_grad=True)
    gradients = np.zeros(50)
    optimizer = {"sgd": SGD, "adam": Adam}[name](ours, gradients, weight_decay=decay)
    referee = (
        torch.optim.SGD([theirs], 0.1, momentum=0.9)
        if name == "sgd"
        else torch.optim.AdamW([theirs], 0.1, weight_decay=decay)
    )
    for _ in range(20):
        gradients[:] = rng.standard_normal(50)
        theirs.grad = torch.tensor(gradients.copy())
        optimizer.step(0.1)
        if name == "sgd":  # its weight decay is another one there
            theirs.data *= 1 - 0.1 * decay
        referee.step()
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-9)


def test_softmax_survives_logits_that_overflow_the_exponential() -> None:
    logits = np.array([[1000.0, 0.0, -1000.0], [-1e30, -1e30, -1e30]], np.float32)
    np.testing.assert_allclose(softmax(logits), np.array([[1, 0, 0], [1 / 3] * 3]), rtol=1e-6)
    assert np.isfinite(log_softmax(logits)).all()
    loss, dz = SoftmaxCrossEntropy().value_and_gradient(logits, np.array([2, 0]))
    assert loss == pytest.approx((2000 + np.log(3)) / 2)
    assert np.isfinite(dz).all()


def test_a_confident_mistake_has_the_largest_gradient() -> None:
    """The gradient with a further p (1 - p) vanishes here; ours is at its largest."""
    _, dz = SoftmaxCrossEntropy().value_and_gradient(np.array([[20.0, 0.0]]), np.array([1]))
    np.testing.assert_allclose(dz, [[1, -1]], atol=1e-8)
