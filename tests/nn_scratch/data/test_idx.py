"""IDX files: read right, or refused with one sentence."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_scratch import UserError
from nn_scratch.data import idx
from tests.helpers.server import idx_bytes, parameter_id
from tests.nn_scratch.data.test_custom import idx_file

SMALL = idx_bytes(np.zeros((2, 3, 3), np.uint8))


@given(st.sampled_from(["u1", "i1", "i2", "i4", "f4", "f8"]), st.lists(st.integers(0, 4), max_size=5), st.booleans())
def test_arrays_of_every_type_and_dimension_come_back(dtype: str, shape: list[int], zipped: bool) -> None:
    array = np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)
    content = gzip.compress(idx_file(array)) if zipped else idx_file(array)
    again = idx.parse(idx.decompress(content, Path("x")), Path("x"))
    assert again.dtype == array.dtype
    assert again.dtype.isnative
    np.testing.assert_array_equal(again, array)


@given(junk=st.binary(max_size=60), prefix=st.sampled_from([b"", b"\x1f\x8b\x08", b"\0\0\x08\x03", b"\0\0\x08\x01"]))
def test_any_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, junk: bytes, prefix: bytes) -> None:
    path = tmp_path_factory.mktemp("idx") / "images"
    path.write_bytes(prefix + junk)
    for dimensions in (1, 3):
        try:
            array = idx.parse(idx.read(path), path, dimensions)
        except UserError as error:
            assert str(path) in str(error)  # noqa: PT017
        else:
            assert idx_bytes(array) == prefix + junk


@pytest.mark.parametrize(
    ("content", "dimensions", "why"),
    [
        (SMALL[:-1], 3, "says 2 x 3 x 3 bytes, but 17 follow"),
        (struct.pack(">HBB3I", 0, 8, 3, 2**32 - 1, 2**32 - 1, 28) + b"x" * 28, 3, "4294967295 x 4294967295 x 28"),
        (idx_bytes(np.zeros(5, np.uint8)), 3, "swapped"),
        (gzip.compress(SMALL)[:-9], 3, "cut short"),
        (b"<html>404</html>", 3, "does not begin like"),
        (idx_file(np.zeros((2, 3, 3), np.float32)), 3, "IDX file of bytes"),
        (b"\0\0\x0a\1\0\0\0\0", None, "does not begin"),
        (b"\0\0\x0d\2\0\0\0\1", None, "ends within its header"),
        (struct.pack(">HBBI", 0, 0x0D, 1, 2) + b"1234567", None, "says 2 x 4 bytes, but 7 follow"),
        (b"\0\0\x08\xff" + b"\0\0\0\1" * 255 + b"x", None, "255 dimensions, and such an array has at most 32"),
    ],
    ids=parameter_id,
)
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes, dimensions: int | None, why: str) -> None:
    path = tmp_path / "images"
    path.write_bytes(content)
    with pytest.raises(UserError, match=why):
        idx.parse(idx.read(path), path, dimensions)
