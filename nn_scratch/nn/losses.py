"""The loss: how wrong the network is, as one number, and the gradient of that number.

Learning needs a single number to reduce. Its derivative with respect to the outputs of the network is where
back-propagation starts.
"""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array, Labels


def log_softmax(logits: Array) -> Array:
    """log p_k = z_k - log sum_j exp z_j, row by row: (B, K) -> (B, K).

    Adding a constant to a row of z changes nothing, so the largest number of the row is subtracted first. Then every
    exponent is at most 0, nothing overflows, and the sum is at least 1, so its logarithm is finite (log-sum-exp).
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

    This already contains the Jacobian of the softmax, diag(p) - p p^T, so there is nothing left to multiply by. With a
    further factor p (1 - p), as in many programs, it would be the gradient of another loss, which hardly learns from
    its worst mistakes, where p is near 0.
    Source: Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs" (1990).

    With label `smoothing` s, y is 1 - s at the right class, plus s / K at each class. A network that is never asked for
    p = 1 does not drive its logits to infinity (Szegedy et al. 2016). `SoftTargets` takes any y.
    """

    def __init__(self, smoothing: float = 0.0) -> None:
        if not 0 <= smoothing < 1:
            raise ValueError(f"Label smoothing is at least 0 and below 1, not {smoothing}.")
        self.smoothing = smoothing

    def value(self, logits: Array, labels: Labels) -> float:
        """The loss without its gradient: `logits` (B, K), `labels` (B,) class numbers."""
        log_p = log_softmax(logits)  # (B, K)
        right = -log_p[np.arange(len(labels)), labels].mean()
        return float(right - self.smoothing * (right + log_p.mean()))

    def value_and_gradient(self, logits: Array, labels: Labels) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from `logits` (B, K) and `labels` (B,) class numbers."""
        if self.smoothing:
            y = one_hot(labels, logits) * (1 - self.smoothing) + self.smoothing / logits.shape[1]
            return SoftTargets().value_and_gradient(logits, y.astype(logits.dtype))
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


class SoftTargets:
    """The same loss for any probabilities `y` (B, K), such as those of a larger network, the teacher.

    With a `temperature` T, p = softmax(z / T), and `y` must be softened by the same T: that shows the teacher's
    probabilities of the wrong classes too. By the chain rule the gradient has a factor 1 / T, and p - y itself shrinks
    like another 1 / T. So the loss is multiplied by T^2, which keeps its gradient as large as that of other losses:

        L = -T^2 / B sum_n sum_k y_nk log p_nk,    dL/dz = T (p - y) / B.

    Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015).
    """

    def __init__(self, temperature: float = 1.0) -> None:
        if not temperature > 0:
            raise ValueError(f"A temperature is above 0, not {temperature}.")
        self.temperature = temperature

    def value_and_gradient(self, logits: Array, y: Array) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from `logits` and `y`, both (B, K); each row of `y` has the sum 1."""
        log_p = log_softmax(logits / self.temperature)  # (B, K)
        loss = -float((y * log_p).sum()) * self.temperature**2 / len(y)
        dz: Array = (np.exp(log_p) - y) * (self.temperature / len(y))
        return loss, dz


class QuadraticLoss:
    """The mean squared error, L = 1 / (B K) sum_n sum_k (a_nk - y_nk)^2, and dL/da = 2 (a - y) / (B K)."""

    def value_and_gradient(self, a: Array, y: Array) -> tuple[float, Array]:
        """The loss and dL/da (B, K), from outputs `a` and targets `y`, both (B, K)."""
        da: Array = a - y
        loss = float(np.square(da).mean())
        da *= 2 / da.size
        return loss, da


def one_hot(labels: Labels, logits: Array) -> Array:
    """`labels` (B,) as rows that are 1 at the right class and 0 elsewhere, shaped and typed as `logits` (B, K)."""
    y = np.zeros_like(logits)
    y[np.arange(len(labels)), labels] = 1.0
    return y
