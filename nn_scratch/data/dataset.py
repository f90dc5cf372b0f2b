"""A labelled set of images.

Training, scoring and reports should not care where images come from. Every source, from MNIST to a folder of scans, is
read into this one kind of value, and several sets with the same classes can be joined into one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Images, Labels


@dataclass(frozen=True)
class Dataset:
    """Images with their labels.

    Attributes:
        images: uint8 (N, H, W), ink is high, or (N, H, W, C) in colour.
        labels: (N,) class numbers from 0 to K - 1.
        classes: the names of the K classes.
        writers: (N,) a number for the person who wrote each example; None where that is not known.
        weights: (N,) how often each example is shown in an epoch of training, on average; None for once.
    """

    images: Images
    labels: Labels
    classes: tuple[str, ...]
    writers: NDArray[np.int64] | None = None
    weights: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def shown(self) -> NDArray[np.float32]:
        """(N,) how often each example is shown in an epoch, on average."""
        return np.ones(len(self), np.float32) if self.weights is None else self.weights

    def take(self, rows: NDArray[np.int64]) -> Dataset:
        """The examples numbered `rows`, in that order."""
        writers = None if self.writers is None else self.writers[rows]
        weights = None if self.weights is None else self.weights[rows]
        return Dataset(self.images[rows], self.labels[rows], self.classes, writers, weights)

    def split(self, count: int, rng: np.random.Generator) -> tuple[Dataset, Dataset]:
        """Hold out about `count` examples, chosen by `rng`: (the rest, the held-out examples).

        Where the writers are known, whole writers are held out, so that nobody is in both sets.
        """
        if self.writers is None:
            held_out = np.zeros(len(self), np.bool_)
            held_out[rng.permutation(len(self))[:count]] = True
        else:
            numbers, sizes = np.unique(self.writers, return_counts=True)
            order = rng.permutation(len(numbers))
            few = order[np.cumsum(sizes[order]) <= count]
            held_out = np.isin(self.writers, numbers[few])
        return self.take(np.flatnonzero(~held_out)), self.take(np.flatnonzero(held_out))


def concatenate(sets: Sequence[Dataset], factors: Sequence[float] | None = None) -> Dataset:
    """All of `sets` as one set. The weights of each set are multiplied by its factor (1 where `factors` is None).

    Writers stay apart: the same number in two sets means two people. In a set that does not know its writers, each
    example counts as written by a different person.

    Raises:
        ValueError: the sets have different classes.
    """
    if len({data.classes for data in sets}) != 1:
        raise ValueError("The data sets have different classes: " + "; ".join(" ".join(d.classes) for d in sets) + ".")
    factors = factors or [1.0] * len(sets)
    if len(sets) == 1 and factors[0] == 1:
        return sets[0]
    writers, first_free = [], 0
    for data in sets:
        numbers = np.arange(len(data)) if data.writers is None else data.writers
        writers.append(numbers + first_free)
        first_free += int(numbers.max(initial=-1)) + 1
    return Dataset(
        np.concatenate([data.images for data in sets]),
        np.concatenate([data.labels for data in sets]),
        sets[0].classes,
        np.concatenate(writers),
        np.concatenate([data.shown() * np.float32(factor) for data, factor in zip(sets, factors, strict=True)]),
    )
