"""A labelled set of images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Images, Labels


@dataclass(frozen=True)
class Dataset:
    """Images with their classes.

    Attributes:
        images: uint8 (N, H, W), ink is high, or (N, H, W, C) in colour.
        labels: (N,) numbers of classes, 0 ... K - 1.
        classes: the K names.
        writers: (N,) a number for who wrote each; None where that is not known.
        weights: (N,) how often each is shown in an epoch of training, on average; None for once.
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
        """About `count` examples drawn by `rng`, for validation, and all the others: (others, drawn).

        Where the writers are known, whole writers are drawn, so that nobody is in both.
        """
        if self.writers is None:
            drawn = np.zeros(len(self), np.bool_)
            drawn[rng.permutation(len(self))[:count]] = True
        else:
            names, sizes = np.unique(self.writers, return_counts=True)
            order = rng.permutation(len(names))
            few = order[np.cumsum(sizes[order]) <= count]
            drawn = np.isin(self.writers, names[few])
        return self.take(np.flatnonzero(~drawn)), self.take(np.flatnonzero(drawn))


def concatenate(sets: Sequence[Dataset], weights: Sequence[float] | None = None) -> Dataset:
    """All of `sets`, which have the same classes, as one, the weights of each times the one given for it.

    Writers stay apart: the same number in two sets is two people. Where a set does not know them, each example counts
    as written by somebody else.

    Raises:
        ValueError: the classes differ.
    """
    if len({data.classes for data in sets}) != 1:
        raise ValueError("The data sets have different classes: " + "; ".join(" ".join(d.classes) for d in sets) + ".")
    factors = weights or [1.0] * len(sets)
    if len(sets) == 1 and factors[0] == 1:
        return sets[0]
    writers, start = [], 0
    for data in sets:
        numbers = np.arange(len(data)) if data.writers is None else data.writers
        writers.append(numbers + start)
        start += int(numbers.max(initial=-1)) + 1
    return Dataset(
        np.concatenate([data.images for data in sets]),
        np.concatenate([data.labels for data in sets]),
        sets[0].classes,
        np.concatenate(writers),
        np.concatenate([data.shown() * np.float32(factor) for data, factor in zip(sets, factors, strict=True)]),
    )
