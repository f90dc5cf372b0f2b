"""Calibration: probabilities that mean what they say.

Of all answers given with 90 %, nine in ten should be right. Networks trained until they make no mistake on their
training set are too sure of themselves. One number, the temperature T, mends that: softmax(z / T) keeps the order of
the classes and spreads or sharpens the probabilities. It is fitted on validation examples and, since z is linear in the
last layer's W and b, divided into them: a calibrated network is an ordinary one.
Source: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (2017).
"""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array, Labels
from nn_scratch.data.dataset import Dataset
from nn_scratch.nn.layers import Dense
from nn_scratch.nn.losses import SoftmaxCrossEntropy
from nn_scratch.nn.network import Network

BINS = 15


def expected_calibration_error(p: Array, labels: Labels) -> float:
    """The mean distance between how sure and how right, over bins of answers about equally sure: 0 ... 1.

    `p` (N, K) probabilities, `labels` (N,). The 15 bins are equally wide, as in Guo et al. (2017).
    """
    sure = p.max(axis=1)
    right = p.argmax(axis=1) == labels
    bins = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    gap = np.bincount(bins, right - sure, minlength=BINS)  # (BINS,) sums over the examples of each
    return float(np.abs(gap).sum() / len(labels))


def best_temperature(logits: Array, labels: Labels) -> float:
    """The T of least cross-entropy of `logits` (N, K) / T, between 1/10 and 10, to a part in a thousand.

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
    """Divide the best temperature for `validation` into the last layer of `network`; returns it."""
    last = network.layers[-1]
    if not isinstance(last, Dense):
        raise ValueError("Only a network that ends with a dense layer can be calibrated.")
    temperature = best_temperature(network.logits(validation.images), validation.labels)
    last.W /= temperature
    last.b /= temperature
    return temperature


def restore_frequencies(network: Network, training: Dataset) -> None:
    """Let `network` answer for classes as frequent as they are in `training`, however often each was shown.

    Rare classes are shown more often, so that they are learned. By Bayes' rule p(c | x) is proportional to
    p(x | c) p(c); where class c was shown w_c times as often as it occurs, the network learned p(x | c) p(c) w_c. So
    log w_c is too much in its logit, and leaves the last layer's bias.
    Source: Saerens, Latinne and Decaestecker, "Adjusting the Outputs of a Classifier to New a Priori Probabilities"
    (2002).
    """
    last = network.layers[-1]
    if not isinstance(last, Dense):
        raise ValueError("Only a network that ends with a dense layer has logits that can be shifted.")
    classes = len(network.classes)
    shown = np.bincount(training.labels, training.shown(), minlength=classes)  # (K,)
    occurring = np.bincount(training.labels, minlength=classes)
    last.b -= np.log(np.maximum(shown, 1) / np.maximum(occurring, 1)).astype(
        last.b.dtype
    )  # a class without examples: 0


def accept(network: Network, validation: Dataset, name: str, share: float) -> None:
    """Shift what `network`, which knows two classes, decides: so that it takes `share` of the examples of class `name`
    in `validation` for what they are.

    The class wins where its logit is the larger one; adding a constant to it moves that border.
    """
    last = network.layers[-1]
    if not isinstance(last, Dense) or len(network.classes) != 2:
        raise ValueError("Only a network of two classes that ends with a dense layer has such a border.")
    number = network.classes.index(name)
    logits = network.logits(validation.images[validation.labels == number])  # (N, 2)
    lead = logits[:, number] - logits[:, 1 - number]
    last.b[number] -= np.quantile(lead, 1 - share)
