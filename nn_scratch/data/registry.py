"""Data sets by name.

Commands and model files can only say what their data is called. Here a name becomes data, whether it is the name of a
published data set, of a folder of images or of a file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nn_scratch.data.cifar import load_cifar_10
from nn_scratch.data.custom import FEWEST, load_npz, load_test_npz
from nn_scratch.data.emnist import EMNIST_CLASSES, load_emnist
from nn_scratch.data.feedback import SILENT, Feedback
from nn_scratch.data.folder import AS_THEY_ARE, FolderOptions, is_split, load_folder, load_test_folder
from nn_scratch.data.mixture import Mixture
from nn_scratch.data.mnist import load_fashion_mnist, load_mnist
from nn_scratch.data.sample import load_sample
from nn_scratch.data.tables import is_table, load_table, load_test_table
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.recipes.datasets import load_pen_characters, load_pen_digits
from nn_scratch.recipes.rejection import load_character_or_not, load_digit_or_not

DATA_SETS: dict[str, Callable[[], tuple[Dataset, Dataset]]] = {
    "mnist": load_mnist,
    "sample": load_sample,
    "fashion-mnist": load_fashion_mnist,
    **{f"emnist-{split}": partial(load_emnist, split) for split in EMNIST_CLASSES},
    "cifar-10": load_cifar_10,
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

    `folders` is how a folder is read, and `feedback` is told how far that is. A file needs `fewest` images.

    Raises:
        UserError: there is no such data, or it cannot be downloaded or read.
    """
    if name in DATA_SETS:
        return DATA_SETS[name]()
    path = path_of(name)
    if path.is_dir():
        return load_folder(path, folders, feedback)
    return load_table(path, fewest) if is_table(path) else load_npz(path, fewest)


def load_test_set(name: str, folders: FolderOptions = AS_THEY_ARE, feedback: Feedback = SILENT) -> Dataset:
    """The test set called `name`; all images of a folder or a file, unless the folder has a test set of its own.

    Raises:
        UserError: as for `load_data`.
    """
    if name in DATA_SETS:
        return DATA_SETS[name]()[1]
    path = path_of(name)
    if path.is_dir():
        return load_test_folder(path, folders, feedback)
    return load_test_table(path) if is_table(path) else load_test_npz(path)


def has_test_set(name: str) -> bool:
    """Whether the data called `name` comes as a training set and a test set."""
    return name in DATA_SETS or is_split(Path(name).expanduser())


def path_of(name: str) -> Path:
    """The folder or the file called `name`; UserError where it is none that has data."""
    path = Path(name).expanduser()
    if not path.is_dir() and path.suffix != ".npz" and not is_table(path):
        raise UserError(f"There is no data set {name}. --data takes {WHAT_DATA}.")
    return path


def check_folder_options(names: Sequence[str], folders: FolderOptions) -> None:
    """UserError where options of how folders are read were chosen, but none of `names` is a folder."""
    if folders != AS_THEY_ARE and not any(Path(name).expanduser().is_dir() for name in set(names) - set(DATA_SETS)):
        raise UserError(
            f"--ink and --size are for folders of images, but --data names {' '.join(names)}; leave them out."
        )


def load_mixture(
    names: Sequence[str],
    weights: Sequence[float] | None = None,
    folders: FolderOptions = AS_THEY_ARE,
    feedback: Feedback = SILENT,
    fewest: int = FEWEST,
) -> Mixture:
    """The data sets called `names`, each shown as often in an epoch as its weight says (once where that is None).

    `folders`, `feedback` and `fewest` are as for `load_data`.

    Raises:
        UserError: a set cannot be loaded or is named twice, the classes or the images differ in kind, or there is not
            one weight per name.
    """
    if weights is not None and len(weights) != len(names):
        raise UserError(f"There are {len(names)} data sets and {len(weights)} weights; give one weight for each set.")
    if len({name if name in DATA_SETS else os.path.realpath(Path(name).expanduser()) for name in names}) != len(names):
        raise UserError("A data set is named twice; name it once, and use --weights to show it more often.")
    sets = {name: load_data(name, folders, feedback, fewest) for name in names}
    if len({training.classes for training, _ in sets.values()}) != 1:
        raise UserError(f"The data sets {' and '.join(sets)} have different classes; train on one of them.")
    sizes = [" x ".join(map(str, training.images.shape[1:])) for training, _ in sets.values()]
    if len(set(sizes)) != 1:
        found = " and ".join(f"{name} ({size})" for name, size in zip(sets, sizes, strict=True))
        raise UserError(
            f"The data sets have images of different sizes: {found}; train on one of them, or read "
            "folders with --ink or --size."
        )
    return Mixture(
        training=[training for training, _ in sets.values()],
        test={name: test for name, (_, test) in sets.items()},
        weights=list(weights or [1.0] * len(names)),
    )
