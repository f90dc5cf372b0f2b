"""Data by what a user calls it: the name of a data set, a folder of images, or an .npz file; one or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from nn_scratch.data.cifar import cifar_10
from nn_scratch.data.custom import from_folder, from_npz
from nn_scratch.data.dataset import Dataset, concatenate
from nn_scratch.data.emnist import EMNIST_CLASSES, emnist
from nn_scratch.data.mnist import fashion_mnist, mnist
from nn_scratch.data.unipen import datasets as pen
from nn_scratch.data.unipen import rejection
from nn_scratch.errors import UserError

VALIDATION = 12  # one of so many examples of each set chooses the best epoch and is never trained on: 5,000 of MNIST

DATA_SETS: dict[str, Callable[[], tuple[Dataset, Dataset]]] = {
    "mnist": mnist,
    "fashion-mnist": fashion_mnist,
    **{f"emnist-{split}": partial(emnist, split) for split in EMNIST_CLASSES},
    "cifar-10": cifar_10,
    "pen": pen.digits,
    "pen-letters": pen.characters,
    "digit-or-not": lambda: rejection.digit_or_not([mnist(), pen.digits()], [0.5, 3]),
    "character-or-not": rejection.character_or_not,
}

WHAT_DATA = f"{', '.join(DATA_SETS)}, a folder with a sub-folder of images for each class, or an .npz file"


def load_data(name: str) -> tuple[Dataset, Dataset]:
    """Training and test set of that name.

    Raises:
        UserError: there is none, or it cannot be had or read.
    """
    if name in DATA_SETS:
        return DATA_SETS[name]()
    path = Path(name).expanduser()
    if path.is_dir():
        return from_folder(path)
    if path.suffix == ".npz":
        return from_npz(path)
    raise UserError(f"There is no data {name}; --data takes {WHAT_DATA}.")


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
