"""The charset: what the user knows of the drawing beforehand, that it has letters only, or digits only.

An O and a 0 are often the same drawing, and so are an S and a 5; what is expected tells them apart. A class is a digit
if its label is one, and else a letter.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray


class Charset(Enum):
    """Which classes an answer may have. The values are what the option --charset takes."""

    ALL = "all"
    LETTERS = "letters"
    DIGITS = "digits"

    def next(self) -> Charset:
        """The charset after this one, and after the last one the first."""
        members = list(Charset)
        return members[(members.index(self) + 1) % len(members)]

    def mask(self, classes: tuple[str, ...]) -> NDArray[np.bool_]:
        """Whether each of `classes` (K,) belongs to this charset.

        All of them do where there is no charset to choose.
        """
        if self is Charset.ALL or not offers_charsets(classes):
            return np.ones(len(classes), np.bool_)
        return np.array([label.isdigit() == (self is Charset.DIGITS) for label in classes])


def knows_only_digits(classes: tuple[str, ...]) -> bool:
    """Whether a network with these `classes` reads digits and nothing else."""
    return all(label.isdigit() for label in classes)


def offers_charsets(classes: tuple[str, ...]) -> bool:
    """Whether there is a charset to choose: a network with these `classes` reads both digits and letters."""
    return len({label.isdigit() for label in classes}) == 2


def renormalized(probabilities: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """`probabilities` (C, K) given that the class is one in `mask` (K,): 0 outside of it, and the sum is 1 again.

    Where the network holds no class of the mask possible, all of them are equally probable.
    """
    kept = np.where(mask, probabilities, np.float32(0.0))  # (C, K)
    total = kept.sum(axis=1, keepdims=True)  # (C, 1)
    divided = np.divide(kept, total, out=np.zeros_like(kept), where=total > 0)
    return np.where(total > 0, divided, mask / np.float32(mask.sum())).astype(np.float32)
