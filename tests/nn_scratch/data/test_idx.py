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


@given(shape=st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), zipped=st.booleans())
def test_an_array_comes_back(
    tmp_path_factory: pytest.TempPathFactory, shape: tuple[int, int, int], zipped: bool
) -> None:
    path = tmp_path_factory.mktemp("idx") / "images"
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    path.write_bytes(gzip.compress(idx_bytes(array)) if zipped else idx_bytes(array))
    assert (idx.parse(idx.read(path), path, 3) == array).all()


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
    ("content", "why"),
    [
        (idx_bytes(np.zeros((2, 3, 3), np.uint8))[:-1], "says 2 x 3 x 3 bytes, but 17 follow"),
        (struct.pack(">HBB3I", 0, 8, 3, 2**32 - 1, 2**32 - 1, 28) + b"x" * 28, "4294967295 x 4294967295 x 28"),
        (idx_bytes(np.zeros(5, np.uint8)), "swapped"),
        (gzip.compress(idx_bytes(np.zeros((2, 3, 3), np.uint8)))[:-9], "cut short"),
        (b"<html>404</html>", "does not begin like"),
    ],
    ids=parameter_id,
)
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "images"
    path.write_bytes(content)
    with pytest.raises(UserError, match=why):
        idx.parse(idx.read(path), path, 3)
