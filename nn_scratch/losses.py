"""The loss: how wrong the network is, as one number; the gradient of that number; and how outputs are read.

Learning needs a single number to reduce. Its derivative with respect to the outputs of the network is where
back-propagation starts. And what the outputs mean follows from the loss that they were trained with: scores whose
softmax are probabilities, independent questions, or the numbers themselves. So everybody who reads a network, from
`predict` to the app, asks its loss.

Targets y are labels (B,), whole numbers from 0; or rows of numbers (B, K), such as probabilities or several labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, dataclass_transform

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_scratch.arrays import Array, Labels


def by_class(logits: Array) -> Array:
    """A copy of (B, K) with one row per class, (K, B), and the other way round; one row (K,) stays as it is.

    There are many examples and few classes, and NumPy finds the largest of each column, or its sum, several times
    faster in few long rows than that of each row in many short ones.
    """
    return np.array(logits.T, order="C")


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


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z)), by tanh, which never overflows."""
    return 0.5 * np.tanh(0.5 * z) + 0.5


def one_hot(labels: Labels, logits: Array) -> Array:
    """`labels` (B,) as rows that are 1 at the right class and 0 elsewhere, shaped and typed as `logits` (B, K)."""
    y = np.zeros_like(logits)
    y[np.arange(len(labels)), labels] = 1.0
    return y


def check_labels(y: NDArray[Any], logits: Array) -> Labels:
    """`y` as labels of `logits` (B, K); ValueError unless they are B whole numbers from 0 to K - 1."""
    fits = y.shape == logits.shape[:1] and y.dtype.kind in "iu"
    if fits and (not len(y) or (y.min() >= 0 and y.max() < logits.shape[1])):
        return y
    raise ValueError(
        f"Labels are {len(logits)} whole numbers from 0 to {logits.shape[1] - 1}, or rows of shape {logits.shape}, not "
        f"{y.dtype} {y.shape} from {y.min(initial=0)} to {y.max(initial=0)}."
    )


LOSSES: dict[str, type[Loss]] = {}  # by kind, for model files and commands


@dataclass_transform()
class Loss:
    """Compares outputs z (B, K) with targets, and reads outputs. A new loss is a dataclass with these methods.

    `kind` names it in model files, so that the same outputs are read in the same way after loading.
    """

    kind: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        """Make the class a dataclass, and known to model files if it has a kind of its own."""
        dataclass(cls)
        if "kind" in vars(cls):
            known = LOSSES.get(cls.kind, cls)  # the same class may be defined again, as in a notebook
            if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
                raise ValueError(f"The kind {cls.kind!r} belongs to {known.__name__}; give {cls.__name__} another.")
            LOSSES[cls.kind] = cls

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        """The loss L, the mean over the batch, and dL/dz (B, K)."""
        raise NotImplementedError(f"{type(self).__name__} needs a method value_and_gradient(z, y).")

    def value(self, z: Array, y: Any) -> float:
        """The loss without its gradient."""
        return self.value_and_gradient(z, y)[0]

    def probabilities(self, z: Array) -> Array:
        """What outputs (B, K) say: probabilities of classes that exclude each other."""
        return softmax(z)

    def decided(self, z: Array) -> NDArray[Any]:
        """The answer to each row: the number of the likeliest class, (B, K) -> (B,) or, of one row, (K,) -> ()."""
        return z.argmax(axis=-1)

    def reader(self) -> Loss:
        """The loss that reads outputs as this one does, and which model files name."""
        return self


class SoftmaxCrossEntropy(Loss):
    """Softmax and cross-entropy as one loss: L = -1/B sum_n sum_k y_nk log p_nk, with p = softmax(z).

    `y` is 1 at the right class and 0 elsewhere, so L is the mean of -log p at the right class; or any probabilities.

    The gradient. For one example, log p_k = z_k - log sum_j exp z_j, and

        d log p_k / dz_i = [k = i] - exp z_i / sum_j exp z_j = [k = i] - p_i.

    So dL/dz_i = -sum_k y_k ([k = i] - p_i) = -y_i + p_i sum_k y_k = p_i - y_i, because the y_k sum to 1;
    with the mean over the batch,

        dL/dz = (p - y) / B.

    This already contains the Jacobian of the softmax, diag(p) - p p^T, so there is nothing left to multiply by. With a
    further factor p (1 - p), as in many programs, it would be the gradient of another loss, which hardly learns from
    its worst mistakes, where p is near 0.
    Source: Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs" (1990).

    Attributes:
        smoothing: with s, y becomes (1 - s) y + s / K. A network that is never asked for p = 1 does not drive its
            logits to infinity (Szegedy et al. 2016).
        class_weights: (K,) an example counts as often as the weight w of its class says (of probabilities, their mean
            weight): w_n / sum_n w_n takes the place of 1/B. So rare classes can count as much as frequent ones.
        temperature: with T, p = softmax(z / T), and the probabilities of a teacher must be softened by the same T; that
            shows its probabilities of the wrong classes too. By the chain rule the gradient has a factor 1 / T, and
            p - y itself shrinks like another 1 / T. So the loss is multiplied by T^2, which keeps its gradient as large
            as before: dL/dz = T (p - y) / B. Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural
            Network" (2015).
    """

    kind = "cross-entropy"
    smoothing: float = 0.0
    class_weights: ArrayLike | None = None
    temperature: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.smoothing < 1:
            raise ValueError(f"Label smoothing is at least 0 and below 1, not {self.smoothing}.")
        if not 0.01 <= self.temperature <= 100:  # beyond these, float32 cannot tell the probabilities apart
            raise ValueError(f"A temperature is from 0.01 to 100, not {self.temperature}.")
        if self.class_weights is not None:
            weights = np.asarray(self.class_weights)
            if weights.dtype.kind not in "iuf" or weights.ndim != 1 or not (weights >= 0).all():
                raise ValueError(f"Class weights are a number of at least 0 for each class, not {self.class_weights}.")
            self.class_weights = weights

    def value(self, z: Array, y: Any) -> float:
        """The loss without its gradient, for all examples at once."""
        y = self.checked(y, z)
        if self.is_plain and y.ndim == 1:
            return float(-log_softmax(z)[np.arange(len(y)), y].mean())
        return self.of_rows(z, y)[0]

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from logits `z` (B, K) and `y`: labels (B,), or probabilities (B, K).

        Raises:
            ValueError: the targets are neither.
        """
        y = self.checked(y, z)
        if not self.is_plain or y.ndim == 2:
            return self.of_rows(z, y)
        p = by_class(z)  # (K, B)
        p -= p.max(axis=0)
        right = (y, np.arange(len(y)))
        right_scores = p[right]  # (B,)
        np.exp(p, out=p)
        total = p.sum(axis=0)  # (B,)
        loss = float((np.log(total) - right_scores).sum()) / len(y)  # the mean of -log p of the right class
        p /= total
        p[right] -= 1.0  # p - y
        p /= len(y)
        return loss, by_class(p)

    @property
    def is_plain(self) -> bool:
        """Whether only the right class counts, and every example the same: then no row of targets is made."""
        return not self.smoothing and self.class_weights is None and self.temperature == 1

    def of_rows(self, z: Array, y: NDArray[Any]) -> tuple[float, Array]:
        """The same with smoothing, weights and temperature. Where all weights are 0, so are loss and gradient."""
        T, K, weights = self.temperature, z.shape[1], self.class_weights
        if weights is not None:
            weights = np.asarray(weights)
            if len(weights) != K:
                raise ValueError(f"There are {K} classes and {len(weights)} class weights; give one for each.")
            weights = weights[y] if y.ndim == 1 else y @ weights  # (B,)
            weights = weights / (weights.sum() or 1.0)
        y = one_hot(y, z) if y.ndim == 1 else y  # (B, K)
        if self.smoothing:
            y = (y * (1 - self.smoothing) + self.smoothing / K).astype(z.dtype)
        log_p = log_softmax(z / T)  # (B, K)
        dz = np.exp(log_p) - y
        if weights is None:
            return -float((y * log_p).sum()) * T**2 / len(z), (dz * (T / len(z))).astype(z.dtype, copy=False)
        loss = -float(weights @ (y * log_p).sum(axis=1)) * T**2
        return loss, (dz * (T * weights[:, None])).astype(z.dtype)

    def checked(self, y: Any, z: Array) -> NDArray[Any]:
        """`y` as labels (B,) or as rows of probabilities (B, K); ValueError if it is neither."""
        y = np.asarray(y)
        if y.shape != z.shape or z.ndim != 2:
            return check_labels(y, z)
        if y.size and not (y.min() >= 0 and np.abs(y.sum(axis=1) - 1).max() < 1e-3):
            raise ValueError("Rows of targets are probabilities: at least 0, and with the sum 1.")
        return y


class BinaryCrossEntropy(Loss):
    """K independent questions, yes or no: L = -1/B sum_n sum_k (y_nk log a_nk + (1 - y_nk) log(1 - a_nk)).

    A softmax shares out one probability among the classes; here each class has its own, so several may be right at
    once, or none; or there is one output for a single question. With a = 1 / (1 + exp(-z)), log a = -log(1 + exp(-z))
    and log(1 - a) = log a - z, so one term is

        l = log(1 + exp(-z)) + (1 - y) z = max(z, 0) - y z + log(1 + exp(-|z|)),

    in which no exponent is above 0, so nothing overflows and no logarithm of 0 is taken. Its slope is

        dl/dz = 1 - exp(-z) / (1 + exp(-z)) - y = a - y,

    the same difference as for softmax. (In many programs the sigmoid is a layer, and the slope of the loss is
    (a - y) / (a (1 - a)), which is 0 / 0 where the network is sure.)
    """

    kind = "binary"

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        """The loss and dL/dz (B, K), from logits `z` (B, K) and `y`: labels (B,), or numbers (B, K) from 0 to 1."""
        y = as_rows(y, z)
        if y.size and not (y.min() >= 0 and y.max() <= 1):
            raise ValueError("The targets of the binary loss are from 0 to 1.")
        loss = np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))  # (B, K)
        return float(loss.sum() / len(y)), (sigmoid(z) - y) / len(y)

    def probabilities(self, z: Array) -> Array:
        """The probability of yes to each question, (B, K)."""
        return sigmoid(z)

    def decided(self, z: Array) -> NDArray[Any]:
        """1 where the answer is yes and 0 where it is no, (B, K); of one question (B,)."""
        yes = (z > 0).astype(np.int64)
        return yes[..., 0] if z.shape[-1] == 1 else yes


class QuadraticLoss(Loss):
    """The mean squared error, L = 1 / (B K) sum_n sum_k (a_nk - y_nk)^2, and dL/da = 2 (a - y) / (B K)."""

    kind = "quadratic"

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        """The loss and dL/da (B, K), from outputs `z` = a (B, K) and `y` as `as_rows` takes them."""
        da = z - as_rows(y, z)
        loss = float(np.square(da).mean())
        da *= 2 / da.size
        return loss, da

    def probabilities(self, z: Array) -> Array:
        """The outputs as they are: they are no probabilities."""
        return z

    def decided(self, z: Array) -> NDArray[Any]:
        """The outputs as they are, (B, K); of a single one (B,)."""
        return z[..., 0] if z.shape[-1] == 1 else z


def loss_of(loss: Loss | str) -> Loss:
    """`loss` itself, or the loss of that name; ValueError or TypeError if there is none."""
    if isinstance(loss, str):
        if loss not in LOSSES:
            raise ValueError(f"There is no loss {loss!r}; choose one of {', '.join(LOSSES)}.")
        return LOSSES[loss]()
    if not isinstance(loss, Loss):
        raise TypeError(f"A loss is an object such as QuadraticLoss(), or the name of one, not {loss!r}.")
    return loss


def as_rows(y: Any, z: Array) -> Array:
    """Targets as rows like `z` (B, K): (B, K) as they are, (B,) of a single output as a column, other labels one-hot.

    Raises:
        ValueError: they have another shape.
    """
    y = np.asarray(y)
    if y.shape == z.shape:
        return y.astype(z.dtype, copy=False)
    if z.ndim == 2 and z.shape[1] == 1 and y.shape == z.shape[:1]:
        return y[:, None].astype(z.dtype, copy=False)
    return one_hot(check_labels(y, z), z)
