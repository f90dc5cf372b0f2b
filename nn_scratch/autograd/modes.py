"""Two switches of the tensor engine: whether operations are recorded, and whether results are checked.

Prediction needs no graph, and a search for the first NaN needs a check of every result. Neither should cost anything at
other times. Each thread has its own switches, so that a prediction in one thread does not stop training in another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from nn_scratch.arrays import Array


class Modes(threading.local):
    """Whether operations are recorded for `backward`, and whether their results are checked."""

    recording = True
    checking = False


modes = Modes()


@contextmanager
def no_grad() -> Iterator[None]:
    """Within the block nothing is recorded: results cannot be differentiated, and no graph takes memory."""
    before, modes.recording = modes.recording, False
    try:
        yield
    finally:
        modes.recording = before


def debug(on: bool) -> None:
    """If `on`, raise FloatingPointError wherever infinity or NaN arises, forward or backward, until `debug(False)`."""
    modes.checking = on


def checked(what: str, function: Callable[..., Array], *arguments: Any, **settings: Any) -> Array:
    """`function(*arguments, **settings)`, checked in debug mode to be finite; `what` names it in the error."""
    if not modes.checking:
        return function(*arguments, **settings)
    with np.errstate(all="ignore"):  # our error says more than NumPy's warnings
        array = function(*arguments, **settings)
    check_finite(what, array)
    return array


def check_finite(what: str, array: Array) -> None:
    """Raise FloatingPointError if `array` has infinity or NaN; it names `what` and the first place of one."""
    not_finite = ~np.isfinite(array)
    if not_finite.any():
        place = tuple(int(i) for i in np.argwhere(not_finite)[0])
        where = f" at {place}" if place else ""
        raise FloatingPointError(f"{what} is {array[place]}{where}.")
