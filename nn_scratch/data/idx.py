"""IDX, the format of MNIST's files (LeCun, Cortes and Burges 1998), gzip-compressed or not.

Two zero bytes, one for the type (8 is uint8), one for the number of dimensions, each dimension as a big-endian 32-bit
number, then the bytes.
"""

from __future__ import annotations

import gzip
import io
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.errors import UserError

LARGEST = 2**30  # bytes after decompression: twenty times MNIST; what claims more is broken or hostile


def read(path: Path) -> bytes:
    """The bytes of the file `path`, decompressed where it is gzip.

    Raises:
        UserError: it cannot be read or decompressed.
    """
    try:
        return decompressed(path.read_bytes(), path)
    except OSError as error:
        raise UserError(f"Cannot read {path}: {error.strerror or error}.") from error


def decompressed(content: bytes, path: Path) -> bytes:
    """`content`, which `path` held, decompressed where it is gzip; UserError where that fails."""
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                content = file.read(LARGEST + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise broken(path, "its compressed bytes are damaged or cut short") from error
    if len(content) > LARGEST:
        raise broken(path, f"it is larger than {LARGEST >> 20} MB")
    return content


def parse(content: bytes, path: Path, dimensions: int) -> NDArray[np.uint8]:
    """The array in `content`, which `path` held: uint8 with as many `dimensions` (3 for images, 1 for labels).

    Raises:
        UserError: the header is not that of such an array, or promises more or fewer bytes than there are.
    """
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise broken(path, "it does not begin like an IDX file of bytes")
    if content[3] != dimensions:
        expected = "images" if dimensions == 3 else "labels"
        raise broken(path, f"it has {content[3]} dimensions where {expected} have {dimensions}; are two files swapped?")
    header_size = 4 + 4 * dimensions
    if len(content) < header_size:
        raise broken(path, "it ends within its header")
    shape = struct.unpack(f">{dimensions}I", content[4:header_size])
    if math.prod(shape) != len(content) - header_size:
        said = " x ".join(map(str, shape))
        raise broken(path, f"its header says {said} bytes, but {len(content) - header_size} follow")
    array: NDArray[np.uint8] = np.frombuffer(content, np.uint8, offset=header_size).reshape(shape)
    return array


def broken(path: Path, why: str) -> UserError:
    """The sentence for a data file that cannot be used."""
    return UserError(
        f"The data file {path} cannot be used: {why}; delete it to have it downloaded again, or replace it."
    )
