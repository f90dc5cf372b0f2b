"""Batches: what the network reads, and what it is to answer, some examples at a time.

The gradient over all examples points in the best direction, but costs a pass over the whole set for a single step. The
gradient over a random batch is right on average, costs a small fraction of that, and so buys hundreds of steps per pass
(Robbins and Monro, "A Stochastic Approximation Method", 1951).

A batch is a pair (x, y): inputs x (B, *input_shape), and targets y with which the loss compares the answers. There are
three kinds of targets:

labels              (B,) the numbers of the right classes;
soft targets        (B, K) the probabilities that teachers give to the very images in the batch;
cached soft targets the same, computed once for a fixed number of views of each image; the epochs take turns with
                    them. A large teacher costs more than the small network that learns from it, so this is many times
                    faster.

Distillation is learning from soft targets. A label says "4". A good teacher says "4, but it might be a 9": how much an
image resembles each class. That is far more to learn from, and it forgives labels that are wrong. The teachers read the
very image that the student reads, moved and turned as it is. The outputs of both are softened by a temperature, or the
resemblances would vanish beside the answer; `losses.SoftTargets` has the loss and its gradient.
Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array, Images, Labels
from nn_scratch.data.augment import Augmenter, Wobble
from nn_scratch.data.crops import Cropper, Crops
from nn_scratch.dataset import Dataset
from nn_scratch.inputs import to_inputs
from nn_scratch.losses import softmax
from nn_scratch.network import Network

Rows = NDArray[np.int64]  # (B,) numbers of examples
ImageRows = NDArray[Any]  # (B, n) images, each as one row of bytes or of floats from 0 to 1
TakeImages = Callable[[Rows], ImageRows]
VIEWS_AT_ONCE = 128  # images that are prepared and shown to the teachers together


class Examples(Protocol):
    """Gives the images (B, n) of the examples `rows` as `epoch` shows them, and their targets (B,) or (B, K)."""

    def __call__(self, epoch: int, rows: Rows, /) -> tuple[ImageRows, Any]: ...


@dataclass(frozen=True)
class Batches:
    """The batches (x, y) of one epoch; the length is the number of examples.

    Each batch is made when its turn comes, because the random numbers that move its images and those that the layers
    draw come from one generator, in this order. All x lie in `buffer`, one after the other: fresh memory for each batch
    would cost more than the conversion of the bytes.

    Attributes:
        epoch: the number of the epoch, from 0.
        order: the examples in the order in which they are shown.
        buffer: (batch size, *input_shape) the memory of x. The last batch is as long as what is left.
    """

    examples: Examples
    epoch: int
    order: Rows
    buffer: Array

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[tuple[Array, Any]]:
        """Pairs of x (B, *input_shape), from 0 to 1, and y; x is valid until the next pair is asked for."""
        size = len(self.buffer)
        for first in range(0, len(self.order), size):
            rows = self.order[first : first + size]
            images, y = self.examples(self.epoch, rows)
            yield to_inputs(images, self.buffer[: len(rows)]), y


def shuffled(training: Dataset, rng: np.random.Generator) -> Rows:
    """The numbers of the examples that one epoch shows, in random order.

    An example of weight 2.3 is shown twice, and in three of ten epochs a third time.
    """
    if training.weights is None:
        return rng.permutation(len(training))
    times = np.floor(training.weights + rng.random(len(training))).astype(np.int64)
    return rng.permutation(np.repeat(np.arange(len(training)), times))


def image_source(training: Dataset, augment: bool | Crops, rng: np.random.Generator) -> TakeImages:
    """What gives the images of `training` by their numbers; with `augment`, moved as handwriting at random each time.

    With `Crops` they are cropped and flipped at random, as photographs may be.

    Raises:
        ValueError: the images cannot be moved, because they are not square grey images of bytes.
    """
    if isinstance(augment, Crops):
        return Cropper(training.images, augment, rng)
    if augment:
        kind, (height, *others) = training.images.dtype, training.images.shape[1:]
        if kind != np.uint8 or others != [height]:
            raise ValueError(f"Augmentation is for square grey images of uint8, not {kind} {training.images.shape}.")
        return Augmenter(training.images, Wobble(), rng)
    flat = training.images.reshape(len(training), -1)  # (N, n)
    return lambda rows: flat.take(rows, axis=0)


@dataclass(frozen=True)
class LabelledExamples:
    """Images with their labels (B,)."""

    images: TakeImages
    labels: Labels

    def __call__(self, epoch: int, rows: Rows, /) -> tuple[ImageRows, Labels]:
        return self.images(rows), self.labels[rows]


@dataclass(frozen=True)
class Teachers:
    """Networks with the same classes that answer together: with the mean of their logits, softened by `temperature`."""

    networks: Sequence[Network]
    temperature: float = 2.0

    def soft_targets(self, images: Images | Array) -> Array:
        """Softened probabilities (B, K) for images (B, ...) of bytes, or of floats from 0 to 1."""
        logits: Array = np.mean([network.logits(images) for network in self.networks], axis=0)  # (B, K)
        return softmax(logits / self.temperature)


@dataclass(frozen=True)
class DistilledExamples:
    """Images with the soft targets (B, K) that `teachers` give to them, asked anew for every batch."""

    images: TakeImages
    teachers: Teachers

    def __call__(self, epoch: int, rows: Rows, /) -> tuple[ImageRows, Array]:
        images = self.images(rows)
        return images, self.teachers.soft_targets(images)


@dataclass(frozen=True)
class CachedViews:
    """Views of all examples, one example after the other, with the soft targets of each; epochs take them in turn.

    Attributes:
        images: (V, n) all views.
        soft_targets: (V, K) what the teachers answer to each.
        counts: (N,) how many views each example has.
    """

    images: NDArray[Any]
    soft_targets: Array
    counts: Rows

    @cached_property
    def starts(self) -> Rows:
        """(N,) the first view of each example."""
        starts: Rows = np.cumsum(self.counts) - self.counts
        return starts

    def __call__(self, epoch: int, rows: Rows, /) -> tuple[ImageRows, Array]:
        views = self.starts[rows] + epoch % self.counts[rows]
        return self.images.take(views, axis=0), self.soft_targets.take(views, axis=0)


def view_counts(training: Dataset, count: int) -> Rows:
    """(N,) how many views to cache of each example: `count`, and of a deformed copy a quarter.

    Several deformed copies are several views of one character already.
    """
    counts = np.full(len(training), count)
    if training.deformed is not None:
        counts[training.deformed] = -(-count // 4)
    return counts


def cache_views(
    training: Dataset,
    teachers: Teachers,
    count: int,
    augment: bool | Crops,
    progress: Callable[[int], object] = lambda prepared: None,
) -> CachedViews:
    """Make the views of all examples, as `view_counts` says, and ask the teachers about them.

    They are the same views whenever they are made, so that a training that was stopped goes on with those it had.
    `progress` is called with the number of views that have just been made.
    """
    rng = np.random.default_rng(0)
    take_images = image_source(training, augment, rng)
    counts = view_counts(training, count)
    total = int(counts.sum())
    images = np.empty((total, training.images[0].size), training.images.dtype)
    soft_targets = np.empty((total, len(training.classes)), np.float32)
    examples = np.repeat(np.arange(len(training)), counts)  # (V,) of which each is a view
    order = rng.permutation(total)  # neighbours are moved alike: let them be others each time
    for first in range(0, total, VIEWS_AT_ONCE):
        views = order[first : first + VIEWS_AT_ONCE]
        moved = take_images(examples[views])
        images[views], soft_targets[views] = moved, teachers.soft_targets(moved)
        progress(len(views))
    return CachedViews(images, soft_targets, counts)
