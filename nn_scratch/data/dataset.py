"""A labelled set of pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Labels, Pictures


@dataclass(frozen=True)
class Dataset:
    """Pictures with their classes.

    Attributes:
        images: uint8 (N, H, W), ink is high, or (N, H, W, C) in colour.
        labels: (N,) numbers of classes, 0 ... K - 1.
        classes: the K names.
    """

    images: Pictures
    labels: Labels
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: NDArray[np.int64]) -> Dataset:
        """The examples numbered `rows`, in that order."""
        return replace(self, images=self.images[rows], labels=self.labels[rows])

    def split(self, count: int, rng: np.random.Generator) -> tuple[Dataset, Dataset]:
        """`count` examples drawn by `rng`, for validation, and all the others: (others, drawn)."""
        order = rng.permutation(len(self))
        return self.take(np.sort(order[count:])), self.take(np.sort(order[:count]))
