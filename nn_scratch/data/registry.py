"""Data sets by name.

Commands and model files can only say what their data is called. Here a name becomes data, whether it is the name of a
published data set, of a folder of images or of an .npz file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from nn_scratch.data.cifar import load_cifar_10
from nn_scratch.data.custom import load_folder, load_npz
from nn_scratch.data.dataset import Dataset
from nn_scratch.data.emnist import EMNIST_CLASSES, load_emnist
from nn_scratch.data.mixture import Mixture
from nn_scratch.data.mnist import load_fashion_mnist, load_mnist
from nn_scratch.data.sample import load_sample
from nn_scratch.data.unipen.datasets import load_pen_characters, load_pen_digits
from nn_scratch.data.unipen.rejection import load_character_or_not, load_digit_or_not
from nn_scratch.errors import UserError

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

WHAT_DATA = f"{', '.join(DATA_SETS)}, a folder with one sub-folder of images per class, or an .npz file"


def load_data(name: str) -> tuple[Dataset, Dataset]:
    """The training set and the test set called `name`: a known data set, a folder or an .npz file.

    Raises:
        UserError: there is no such data, or it cannot be downloaded or read.
    """
    if name in DATA_SETS:
        return DATA_SETS[name]()
    path = Path(name).expanduser()
    if path.is_dir():
        return load_folder(path)
    if path.suffix == ".npz":
        return load_npz(path)
    raise UserError(f"There is no data set {name}. --data takes {WHAT_DATA}.")


def load_mixture(names: Sequence[str], weights: Sequence[float] | None = None) -> Mixture:
    """The data sets called `names`, each shown as often in an epoch as its weight says (once where that is None).

    Raises:
        UserError: a set cannot be loaded or is named twice, the classes differ, or there is not one weight per name.
    """
    if weights is not None and len(weights) != len(names):
        raise UserError(f"There are {len(names)} data sets and {len(weights)} weights; give one weight for each set.")
    if len({name if name in DATA_SETS else os.path.realpath(Path(name).expanduser()) for name in names}) != len(names):
        raise UserError("A data set is named twice; name it once, and use --weights to show it more often.")
    sets = {name: load_data(name) for name in names}
    if len({training.classes for training, _ in sets.values()}) != 1:
        raise UserError(f"The data sets {' and '.join(sets)} have different classes; train on one of them.")
    sizes = [" x ".join(map(str, training.images.shape[1:])) for training, _ in sets.values()]
    if len(set(sizes)) != 1:
        found = " and ".join(f"{name} ({size})" for name, size in zip(sets, sizes, strict=True))
        raise UserError(f"The data sets have images of different sizes: {found}; train on one of them.")
    return Mixture(
        training=[training for training, _ in sets.values()],
        test={name: test for name, (_, test) in sets.items()},
        weights=list(weights or [1.0] * len(names)),
    )
