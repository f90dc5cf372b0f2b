"""The losses: their values and gradients against PyTorch and central differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.nn.losses import QuadraticLoss, SoftmaxCrossEntropy, SoftTargets, log_softmax, softmax


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
def test_losses_refuse_arguments_without_meaning(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"smoothing|temperature"):
        make()


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
