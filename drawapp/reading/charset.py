"""The restriction: what the user knows of the drawing beforehand, that it has letters only, or digits only.

An O and a 0 are often the same drawing, and so are an S and a 5; what is expected tells them apart.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray


class Charset(Enum):
    """The classes that an answer may have."""

    ALL = "all"
    LETTERS = "letters"
    DIGITS = "digits"

    def next(self) -> Charset:
        """The one after this, round and round."""
        members = list(Charset)
        return members[(members.index(self) + 1) % len(members)]


def makes_sense(classes: tuple[str, ...]) -> bool:
    """Whether there is anything to restrict: both digits and others among `classes`."""
    return len({name.isdigit() for name in classes}) == 2


def allowed(classes: tuple[str, ...], charset: Charset) -> NDArray[np.bool_]:
    """Whether each of `classes` (K,) may be an answer: a class is a digit if its name is one, and else a letter."""
    return np.array([charset is Charset.ALL or name.isdigit() == (charset is Charset.DIGITS) for name in classes])


def restricted(probabilities: NDArray[np.float32], may: NDArray[np.bool_]) -> NDArray[np.float32]:
    """`probabilities` (C, K) given that only the classes that `may` (K,) be the answer: the others 0, the sum 1.

    Where the network holds none of them possible, all of them are equally probable.
    """
    kept = np.where(may, probabilities, np.float32(0.0))
    total = kept.sum(axis=1, keepdims=True)
    share = np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)
    return np.where(total > 0, share, may / np.float32(may.sum())).astype(np.float32)
