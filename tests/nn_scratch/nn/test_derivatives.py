"""The derivations, against referees that know nothing of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.nn.initializers import Initializer, check, fill
from nn_scratch.nn.layers import Dense
from nn_scratch.nn.losses import QuadraticLoss, SoftmaxCrossEntropy, SoftTargets, log_softmax, softmax
from nn_scratch.nn.network import Network, mlp
from nn_scratch.nn.optimizers import OPTIMIZERS, SGD, add_l2, clip_norm

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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("decay", [0, 0.3])
@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_optimizers_step_like_pytorch(name: str, decay: float, dtype: Any, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = rng.standard_normal(50).astype(dtype)
    theirs = torch.tensor(ours.copy(), requires_grad=True)
    gradients = np.zeros_like(ours)
    optimizer = OPTIMIZERS[name](ours, gradients, weight_decay=decay)
    descent = name in ("sgd", "nesterov")
    referee = (
        torch.optim.SGD([theirs], 0.1, momentum=0.9, nesterov=name == "nesterov")
        if descent
        else torch.optim.AdamW([theirs], 0.1, weight_decay=decay)
    )
    for _ in range(20):
        gradients[:] = rng.standard_normal(50)
        theirs.grad = torch.tensor(gradients.copy())
        optimizer.step(0.1)
        if descent:  # its weight decay is another one there
            theirs.data *= 1 - 0.1 * decay
        referee.step()
    tolerance = {np.float32: 1e-5, np.float64: 1e-9}[dtype]
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=tolerance, atol=tolerance)
    assert optimizer.steps == 20


def test_l2_and_clipping_are_what_pytorch_does(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    ours = rng.standard_normal(50)
    theirs = torch.tensor(ours.copy(), requires_grad=True)
    gradients = np.zeros(50)
    optimizer = SGD(ours, gradients)
    referee = torch.optim.SGD([theirs], 0.1, momentum=0.9, weight_decay=0.2)
    for _ in range(5):
        gradients[:] = rng.standard_normal(50)
        theirs.grad = torch.tensor(gradients.copy())
        norm = clip_norm(gradients, 3.0)
        assert norm == pytest.approx(float(torch.nn.utils.clip_grad_norm_([theirs], 3.0)))
        add_l2(ours, gradients, 0.2)
        optimizer.step(0.1)
        referee.step()
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-5)  # PyTorch divides by norm + 1e-6


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_losses_agree_with_pytorch(dtype: Any, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    functional = torch.nn.functional
    logits, labels = rng.standard_normal((6, 4)).astype(dtype) * 3, rng.integers(0, 4, 6)
    y = softmax(rng.standard_normal((6, 4))).astype(dtype)
    z, t, n = torch.tensor(logits, requires_grad=True), torch.tensor(y), torch.tensor(labels)
    smooth = SoftmaxCrossEntropy(0.1)
    pairs = [
        (SoftmaxCrossEntropy().value_and_gradient(logits, labels), functional.cross_entropy(z, n)),
        (smooth.value_and_gradient(logits, labels), functional.cross_entropy(z, n, label_smoothing=0.1)),
        (SoftTargets().value_and_gradient(logits, y), functional.cross_entropy(z, t)),
        (SoftTargets(4).value_and_gradient(logits, y), 16 * functional.cross_entropy(z / 4, t)),
        (QuadraticLoss().value_and_gradient(logits, y), functional.mse_loss(z, t)),
    ]
    tolerance = {np.float32: 1e-5, np.float64: 1e-8}[dtype]
    for (value, gradient), referee in pairs:
        assert value == pytest.approx(referee.item(), rel=tolerance)
        (expected,) = torch.autograd.grad(referee, z)
        assert gradient.dtype == dtype
        np.testing.assert_allclose(gradient, expected.numpy(), rtol=0, atol=tolerance * expected.abs().max().item())
    assert smooth.value(logits, labels) == pytest.approx(pairs[1][1].item(), rel=tolerance)


def test_losses_match_central_differences(rng: np.random.Generator) -> None:
    z, labels, y = rng.standard_normal((5, 3)), rng.integers(0, 3, 5), softmax(rng.standard_normal((5, 3)))
    losses: list[Callable[[Array], tuple[float, Array]]] = [
        lambda z: SoftmaxCrossEntropy(0.2).value_and_gradient(z, labels),
        lambda z: SoftTargets(3.0).value_and_gradient(z, y),
        lambda z: QuadraticLoss().value_and_gradient(z, y),
    ]
    for value_and_gradient in losses:
        direction = rng.standard_normal(z.shape)
        above, below = (value_and_gradient(z + step * direction)[0] for step in (1e-6, -1e-6))
        slope = float((value_and_gradient(z)[1] * direction).sum())
        assert slope == pytest.approx((above - below) / 2e-6, rel=1e-6)


@pytest.mark.parametrize("make", [lambda: SoftmaxCrossEntropy(1.0), lambda: SoftTargets(0.0)])
def test_losses_refuse_what_has_no_meaning(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"smoothing|temperature"):
        make()


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [("he", 2 / 300), ("lecun", 1 / 300), ("xavier", 2 / 700), (("gaussian", 0.3), 0.09), (("constant", 2), 0)],
)
def test_initializers_have_the_variance_they_promise(
    initializer: Initializer, variance: float, rng: np.random.Generator
) -> None:
    weights = np.empty((300, 400), np.float32)
    fill(weights, check(initializer), (300, 400), rng)
    assert weights.var() == pytest.approx(variance, rel=0.03)
    assert weights.mean() == pytest.approx(2 if variance == 0 else 0, abs=0.01)


def test_fixed_initializers_and_unknown_ones(rng: np.random.Generator) -> None:
    weights = np.empty(3, np.float32)
    for name, value in (("zeros", 0), ("ones", 1)):
        fill(weights, name, (1, 1), rng)
        assert (weights == value).all()
    for wrong in ("gaussian", ("he", 1.0), ("constant", "x"), 3):
        with pytest.raises(ValueError, match="no initializer"):
            check(wrong)  # type: ignore[arg-type]


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
