"""Two switches of the tensor engine, each of its own in every thread."""

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
    """Within the block nothing is recorded, so results cannot be differentiated, and cost no memory."""
    before, modes.recording = modes.recording, False
    try:
        yield
    finally:
        modes.recording = before


def debug(on: bool) -> None:
    """From now on, raise FloatingPointError where infinity or NaN arises, going forward or back; False ends it."""
    modes.checking = on


def checked(what: str, function: Callable[..., Array], *arguments: Any, **settings: Any) -> Array:
    """`function(*arguments, **settings)`, which `debug` wants to be finite; `what` says what it is."""
    if not modes.checking:
        return function(*arguments, **settings)
    with np.errstate(all="ignore"):  # our error says more than NumPy's warning
        array = function(*arguments, **settings)
    check_finite(what, array)
    return array


def check_finite(what: str, array: Array) -> None:
    """Raise FloatingPointError, naming `what` and the first place, where `array` has infinity or NaN."""
    wrong = ~np.isfinite(array)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = f" at {place}" if place else ""
        raise FloatingPointError(f"{what} is {array[place]}{where}.")
