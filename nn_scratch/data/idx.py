"""IDX, the format of MNIST's files (LeCun, Cortes and Burges 1998), gzip-compressed or not.

MNIST, Fashion-MNIST and EMNIST all come in it: two zero bytes, one for the type (8 is uint8), one for the number of
dimensions, each dimension as a big-endian 32-bit number, then the numbers, big-endian too. Files come from the network,
so nothing in them is believed before it is checked against the bytes that are there. Whatever is wrong is a UserError.
"""

from __future__ import annotations

import gzip
import io
import math
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data.download import broken_file_error
from nn_scratch.files import read_file

LARGEST = 2**30  # bytes after decompression: twice EMNIST's largest; a file that claims more is broken or hostile
TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}  # by the third byte of a file
MOST_DIMENSIONS = 32


def read(path: Path) -> bytes:
    """The bytes of the file `path`, decompressed if it is gzip."""
    return decompress(read_file(path, LARGEST, "data file"), path)


def decompress(content: bytes, path: Path) -> bytes:
    """`content`, which comes from the file `path`, decompressed if it is gzip."""
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                content = file.read(LARGEST + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise broken_file_error(path, "its compressed bytes are damaged or cut short") from error
    if len(content) > LARGEST:
        raise broken_file_error(path, f"it is larger than {LARGEST >> 20} MB")
    return content


def parse(content: bytes, path: Path, dimensions: int | None = None) -> NDArray[Any]:
    """The array in `content`, which comes from the file `path`; without `dimensions`, of any of the `TYPES`.

    With `dimensions`, it must have so many (3 are images, 1 are labels), and be one of bytes.
    """
    kinds = TYPES if dimensions is None else {0x08: TYPES[0x08]}
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in kinds:
        raise broken_file_error(path, "it does not begin like an IDX file" + (" of bytes" if dimensions else ""))
    dtype, header_size = np.dtype(TYPES[content[2]]), 4 + 4 * content[3]
    if content[3] != (dimensions or content[3]) or content[3] > MOST_DIMENSIONS:
        most = f"at most {MOST_DIMENSIONS}" if dimensions is None else f"{dimensions} (are two files swapped?)"
        raise broken_file_error(path, f"it has {content[3]} dimensions, and such an array has {most}")
    if len(content) < header_size:
        raise broken_file_error(path, "it ends within its header")
    shape = struct.unpack(f">{content[3]}I", content[4:header_size])
    if math.prod(shape) * dtype.itemsize != len(content) - header_size:
        promised = " x ".join(map(str, (*shape, dtype.itemsize) if dtype.itemsize > 1 else shape))
        raise broken_file_error(path, f"its header says {promised} bytes, but {len(content) - header_size} follow")
    try:
        array = np.frombuffer(content, dtype, offset=header_size).reshape(shape)
    except ValueError as error:  # no bytes at all, but sides that no array can have
        raise broken_file_error(path, f"no array can have the shape {' x '.join(map(str, shape))}") from error
    return array.astype(dtype.newbyteorder("="), copy=False)
