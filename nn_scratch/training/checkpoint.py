"""The checkpoint: all that a training needs to go on as if it had never stopped.

A training may take hours, and computers are switched off. The model alone is not enough to go on: the optimizer keeps
means of past gradients, and the random numbers must continue where they were. With all of that in one file, a resumed
training gives the same numbers as one that never stopped, bit by bit.

The file is an .npz without pickle: the vectors of the network and of the optimizer, and `words`, JSON bytes with the
number of steps, the state of the random numbers and whatever the caller adds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, read_npz
from nn_scratch.nn.network import Network
from nn_scratch.nn.optimizers import Optimizer

LARGEST = 2**31  # bytes


def save(path: Path, network: Network, optimizer: Optimizer, rng: np.random.Generator, extra: dict[str, Any]) -> None:
    """Write the present state of a training to `path`, whole or not at all, with the arrays and JSON values in `extra`.

    Raises:
        UserError: the file cannot be written.
    """
    arrays = {name: value for name, value in extra.items() if isinstance(value, np.ndarray)}
    words = {name: value for name, value in extra.items() if name not in arrays}
    words |= {"steps": optimizer.steps, "rng": rng.bit_generator.state}
    arrays |= vectors(network, optimizer) | {"words": np.frombuffer(json.dumps(words).encode(), np.uint8)}
    with atomic_write(path) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]  # NumPy's stub takes the names for its own options


def load(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays and the JSON values in `path`.

    Raises:
        UserError: it is missing, damaged or not a checkpoint.
    """
    arrays = read_npz(path, LARGEST)
    try:
        words = json.loads(arrays.pop("words").tobytes())
    except (KeyError, ValueError, RecursionError) as error:
        raise not_a_checkpoint(path) from error
    if not isinstance(words, dict):
        raise not_a_checkpoint(path)
    return arrays, words


def restore(
    path: Path, network: Network, optimizer: Optimizer, rng: np.random.Generator
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Put a training back into the state that is in `path`; returns the arrays and JSON values that were its `extra`.

    `network` and `optimizer` are new ones, made in the same way as those that were saved.

    Raises:
        UserError: `path` cannot be read, or belongs to another network or optimizer; nothing has changed then.
    """
    arrays, words = load(path)
    targets = vectors(network, optimizer)
    fits = all(name in arrays and arrays[name].shape == vector.shape for name, vector in targets.items())
    try:
        trial = np.random.default_rng()
        trial.bit_generator.state = words["rng"]
        steps = int(words["steps"])
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise not_a_checkpoint(path) from error
    if not fits:
        raise UserError(
            f"The checkpoint {path} belongs to another network or optimizer; resume it with the options it had."
        )
    for name, vector in targets.items():
        vector[...] = arrays.pop(name)
    optimizer.steps = steps
    rng.bit_generator.state = words["rng"]
    return arrays, words


def vectors(network: Network, optimizer: Optimizer) -> dict[str, NDArray[Any]]:
    """All vectors that change in training, by name."""
    return {"parameters": network.parameters, "state": network.state, **optimizer.state}


def not_a_checkpoint(path: Path) -> UserError:
    """The sentence for a file that is not a checkpoint."""
    return UserError(f"{path} is not a checkpoint of nn_scratch; name the folder of a run of nn_scratch.train.")
