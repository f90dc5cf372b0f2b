"""Custom data in IDX and CSV files, good ones and bad ones."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_scratch import UserError
from nn_scratch.data import idx
from nn_scratch.data.registry import load_data, load_test_set
from nn_scratch.data.tables import read_table


def idx_file(array: np.ndarray[Any, Any]) -> bytes:
    """`array` as an IDX file of its type."""
    code = {np.dtype(dtype).newbyteorder("="): code for code, dtype in idx.TYPES.items()}[array.dtype]
    header = struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


@given(dtype=st.sampled_from(["u1", "i1", "i2", "i4", "f4", "f8"]), shape=st.lists(st.integers(0, 4), max_size=5))
def test_arrays_of_every_type_and_dimension_come_back(dtype: str, shape: list[int]) -> None:
    array = np.arange(int(np.prod(shape))).reshape(shape).astype(dtype)
    again = idx.parse_any(idx_file(array), Path("x"))
    assert again.dtype == array.dtype
    assert again.dtype.isnative
    assert (again == array).all()
    assert again.shape == array.shape


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "does not begin"),
        (b"\0\0\x0a\1\0\0\0\0", "does not begin"),
        (b"\0\0\x0d\2\0\0\0\1", "ends within its header"),
        (struct.pack(">HBBI", 0, 0x0D, 1, 2) + b"1234567", "says 2 x 4 bytes, but 7 follow"),
        (b"\0\0\x08\xff" + b"\0\0\0\1" * 255 + b"x", "255 dimensions, and an array has at most 32"),
    ],
)
def test_a_broken_array_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(UserError, match=why):
        idx.parse_any(content, Path("x"))


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def pair(
        images: Any, labels: Any, name: str = "my-images-idx3-ubyte", beside: str = "my-labels-idx1-ubyte"
    ) -> Path:
        (tmp_path / name).write_bytes(idx_file(images))
        content = idx_file(labels)
        (tmp_path / beside).write_bytes(gzip.compress(content) if beside.endswith(".gz") else content)
        return tmp_path / name

    return pair


LABELS = (np.arange(20) % 3).astype(np.uint8)


@pytest.mark.parametrize(
    "images",
    [
        np.arange(20 * 12, dtype=np.uint8).reshape(20, 3, 4),
        np.arange(20 * 12, dtype=np.int32).reshape(20, 3, 4),
        np.linspace(0, 1, 20 * 12, dtype=np.float32).reshape(20, 3, 4),
        np.arange(20 * 12, dtype=np.uint8).reshape(20, 2, 2, 3),
    ],
)
def test_a_pair_of_idx_files_is_data(images: np.ndarray[Any, Any], write: Write) -> None:
    path = write(images, LABELS)
    training, test = load_data(str(path))
    assert (len(training), len(test)) == (16, 4)
    whole = load_test_set(str(path))
    assert whole.classes == ("0", "1", "2")
    assert (whole.images == images).all()
    assert whole.images.dtype == (np.float32 if images.dtype.kind == "f" else np.uint8)
    assert (whole.labels == LABELS).all()


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
        ("images-idx3-ubyte", "labels-idx1-ubyte.gz"),
        ("images.idx", "labels.idx"),
    ],
)
def test_labels_are_found_beside_their_images(name: str, beside: str, write: Write) -> None:
    assert len(read_table(write(np.zeros((20, 3, 3), np.uint8), LABELS, name, beside))) == 20


@pytest.mark.parametrize(
    ("images", "labels", "why"),
    [
        (np.full((20, 3, 3), 256, np.int16), LABELS, "not whole numbers from 0 to 255"),
        (np.full((20, 3, 3), -0.1, np.float32), LABELS, "not floats from 0 to 1"),
        (np.full((20, 3, 3), np.nan, np.float64), LABELS, "not floats from 0 to 1"),
        (np.zeros((20, 3), np.uint8), LABELS, r"images are uint8 \(20, 3\)"),
        (np.zeros((20, 3, 3), np.uint8), LABELS[:9], r"not whole numbers \(20,\)"),
        (np.zeros((20, 3, 3), np.uint8), np.zeros(20, np.float32), "not floats"),
        (np.zeros((20, 3, 3), np.uint8), np.zeros(20, np.uint8), "2 to 1000 classes"),
    ],
)
def test_idx_files_that_cannot_be_used_are_one_sentence(images: Any, labels: Any, why: str, write: Write) -> None:
    with pytest.raises(UserError, match=why) as caught:
        load_data(str(write(images, labels)))
    assert "\n" not in str(caught.value)


def test_images_without_labels_say_which_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "images-idx3-ubyte.gz").write_bytes(b"")
    with pytest.raises(UserError, match=r"labels-idx1-ubyte\.gz"):
        load_data(str(tmp_path / "images-idx3-ubyte.gz"))


def csv_lines(header: bool) -> list[str]:
    """As Kaggle has MNIST, but with images of 2x2."""
    rows = [f"{label},{10 * label},0,255,{i}" for i, label in enumerate(LABELS.tolist())]
    return ["label,pixel0,pixel1,pixel2,pixel3", *rows] if header else rows


@pytest.mark.parametrize("header", [False, True])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_file_is_data(header: bool, end: str, tmp_path: Path) -> None:
    path = tmp_path / "train.csv"
    path.write_bytes(end.join([*csv_lines(header), ""]).encode())
    whole = load_test_set(str(path))
    assert whole.images.dtype == np.uint8
    assert whole.images.shape == (20, 2, 2)
    assert whole.images[4].tolist() == [[10, 0], [255, 4]]
    assert whole.labels.tolist() == LABELS.tolist()
    training, test = load_data(str(path))
    assert (len(training), len(test)) == (16, 4)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a line has 1 numbers"),
        ("label\n1\n", "a line has 1 numbers"),
        ("1,2,3\n" * 20, "a line has 3 numbers, not a label and a square of pixels"),
        ("pixel0,pixel1\n" + "1,2\n" * 5, "5 images, and at least 10"),
        ("1,2,3,4,5\n1,2,3,4\n", "a line is not a label and as many pixels"),
        ("1,2,3,4,x\n" * 20, "as in the first, all whole"),
        ("1,2,3,4,0.5\n" * 20, "whole numbers"),
        ("1,2,3,4,256\n" * 20, "from 0 to 255"),
        ("1,2,3,4,99999\n" * 20, "whole numbers"),
        ("label,a,b,c,d\n" + "1,2\n" * 20, "as many pixels"),
        ("-1,2,3,4,5\n" * 20, "labels must be from 0"),
        ("label,a,b,c,d\n", "no images"),
    ],
)
def test_a_csv_file_that_cannot_be_used_is_one_sentence(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(UserError, match=why) as caught:
        load_data(str(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(junk=st.binary(max_size=80), prefix=st.sampled_from([b"", b"1,2\n", b"label,p\n1,2\n", b"\0\0\x08\3"]))
def test_any_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, junk: bytes, prefix: bytes) -> None:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "labels-idx1").write_bytes(prefix + junk)
    for name in ("mine.csv", "images-idx3"):
        (folder / name).write_bytes(prefix + junk)
        with pytest.raises(UserError):
            load_data(str(folder / name))
