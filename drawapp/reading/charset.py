"""The charset: what the user knows of the drawing beforehand, that it has letters only, or digits only.

An O and a 0 are often the same drawing, and so are an S and a 5; what is expected tells them apart. A class is a digit
if its label is one, and else a letter.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

BARS = frozenset("lI1L")  # the classes in which a bare upright bar may be
BOTH_CASES = frozenset("CIJKLMOPSUVWXYZ")  # the classes of EMNIST Balanced that hold small letters, too


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


def forms(label: str, classes: tuple[str, ...]) -> tuple[str, ...]:
    """The characters that the class `label` holds, among `classes`.

    A network that knows some small letters and not this one was shown it as the capital.
    """
    has_small = label in BOTH_CASES and "a" in classes and label.lower() not in classes
    return (label, label.lower()) if has_small else (label,)


def forms_of_bar(classes: tuple[str, ...], mask: NDArray[np.bool_]) -> tuple[str, ...]:
    """What a bare upright bar may be, among the classes in `mask` (K,): "l", "I" and "1"; the letters only with "I"."""
    allowed = {label for label, is_allowed in zip(classes, mask, strict=True) if is_allowed}
    letters = ("l", "I") if "I" in allowed else ()
    return (*letters, *({"1"} & allowed))


def of_bare_bar(
    probabilities: NDArray[np.float32], classes: tuple[str, ...], mask: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """`probabilities` (K,) of a bare upright bar, among the classes in `mask` (K,): all that look like one are "I".

    A small l stands in the class L, and alone it looks like an I and like a 1: what the network gives to the three is
    one answer. Nothing changes where the answer cannot be an I, for instance because it has to be a digit.
    """
    alike = np.array([label in BARS for label in classes]) & mask  # (K,)
    if "I" not in classes or not alike[classes.index("I")]:
        return probabilities
    together = np.where(alike, np.float32(0), probabilities)  # (K,)
    together[classes.index("I")] = probabilities[alike].sum()
    return together
