"""Files that are written whole or not at all, and arrays that are read without trust.

A program can be stopped at any moment, and a file can come from anybody. So a new file replaces the old one in a single
step, and no file is read into memory before its size is known.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nn_scratch.errors import UserError


@contextmanager
def atomic_write(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path`. It replaces `path` when the block ends, and is deleted if the block fails.

    Readers see the old file or the new one, never half of either: `os.replace` is atomic on every system we run on.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
        os.chmod(temporary, 0o666 & ~current_umask())  # mkstemp makes files that only their owner can read
        os.replace(temporary, path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Find out before hours of work, not after, whether `path` can be written. A file that is there is not changed.

    Raises:
        UserError: the file cannot be written.
    """
    if os.path.isdir(path):  # unlike path.is_dir(), it takes names that are too long
        raise UserError(f"Cannot write {path}: it is a folder; name a file in it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=f".{path.name}.", dir=path.parent):  # a name may be too long
            pass
    except OSError as error:
        raise cannot_write(path, error) from error
    if path.exists() and not os.access(path, os.W_OK):
        raise UserError(f"Cannot write {path}: it is write-protected; choose another name or make it writable.")


def read_npz(path: Path, largest: int) -> dict[str, NDArray[Any]]:
    """All arrays in the .npz file `path`, which together have at most `largest` bytes.

    The sizes come from the archive's directory and are checked before anything is decompressed. If an array is longer
    than the directory says, zipfile raises an error. Pickled objects are refused.

    Raises:
        UserError: the file cannot be read, is not an .npz file, or is too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > largest:
            raise UserError(
                f"{path} holds {size >> 20:,} MB of arrays, and at most {largest >> 20:,} MB are read; make it smaller."
            )
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError as error:
        raise UserError(f"There is no file {path}; check the name.") from error
    except OSError as error:
        raise UserError(f"Cannot read {path}: {error.strerror or error}.") from error
    except UserError:
        raise
    except Exception as error:  # arbitrary bytes make zipfile and NumPy's header parser fail in many ways
        raise UserError(f"{path} is not an .npz file of plain arrays: it is damaged or of another kind.") from error


def cannot_write(path: Path, error: OSError) -> UserError:
    """The error for a file that cannot be written."""
    return UserError(f"Cannot write {path}: {error.strerror or error}; choose another place or make room.")


def current_umask() -> int:
    """The permission bits that are taken away from new files of this process."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
