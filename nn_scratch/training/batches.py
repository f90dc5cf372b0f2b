"""Lessons: the pictures of a batch, and what the network is to answer.

Three kinds: the examples with their labels; with what teachers think of them, asked anew for every batch; and the same
asked once, about a fixed number of views of each picture that the epochs then take in turn. A large teacher works
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
PictureRows = NDArray[np.uint8]  # (B, S S)
BATCH = 128  # pictures that are prepared at once


class Lessons(Protocol):
    """Gives the pictures (B, S S) numbered `rows`, as `epoch` shows them, and what the loss compares the answer with:
    labels (B,) or probabilities (B, K).
    """

    def __call__(self, epoch: int, rows: Rows) -> tuple[PictureRows, Any]: ...


def pictures_of(training: Dataset, augment: bool, rng: np.random.Generator) -> Callable[[Rows], PictureRows]:
    """What gives the pictures of `training`, each time moved at random where `augment` says so."""
    return Augmenter(training.images, Wobble(), rng) if augment else Gatherer(training.images)


class Gatherer:
    """Gives batches of `pictures` as they are."""

    def __init__(self, pictures: NDArray[np.uint8]) -> None:
        self.pictures = pictures.reshape(len(pictures), -1)  # (N, S S)

    def __call__(self, rows: Rows) -> PictureRows:
        """The pictures numbered `rows` (B,): (B, S S)."""
        return self.pictures.take(rows, axis=0)


class Labelled:
    """The examples with their labels (B,)."""

    def __init__(self, pictures: Callable[[Rows], PictureRows], labels: Labels) -> None:
        self.pictures, self.labels = pictures, labels

    def __call__(self, epoch: int, rows: Rows) -> tuple[PictureRows, Labels]:
        return self.pictures(rows), self.labels[rows]


class Taught:
    """The examples with what `teachers` think of them (B, K)."""

    def __init__(self, pictures: Callable[[Rows], PictureRows], teachers: Teachers) -> None:
        self.pictures, self.teachers = pictures, teachers

    def __call__(self, epoch: int, rows: Rows) -> tuple[PictureRows, Array]:
        pictures = self.pictures(rows)
        return pictures, self.teachers.opinion(pictures)


class Prepared:
    """`views` (V, N, S S) of all examples with what teachers think of each, `opinions` (V, N, K); epochs take turns."""

    def __init__(self, views: NDArray[np.uint8], opinions: Array) -> None:
        self.views, self.opinions = views, opinions

    def __call__(self, epoch: int, rows: Rows) -> tuple[PictureRows, Array]:
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
    pictures = pictures_of(training, augment, rng)
    examples = len(training)
    views = np.empty((count, examples, training.images[0].size), np.uint8)
    opinions = np.empty((count, examples, len(training.classes)), np.float32)
    for view in range(count):
        order = rng.permutation(examples)  # neighbours are moved alike: let them be others each time
        for first in range(0, examples, BATCH):
            rows = order[first : first + BATCH]
            shown = pictures(rows)
            views[view, rows], opinions[view, rows] = shown, teachers.opinion(shown)
            progress(len(rows))
    return Prepared(views, opinions)
