"""Losses for comparison: what cross-entropy has replaced."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from nn_scratch.arrays import Array
from nn_scratch.losses import Loss, QuadraticLoss, softmax


class SoftmaxQuadratic(Loss):
    """The quadratic loss of probabilities p = softmax(z), also called the Brier score (Brier 1950).

    By the chain rule through the softmax, whose slopes are dp_k/dz_i = p_k ([k = i] - p_i),

        dL/dz_i = p_i (dL/dp_i - sum_k p_k dL/dp_k).

    Here the factor p_i is right: it belongs to this loss, which therefore learns little from mistakes of which the
    network is sure. That is why cross-entropy has taken its place.
    """

    kind = "softmax-quadratic"

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from `z` (B, K) and `y`: labels (B,), or probabilities (B, K)."""
        p = softmax(z)
        loss, dp = QuadraticLoss().value_and_gradient(p, y)
        return loss, p * (dp - (p * dp).sum(axis=1, keepdims=True))


class Summed(Loss):
    """Another loss as the sum over the batch in place of the mean: L and dL/dz times B.

    A step is then as long as the sum of the steps of its examples, so the learning rate must suit the batch size.
    """

    loss: Loss

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        """The sum of the losses of all examples and its gradient dL/dz (B, K)."""
        value, dz = self.loss.value_and_gradient(z, y)
        return value * len(z), dz * len(z)

    def probabilities(self, z: Array) -> Array:
        return self.loss.probabilities(z)

    def decided(self, z: Array) -> NDArray[Any]:
        return self.loss.decided(z)

    def reader(self) -> Loss:
        return self.loss.reader()
