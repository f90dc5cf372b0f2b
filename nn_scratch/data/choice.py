"""One or several data sets by name, put together for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nn_scratch.data.dataset import Dataset, concatenate
from nn_scratch.data.load import load_data
from nn_scratch.errors import UserError

VALIDATION = 12  # one of so many examples of each set chooses the best epoch and is never trained on: 5,000 of MNIST


@dataclass(frozen=True)
class Choice:
    """Data sets with the same classes.

    Attributes:
        training: the training sets.
        test: the test sets, by name.
        weights: how often each set is shown in an epoch.
    """

    training: list[Dataset]
    test: dict[str, Dataset]
    weights: list[float]

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.training[0].classes

    def split(self, rng: np.random.Generator) -> tuple[Dataset, Dataset]:
        """Draw from each set some examples for validation: (all others, those drawn)."""
        pairs = [data.split(len(data) // VALIDATION, rng) for data in self.training]
        return concatenate([rest for rest, _ in pairs], self.weights), concatenate([drawn for _, drawn in pairs])


def choose(names: Sequence[str], weights: Sequence[float] | None = None) -> Choice:
    """The data sets of those `names`, shown `weights` times in an epoch (once each where that is None).

    Raises:
        UserError: a set cannot be had, their classes differ, or there are not as many weights as names.
    """
    if weights is not None and len(weights) != len(names):
        raise UserError(f"There are {len(names)} data sets and {len(weights)} weights; give one weight for each set.")
    sets = {name: load_data(name) for name in names}
    if len({training.classes for training, _ in sets.values()}) != 1:
        raise UserError(f"The data sets {' and '.join(sets)} have different classes; train on one of them.")
    return Choice(
        [training for training, _ in sets.values()],
        {name: test for name, (_, test) in sets.items()},
        list(weights or [1.0] * len(names)),
    )
