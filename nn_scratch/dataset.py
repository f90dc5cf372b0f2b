"""A data set: inputs, such as images, and what is to be answered to each.

Training, scoring and reports should not care where examples come from. Every source, from MNIST to a table of numbers,
is read into this one kind of value, and several sets with the same classes can be joined into one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_scratch.arrays import check_inputs

Rows = NDArray[np.int64]  # (B,) numbers of examples
WORDS = {"iu": "whole numbers", "iuf": "numbers", "b": "true or false"}  # by NumPy's letters


@dataclass(frozen=True)
class Dataset:
    """Inputs with what is to be answered to them.

    Attributes:
        images: (N, ...) the inputs: uint8, of which 255 counts as 1, or finite floats, which are taken as they are.
            Images are (N, H, W), ink is high, or (N, H, W, C) in colour; rows of a table are (N, n).
        labels: (N,) class numbers from 0 to K - 1; or (N, K) whole numbers 0 and 1, where several classes may be right;
            or floats (N,) or (N, K), numbers to be predicted.
        classes: the names of the K classes or numbers; where they are left out, their numbers are their names.
        writers: (N,) a number from 0 for the person who wrote each example; None where that is not known.
        weights: (N,) how often each example is shown in an epoch of training, on average; None for once.
        deformed: (N,) whether each example is a deformed copy of another one. Such examples train, but never validate:
            models are chosen and calibrated by what people really wrote. None where no example is.

    Raises:
        ValueError: an array has another type, other dimensions or another length, or numbers that cannot be.
    """

    images: NDArray[Any]
    labels: NDArray[Any]
    classes: tuple[str, ...] = ()
    writers: NDArray[np.int64] | None = None
    weights: NDArray[np.float32] | None = None
    deformed: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        images, labels = check_inputs(self.images), np.asarray(self.labels)
        if images.ndim < 2:
            raise ValueError(f"Inputs are (N, ...), a row or an image each, not {images.shape}.")
        if labels.dtype.kind == "b":
            labels = labels.astype(np.int64)
        if labels.dtype.kind not in "iuf" or labels.ndim not in (1, 2) or len(labels) != len(images):
            raise ValueError(
                f"Labels have shape {labels.shape} and type {labels.dtype}, but there are {len(images)} images: give "
                "(N,) whole numbers, one class each, (N, K) of 0 and 1, or floats."
            )
        classes = tuple(self.classes) or default_classes(labels)
        if labels.dtype.kind == "f":
            if not np.isfinite(labels).all():
                raise ValueError("Numbers to be predicted are finite, but one is not.")
        else:
            limit = len(classes) if labels.ndim == 1 else 2
            checked("Labels", labels.ravel(), "iu", labels.size, limit)
            labels = labels.astype(np.int64, copy=False)
        if labels.ndim == 2 and labels.shape[1] != len(classes):
            raise ValueError(f"There are {labels.shape[1]} labels for each example, but {len(classes)} classes.")
        found: dict[str, Any] = {"images": images, "labels": labels, "classes": classes}
        for name, what, kinds in (
            ("writers", "Writers", "iu"),
            ("weights", "Weights", "iuf"),
            ("deformed", "Marks of deformed examples", "b"),
        ):
            if (numbers := getattr(self, name)) is not None:
                found[name] = checked(what, numbers, kinds, len(images))
        for name, value in found.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.labels)

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("A data set is not iterated over: data[3:5] has some examples, data.batches(32) all of them.")

    @property
    def has_classes(self) -> bool:
        """Whether each example has one class, (N,) labels; otherwise several labels, or numbers."""
        return self.labels.ndim == 1 and self.labels.dtype.kind == "i"

    def shown(self) -> NDArray[np.float32]:
        """(N,) how often each example is shown in an epoch, on average."""
        return np.ones(len(self), np.float32) if self.weights is None else self.weights

    def take(self, rows: Rows) -> Dataset:
        """The examples numbered `rows`, in that order."""
        parts = ("images", "labels", "writers", "weights", "deformed")
        chosen = {name: getattr(self, name)[rows] for name in parts if getattr(self, name) is not None}
        return replace(self, **chosen)

    def __getitem__(self, rows: int | slice | NDArray[Any]) -> Dataset:
        """Some of the examples: one number, a slice such as [:1000], their numbers, or a bool for each (N,)."""
        return self.take(np.atleast_1d(np.arange(len(self))[rows]))

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


def check_scale(images: NDArray[Any]) -> None:
    """ValueError where bytes, of which 255 counts as 1, are so small that all inputs would be nearly 0."""
    if images.dtype == np.uint8 and 0 < images.max(initial=0) <= 16:
        raise ValueError(
            f"Bytes go up to 255, but the largest of these is {images.max()}; divide them: images / {images.max()}."
        )


def default_classes(labels: NDArray[Any]) -> tuple[str, ...]:
    """Numbers as the names of classes, as many as `labels` (N,) or (N, K) tell of."""
    if labels.ndim == 2:
        return tuple(map(str, range(labels.shape[1])))
    return ("0",) if labels.dtype.kind == "f" else tuple(map(str, range(int(labels.max(initial=0)) + 1)))


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
