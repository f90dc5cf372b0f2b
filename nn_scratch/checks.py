"""Checks: which numbers an argument may be, and what fits into memory, said in one sentence before any work begins.

A negative learning rate, or one that is not a number, does not fail at once: it spoils the training that it is used
for. The limits of an argument are the same in a program and on the command line, so they are stated once, as a range.

A few characters, such as a million for a thousand, can ask for more memory than the computer has. The system may
promise that memory and end the program only when it is used, minutes later and without a word. So whoever is about to
allocate very much computes the bytes first and asks here.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from numbers import Integral, Real

from nn_scratch.errors import UserError

ASSUMED = 16 * 2**30  # bytes of memory, where the system does not tell how much there is


@dataclass(frozen=True)
class Range:
    """The finite numbers from `least` to `most`.

    Attributes:
        whole: whether they are whole numbers.
        above: whether `least` itself is left out; `below`: whether `most` is.
    """

    least: float
    most: float = math.inf
    whole: bool = False
    above: bool = False
    below: bool = False

    def __contains__(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, Integral if self.whole else Real):
            return False
        number: float = value  # type: ignore[assignment]  # the protocols of the abstract types are no float
        inside = self.least <= number <= self.most and number < math.inf
        return inside and not (self.above and number == self.least) and not (self.below and number == self.most)

    def __str__(self) -> str:
        """What a number in the range is, as in: a whole number from 1 to 10."""
        kind = "a whole number" if self.whole else "a number"
        if self.most < math.inf and not self.above and not self.below:
            return f"{kind} from {self.least:,} to {self.most:,}"
        start = f"above {self.least:,}" if self.above else f"of at least {self.least:,}"
        if self.most == math.inf:
            return f"{kind} {start}"
        return f"{kind} {start} and {'below' if self.below else 'at most'} {self.most:,}"

    def check(self, name: str, value: object) -> None:
        """Raise ValueError if `value`, the argument called `name`, is not in the range."""
        if value not in self:
            raise ValueError(f"{name} is {value!r}, but it must be {self}.")


COUNT = Range(1, whole=True)
POSITIVE = Range(0, above=True)
NOT_NEGATIVE = Range(0)
FRACTION = Range(0, 1, below=True)


class TooLargeError(UserError, MemoryError):
    """Something needs more memory than the computer has."""


def bytes_installed() -> int:
    """The memory of this computer in bytes."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf, other systems may not know the answer
        return ASSUMED


def check_memory(needed: int, what: str, advice: str) -> None:
    """Refuse what needs more bytes than the computer has.

    `what` begins the sentence, such as "The network"; `advice`, a clause, ends it.

    Raises:
        TooLargeError: `needed` bytes are more than the memory of the computer.
    """
    installed = bytes_installed()
    if needed > installed:
        gigabytes = f"{needed // 10**9:,} GB of memory, and this computer has {installed // 10**9:,} GB"
        raise TooLargeError(f"{what} would need {gigabytes}; {advice}.")
