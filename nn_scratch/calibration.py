"""Calibration: probabilities that mean what they say.

Of all answers given with 90 %, nine in ten should be right. Networks that are trained until they make no mistake on
their training set are too confident. One number, the temperature T, corrects that: softmax(z / T) keeps the order of
the classes and spreads or sharpens the probabilities. It is fitted on validation examples and, since z is linear in the
last layer's W and b, divided into them: a calibrated network is an ordinary one. Likewise, constants added to the last
layer's b correct for classes that were shown too often, or move the border between two classes.
Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array, Labels
from nn_scratch.dataset import Dataset
from nn_scratch.layers import Dense
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.metrics import BINS, bins_of, check_fit
from nn_scratch.network import Network


@dataclass(frozen=True)
class Reliability:
    """How often answers of about the same confidence are right: a point of the calibration curve for each bin.

    Attributes:
        count: (BINS,) how many examples fall into each bin.
        confidence: (BINS,) their mean confidence, 0 to 1; NaN without examples.
        accuracy: (BINS,) the fraction of them that is right, 0 to 1; NaN without examples.
    """

    count: NDArray[np.int64]
    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]


def reliability(p: Array, labels: Labels) -> Reliability:
    """The calibration curve of probabilities `p` (N, K) for `labels` (N,).

    Source: Niculescu-Mizil and Caruana, "Predicting Good Probabilities with Supervised Learning" (2005).
    """
    confidence = p.max(axis=1)  # (N,)
    bins = bins_of(confidence)  # (N,)
    count = np.bincount(bins, minlength=BINS)
    examples = np.where(count > 0, count, np.nan)  # (BINS,)
    sums = (np.bincount(bins, values, BINS) for values in (confidence, p.argmax(axis=1) == labels))
    mean_confidence, accuracy = (total / examples for total in sums)
    return Reliability(count, mean_confidence, accuracy)


def best_temperature(logits: Array, labels: Labels) -> float:
    """The T with the least cross-entropy of `logits` (N, K) / T, between 1/10 and 10, to one part in a thousand.

    The loss falls and then rises again with log T, so golden-section search finds the bottom (Kiefer 1953).
    """
    loss = SoftmaxCrossEntropy()
    low, high, golden = np.log(0.1), np.log(10.0), (np.sqrt(5) - 1) / 2
    while high - low > 1e-3:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if loss.value(logits / np.exp(left), labels) < loss.value(logits / np.exp(right), labels):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def calibrate(network: Network, validation: Dataset) -> float:
    """Divide the last layer of `network` by the best temperature for `validation`; returns the temperature.

    Raises:
        ValueError: the last layer is not a dense one.
    """
    last = last_layer(network)
    check_fit(network, validation)
    temperature = best_temperature(network.logits(validation.images), validation.labels)
    last.W /= temperature
    if last.bias is not False:
        last.b /= temperature
    return temperature


def balanced_class_weights(data: Dataset) -> tuple[float, ...]:
    """Weights with which all classes of `data` count the same in total: N / (K n_k), for n_k of N examples.

    An example counts 1 on average. A class without examples has the weight 1.
    Source: King and Zeng, "Logistic Regression in Rare Events Data" (2001).
    """
    if not data.has_classes:
        raise ValueError("Only examples of one class each have weights by class.")
    counts = np.bincount(data.labels, data.shown(), minlength=len(data.classes))  # (K,)
    return tuple(float(counts.sum() / (len(counts) * count)) if count else 1.0 for count in counts)


def restore_frequencies(network: Network, training: Dataset) -> None:
    """Let `network` assume that classes are as frequent as they are in `training`, however often each was shown.

    Rare classes are shown more often, so that they are learned. By Bayes' rule p(c | x) is proportional to
    p(x | c) p(c); where class c was shown w_c times as often as it occurs, the network learned p(x | c) p(c) w_c. So
    its logit is too large by log w_c, which is subtracted from the last layer's bias.
    Source: Saerens, Latinne and Decaestecker, "Adjusting the Outputs of a Classifier to New a Priori Probabilities"
    (2002).

    Raises:
        ValueError: the last layer is not a dense one.
    """
    last = last_layer(network, with_bias=True)
    check_fit(network, training)
    classes = len(network.classes)
    shown = np.bincount(training.labels, training.shown(), minlength=classes)  # (K,)
    occurring = np.bincount(training.labels, minlength=classes)  # (K,)
    w = np.maximum(shown, 1) / np.maximum(occurring, 1)  # (K,) 1 for a class without examples
    last.b -= np.log(w).astype(last.b.dtype)


def accept(network: Network, validation: Dataset, label: str, fraction: float) -> None:
    """Move the border between the two classes of `network` so that it predicts the class `label` for `fraction` of the
    examples of this class in `validation`.

    The class with the larger logit is predicted; adding a constant to one logit moves the border.

    Raises:
        ValueError: there are not two classes, or the last layer is not a dense one.
    """
    if len(network.classes) != 2:
        raise ValueError("Only a network of two classes has one border that can be moved.")
    last = last_layer(network, with_bias=True)
    check_fit(network, validation)
    if label not in network.classes or not (validation.labels == network.classes.index(label)).any():
        raise ValueError(f"There are no examples of {label} to move the border by.")
    number = network.classes.index(label)
    logits = network.logits(validation.images[validation.labels == number])  # (N, 2)
    lead = logits[:, number] - logits[:, 1 - number]
    last.b[number] -= np.quantile(lead, 1 - fraction)


def last_layer(network: Network, with_bias: bool = False) -> Dense:
    """The dense layer that gives the logits; ValueError where the last layer is another one."""
    last = network.layers[-1]
    if not isinstance(last, Dense):
        raise ValueError("Only a network that ends with a dense layer has logits that can be scaled and shifted.")
    if with_bias and last.bias is False:
        raise ValueError("The last layer has no bias, so its logits cannot be shifted.")
    return last
