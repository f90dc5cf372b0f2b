"""Several data sets that one network learns from.

MNIST's digits were written on paper and scanned, those of the pen data were written on tablets: a network reads both
better if it learns from both. How often each set is shown in an epoch is a choice, and each test set is scored alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_scratch.dataset import Dataset, concatenate

VALIDATION_EVERY = 12  # one of so many examples of each set is for validation, never trained on: 5,000 of MNIST


@dataclass(frozen=True)
class Mixture:
    """Data sets with the same classes.

    Attributes:
        training: the training sets.
        test: the test sets, by name.
        weights: how often each training set is shown in an epoch.
    """

    training: list[Dataset]
    test: dict[str, Dataset]
    weights: list[float]

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.training[0].classes

    def split(self, rng: np.random.Generator) -> tuple[Dataset, Dataset]:
        """Hold out some examples of each set for validation: (the rest, the validation set)."""
        pairs = [data.split(len(data) // VALIDATION_EVERY, rng) for data in self.training]
        return concatenate([rest for rest, _ in pairs], self.weights), concatenate([held_out for _, held_out in pairs])
