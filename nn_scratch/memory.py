"""Memory: what does not fit into it is refused before it is allocated.

A few characters, such as a million for a thousand, can ask for more memory than the computer has. The system may
promise that memory and end the program only when it is used, minutes later and without a word. So whoever is about to
allocate very much computes the bytes first and asks here.
"""

from __future__ import annotations

import os

from nn_scratch.errors import UserError

ASSUMED = 16 * 2**30  # bytes, where the system does not tell how much memory there is


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
