"""Lessons: the images of a batch, and what the network is to answer.

Three kinds: the examples with their labels; with what teachers think of them, asked anew for every batch; and the same
asked once, about a fixed number of views of each image that the epochs then take in turn. A large teacher works
longer than the small network that learns from it, so the last is many times faster.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array, Labels
from nn_scratch.data.dataset import Dataset
from nn_scratch.images.augment import Augmenter, Wobble
from nn_scratch.training.distillation import Teachers

Rows = NDArray[np.int64]  # (B,) numbers of examples
ImageRows = NDArray[np.uint8]  # (B, S S)
BATCH = 128  # images that are prepared at once


class Lessons(Protocol):
    """Gives the images (B, S S) numbered `rows`, as `epoch` shows them, and what the loss compares the answer with:
    labels (B,) or probabilities (B, K).
    """

    def __call__(self, epoch: int, rows: Rows) -> tuple[ImageRows, Any]: ...


def images_of(training: Dataset, augment: bool, rng: np.random.Generator) -> Callable[[Rows], ImageRows]:
    """What gives the images of `training`, each time moved at random where `augment` says so."""
    return Augmenter(training.images, Wobble(), rng) if augment else Gatherer(training.images)


class Gatherer:
    """Gives batches of `images` as they are."""

    def __init__(self, images: NDArray[np.uint8]) -> None:
        self.images = images.reshape(len(images), -1)  # (N, S S)

    def __call__(self, rows: Rows) -> ImageRows:
        """The images numbered `rows` (B,): (B, S S)."""
        return self.images.take(rows, axis=0)


class Labelled:
    """The examples with their labels (B,)."""

    def __init__(self, images: Callable[[Rows], ImageRows], labels: Labels) -> None:
        self.images, self.labels = images, labels

    def __call__(self, epoch: int, rows: Rows) -> tuple[ImageRows, Labels]:
        return self.images(rows), self.labels[rows]


class Taught:
    """The examples with what `teachers` think of them (B, K)."""

    def __init__(self, images: Callable[[Rows], ImageRows], teachers: Teachers) -> None:
        self.images, self.teachers = images, teachers

    def __call__(self, epoch: int, rows: Rows) -> tuple[ImageRows, Array]:
        images = self.images(rows)
        return images, self.teachers.opinion(images)


class Prepared:
    """`views` (V, N, S S) of all examples with what teachers think of each, `opinions` (V, N, K); epochs take turns."""

    def __init__(self, views: NDArray[np.uint8], opinions: Array) -> None:
        self.views, self.opinions = views, opinions

    def __call__(self, epoch: int, rows: Rows) -> tuple[ImageRows, Array]:
        view = epoch % len(self.views)
        return self.views[view].take(rows, axis=0), self.opinions[view].take(rows, axis=0)


def prepare(
    training: Dataset,
    teachers: Teachers,
    count: int,
    augment: bool,
    progress: Callable[[int], object] = lambda prepared: None,
) -> Prepared:
    """Make `count` views of each example and ask the teachers about them.

    They are the same views whenever they are made, so that a training that was stopped goes on with those it had.
    """
    rng = np.random.default_rng(0)
    images = images_of(training, augment, rng)
    examples = len(training)
    views = np.empty((count, examples, training.images[0].size), np.uint8)
    opinions = np.empty((count, examples, len(training.classes)), np.float32)
    for view in range(count):
        order = rng.permutation(examples)  # neighbours are moved alike: let them be others each time
        for first in range(0, examples, BATCH):
            rows = order[first : first + BATCH]
            shown = images(rows)
            views[view, rows], opinions[view, rows] = shown, teachers.opinion(shown)
            progress(len(rows))
    return Prepared(views, opinions)
