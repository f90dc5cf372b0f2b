"""A labelled set of images.

Training, scoring and reports should not care where images come from. Every source, from MNIST to a folder of scans, is
read into this one kind of value, and several sets with the same classes can be joined into one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_scratch.arrays import Labels
from nn_scratch.inputs import check_images

WORDS = {"iu": "whole numbers", "iuf": "numbers", "b": "true or false"}  # by NumPy's letters


@dataclass(frozen=True)
class Dataset:
    """Images with their labels.

    Attributes:
        images: (N, H, W), ink is high, or (N, H, W, C) in colour; uint8 from 0 to 255, or floats from 0 to 1.
        labels: (N,) class numbers from 0 to K - 1.
        classes: the names of the K classes.
        writers: (N,) a number from 0 for the person who wrote each example; None where that is not known.
        weights: (N,) how often each example is shown in an epoch of training, on average; None for once.
        deformed: (N,) whether each example is a deformed copy of another one. Such examples train, but never validate:
            models are chosen and calibrated by what people really wrote. None where no example is.

    Raises:
        ValueError: an array has another type, other dimensions or another length, or numbers that cannot be.
    """

    images: NDArray[Any]
    labels: Labels
    classes: tuple[str, ...]
    writers: NDArray[np.int64] | None = None
    weights: NDArray[np.float32] | None = None
    deformed: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "images", check_images(self.images))
        object.__setattr__(self, "classes", tuple(self.classes))
        if self.images.ndim not in (3, 4):
            raise ValueError(f"Images are (N, H, W) or (N, H, W, C), not {self.images.shape}.")
        count = len(self.images)
        labels = checked("Labels", self.labels, "iu", count, below=len(self.classes))
        object.__setattr__(self, "labels", labels.astype(np.int64, copy=False))
        if self.writers is not None:
            checked("Writers", self.writers, "iu", count)
        if self.weights is not None:
            checked("Weights", self.weights, "iuf", count)
        if self.deformed is not None:
            checked("Marks of deformed examples", self.deformed, "b", count)

    def __len__(self) -> int:
        return len(self.labels)

    def shown(self) -> NDArray[np.float32]:
        """(N,) how often each example is shown in an epoch, on average."""
        return np.ones(len(self), np.float32) if self.weights is None else self.weights

    def take(self, rows: NDArray[np.int64]) -> Dataset:
        """The examples numbered `rows`, in that order."""
        return Dataset(
            self.images[rows],
            self.labels[rows],
            self.classes,
            writers=None if self.writers is None else self.writers[rows],
            weights=None if self.weights is None else self.weights[rows],
            deformed=None if self.deformed is None else self.deformed[rows],
        )

    def __getitem__(self, rows: slice | NDArray[Any]) -> Dataset:
        """Some of the examples: a slice such as [:1000], their numbers, or a bool for each (N,)."""
        return self.take(np.arange(len(self))[rows])

    def shuffle(self, seed: int) -> Dataset:
        """All examples in random order, the same for the same `seed`."""
        return self.take(np.random.default_rng(seed).permutation(len(self)))

    def batches(self, size: int) -> Iterator[Dataset]:
        """The examples in their order, `size` at a time; the last ones may be fewer."""
        for start in range(0, len(self), size):
            yield self[start : start + size]

    def split(self, count: int, rng: np.random.Generator) -> tuple[Dataset, Dataset]:
        """Hold out about `count` examples, chosen by `rng`: (the rest, the held-out examples).

        Where the writers are known, whole writers are held out, so that nobody is in both sets. Their deformed examples
        are in neither.
        """
        if self.writers is None:
            held_out = np.zeros(len(self), np.bool_)
            held_out[rng.permutation(len(self))[:count]] = True
        else:
            numbers, sizes = np.unique(self.writers, return_counts=True)
            order = rng.permutation(len(numbers))
            few = order[np.cumsum(sizes[order]) <= count]
            held_out = np.isin(self.writers, numbers[few])
        validates = held_out if self.deformed is None else held_out & ~self.deformed
        return self.take(np.flatnonzero(~held_out)), self.take(np.flatnonzero(validates))


def checked(what: str, numbers: ArrayLike, kinds: str, count: int, below: float = np.inf) -> NDArray[Any]:
    """`numbers` as an array: of one of the NumPy `kinds`, (`count`,), at least 0 and `below` a limit.

    Raises:
        ValueError: they are not; `what` begins the sentence.
    """
    array = np.asarray(numbers)
    if array.dtype.kind not in kinds:
        raise ValueError(f"{what} are {WORDS[kinds]}, not {array.dtype}.")
    if array.shape != (count,):
        raise ValueError(f"{what} have shape {array.shape}, but there are {count} images.")
    wrong = np.flatnonzero(~((array >= 0) & (array < below)))  # NaN is neither
    if len(wrong):
        raise ValueError(f"{what} are at least 0 and below {below}, but that of image {wrong[0]} is {array[wrong[0]]}.")
    return array


def concatenate(sets: Sequence[Dataset], factors: Sequence[float] | None = None) -> Dataset:
    """All of `sets` as one set. The weights of each set are multiplied by its factor (1 where `factors` is None).

    Writers stay apart: the same number in two sets means two people. In a set that does not know its writers, each
    example counts as written by a different person.

    Raises:
        ValueError: the sets have different classes, or images of different sizes or types.
    """
    kinds = {(data.images.shape[1:], data.images.dtype) for data in sets}
    if len(kinds) != 1:
        found = " and ".join(f"{dtype} {shape}" for shape, dtype in sorted(kinds, key=str))
        raise ValueError(f"The data sets have different kinds of images: {found}.")
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
        np.concatenate([np.zeros(len(data), np.bool_) if data.deformed is None else data.deformed for data in sets]),
    )
