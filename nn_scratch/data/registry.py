"""Data sets by name, one or several.

Commands and model files can only say what their data is called. Here a name becomes data, whether it is the name of a
published data set, of a folder of images or of a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from nn_scratch.checks import NOT_NEGATIVE
from nn_scratch.command import SILENT, Feedback
from nn_scratch.data import custom
from nn_scratch.data.cifar import load_cifar
from nn_scratch.data.custom import FEWEST, VALIDATION_EVERY
from nn_scratch.data.emnist import EMNIST_CLASSES, load_emnist
from nn_scratch.data.folder import AS_THEY_ARE, FolderOptions, is_split, read_folder
from nn_scratch.data.mnist import load_fashion_mnist, load_mnist
from nn_scratch.data.sample import load_sample
from nn_scratch.dataset import Dataset, concatenate
from nn_scratch.errors import UserError
from nn_scratch.recipes.datasets import load_character_or_not, load_digit_or_not, load_pen_characters, load_pen_digits

DATA_SETS: dict[str, Callable[[], tuple[Dataset, Dataset]]] = {
    "mnist": load_mnist,
    "sample": load_sample,
    "fashion-mnist": load_fashion_mnist,
    **{f"emnist-{split}": partial(load_emnist, split) for split in EMNIST_CLASSES},
    "cifar-10": partial(load_cifar, 10),
    "cifar-100": partial(load_cifar, 100),
    "pen": load_pen_digits,
    "pen-letters": load_pen_characters,
    "digit-or-not": lambda: load_digit_or_not([load_mnist(), load_pen_digits()], [0.5, 3]),
    "character-or-not": load_character_or_not,
}

CUSTOM = "a folder with one sub-folder of images per class, an .npz file, a .csv file, or an IDX file of images"
WHAT_DATA = f"{', '.join(DATA_SETS)}, {CUSTOM}"


def load_data(
    name: str, folders: FolderOptions = AS_THEY_ARE, feedback: Feedback = SILENT, fewest: int = FEWEST
) -> tuple[Dataset, Dataset]:
    """The training set and the test set called `name`: a known data set, a folder or a file.

    `folders` is how a folder is read, and `feedback` is told how far that is. Custom data needs `fewest` examples.
    UserError where there is no such data, or it cannot be downloaded or read.
    """
    if name in DATA_SETS:
        return DATA_SETS[name]()
    return custom.with_test_set(read_path(name, folders, feedback), Path(name), fewest)


def load_test_set(name: str, folders: FolderOptions = AS_THEY_ARE, feedback: Feedback = SILENT) -> Dataset:
    """The test set called `name`; all of a folder or a file without a test set. UserError as for `load_data`."""
    if name in DATA_SETS:
        return DATA_SETS[name]()[1]
    whole, test = read_path(name, folders, feedback, only_test=True)
    chosen = whole if test is None else test
    custom.check_custom(chosen, Path(name))
    return chosen


def has_test_set(name: str) -> bool:
    """Whether the data called `name` comes as a training set and a test set."""
    path = Path(name).expanduser()
    return name in DATA_SETS or is_split(path) or custom.has_test_arrays(path)


def read_path(name: str, folders: FolderOptions, feedback: Feedback, only_test: bool = False) -> custom.Sets:
    """What is in the folder or the file called `name`; UserError where it is none that has data."""
    path = Path(name).expanduser()
    if path.is_dir():
        return read_folder(path, folders, feedback, only_test)
    if not custom.is_custom(path):
        raise UserError(f"There is no data set {name}. --data takes {WHAT_DATA}.")
    return custom.read_custom(path)


@dataclass(frozen=True)
class Mixture:
    """Data sets with the same classes, from which one network learns.

    MNIST's digits were written on paper and scanned, those of the pen data were written on tablets: a network reads
    both better if it learns from both. How often each set is shown is a choice, and each test set is scored alone.
    """

    training: list[Dataset]
    test: dict[str, Dataset]  # by name
    weights: list[float]  # how often each training set is shown in an epoch

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""
        return self.training[0].classes

    def split(self, rng: np.random.Generator) -> tuple[Dataset, Dataset]:
        """Hold out some examples of each set for validation: (the rest, the validation set)."""
        pairs = [data.split(len(data) // VALIDATION_EVERY, rng) for data in self.training]
        return concatenate([rest for rest, _ in pairs], self.weights), concatenate([held_out for _, held_out in pairs])


def name_and_times(text: str) -> tuple[str, float]:
    """The name of a data set, and how often it is shown in an epoch: three times for pen=3, once for pen."""
    name, equals, times = text.rpartition("=")
    if not equals or Path(text).expanduser().exists():
        return text, 1.0
    try:
        NOT_NEGATIVE.check("times", float(times) if name else -1)
    except ValueError as error:
        raise UserError(f"{text} is not a data set and how often it is shown in an epoch, such as pen=3.") from error
    return name, float(times)


def load_mixture(
    names: Sequence[str],
    weights: Sequence[float] | None = None,
    folders: FolderOptions = AS_THEY_ARE,
    feedback: Feedback = SILENT,
    fewest: int = FEWEST,
) -> Mixture:
    """The data sets called `names`, each shown as often in an epoch as its name, such as pen=3, or its weight says.

    All else is as for `load_data`. UserError where a set cannot be loaded or is named twice, the classes or the images
    differ in kind, or there is not one weight per name.
    """
    if weights is None:
        pairs = [name_and_times(name) for name in names]
    elif len(weights) == len(names):
        pairs = list(zip(names, weights, strict=True))
    else:
        raise UserError(f"There are {len(names)} data sets and {len(weights)} weights; give one weight for each set.")
    if len({name if name in DATA_SETS else os.path.realpath(Path(name).expanduser()) for name, _ in pairs}) != len(
        names
    ):
        raise UserError("A data set is named twice; name it once, and show it more often by NAME=TIMES, such as pen=3.")
    sets = {name: load_data(name, folders, feedback, fewest) for name, _ in pairs}
    if len({training.classes for training, _ in sets.values()}) != 1:
        raise UserError(f"The data sets {' and '.join(sets)} have different classes; train on one of them.")
    sizes = [" x ".join(map(str, training.images.shape[1:])) for training, _ in sets.values()]
    if len(set(sizes)) != 1:
        found = " and ".join(f"{name} ({size})" for name, size in zip(sets, sizes, strict=True))
        raise UserError(
            f"The data sets have images of different sizes: {found}; train on one of them, or convert folders by "
            "python -m nn_scratch.data.folder --ink or --size."
        )
    training, test = zip(*sets.values(), strict=True)
    return Mixture(list(training), dict(zip(sets, test, strict=True)), [float(times) for _, times in pairs])
