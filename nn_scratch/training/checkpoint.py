"""The checkpoint: all that a training needs to go on as if it had never stopped.

An .npz without pickle: the network's vectors and the optimizer's, and `words`, JSON bytes with the optimizer's steps,
the state of the random numbers and whatever the caller adds. Training from it gives the same numbers, bit by bit.
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
    """Write the training as it stands to `path`, whole or not at all; arrays and JSON values in `extra` go with it.

    Raises:
        UserError: the file cannot be written.
    """
    arrays = {name: value for name, value in extra.items() if isinstance(value, np.ndarray)}
    words = {name: value for name, value in extra.items() if name not in arrays}
    words |= {"steps": optimizer.steps, "rng": rng.bit_generator.state}
    arrays |= vectors(network, optimizer) | {"words": np.frombuffer(json.dumps(words).encode(), np.uint8)}
    with atomic_write(path) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]  # NumPy's stub takes the names for its own option


def load(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays and the words in `path`.

    Raises:
        UserError: it is missing, damaged or no checkpoint.
    """
    arrays = read_npz(path, LARGEST)
    try:
        words = json.loads(arrays.pop("words").tobytes())
    except (KeyError, ValueError, RecursionError) as error:
        raise foreign(path) from error
    if not isinstance(words, dict):
        raise foreign(path)
    return arrays, words


def restore(
    path: Path, network: Network, optimizer: Optimizer, rng: np.random.Generator
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Put a training back to where `path` left it; returns what `extra` was, as arrays and words.

    `network` and `optimizer` have been made anew in the way they were made then.

    Raises:
        UserError: `path` cannot be read, or is of another network or optimizer; nothing has changed then.
    """
    arrays, words = load(path)
    targets = vectors(network, optimizer)
    fits = all(name in arrays and arrays[name].shape == vector.shape for name, vector in targets.items())
    try:
        trial = np.random.default_rng()
        trial.bit_generator.state = words["rng"]
        steps = int(words["steps"])
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise foreign(path) from error
    if not fits:
        raise UserError(f"The checkpoint {path} is of another network or optimizer; resume with the options it had.")
    for name, vector in targets.items():
        vector[...] = arrays.pop(name)
    optimizer.steps = steps
    rng.bit_generator.state = words["rng"]
    return arrays, words


def vectors(network: Network, optimizer: Optimizer) -> dict[str, NDArray[Any]]:
    """All that changes in training and is a vector, by name."""
    return {"parameters": network.parameters, "state": network.state, **optimizer.state}


def foreign(path: Path) -> UserError:
    """The sentence for a file that is no checkpoint."""
    return UserError(f"{path} is not a checkpoint of nn_scratch; name the folder of a run that nn_scratch.train began.")
