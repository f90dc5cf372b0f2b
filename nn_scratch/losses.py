"""The loss: how wrong the network is, as one number, and the gradient of that number.

Learning needs a single number to reduce. Its derivative with respect to the outputs of the network is where
back-propagation starts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

from nn_scratch.arrays import Array, Labels


class Loss(Protocol):
    """Compares outputs (B, K) with targets, labels (B,) or rows of numbers (B, K): the loss L, and dL/dz (B, K)."""

    def value_and_gradient(self, logits: Array, y: Any, /) -> tuple[float, Array]: ...


def log_softmax(logits: Array) -> Array:
    """log p_k = z_k - log sum_j exp z_j, row by row: (B, K) -> (B, K).

    Adding a constant to a row of z changes nothing, so the largest number of the row is subtracted first. Then every
    exponent is at most 0, nothing overflows, and the sum is at least 1, so its logarithm is finite (log-sum-exp).
    """
    z = by_class(logits)  # (K, B)
    z -= z.max(axis=0)
    z -= np.log(np.exp(z).sum(axis=0))
    return by_class(z)


def softmax(logits: Array) -> Array:
    """p_k = exp z_k / sum_j exp z_j, row by row: probabilities, (B, K) -> (B, K) or, of one row, (K,) -> (K,)."""
    p = by_class(logits)  # (K, B) or (K,)
    p -= p.max(axis=0)
    np.exp(p, out=p)
    p /= p.sum(axis=0)
    return by_class(p)


def by_class(logits: Array) -> Array:
    """A copy of (B, K) with one row per class, (K, B), and the other way round; one row (K,) stays as it is.

    There are many examples and few classes, and NumPy finds the largest of each column, or its sum, several times
    faster in few long rows than that of each row in many short ones.
    """
    return np.array(logits.T, order="C")


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

    With `class_weights` (K,), an example counts as often as the weight w of its class says: the means over the batch
    become weighted means, with w_n / sum_n w_n in place of 1/B. So rare classes can count as much as frequent ones.
    """

    def __init__(self, smoothing: float = 0.0, class_weights: Sequence[float] | None = None) -> None:
        if not 0 <= smoothing < 1:
            raise ValueError(f"Label smoothing is at least 0 and below 1, not {smoothing}.")
        self.smoothing = smoothing
        self.class_weights = None if class_weights is None else np.array(class_weights)  # (K,)

    def value(self, logits: Array, labels: Labels) -> float:
        """The loss without its gradient: `logits` (B, K), `labels` (B,) class numbers."""
        log_p = log_softmax(logits)  # (B, K)
        right = -log_p[np.arange(len(labels)), labels].mean()
        return float(right - self.smoothing * (right + log_p.mean()))

    def value_and_gradient(self, logits: Array, labels: Labels) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from `logits` (B, K) and `labels` (B,) class numbers."""
        if self.class_weights is not None:
            return self.weighted(logits, labels, self.class_weights[labels])
        if self.smoothing:
            y = one_hot(labels, logits) * (1 - self.smoothing) + self.smoothing / logits.shape[1]
            return SoftTargets().value_and_gradient(logits, y.astype(logits.dtype))
        z = by_class(logits)  # (K, B)
        z -= z.max(axis=0)
        right = (labels, np.arange(len(labels)))
        right_scores = z[right]  # (B,)
        dz = np.exp(z, out=z)
        total = dz.sum(axis=0)  # (B,)
        loss = float((np.log(total) - right_scores).sum()) / len(labels)  # the mean of -log p of the right class
        dz /= total  # p
        dz[right] -= 1.0  # p - y
        dz /= len(labels)
        return loss, by_class(dz)

    def weighted(self, logits: Array, labels: Labels, weights: Array) -> tuple[float, Array]:
        """The same with `weights` (B,) of the examples. Where all of them are 0, so are the loss and its gradient."""
        log_p = log_softmax(logits)  # (B, K)
        y = one_hot(labels, logits) * (1 - self.smoothing) + self.smoothing / logits.shape[1]  # (B, K)
        fraction = weights / (weights.sum() or 1.0)  # (B,) of the batch
        dz = (np.exp(log_p) - y) * fraction[:, None]
        return -float(fraction @ (y * log_p).sum(axis=1)), dz.astype(logits.dtype)


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


class BinaryCrossEntropy:
    """K independent questions, yes or no: L = -1/B sum_n sum_k (y_nk log a_nk + (1 - y_nk) log(1 - a_nk)).

    A softmax shares out one probability among the classes; here each class has its own, so several may be right at
    once, or none. With a = 1 / (1 + exp(-z)), log a = -log(1 + exp(-z)) and log(1 - a) = log a - z, so one term is

        l = log(1 + exp(-z)) + (1 - y) z = max(z, 0) - y z + log(1 + exp(-|z|)),

    in which no exponent is above 0, so nothing overflows and no logarithm of 0 is taken. Its slope is

        dl/dz = 1 - exp(-z) / (1 + exp(-z)) - y = a - y,

    the same difference as for softmax. (In many programs the sigmoid is a layer, and the slope of the loss is
    (a - y) / (a (1 - a)), which is 0 / 0 where the network is sure.)
    """

    def value_and_gradient(self, logits: Array, y: Array | Labels) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from `logits` (B, K) and `y`, labels (B,) or numbers (B, K) from 0 to 1."""
        y = as_rows(y, logits)
        loss = np.maximum(logits, 0) - y * logits + np.log1p(np.exp(-np.abs(logits)))  # (B, K)
        dz: Array = (0.5 * np.tanh(0.5 * logits) + 0.5 - y) / len(y)  # sigmoid by tanh, as in `Sigmoid`
        return float(loss.sum() / len(y)), dz


class QuadraticLoss:
    """The mean squared error, L = 1 / (B K) sum_n sum_k (a_nk - y_nk)^2, and dL/da = 2 (a - y) / (B K)."""

    def value_and_gradient(self, a: Array, y: Array | Labels) -> tuple[float, Array]:
        """The loss and dL/da (B, K), from outputs `a` (B, K) and targets `y`, labels (B,) or numbers (B, K)."""
        da: Array = a - as_rows(y, a)
        loss = float(np.square(da).mean())
        da *= 2 / da.size
        return loss, da


class SoftmaxQuadratic:
    """The quadratic loss of probabilities p = softmax(z), also called the Brier score (Brier 1950).

    By the chain rule through the softmax, whose slopes are dp_k/dz_i = p_k ([k = i] - p_i),

        dL/dz_i = p_i (dL/dp_i - sum_k p_k dL/dp_k).

    Here the factor p_i is right: it belongs to this loss, which therefore learns little from mistakes of which the
    network is sure. That is why cross-entropy has taken its place.
    """

    def value_and_gradient(self, logits: Array, y: Array | Labels) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from `logits` (B, K) and `y`, labels (B,) or probabilities (B, K)."""
        p = softmax(logits)
        loss, dp = QuadraticLoss().value_and_gradient(p, y)
        dz: Array = p * (dp - (p * dp).sum(axis=1, keepdims=True))
        return loss, dz


class Summed:
    """Another loss as the sum over the batch in place of the mean: L and dL/dz times B.

    A step is then as long as the sum of the steps of its examples, so the learning rate must suit the batch size.
    """

    def __init__(self, loss: Loss) -> None:
        self.loss = loss

    def value_and_gradient(self, logits: Array, y: Any) -> tuple[float, Array]:
        """The sum of the losses of all examples and its gradient dL/dz (B, K)."""
        value, dz = self.loss.value_and_gradient(logits, y)
        return value * len(logits), dz * len(logits)


LOSSES: dict[str, Callable[..., Loss]] = {
    "cross-entropy": SoftmaxCrossEntropy,
    "binary": BinaryCrossEntropy,
    "quadratic": SoftmaxQuadratic,
}


def as_rows(y: Array | Labels, logits: Array) -> Array:
    """Targets as rows (B, K): `y` itself, or one-hot where `y` are labels (B,)."""
    return one_hot(y, logits) if y.ndim == 1 else y  # type: ignore[arg-type,return-value]  # told apart by their shape


def one_hot(labels: Labels, logits: Array) -> Array:
    """`labels` (B,) as rows that are 1 at the right class and 0 elsewhere, shaped and typed as `logits` (B, K)."""
    y = np.zeros_like(logits)
    y[np.arange(len(labels)), labels] = 1.0
    return y
