"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nn_scratch.errors import UserError


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path` that takes its place when the block ends well and vanishes when it does not.

    Readers see the old file or the new one, never half of either (`os.replace` is atomic on every platform we run on).

    Raises:
        UserError: the file cannot be written.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise unwritable(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        os.chmod(temporary, 0o666 & ~current_umask())  # mkstemp makes files that only their owner can read
        os.replace(temporary, path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Find out before hours of work, not after, whether `path` can be written; leaves what is there as it is.

    Raises:
        UserError: it cannot.
    """
    if path.is_dir():
        raise UserError(f"Cannot write {path}: it is a folder; name a file in it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise unwritable(path, error) from error
    if path.exists() and not os.access(path, os.W_OK):
        raise UserError(f"Cannot write {path}: it is write-protected; choose another name or make it writable.")


def unwritable(path: Path, error: OSError) -> UserError:
    """The sentence for a file that cannot be written."""
    return UserError(f"Cannot write {path}: {error.strerror or error}; choose another place or make room.")


def current_umask() -> int:
    """The permission bits that new files of this process do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
