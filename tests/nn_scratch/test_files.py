"""Files: only regular ones are read, never more than may be, and whatever is in an .npz file."""

from __future__ import annotations

import io
import os
import socket
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from drawapp.reading import recent
from nn_scratch import UserError, files
from nn_scratch.data import custom, idx
from nn_scratch.data.download import fetch_archive
from nn_scratch.files import check_writable, read_array_header, read_file, read_npz
from nn_scratch.ink import files as image_files
from nn_scratch.recipes.strokes import load_pen_data
from nn_scratch.runs import read_checkpoint, read_run

posix = pytest.mark.skipif(os.name == "nt", reason="devices and pipes are files on POSIX systems only")


def a_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe")
    return folder / "pipe"


def a_circle(folder: Path) -> Path:
    (folder / "one").symlink_to(folder / "two")
    (folder / "two").symlink_to(folder / "one")
    return folder / "one"


def a_link(folder: Path) -> Path:
    (folder / "link").symlink_to("/dev/zero")
    return folder / "link"


def a_socket(folder: Path) -> Path:
    path = folder / "socket"
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(os.path.relpath(path))  # the name of a socket has at most 108 bytes
    return path


IRREGULAR: dict[str, Callable[[Path], Path]] = {
    "an endless device": lambda _: Path("/dev/zero"),
    "a pipe": a_pipe,
    "a circle of links": a_circle,
    "a folder": lambda folder: folder,
    "a socket": a_socket,
    "a link to a device": a_link,
}
READERS: dict[str, Callable[[Path], object]] = {
    "model": nn_scratch.load,
    "image": image_files.read,
    "IDX file": idx.read,
    "custom data": custom.read_npz,
    "pen data": load_pen_data,
    "checkpoint": read_checkpoint,
}


@posix
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", IRREGULAR)
def test_what_is_not_a_regular_file_gets_a_sentence_at_once(kind: str, reader: str, tmp_path: Path) -> None:
    path = IRREGULAR[kind](tmp_path)
    with pytest.raises(UserError, match=r"Cannot read the .*: .*\.") as caught:
        READERS[reader](path)
    assert str(path) in str(caught.value)


@posix
def test_files_of_a_folder_may_be_pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "report.jsonl")
    with pytest.raises(UserError, match="is not the folder of a run"):
        read_run(tmp_path)
    os.mkfifo(tmp_path / "archive.zip")
    with pytest.raises(UserError, match="not a regular file"):
        fetch_archive([], tmp_path / "archive.zip", "")
    os.mkfifo(tmp_path / "models.json")
    monkeypatch.setattr(recent, "list_file", lambda: tmp_path / "models.json")
    assert recent.recent() == []


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(bytes(2**20))
    assert read_file(path, 2**20, "file") == bytes(2**20)
    with pytest.raises(UserError, match="1 MB, and at most 0 MB are read"):
        read_file(path, 2**20 - 1, "file")
    with pytest.raises(UserError, match=r"There is no chart .*none; draw one\."):
        read_file(tmp_path / "none", 1, "chart", "draw one")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_a_file_that_is_longer_than_its_size_is_refused() -> None:
    with pytest.raises(UserError, match="longer than its size says"):  # which is 0
        read_file(Path("/proc/self/status"), 2**20, "file")


def test_names_that_no_file_can_have_are_refused(tmp_path: Path) -> None:
    for name in ("a\0b", "a\ud800b"):
        with pytest.raises(UserError, match="Cannot read the file"):
            read_file(Path(name), 1, "file")
    with pytest.raises(UserError, match="Cannot write"):
        check_writable(tmp_path / ("x" * 300))
    check_writable(tmp_path / "mine.npy")
    assert list(tmp_path.iterdir()) == []


def npz_with(path: Path, content: bytes, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """An .npz file with one member `a.npy` of any bytes."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("a.npy", content)
    return path


def npy(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array(content, array)
    return content.getvalue()


def npy_header(text: str, version: int = 1) -> bytes:
    size = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + size + text.encode()


def test_arrays_of_all_plain_types_and_orders_come_back(tmp_path: Path) -> None:
    arrays = {
        "whole": np.arange(6, dtype=">i4").reshape(2, 3),
        "columns": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "words": np.array(["a", "bc"]),
        "bytes": np.array([b"a", b"bc"]),
        "truth": np.array([True]),
        "one": np.array(7),
        "none": np.zeros((0, 3)),
    }
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", **arrays)  # type: ignore[arg-type]
        found = read_npz(tmp_path / "a.npz", 10_000)
        assert found.keys() == arrays.keys()
        for name, array in arrays.items():
            np.testing.assert_array_equal(found[name], array, strict=True)


HEADER = "{{'descr': {}, 'fortran_order': False, 'shape': {}}}\n"
TRICKS = {
    "fewer bytes than the header says": npy_header(HEADER.format("'<f8'", "(1000000,)")),
    "more bytes": npy_header(HEADER.format("'<f8'", "(1,)")) + bytes(16),
    "sides below 0": npy_header(HEADER.format("'<f8'", "(-1, -1)")) + bytes(8),
    "sides without an end": npy_header(HEADER.format("'<f8'", f"({'9' * 4000}, 0)")),
    "numbers without bytes": npy_header(HEADER.format("'<U0'", "(1000000000000,)")),
    "records": npy(np.zeros(3, [("a", "<f4"), ("b", "<f4")])),
    "complex numbers": npy(np.zeros(3, np.complex64)),
    "objects": npy(np.array([{"a": 1}], dtype=object)),
    "nested brackets": npy_header("(" * 5_000),
    "a program": npy_header("__import__('os').system('true')"),
    "no header": b"text",
}


def refused(path: Path, most_memory: int) -> None:
    """Prove that the .npz file `path` is refused, and that this takes less than `most_memory` bytes."""
    tracemalloc.start()
    with pytest.raises(UserError, match=r"is not an \.npz file of plain arrays"):
        read_npz(path, 2**30)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < most_memory


@pytest.mark.parametrize("trick", TRICKS)
def test_an_array_that_is_not_what_it_says_is_refused(trick: str, tmp_path: Path) -> None:
    refused(npz_with(tmp_path / "a.npz", TRICKS[trick]), 2**25)


def test_only_the_first_version_of_headers_is_read() -> None:
    header = npy_header(HEADER.format("'<f8'", "(1,)"))
    assert read_array_header(io.BytesIO(header)) == ((1,), np.dtype("<f8"))
    with pytest.raises(ValueError, match="another version"):
        read_array_header(io.BytesIO(header.replace(b"NUMPY\x01", b"NUMPY\x02")))


@pytest.mark.parametrize("version", [2, 3])
def test_a_header_of_many_megabytes_is_not_unpacked(version: int, tmp_path: Path) -> None:
    path = npz_with(tmp_path / "a.npz", npy_header(" " * 2**24, version))
    assert path.stat().st_size < 2**18
    refused(path, 2**23)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_numpy_never_uses_is_refused(compression: int, tmp_path: Path) -> None:
    """The decoder of LZMA takes as much memory as the file asks for."""
    refused(npz_with(tmp_path / "a.npz", npy(np.zeros(3)), compression), 2**23)


def test_a_directory_without_an_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, **{f"array {i}": np.zeros(1) for i in range(100)})  # type: ignore[arg-type]
    assert len(read_npz(path, 2**20)) == 100
    monkeypatch.setattr(files, "LONGEST_DIRECTORY", 2000)
    with pytest.raises(UserError, match="plain arrays"):
        read_npz(path, 2**20)
