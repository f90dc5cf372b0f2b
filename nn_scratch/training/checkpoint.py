"""The checkpoint: all that a training needs to go on as if it had never stopped.

A training may take hours, and computers are switched off. The model alone is not enough to go on: the optimizer keeps
means of past gradients, and the random numbers must continue where they were. With all of that in one file, a resumed
training gives the same numbers as one that never stopped, bit by bit.

The file is an .npz without pickle: the vectors of the network and of the optimizer, and `words`, JSON bytes with the
number of steps, the state of the random numbers and whatever the caller adds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, read_npz
from nn_scratch.network import Network
from nn_scratch.optimizers import Optimizer

LARGEST = 2**31  # bytes
MOST_STEPS = 2**53  # beyond, they are not exact as a float, as optimizers use them


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


@dataclass(frozen=True)
class State:
    """What a checkpoint holds, found to fit a training: nothing can fail when it is put there.

    Attributes:
        vectors: the new values of `vectors(network, optimizer)`.
        rng: the state of the random numbers.
        arrays, words: what was the `extra` of `save`, arrays and JSON values.
    """

    vectors: dict[str, NDArray[Any]]
    steps: int
    rng: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    words: dict[str, Any]

    def put_into(self, network: Network, optimizer: Optimizer, rng: np.random.Generator) -> None:
        """Put a training into this state."""
        for name, vector in vectors(network, optimizer).items():
            vector[...] = self.vectors[name]
        optimizer.steps = self.steps
        rng.bit_generator.state = self.rng


def load(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays and the JSON values in `path`.

    Raises:
        UserError: it is missing, damaged or not a checkpoint.
    """
    arrays = read_npz(path, LARGEST, "checkpoint", "name the folder of a run of nn_scratch.train")
    try:
        words = json.loads(arrays.pop("words").tobytes())
    except (KeyError, ValueError, RecursionError) as error:
        raise not_a_checkpoint(path) from error
    if not isinstance(words, dict):
        raise not_a_checkpoint(path)
    return arrays, words


def read_state(path: Path, network: Network, optimizer: Optimizer, rng: np.random.Generator) -> State:
    """The state in `path`, which is checked against a training but not put into it.

    `network` and `optimizer` are new ones, made in the same way as those that were saved.

    Raises:
        UserError: `path` cannot be read, is not a checkpoint, or belongs to another network or optimizer.
    """
    arrays, words = load(path)
    steps = words.get("steps")
    if type(steps) is not int or not 0 <= steps <= MOST_STEPS:
        raise not_a_checkpoint(path)
    trial = type(rng.bit_generator)()
    try:
        trial.state = words["rng"]
    except (KeyError, ValueError, TypeError, OverflowError, AttributeError) as error:
        raise not_a_checkpoint(path) from error
    targets = vectors(network, optimizer)
    if not all(name in arrays and is_like(arrays[name], vector) for name, vector in targets.items()):
        raise UserError(
            f"The checkpoint {path} belongs to another network or optimizer; resume it with the options it had."
        )
    return State({name: arrays.pop(name) for name in targets}, steps, words["rng"], arrays, words)


def restore(
    path: Path, network: Network, optimizer: Optimizer, rng: np.random.Generator
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Put a training into the state that is in `path`; returns the arrays and JSON values that were its `extra`.

    Raises:
        UserError: as for `read_state`; nothing has changed then.
    """
    state = read_state(path, network, optimizer, rng)
    state.put_into(network, optimizer, rng)
    return state.arrays, state.words


def is_like(array: NDArray[Any], vector: NDArray[Any]) -> bool:
    """Whether `array` has the shape and the type of `vector`, so that it can take its place."""
    return array.shape == vector.shape and array.dtype == vector.dtype


def vectors(network: Network, optimizer: Optimizer) -> dict[str, NDArray[Any]]:
    """All vectors that change in training, by name."""
    return {"parameters": network.parameters, "state": network.state, **optimizer.state}


def not_a_checkpoint(path: Path) -> UserError:
    """The sentence for a file that is not a checkpoint."""
    return UserError(f"{path} is not a checkpoint of nn_scratch; name the folder of a run of nn_scratch.train.")
