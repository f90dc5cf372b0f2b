"""The losses: their values and gradients against PyTorch and central differences."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.losses import (
    LOSSES,
    BinaryCrossEntropy,
    Loss,
    QuadraticLoss,
    SoftmaxCrossEntropy,
    log_softmax,
    softmax,
)
from nn_scratch.zoo.rare_losses import SoftmaxQuadratic, Summed

SoftTargets = partial(SoftmaxCrossEntropy, 0.0, None)  # of a temperature


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_losses_agree_with_pytorch(dtype: Any, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    functional = torch.nn.functional
    logits, labels = rng.standard_normal((6, 4)).astype(dtype) * 3, rng.integers(0, 4, 6)
    y = softmax(rng.standard_normal((6, 4))).astype(dtype)
    z, t, n = torch.tensor(logits, requires_grad=True), torch.tensor(y), torch.tensor(labels)
    smooth, weights = SoftmaxCrossEntropy(0.1), (0.5, 2.0, 0.0, 1.0)
    weighted = functional.cross_entropy(z, n, torch.tensor(weights, dtype=z.dtype))
    one_hot = functional.one_hot(n, 4).to(z.dtype)
    binary = functional.binary_cross_entropy_with_logits
    pairs = [
        (SoftmaxCrossEntropy().value_and_gradient(logits, labels), functional.cross_entropy(z, n)),
        (smooth.value_and_gradient(logits, labels), functional.cross_entropy(z, n, label_smoothing=0.1)),
        (SoftTargets(1.0).value_and_gradient(logits, y), functional.cross_entropy(z, t)),
        (SoftTargets(4).value_and_gradient(logits, y), 16 * functional.cross_entropy(z / 4, t)),
        (QuadraticLoss().value_and_gradient(logits, y), functional.mse_loss(z, t)),
        (QuadraticLoss().value_and_gradient(logits, labels), functional.mse_loss(z, one_hot)),
        (SoftmaxQuadratic().value_and_gradient(logits, labels), functional.mse_loss(z.softmax(1), one_hot)),
        (BinaryCrossEntropy().value_and_gradient(logits, y), binary(z, t, reduction="sum") / 6),
        (BinaryCrossEntropy().value_and_gradient(logits, labels), binary(z, one_hot, reduction="sum") / 6),
        (SoftmaxCrossEntropy(0.0, weights).value_and_gradient(logits, labels), weighted),
        (Summed(smooth).value_and_gradient(logits, labels), 6 * functional.cross_entropy(z, n, label_smoothing=0.1)),
    ]
    tolerance = {np.float32: 1e-5, np.float64: 1e-8}[dtype]
    for (value, gradient), referee in pairs:
        assert value == pytest.approx(referee.item(), rel=tolerance)
        (expected,) = torch.autograd.grad(referee, z)
        assert gradient.dtype == dtype
        np.testing.assert_allclose(gradient, expected.numpy(), rtol=0, atol=tolerance * expected.abs().max().item())
    for loss, targets, referee in (
        (smooth, labels, pairs[1][1]),
        (SoftmaxCrossEntropy(0.0, weights), labels, weighted),
    ):
        assert loss.value(logits, targets) == pytest.approx(referee.item(), rel=tolerance)


def test_losses_match_central_differences(rng: np.random.Generator) -> None:
    z, labels, y = rng.standard_normal((5, 3)), rng.integers(0, 3, 5), softmax(rng.standard_normal((5, 3)))
    losses: list[Callable[[Array], tuple[float, Array]]] = [
        lambda z: SoftmaxCrossEntropy(0.2).value_and_gradient(z, labels),
        lambda z: SoftTargets(3.0).value_and_gradient(z, y),
        lambda z: QuadraticLoss().value_and_gradient(z, y),
        lambda z: SoftmaxQuadratic().value_and_gradient(z, y),
        lambda z: BinaryCrossEntropy().value_and_gradient(z, y),
        lambda z: SoftmaxCrossEntropy(0.2, (1.0, 3.0, 0.5)).value_and_gradient(z, labels),
        lambda z: Summed(SoftTargets(3.0)).value_and_gradient(z, y),
    ]
    for value_and_gradient in losses:
        direction = rng.standard_normal(z.shape)
        above, below = (value_and_gradient(z + step * direction)[0] for step in (1e-6, -1e-6))
        slope = float((value_and_gradient(z)[1] * direction).sum())
        assert slope == pytest.approx((above - below) / 2e-6, rel=1e-6)


P = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])  # softmax of its logarithms


def test_the_loss_is_the_mean_of_minus_log_p_of_the_right_class() -> None:
    labels = np.array([1, 0])
    expected = (np.log(4) + np.log(8)) / 2
    loss, dz = SoftmaxCrossEntropy().value_and_gradient(np.log(P) + 5, labels)
    assert loss == pytest.approx(expected)
    assert SoftmaxCrossEntropy().value(np.log(P) - 3, labels) == pytest.approx(expected)
    np.testing.assert_allclose(dz, [[0.25, -0.375, 0.125], [-0.4375, 0.0625, 0.375]], rtol=1e-12)
    np.testing.assert_allclose(softmax(np.log(P) + 1), P, rtol=1e-12)
    np.testing.assert_allclose(log_softmax(np.log(P) + 1), np.log(P), rtol=1e-12)


def test_smoothing_spreads_a_fraction_of_the_target_over_all_classes() -> None:
    labels = np.array([1, 0])
    y = np.array([[0.1, 0.8, 0.1], [0.8, 0.1, 0.1]])  # 1 - 0.3 at the right class, and 0.3 / 3 everywhere
    expected = -(y * np.log(P)).sum(axis=1).mean()
    loss, dz = SoftmaxCrossEntropy(0.3).value_and_gradient(np.log(P), labels)
    assert loss == pytest.approx(expected)
    assert SoftmaxCrossEntropy(0.3).value(np.log(P), labels) == pytest.approx(expected)
    np.testing.assert_allclose(dz, (P - y) / 2, rtol=1e-12)


def test_soft_targets_are_compared_at_their_temperature() -> None:
    y = np.array([[0.2, 0.3, 0.5], [0.6, 0.2, 0.2]])
    cross_entropy = -(y * np.log(P)).sum(axis=1).mean()
    for loss, temperature in ((SoftTargets(1.0), 1), (SoftTargets(3.0), 3)):
        value, dz = loss.value_and_gradient(temperature * np.log(P), y)
        assert value == pytest.approx(temperature**2 * cross_entropy)
        np.testing.assert_allclose(dz, temperature * (P - y) / 2, rtol=1e-12)


def test_the_quadratic_loss_is_the_mean_of_squares() -> None:
    value, da = QuadraticLoss().value_and_gradient(
        np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0], [3.0, 3.0]])
    )
    assert value == 5 / 4
    assert da.tolist() == [[0, 1], [0, 0.5]]


@pytest.mark.parametrize(
    "make", [lambda: SoftmaxCrossEntropy(1.0), lambda: SoftmaxCrossEntropy(-0.1), lambda: SoftTargets(0.0)]
)
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


def test_binary_cross_entropy_survives_what_overflows_the_exponential() -> None:
    logits = np.array([[1000.0, -1000.0, 0.0]], np.float32)
    loss, dz = BinaryCrossEntropy().value_and_gradient(logits, np.array([[0, 0, 1]], np.float32))
    assert loss == pytest.approx(1000 + np.log(2))
    assert dz.tolist() == [[1, 0, -0.5]]


def test_class_weights_of_one_change_nothing_and_those_of_zero_leave_nothing() -> None:
    labels, logits = np.array([1, 0]), np.log(P)
    plain, dz = SoftmaxCrossEntropy(0.3).value_and_gradient(logits, labels)
    same, same_dz = SoftmaxCrossEntropy(0.3, (2, 2, 2)).value_and_gradient(logits, labels)
    assert same == pytest.approx(plain)
    np.testing.assert_allclose(same_dz, dz, rtol=1e-12)
    loss, dz = SoftmaxCrossEntropy(0.0, (0, 0, 1)).value_and_gradient(logits, labels)
    assert loss == 0
    assert not dz.any()


LOGITS = np.array([[2.0, -1.0, 0.5], [0.0, 3.0, -2.0]])


@pytest.mark.parametrize(
    "loss", [SoftmaxCrossEntropy(), SoftmaxCrossEntropy(0.1), BinaryCrossEntropy(), QuadraticLoss()]
)
@pytest.mark.parametrize(
    "wrong",
    [np.array([0, -1]), np.array([0, 3]), np.array([[0], [1]]), np.array([0.0, 1.0]), np.array([0]), np.ones((2, 2))],
)
def test_targets_of_another_kind_are_refused_and_not_answered_wrongly(loss: Loss, wrong: Any) -> None:
    for ask in (loss.value, loss.value_and_gradient):
        with pytest.raises(ValueError, match=r"Labels are 2 whole numbers from 0 to 2, or rows of shape \(2, 3\)"):
            ask(LOGITS, wrong)


def test_rows_of_whole_numbers_are_the_probabilities_that_they_are() -> None:
    labels, rows = np.array([2, 0]), np.array([[0, 0, 1], [1, 0, 0]])
    for loss in (SoftmaxCrossEntropy(), SoftmaxCrossEntropy(0.2, (1, 2, 3)), BinaryCrossEntropy(), QuadraticLoss()):
        one, other = loss.value_and_gradient(LOGITS, labels), loss.value_and_gradient(LOGITS, rows)
        assert one[0] == pytest.approx(other[0])
        np.testing.assert_allclose(one[1], other[1], atol=1e-12)
    with pytest.raises(ValueError, match="sum 1"):
        SoftmaxCrossEntropy().value(LOGITS, np.array([[1, 1, 0], [1, 0, 0]]))


def test_one_output_is_compared_with_the_label_itself() -> None:
    """As rows (B, 1), and not one-hot: 0 would be learned as 1."""
    z, labels = np.array([[3.0], [3.0]]), np.array([0, 0])
    assert BinaryCrossEntropy().value(z, labels) == pytest.approx(np.log1p(np.exp(3)))
    assert QuadraticLoss().value(z, labels) == 9
    assert QuadraticLoss().value(z, np.array([[0.0], [0.0]])) == 9


def test_the_value_counts_the_weights_too() -> None:
    weighted = SoftmaxCrossEntropy(class_weights=[1.0, 10.0, 1.0])
    log_p, labels = log_softmax(LOGITS), np.array([1, 0])
    assert weighted.value(LOGITS, labels) == pytest.approx(-(10 * log_p[0, 1] + log_p[1, 0]) / 11)
    for wrong in ([1, -1, 1], [1, np.nan, 1], "balanced", {"a": 1}, [[1, 1, 1]]):
        with pytest.raises(ValueError, match="Class weights are a number of at least 0 for each class"):
            SoftmaxCrossEntropy(class_weights=wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="3 classes and 2 class weights"):
        SoftmaxCrossEntropy(class_weights=[1, 1]).value(LOGITS, labels)


def test_a_loss_reads_the_outputs_that_it_trained() -> None:
    np.testing.assert_allclose(SoftmaxCrossEntropy().probabilities(LOGITS).sum(axis=1), 1)
    np.testing.assert_allclose(BinaryCrossEntropy().probabilities(LOGITS), 1 / (1 + np.exp(-LOGITS)))
    assert QuadraticLoss().probabilities(LOGITS) is LOGITS
    assert (
        SoftmaxCrossEntropy().decided(LOGITS).tolist() == Summed(SoftmaxQuadratic()).decided(LOGITS).tolist() == [0, 1]
    )
    assert BinaryCrossEntropy().decided(LOGITS).tolist() == [[1, 0, 1], [0, 1, 0]]
    assert BinaryCrossEntropy().decided(LOGITS[:, :1]).tolist() == [1, 0]
    assert QuadraticLoss().decided(LOGITS[:, :1]).tolist() == [2.0, 0.0]


def test_a_kind_belongs_to_one_loss() -> None:
    with pytest.raises(ValueError, match="'cross-entropy' belongs to SoftmaxCrossEntropy; give Mine another"):

        class Mine(Loss):
            """Another loss under a known kind."""

            kind = "cross-entropy"

    assert LOSSES["cross-entropy"] is SoftmaxCrossEntropy
