"""Data files: read right, verified, downloaded from a server that misbehaves."""

from __future__ import annotations

import gzip
import hashlib
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_scratch import UserError
from nn_scratch.data import download, idx
from nn_scratch.data import mnist as sets
from nn_scratch.data.dataset import Dataset
from tests.helpers.server import Server, idx_bytes, serving


@given(shape=st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), zipped=st.booleans())
def test_idx_comes_back(tmp_path_factory: pytest.TempPathFactory, shape: tuple[int, int, int], zipped: bool) -> None:
    path = tmp_path_factory.mktemp("idx") / "images"
    array = np.arange(np.prod(shape), dtype=np.uint8).reshape(shape)
    path.write_bytes(gzip.compress(idx_bytes(array)) if zipped else idx_bytes(array))
    assert (idx.parse(idx.read(path), path, 3) == array).all()


@given(junk=st.binary(max_size=60), prefix=st.sampled_from([b"", b"\x1f\x8b\x08", b"\0\0\x08\x03", b"\0\0\x08\x01"]))
def test_idx_survives_any_bytes(tmp_path_factory: pytest.TempPathFactory, junk: bytes, prefix: bytes) -> None:
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
)
def test_a_broken_idx_file_is_told_apart(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "images"
    path.write_bytes(content)
    with pytest.raises(UserError, match=why):
        idx.parse(idx.read(path), path, 3)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Four files in MNIST's format, small, and their hashes in place of MNIST's."""
    rng = np.random.default_rng(0)
    files = {}
    for name, count in (("train", 12), ("t10k", 5)):
        files[f"{name}-images-idx3-ubyte"] = idx_bytes(rng.integers(0, 256, (count, 28, 28), dtype=np.uint8))
        files[f"{name}-labels-idx1-ubyte"] = idx_bytes(rng.integers(0, 10, count, dtype=np.uint8))
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(sets, "MNIST_SHA256", hashes)
    return files


@pytest.fixture
def server(tiny: dict[str, bytes]) -> Iterator[Server]:
    with serving({f"{name}.gz": gzip.compress(content) for name, content in tiny.items()}) as server:
        yield server


def use(monkeypatch: pytest.MonkeyPatch, server: Server, *mirrors: str) -> None:
    monkeypatch.setattr(sets, "MNIST_MIRRORS", tuple(server.address(mirror) for mirror in mirrors))


def same(got: Dataset, tiny: dict[str, bytes], name: str) -> bool:
    return tiny[f"{name}-images-idx3-ubyte"].endswith(got.images.tobytes()) and tiny[
        f"{name}-labels-idx1-ubyte"
    ].endswith(bytes(got.labels.astype(np.uint8)))


@pytest.mark.parametrize("bad", [None, "down", "broken", "cut"])
def test_a_download_falls_back_to_the_second_mirror(
    bad: str | None, server: Server, tiny: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, server, *([bad] if bad else []), "mirror")
    monkeypatch.setenv("NN_SCRATCH_DATA", str(tmp_path))
    training, test = sets.mnist()
    assert same(training, tiny, "train")
    assert same(test, tiny, "t10k")
    assert server.requests.count("mirror") == 4
    sets.mnist()
    assert server.requests.count("mirror") == 4  # the second time from the folder
    assert sorted(path.name for path in (tmp_path / "mnist").iterdir()) == sorted(server.files)


@pytest.mark.parametrize("bad", ["down", "broken", "cut"])
def test_no_mirror_gives_one_sentence_and_no_file(
    bad: str, server: Server, tiny: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, server, bad, "down")
    with pytest.raises(UserError, match="could not be downloaded") as caught:
        sets.mnist(tmp_path / "mnist")
    message = str(caught.value)
    assert all(f"{name}.gz" in message for name in tiny)
    assert str(tmp_path / "mnist") in message
    assert "NN_SCRATCH_DATA" in message
    assert caught.value.exit_status == 2
    assert list((tmp_path / "mnist").iterdir()) == []


def test_an_uncompressed_copy_will_do_and_a_wrong_one_will_not(tiny: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in tiny.items():
        (tmp_path / name).write_bytes(content)
    training, _ = sets.mnist(tmp_path)
    assert same(training, tiny, "train")
    labels = tmp_path / "train-labels-idx1-ubyte"
    wrong = tiny[labels.name][:-1] + bytes([tiny[labels.name][-1] ^ 1])
    labels.write_bytes(wrong)
    with pytest.raises(UserError, match="SHA-256 differs"):
        sets.mnist(tmp_path)
    assert labels.read_bytes() == wrong


def test_the_data_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NN_SCRATCH_DATA", raising=False)
    assert "nn_scratch" in str(download.data_folder())
    monkeypatch.setenv("NN_SCRATCH_DATA", "/somewhere")
    assert download.data_folder() == Path("/somewhere")


def test_mnist_itself(mnist_data: tuple[Dataset, Dataset]) -> None:
    training, test = mnist_data
    assert (len(training), len(test)) == (60_000, 10_000)
    assert np.bincount(test.labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
