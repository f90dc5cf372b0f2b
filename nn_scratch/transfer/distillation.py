"""Distillation: learning what larger networks answer, in place of labels.

A label says "4". A good teacher says "4, but it might be a 9": how much an image resembles each class. That is far more
to learn from, and it forgives labels that are wrong. The teachers read the very image that the student reads, moved and
turned as it is. The outputs of both are softened by a temperature, or the resemblances would vanish beside the answer;
`SoftmaxCrossEntropy` has the loss and its gradient.
Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_scratch.arrays import Array
from nn_scratch.checks import COUNT, check_memory
from nn_scratch.dataset import Dataset, Rows
from nn_scratch.losses import Loss, SoftmaxCrossEntropy, softmax
from nn_scratch.metrics import check_fit
from nn_scratch.network import Network
from nn_scratch.training import Examples, Vary, source_of

VIEWS_AT_ONCE = 128  # images that are prepared and shown to the teachers together


@dataclass(frozen=True)
class Teachers:
    """Networks with the same classes that answer together, for `fit(..., targets=Teachers([network]))`.

    Attributes:
        networks: the mean of their logits, softened, is what is to be answered.
        temperature: how much it is softened.
        views: ask only once, about so many views of each image, with which the epochs take turns; None for a new view
            in each epoch. A large teacher costs more than the small network that learns from it, so this is many times
            faster.
    """

    networks: Sequence[Network]
    temperature: float = 2.0
    views: int | None = None

    @property
    def loss(self) -> Loss:
        """Cross-entropy with the same temperature."""
        return SoftmaxCrossEntropy(temperature=self.temperature)

    def soft_targets(self, images: ArrayLike) -> Array:
        """Softened probabilities (B, K) for images (B, ...)."""
        logits = np.mean([network.logits(images) for network in self.networks], axis=0)  # (B, K)
        return softmax(logits / self.temperature)

    def examples(
        self, training: Dataset, vary: Vary | None, rng: np.random.Generator, progress: Callable[[int], object]
    ) -> Examples:
        """The images of `training`, varied, with the soft targets (B, K) of each.

        `progress` is called with the number of views that have just been made.

        Raises:
            ValueError: a teacher does not fit the data, or there is none.
        """
        if not self.networks:
            raise ValueError("There are no teachers; give at least one network.")
        for network in self.networks:
            check_fit(network, training)
        if self.views is not None:
            COUNT.check("views", self.views)
            return cache_views(training, self, self.views, vary, progress)
        images = source_of(training, vary, rng)

        def asked(epoch: int, rows: Rows) -> tuple[NDArray[Any], Array]:
            batch = images(rows)
            return batch, self.soft_targets(batch)

        return asked


def view_counts(training: Dataset, count: int) -> Rows:
    """(N,) how many views to cache of each example: `count`, and of a deformed copy a quarter.

    Several deformed copies are several views of one character already.
    """
    counts = np.full(len(training), count)
    if training.deformed is not None:
        counts[training.deformed] = -(-count // 4)
    return counts


def cache_views(
    training: Dataset, teachers: Teachers, count: int, vary: Vary | None, progress: Callable[[int], object]
) -> Examples:
    """Views of all examples, one example after the other, with the soft targets of each; epochs take them in turn.

    They are the same views whenever they are made, so that a training that was stopped goes on with those it had.
    """
    rng = np.random.default_rng(0)
    images = source_of(training, vary, rng)
    counts = view_counts(training, count)
    total = int(counts.sum())
    check_memory(
        total * (training.images[0].nbytes + 4 * len(training.classes)), "So many views", "ask for fewer views"
    )
    views = np.empty((total, training.images[0].size), training.images.dtype)
    soft_targets = np.empty((total, len(training.classes)), np.float32)
    examples = np.repeat(np.arange(len(training)), counts)  # (V,) of which each is a view
    order = rng.permutation(total)  # neighbours are moved alike: let them be others each time
    for first in range(0, total, VIEWS_AT_ONCE):
        chosen = order[first : first + VIEWS_AT_ONCE]
        moved = images(examples[chosen])
        views[chosen], soft_targets[chosen] = moved, teachers.soft_targets(moved)
        progress(len(chosen))
    starts = np.cumsum(counts) - counts  # (N,) the first view of each example

    def cached(epoch: int, rows: Rows) -> tuple[NDArray[Any], Array]:
        chosen = starts[rows] + epoch % counts[rows]
        return views.take(chosen, axis=0), soft_targets.take(chosen, axis=0)

    return cached
