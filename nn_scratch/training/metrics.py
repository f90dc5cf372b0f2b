"""Evaluation: how good a network is on images it was not trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array
from nn_scratch.data.dataset import Dataset
from nn_scratch.nn.losses import SoftmaxCrossEntropy, softmax
from nn_scratch.nn.network import Network
from nn_scratch.training.calibration import expected_calibration_error


@dataclass(frozen=True)
class Score:
    """What a network reached on a data set.

    Attributes:
        loss: mean cross-entropy, in nats.
        calibration_error: the mean distance between how sure and how right it was, 0 ... 1 (`calibration`).
        writer_accuracy: the mean over writers of each one's accuracy; None where they are not known.
        confusion: (K, K) counts: row the right class, column the class that the network named.
        classes: the names of the K classes.
    """

    loss: float
    calibration_error: float
    writer_accuracy: float | None
    confusion: NDArray[np.int64]
    classes: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        """The part of examples named rightly, 0 ... 1."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def class_accuracy(self) -> dict[str, float]:
        """The same for the examples of each class; classes without examples are left out."""
        right, count = np.diag(self.confusion), self.confusion.sum(axis=1)
        return {name: float(r / n) for name, r, n in zip(self.classes, right, count, strict=True) if n}


def evaluate(network: Network, data: Dataset) -> Score:
    """Score `network` on `data`, which has the same classes.

    Raises:
        ValueError: the classes differ, or there are no examples.
    """
    if network.classes != data.classes:
        raise ValueError(f"The network knows {' '.join(network.classes)}, but the data shows {' '.join(data.classes)}.")
    if not len(data):
        raise ValueError("There are no examples to evaluate.")
    logits = network.logits(data.images)
    named = logits.argmax(axis=1)
    classes = len(data.classes)
    return Score(
        SoftmaxCrossEntropy().value(logits, data.labels),
        expected_calibration_error(softmax(logits), data.labels),
        None if data.writers is None else mean_by(data.writers, named == data.labels),
        np.bincount(data.labels * classes + named, minlength=classes**2).reshape(classes, classes),
        data.classes,
    )


def mean_by(groups: NDArray[np.int64], values: NDArray[np.bool_]) -> float:
    """The mean over all `groups` (N,) of the mean of each one's `values` (N,)."""
    sizes = np.bincount(groups)
    means = np.bincount(groups, values)[sizes > 0] / sizes[sizes > 0]
    return float(means.mean())


@dataclass(frozen=True)
class Mistakes:
    """Examples that a network got wrong, the surest first.

    Attributes:
        rows: (M,) their numbers in the data set.
        taken_for: (M,) the numbers of the classes that the network named.
        probability: (M,) what it gave them.
    """

    rows: NDArray[np.int64]
    taken_for: NDArray[np.int64]
    probability: Array


def worst_mistakes(network: Network, data: Dataset, count: int) -> Mistakes:
    """The at most `count` examples of `data` that `network` names wrongly and is surest of."""
    p = network.predict_proba(data.images)  # (N, K)
    taken_for = p.argmax(axis=1)
    wrong = np.flatnonzero(taken_for != data.labels)
    rows = wrong[np.argsort(-p[wrong, taken_for[wrong]], kind="stable")][:count]
    return Mistakes(rows, taken_for[rows], p[rows, taken_for[rows]])
