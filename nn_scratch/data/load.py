"""Data by what a user calls it: the name of a data set, a folder of pictures, or an .npz file."""

from __future__ import annotations

from pathlib import Path

from nn_scratch.data.dataset import Dataset
from nn_scratch.data.own import from_folder, from_npz
from nn_scratch.data.sets import DATA_SETS
from nn_scratch.errors import UserError

WHAT_DATA = f"{', '.join(DATA_SETS)}, a folder with a sub-folder of pictures for each class, or an .npz file"


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
