"""Files that are written whole or not at all, and read without trust.

A program can be stopped at any moment, and a file can come from anybody. So a new file replaces the old one in a single
step, and every file that is read is opened here: only if it is a regular file, and only if it is not too large.
"""

from __future__ import annotations

import io
import math
import os
import stat
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Shape
from nn_scratch.errors import UserError

PLAIN_KINDS = "biufSU"  # of NumPy's types: numbers and text, without pickled objects
LONGEST_DIRECTORY = 2**20  # bytes of the list of members in an .npz file


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
    if os.path.isdir(path):  # Path.is_dir fails where the name is too long
        raise UserError(f"Cannot write {path}: it is a folder; name a file in it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=f".{path.name}.", dir=path.parent):  # a name may be too long
            pass
    except OSError as error:
        raise cannot_write(path, error) from error
    if path.exists() and not os.access(path, os.W_OK):
        raise UserError(f"Cannot write {path}: it is write-protected; choose another name or make it writable.")


def open_file(path: Path, largest: int, what: str, advice: str = "check the name") -> io.BufferedReader:
    """Open the regular file `path` of at most `largest` bytes. `what` is what it should be, such as "model file".

    A device may give bytes without end, and a pipe may wait for ever, so neither is opened to be read: the descriptor
    itself tells what it belongs to, and opening it does not wait. `advice` is for a file that does not exist.

    Raises:
        UserError: the file cannot be opened, is not a regular file, or is too large.
    """
    try:
        file = open(path, "rb", opener=open_at_once)  # noqa: SIM115  # the caller closes it
    except FileNotFoundError as error:
        raise UserError(f"There is no {what} {path}; {advice}.") from error
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        why = "it is a folder; name a file in it" if os.path.isdir(path) else reason(error)
        raise cannot_read(path, what, why) from error
    status = os.fstat(file.fileno())
    if stat.S_ISREG(status.st_mode) and status.st_size <= largest:
        return file
    file.close()
    if not stat.S_ISREG(status.st_mode):
        raise cannot_read(path, what, "it is not a regular file, but a device or a pipe")
    size, limit = status.st_size >> 20, largest >> 20
    raise cannot_read(path, what, f"it has {size:,} MB, and at most {limit:,} MB are read; make it smaller")


def open_at_once(path: str, flags: int) -> int:
    """The descriptor of `path`, opened without waiting for whoever is to write into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read_file(path: Path, largest: int, what: str, advice: str = "check the name") -> bytes:
    """All bytes of the regular file `path`, of which there are at most `largest`; the arguments are as in `open_file`.

    Raises:
        UserError: the file cannot be read, is not a regular file, is too large, or is longer than its size says.
    """
    with open_file(path, largest, what, advice) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            content = file.read(size + 1)
        except OSError as error:
            raise cannot_read(path, what, reason(error)) from error
    if len(content) > size:
        raise cannot_read(path, what, "it is longer than its size says; copy it, and read the copy")
    return content


def read_npz(path: Path, largest: int, what: str = "file", advice: str = "check the name") -> dict[str, NDArray[Any]]:
    """All arrays in the .npz file `path`, which together have at most `largest` bytes.

    The sizes come from the archive's directory and are checked before anything is decompressed. If an array is longer
    than the directory says, zipfile raises an error. Pickled objects are refused. `what` is as in `open_file`.

    Raises:
        UserError: the file cannot be read, is not an .npz file, or is too large.
    """
    with ShortReads(open_file(path, largest + LONGEST_DIRECTORY, what, advice).detach()) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                members = archive.infolist()
                size = sum(member.file_size for member in members)
                if size <= largest:
                    return {each.filename.removesuffix(".npy"): read_member(archive, each) for each in members}
        except OSError as error:
            raise cannot_read(path, what, reason(error)) from error
        except Exception as error:  # arbitrary bytes make zipfile and NumPy's header parser fail in many ways
            raise UserError(f"{path} is not an .npz file of plain arrays: it is damaged or of another kind.") from error
    raise UserError(
        f"{path} holds {size >> 20:,} MB of arrays, and at most {largest >> 20:,} MB are read; make it smaller."
    )


class ShortReads(io.BufferedReader):
    """A file that gives few bytes at a time. zipfile asks for the whole directory of an archive, however long, at once;
    one that is longer than `LONGEST_DIRECTORY` counts as cut short.
    """

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(LONGEST_DIRECTORY if size is None or size < 0 else min(size, LONGEST_DIRECTORY))


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    """The array `member` of an .npz file; ValueError unless its header fits its size and its type is plain."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("NumPy never compresses arrays in this way.")
    with archive.open(member) as file:
        shape, dtype = read_array_header(file)
        if dtype.kind not in PLAIN_KINDS or not dtype.itemsize:
            raise ValueError(f"An array has the type {dtype}.")
        if math.prod(shape) * dtype.itemsize != member.file_size - file.tell():
            raise ValueError("The header of an array says another size than it has.")
    with archive.open(member) as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def read_array_header(file: Any) -> tuple[Shape, np.dtype[Any]]:
    """Shape and type of the array whose .npy bytes begin in `file`; arbitrary bytes raise errors of many kinds.

    Only version 1.0 of the format is read, which NumPy writes wherever it can: its headers have at most 64 KB.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about headers that old versions wrote
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError("It is an .npy file of another version.")
        shape, _, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=2**16)
    return shape, dtype


def cannot_read(path: Path, what: str, why: str) -> UserError:
    """The error for a file that cannot be read; `why` is a clause that says what is wrong."""
    return UserError(f"Cannot read the {what} {path}: {why}.")


def cannot_write(path: Path, error: OSError) -> UserError:
    """The error for a file that cannot be written."""
    return UserError(f"Cannot write {path}: {reason(error)}; choose another place or make room.")


def reason(error: Exception) -> str:
    """What an error of the operating system says, without its number and the path."""
    return str(getattr(error, "strerror", None) or error)


def current_umask() -> int:
    """The permission bits that are taken away from new files of this process."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
