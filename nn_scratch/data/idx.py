"""IDX, the format of MNIST's files (LeCun, Cortes and Burges 1998), gzip-compressed or not.

MNIST, Fashion-MNIST and EMNIST all come in it: two zero bytes, one for the type (8 is uint8), one for the number of
dimensions, each dimension as a big-endian 32-bit number, then the bytes. Files come from the network, so no number in
them is believed before it is checked against the bytes that are there.
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

from nn_scratch.data.errors import broken_file_error
from nn_scratch.files import read_file

LARGEST = 2**28  # bytes after decompression: five times MNIST; a file that claims more is broken or hostile


def read(path: Path) -> bytes:
    """The bytes of the file `path`, decompressed if it is gzip.

    Raises:
        UserError: it cannot be read or decompressed.
    """
    return decompress(read_file(path, LARGEST, "data file"), path)


def decompress(content: bytes, path: Path) -> bytes:
    """`content`, which comes from the file `path`, decompressed if it is gzip.

    Raises:
        UserError: it is damaged or too large.
    """
    if content[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                content = file.read(LARGEST + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise broken_file_error(path, "its compressed bytes are damaged or cut short") from error
    if len(content) > LARGEST:
        raise broken_file_error(path, f"it is larger than {LARGEST >> 20} MB")
    return content


def parse(content: bytes, path: Path, dimensions: int) -> NDArray[np.uint8]:
    """The array in `content`, which comes from the file `path`: uint8 with `dimensions` (3 for images, 1 for labels).

    Raises:
        UserError: the header is not that of such an array, or promises more or fewer bytes than there are.
    """
    if len(content) < 4 or content[:3] != b"\0\0\x08":
        raise broken_file_error(path, "it does not begin like an IDX file of bytes")
    if content[3] != dimensions:
        expected = "images" if dimensions == 3 else "labels"
        raise broken_file_error(
            path, f"it has {content[3]} dimensions, but {expected} have {dimensions} (are two files swapped?)"
        )
    header_size = 4 + 4 * dimensions
    if len(content) < header_size:
        raise broken_file_error(path, "it ends within its header")
    shape = struct.unpack(f">{dimensions}I", content[4:header_size])
    if math.prod(shape) != len(content) - header_size:
        promised = " x ".join(map(str, shape))
        raise broken_file_error(path, f"its header says {promised} bytes, but {len(content) - header_size} follow")
    array: NDArray[np.uint8] = np.frombuffer(content, np.uint8, offset=header_size).reshape(shape)
    return array
