"""Custom data in .npz, CSV and IDX files, good ones and bad ones."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_scratch import UserError
from nn_scratch.data import custom, idx
from nn_scratch.data.custom import load_custom
from nn_scratch.data.registry import has_test_set, load_data, load_test_set

LABELS = (np.arange(20) % 3).astype(np.uint8)
SQUARES = np.arange(20 * 64, dtype=np.uint8).reshape(20, 8, 8)
BYTES = np.arange(20 * 12, dtype=np.uint8).reshape(20, 3, 4)


def idx_file(array: np.ndarray[Any, Any]) -> bytes:
    """`array` as an IDX file of its type."""
    code = {np.dtype(dtype).newbyteorder("="): code for code, dtype in idx.TYPES.items()}[array.dtype]
    header = struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


def write(folder: Path, kind: str, images: Any = BYTES, labels: Any = LABELS, **others: Any) -> Path:
    """A file of that kind."""
    if kind == "npz":
        np.savez_compressed(folder / "mine.npz", images=images, labels=labels, **others)
        return folder / "mine.npz"
    if kind == "csv":
        rows = [",".join(map(str, [label, *row.ravel()])) for label, row in zip(labels, images, strict=True)]
        (folder / "mine.csv").write_text("\n".join(rows))
        return folder / "mine.csv"
    (folder / "my-images-idx3-ubyte").write_bytes(idx_file(images))
    (folder / "my-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx_file(labels)))
    return folder / "my-images-idx3-ubyte"


@pytest.mark.parametrize("kind", ["npz", "csv", "idx"])
@pytest.mark.parametrize(
    "images",
    [
        SQUARES,
        SQUARES.astype(np.int32),
        SQUARES % 2,
        np.linspace(-2, 2, 20 * 64, dtype=np.float32).reshape(20, 8, 8),
        np.linspace(0, 7000, 20 * 5).reshape(20, 5),  # rows of a table
        np.arange(20 * 12, dtype=np.uint8).reshape(20, 2, 2, 3),
    ],
)
def test_bytes_are_images_and_other_numbers_are_taken_as_they_are(kind: str, images: Any, tmp_path: Path) -> None:
    if kind == "csv" and images.ndim == 4:
        pytest.skip("a CSV file has no colours")
    path = str(write(tmp_path, kind, images))
    training, test = load_data(path)
    assert (len(training), len(test)) == (16, 4)
    whole = load_test_set(path)
    assert whole.classes == ("0", "1", "2")
    np.testing.assert_allclose(whole.images, images, rtol=1e-6)
    assert whole.images.dtype.kind == ("f" if images.dtype.kind == "f" or images.max() == 1 else "u")
    assert (whole.labels == LABELS).all()
    assert not has_test_set(path)


def test_an_npz_file_may_name_its_classes_and_have_a_test_set_of_its_own(tmp_path: Path) -> None:
    own = {"classes": np.array(["x", "y", "z"]), "test_images": BYTES[:2] + 1, "test_labels": LABELS[:2]}
    path = str(write(tmp_path, "npz", **own))
    training, test = load_data(path)
    assert (training.images == BYTES).all()
    assert (test.images == BYTES[:2] + 1).all()
    assert training.classes == test.classes == ("x", "y", "z")
    assert len(load_test_set(path)) == 2
    assert has_test_set(path)
    with pytest.raises(UserError, match="test_images have different sizes"):
        load_data(str(write(tmp_path, "npz", **own | {"test_images": BYTES[:2, :2]})))


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
        ("images-idx3-ubyte", "labels-idx1-ubyte.gz"),
        ("images.idx", "labels.idx"),
    ],
)
def test_labels_are_found_beside_their_images(name: str, beside: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(idx_file(BYTES))
    with pytest.raises(UserError, match=r"need a file of labels beside them, .*labels"):
        load_data(str(tmp_path / name))
    (tmp_path / beside).write_bytes(idx_file(LABELS))
    assert len(load_test_set(str(tmp_path / name))) == 20


@pytest.mark.parametrize("header", ["", ",".join(["label", *(f"pixel{i}" for i in range(64))])])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_file_is_as_kaggle_has_it(header: str, end: str, tmp_path: Path) -> None:
    images = SQUARES.reshape(20, 64).tolist()
    rows = [",".join(map(str, [label, *image])) for label, image in zip(LABELS.tolist(), images, strict=True)]
    (tmp_path / "train.csv").write_bytes(end.join([header, *rows, ""][not header :]).encode())
    whole = load_test_set(str(tmp_path / "train.csv"))
    assert whole.images.dtype == np.uint8
    assert (whole.images == SQUARES).all()
    assert whole.labels.tolist() == LABELS.tolist()


@pytest.mark.parametrize(
    ("kind", "changes", "why"),
    [
        ("npz", {"images": np.zeros((20, 4, 4), int) - 1}, "not int64"),
        ("npz", {"images": np.full((20, 4, 4), 7.0)}, "whole numbers, as bytes are"),
        ("npz", {"images": np.full((20, 4, 4), np.inf)}, "finite"),
        ("npz", {"images": np.full((20, 4, 4), "a")}, "not <U1"),
        ("npz", {"images": np.zeros(20, np.uint8)}, r"images are uint8 \(20,\)"),
        ("npz", {"images": np.zeros((20, 0, 4), np.uint8)}, "no pixels"),
        ("npz", {"images": BYTES[:3], "labels": LABELS[:3]}, "3 images, and at least 10"),
        ("npz", {"labels": LABELS[:19]}, r"not whole numbers \(20,\)"),
        ("npz", {"labels": np.zeros(20)}, "labels are float64"),
        ("npz", {"labels": np.zeros(20, int)}, "2 to 1000 classes"),
        ("npz", {"labels": np.arange(20) - 1}, "from 0 to 999"),
        ("npz", {"labels": np.full(20, 2**60)}, "from 0 to 999"),
        ("npz", {"labels": np.array([{}] * 20)}, "plain arrays"),
        ("npz", {"classes": np.array(["a"])}, "below 1"),
        ("npz", {"classes": np.array(["a", "a", "b"])}, "distinct"),
        ("npz", {"classes": np.array(["a", "\n", "b"])}, "short words"),
        ("idx", {"images": np.full((20, 3, 3), 256, np.int16)}, "not int16"),
        ("idx", {"images": np.full((20, 3, 3), np.nan)}, "finite"),
        ("idx", {"labels": LABELS[:9]}, r"not whole numbers \(20,\)"),
        ("idx", {"labels": np.zeros(20, np.float32)}, "labels are float32"),
        ("csv", "", "its first line has 1 numbers"),
        ("csv", "label\n1\n", "its first line has 1 numbers"),
        ("csv", "pixel0,pixel1\n" + "1,2\n" * 5, "5 images, and at least 10"),
        ("csv", "1,2,3,4,5\n1,2,3,4\n", "a line is not a label and 4 numbers"),
        ("csv", "1,2,3,4,x\n" * 20, "a line is not a label and 4 numbers"),
        ("csv", "label,a,b,c,d\n" + "1,2\n" * 20, "a line is not a label and 4 numbers"),
        ("csv", "1,2,3,4,nan\n" * 20, "not finite"),
        ("csv", ("0" + ",256" * 64 + "\n1" + ",2" * 64 + "\n") * 20, "whole numbers, as bytes are"),
        ("csv", "0.5,2,3\n" * 20, "first column"),
        ("csv", "-1,2,3,4,5\n" * 20, "labels must be from 0"),
        ("csv", "1e30,2,3,4,5\n" * 20, "labels must be from 0"),
        ("csv", "label,a,b,c,d\n", "no images"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(kind: str, changes: Any, why: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv" if kind == "csv" else write(tmp_path, kind, **changes)
    if kind == "csv":
        path.write_text(changes)
    with pytest.raises(UserError, match=why) as caught:
        load_data(str(path))
    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(
    st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"1,2\n", b"label,p\n1,2\n", b"\0\0\x08\3"]),
    st.binary(max_size=200),
)
def test_any_bytes_are_survived(tmp_path_factory: pytest.TempPathFactory, prefix: bytes, junk: bytes) -> None:
    folder = tmp_path_factory.mktemp("custom")
    (folder / "labels-idx1").write_bytes(prefix + junk)
    for name in ("mine.npz", "mine.csv", "images-idx3"):
        (folder / name).write_bytes(prefix + junk)
        assert not has_test_set(str(folder / name))
        with pytest.raises(UserError):
            load_data(str(folder / name))


def test_an_npz_file_that_is_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom, "LARGEST", 2**20)
    path = write(tmp_path, "npz", np.zeros((2000, 40, 40), np.uint8), np.zeros(2000, int))
    assert path.stat().st_size < 10_000
    with pytest.raises(UserError, match="3 MB"):
        load_data(str(path))


def test_few_numbers_in_a_line_are_measurements_and_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text("".join(f"{i % 3},{i},{i + 1},{i + 2},{i + 300}\n" for i in range(30)))
    training, test = load_custom(path)
    assert training.images.shape[1:] == test.images.shape[1:] == (4,)
    assert training.images.dtype == np.float32
