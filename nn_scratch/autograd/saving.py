"""The numbers of an engine's model in a file.

A model of the engine is a program: functions that are called one after the other. A file cannot hold that without code
to run, so it holds the numbers alone, each array under its name; whoever loads them builds the same model first:

    save(model, "model.npz")
    load(mlp((784, 50, 25, 10), rng), "model.npz")
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.autograd.nn import Module
from nn_scratch.errors import UserError, shown
from nn_scratch.files import atomic_write, read_npz

LARGEST = 256 * 2**20  # bytes


def save(model: Module, path: str | Path) -> None:
    """Write all parameters and the state of `model` to the .npz file `path`, as a whole or not at all.

    Raises:
        UserError: the file cannot be written.
    """
    with atomic_write(Path(path)) as file:
        np.savez(file, **model.arrays())  # type: ignore[arg-type]  # NumPy's stub takes the names for its own options


def load(model: Module, path: str | Path) -> None:
    """Put the numbers in `path` into `model`. Where they do not fit, `model` stays as it was.

    Raises:
        UserError: the file is missing or damaged, or has other arrays than `model`, or numbers that are not finite.
    """
    path = Path(path)
    arrays = read_npz(path, LARGEST, "file of a model", "check the name, or save a model there first")
    wanted = model.arrays()
    if described(arrays) != described(wanted):
        raise UserError(
            f"{path} does not fit this model: it has {shown(described(arrays), 200)}, and the model has "
            f"{shown(described(wanted), 200)}; build the model that was saved."
        )
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise UserError(f"{path} has numbers in {name} that are not finite (NaN); train the model again.")
    for name, array in wanted.items():
        array[...] = arrays[name]


def described(arrays: dict[str, Array]) -> str:
    """Names, types and shapes: 0.W float32 (784, 50), 0.b float32 (50,)."""
    return ", ".join(f"{name} {array.dtype} {array.shape}" for name, array in sorted(arrays.items())) or "no arrays"
