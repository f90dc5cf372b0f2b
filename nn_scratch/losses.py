"""The loss: how wrong the network is, as one number, and its gradient, where learning starts."""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array, Labels


def log_softmax(logits: Array) -> Array:
    """log p_k = z_k - log sum_j exp z_j, row by row: (B, K) -> (B, K).

    Adding a constant to a row of z changes nothing, so the row's largest is taken off first: every exponent is then
    at most 0, nothing overflows, and the sum is at least 1, so its logarithm is finite (log-sum-exp).
    """
    shifted: Array = logits - logits.max(axis=1, keepdims=True)  # (B, K)
    shifted -= np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return shifted


def softmax(logits: Array) -> Array:
    """p_k = exp z_k / sum_j exp z_j, row by row: probabilities, (B, K) -> (B, K)."""
    p: Array = np.exp(logits - logits.max(axis=1, keepdims=True))  # (B, K)
    p /= p.sum(axis=1, keepdims=True)
    return p


class SoftmaxCrossEntropy:
    """Softmax and cross-entropy as one loss: L = -1/B sum_n sum_k y_nk log p_nk, with p = softmax(z).

    `y` is 1 at the right class and 0 elsewhere, so L is the mean of -log p at the right class.

    The gradient. For one example, log p_k = z_k - log sum_j exp z_j, and

        d log p_k / dz_i = [k = i] - exp z_i / sum_j exp z_j = [k = i] - p_i.

    So dL/dz_i = -sum_k y_k ([k = i] - p_i) = -y_i + p_i sum_k y_k = p_i - y_i, because the y_k sum to 1;
    with the mean over the batch,

        dL/dz = (p - y) / B.

    The Jacobian of the softmax, diag(p) - p p^T, is all in there: nothing is left to multiply by. A further factor
    p (1 - p), as in many a program, would make it the gradient of another loss, one that hardly learns from its worst
    mistakes, where p is near 0.
    Source: Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs" (1990).
    """

    def value(self, logits: Array, labels: Labels) -> float:
        """The loss alone: `logits` (B, K), `labels` (B,) class numbers."""
        return float(-log_softmax(logits)[np.arange(len(labels)), labels].mean())

    def value_and_gradient(self, logits: Array, labels: Labels) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from `logits` (B, K) and `labels` (B,) class numbers."""
        shifted = logits - logits.max(axis=1, keepdims=True)  # (B, K)
        right = (np.arange(len(labels)), labels)
        right_scores = shifted[right]  # (B,)
        dz = np.exp(shifted, out=shifted)
        total = dz.sum(axis=1, keepdims=True)  # (B, 1)
        loss = float((np.log(total[:, 0]) - right_scores).mean())  # -log p of the right class
        dz /= total  # p
        dz[right] -= 1.0  # p - y
        dz /= len(labels)
        return loss, dz
