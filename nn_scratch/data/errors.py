"""The error for a data file that is not what it should be.

Downloads break off, disks fill up and files get swapped. Every reader of data files checks what it reads, and what it
tells the user is always the same: which file, what is wrong with it, and what to do.
"""

from __future__ import annotations

from pathlib import Path

from nn_scratch.errors import UserError


def broken_file_error(path: Path, why: str) -> UserError:
    """The error for the data file `path`, which cannot be used; `why` is a clause that says what is wrong with it."""
    return UserError(
        f"The data file {path} cannot be used: {why}. Delete it to have it downloaded again, or replace it."
    )
