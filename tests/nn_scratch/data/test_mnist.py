"""MNIST and Fashion-MNIST: verified, and downloaded from servers that misbehave."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import UserError
from nn_scratch.data import mnist
from nn_scratch.data.mnist import cached_test_set, load_fashion_mnist, load_mnist
from nn_scratch.dataset import Dataset
from tests.helpers.server import Server, idx_bytes


@pytest.fixture
def tiny(server: Server, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Four small files in MNIST's format, on the server; their hashes take the place of MNIST's."""
    rng = np.random.default_rng(0)
    files = {}
    for name, count in (("train", 12), ("t10k", 5)):
        files[f"{name}-images-idx3-ubyte"] = idx_bytes(rng.integers(0, 256, (count, 28, 28), dtype=np.uint8))
        files[f"{name}-labels-idx1-ubyte"] = idx_bytes(rng.integers(0, 10, count, dtype=np.uint8))
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(mnist, "MNIST_SHA256", hashes)
    server.files |= {f"{name}.gz": gzip.compress(content) for name, content in files.items()}
    return files


def use_mirrors(monkeypatch: pytest.MonkeyPatch, server: Server, *mirrors: str) -> None:
    monkeypatch.setattr(mnist, "MNIST_MIRRORS", tuple(server.address(mirror) for mirror in mirrors))


def is_from(data: Dataset, files: dict[str, bytes], name: str) -> bool:
    """Whether `data` is what the two `files` of the set `name` hold."""
    images, labels = files[f"{name}-images-idx3-ubyte"], files[f"{name}-labels-idx1-ubyte"]
    return images.endswith(data.images.tobytes()) and labels.endswith(bytes(data.labels.astype(np.uint8)))


@pytest.mark.parametrize("bad", [None, "down", "broken", "cut"])
def test_a_download_falls_back_to_the_second_mirror(
    bad: str | None, server: Server, tiny: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_mirrors(monkeypatch, server, *([bad] if bad else []), "mirror")
    training, test = load_mnist()
    assert is_from(training, tiny, "train")
    assert is_from(test, tiny, "t10k")
    assert server.requests.count("mirror") == 4
    load_mnist()
    assert server.requests.count("mirror") == 4  # the second time, the files are read from the folder
    assert sorted(path.name for path in (tmp_path / "mnist").iterdir()) == sorted(server.files)


def test_the_test_set_is_read_where_it_is_and_never_downloaded(
    server: Server, tiny: dict[str, bytes], tmp_path: Path
) -> None:
    assert cached_test_set() is None
    (tmp_path / "mnist").mkdir()
    for name in ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"):
        assert cached_test_set() is None
        (tmp_path / "mnist" / name).write_bytes(tiny[name])
    test = cached_test_set()
    assert test is not None
    assert is_from(test, tiny, "t10k")
    assert not server.requests
    (tmp_path / "mnist" / "t10k-labels-idx1-ubyte").write_bytes(b"damaged")
    with pytest.raises(UserError):
        cached_test_set()


@pytest.mark.parametrize("bad", ["down", "broken", "cut"])
def test_no_good_mirror_gives_one_message_and_no_file(
    bad: str, server: Server, tiny: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_mirrors(monkeypatch, server, bad, "down")
    with pytest.raises(UserError, match="could not be downloaded") as caught:
        load_mnist()
    message = str(caught.value)
    assert all(f"{name}.gz" in message for name in tiny)
    assert str(tmp_path / "mnist") in message
    assert "NN_SCRATCH_DATA" in message
    assert caught.value.exit_status == 2
    assert list((tmp_path / "mnist").iterdir()) == []


def test_an_uncompressed_copy_is_read_and_a_wrong_one_is_refused(tiny: dict[str, bytes], tmp_path: Path) -> None:
    for name, content in tiny.items():
        (tmp_path / name).write_bytes(content)
    training, _ = load_mnist(tmp_path)
    assert is_from(training, tiny, "train")
    labels = tmp_path / "train-labels-idx1-ubyte"
    wrong = tiny[labels.name][:-1] + bytes([tiny[labels.name][-1] ^ 1])
    labels.write_bytes(wrong)
    with pytest.raises(UserError, match="SHA-256 differs"):
        load_mnist(tmp_path)
    assert labels.read_bytes() == wrong


def test_mnist_itself(mnist_data: tuple[Dataset, Dataset]) -> None:
    training, test = mnist_data
    assert (len(training), len(test)) == (60_000, 10_000)
    assert np.bincount(test.labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


def fashion_files(per_class: int) -> dict[str, np.ndarray]:
    labels = np.repeat(np.arange(10, dtype=np.uint8), per_class)
    images = np.zeros((10 * per_class, 28, 28), np.uint8)
    files: dict[str, np.ndarray] = {}
    for name in ("train", "t10k"):
        files |= {f"{name}-images-idx3-ubyte.gz": images, f"{name}-labels-idx1-ubyte.gz": labels}
    return files


def test_fashion_mnist_is_verified_by_its_counts(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mnist, "FASHION_MIRRORS", (server.address("mirror"),))
    monkeypatch.setattr(mnist, "FASHION_COUNTS", {"train": 2, "t10k": 2})
    files = fashion_files(2)
    server.files |= {name: gzip.compress(idx_bytes(array)) for name, array in files.items()}
    training, _ = load_fashion_mnist()
    assert len(training) == 20
    assert training.classes[9] == "Ankle boot"
    labels = files["train-labels-idx1-ubyte.gz"].copy()
    labels[0] = 9
    (tmp_path / "fashion-mnist" / "train-labels-idx1-ubyte.gz").write_bytes(idx_bytes(labels))
    with pytest.raises(UserError, match="2 examples of each of 10 classes"):
        load_fashion_mnist()
    (tmp_path / "fashion-mnist" / "train-labels-idx1-ubyte.gz").unlink()
    server.files["train-labels-idx1-ubyte.gz"] = b"<html>"
    with pytest.raises(UserError, match="could not be downloaded"):
        load_fashion_mnist()
