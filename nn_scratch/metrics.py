"""Evaluation: how good a network is on examples that it was not trained on.

What a network gets right on its training set may be learned by heart. Only images that it has never seen tell how well
it reads; and one number hides much, so a score also tells which classes are confused, how the writers fare, and whether
the probabilities mean what they say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array, Labels
from nn_scratch.dataset import Dataset
from nn_scratch.losses import Loss, SoftmaxCrossEntropy
from nn_scratch.network import Network

BINS = 15  # of confidence


@dataclass(frozen=True)
class Score:
    """What a network reached on a data set. What there is not, where there are no classes, is NaN or empty.

    Attributes:
        loss: the mean of the loss that the network was trained with; of cross-entropy, in nats.
        accuracy: the fraction of examples, or of several labels, that are answered correctly, from 0 to 1.
        calibration_error: the expected calibration error, from 0 to 1.
        writer_accuracy: the mean over writers of the accuracy of each; None where the writers are not known.
        confusion: (K, K) counts: row the right class, column the predicted one.
        classes: the K classes.
    """

    loss: float
    accuracy: float
    calibration_error: float
    writer_accuracy: float | None
    confusion: NDArray[np.int64]
    classes: tuple[str, ...]

    @property
    def class_accuracy(self) -> dict[str, float]:
        """The accuracy on the examples of each class; classes without examples are left out."""
        right, count = np.diag(self.confusion), self.confusion.sum(axis=1)
        return {label: float(r / n) for label, r, n in zip(self.classes, right, count, strict=False) if n}


def check_fit(network: Network, data: Dataset) -> None:
    """ValueError unless `data` has examples, the classes of `network`, and images of the size that it reads.

    A network of one output may answer one question about two classes.
    """
    asked = data.classes[1:] if data.has_classes and len(network.classes) == 1 and len(data.classes) == 2 else None
    if data.classes != network.classes and asked is None:
        raise ValueError(f"The network knows {' '.join(network.classes)}, but the data shows {' '.join(data.classes)}.")
    if not len(data):
        raise ValueError("There are no examples in the data.")
    if data.has_classes and len(data.classes) < 2:
        raise ValueError(f"There is one class, {data.classes[0]}, so there is nothing to tell apart; give two.")
    size = data.images.shape[1:]
    if math.prod(size) != math.prod(network.input_shape):
        raise ValueError(f"The network reads inputs of shape {network.input_shape}, but the images have shape {size}.")


def evaluate(network: Network, data: Dataset) -> Score:
    """Score `network` on `data`, which has the same classes.

    Raises:
        ValueError: the classes or the sizes of the images differ, or there are no examples.
        FloatingPointError: the network gives numbers that are not finite.
    """
    check_fit(network, data)
    return score_of(network.logits(data.images), data, network.loss)


def score_of(logits: Array, data: Dataset, loss: Loss | None = None) -> Score:
    """The score of a network that gives `logits` (N, K) for `data`, and was trained with `loss`, or cross-entropy.

    Raises:
        FloatingPointError: there are numbers that are not finite.
    """
    if not np.isfinite(logits).all():
        raise FloatingPointError("the network gives numbers that are not finite")
    loss = loss or SoftmaxCrossEntropy()
    value = loss.value(logits, data.labels)
    if not data.has_classes:
        right = as_classes(loss.decided(logits)).reshape(data.labels.shape) == data.labels
        accuracy = float(right.mean()) if data.labels.dtype.kind == "i" else math.nan
        return Score(value, accuracy, math.nan, None, np.zeros((0, 0), np.int64), data.classes)
    predicted = classes_read(loss, logits)  # (N,)
    p, classes = loss.probabilities(logits), len(data.classes)
    p = np.concatenate([1 - p, p], axis=1) if p.shape[1] == 1 else p  # of yes alone
    right = predicted == data.labels  # (N,)
    return Score(
        value,
        float(right.mean()),
        expected_calibration_error(p, data.labels),
        None if data.writers is None else mean_by(data.writers, right),
        np.bincount(data.labels * classes + predicted, minlength=classes**2).reshape(classes, classes),
        data.classes,
    )


def classes_read(loss: Loss, logits: Array) -> Labels:
    """The number of the class that each row of `logits` (N, K) is read as, (N,): of several questions, the surest."""
    return logits.argmax(axis=1) if logits.shape[1] > 1 else as_classes(loss.decided(logits).reshape(len(logits)))


def as_classes(decided: NDArray[Any]) -> Labels:
    """What a loss has `decided`, of any shape, as whole numbers: a predicted number counts as the nearer of 0 and 1."""
    return decided if decided.dtype.kind == "i" else (decided > 0.5).astype(np.int64)


def expected_calibration_error(p: Array, labels: Labels) -> float:
    """The mean distance between confidence and accuracy, over bins of about equal confidence: 0 to 1.

    `p` (N, K) probabilities, `labels` (N,). The confidence is the highest probability; the 15 bins are equally wide.
    Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017).
    """
    confidence = p.max(axis=1)  # (N,)
    right = p.argmax(axis=1) == labels  # (N,)
    gap = np.bincount(bins_of(confidence), right - confidence, minlength=BINS)  # (BINS,) sums over the examples of each
    return float(np.abs(gap).sum() / len(labels))


def bins_of(confidence: Array) -> NDArray[np.int64]:
    """The number (N,) of the bin that each `confidence` (N,) falls into."""
    return (confidence * BINS).astype(np.int64).clip(0, BINS - 1)


def mean_by(groups: NDArray[np.int64], values: NDArray[np.bool_]) -> float:
    """The mean over all `groups` (N,) of the mean of each one's `values` (N,)."""
    sizes = np.bincount(groups)
    means = np.bincount(groups, values)[sizes > 0] / sizes[sizes > 0]
    return float(means.mean())


@dataclass(frozen=True)
class Mistakes:
    """Examples that a network predicts wrongly, those of the highest confidence first.

    Attributes:
        rows: (M,) their numbers in the data set.
        taken_for: (M,) the numbers of the predicted classes.
        probability: (M,) the probabilities of the predicted classes.
    """

    rows: NDArray[np.int64]
    taken_for: NDArray[np.int64]
    probability: Array


def worst_mistakes(network: Network, data: Dataset, count: int) -> Mistakes:
    """At most `count` examples of `data` that `network` predicts wrongly, with the highest confidence."""
    p = network.predict_proba(data.images)  # (N, K)
    taken_for = p.argmax(axis=1)
    wrong = np.flatnonzero(taken_for != data.labels)
    rows = wrong[np.argsort(-p[wrong, taken_for[wrong]], kind="stable")][:count]
    return Mistakes(rows, taken_for[rows], p[rows, taken_for[rows]])
