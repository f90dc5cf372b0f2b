"""The other data sets, from a local server with tiny archives, and the user's own images."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nn_scratch import UserError
from nn_scratch.data import cifar, emnist
from nn_scratch.data import custom as own
from nn_scratch.data import mnist as sets
from nn_scratch.data.registry import load_data
from tests.helpers.server import Server, idx_bytes, serving


def emnist_zip(split: str, labels: np.ndarray, images: np.ndarray) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in ("train", "test"):
            for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
                file.writestr(f"gzip/emnist-{split}-{name}-{kind}-ubyte.gz", gzip.compress(idx_bytes(array)))
    return content.getvalue()


def cifar_tar(count: int = 2, first_label: int = 0, prefix: str = "") -> bytes:
    content = io.BytesIO()
    rng = np.random.default_rng(0)
    with tarfile.open(fileobj=content, mode="w:gz") as file:
        for name in (*cifar.TRAIN_FILES, cifar.TEST_FILE):
            rows = rng.integers(0, 10, (count, cifar.EXAMPLE), dtype=np.uint8)
            rows[:, 0] = first_label
            entry = tarfile.TarInfo(prefix + name)
            entry.size = rows.size
            file.addfile(entry, io.BytesIO(rows.tobytes()))
    return content.getvalue()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NN_SCRATCH_DATA", str(tmp_path))
    with serving({}) as server:
        for module in (emnist, cifar):
            monkeypatch.setattr(module, "MIRRORS", (server.address("mirror"),))
        monkeypatch.setattr(sets, "FASHION_MIRRORS", (server.address("mirror"),))
        yield server


def publish(server: Server, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes) -> None:
    module = emnist if name == emnist.NAME else cifar
    server.files[name] = content
    monkeypatch.setattr(module, "MD5", hashlib.md5(content).hexdigest())


@pytest.mark.parametrize(("split", "classes"), [("balanced", 47), ("letters", 26), ("digits", 10)])
def test_emnist_is_turned_upright_and_counted_from_nought(
    split: str, classes: int, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = np.arange(classes, dtype=np.uint8) + (split == "letters")
    images = np.zeros((classes, 28, 28), np.uint8)
    images[:, 20, 3] = 255  # a dot at x = 20, y = 3, column by column as EMNIST has it
    publish(server, monkeypatch, emnist.NAME, emnist_zip(split, labels, images))
    training, test = load_data(f"emnist-{split}")
    assert training.labels.tolist() == test.labels.tolist() == list(range(classes))
    assert len(set(training.classes)) == classes
    assert np.argwhere(training.images[0]).tolist() == [[3, 20]]
    load_data(f"emnist-{split}")
    assert server.requests == ["mirror"]  # the second time from the folder


def test_emnist_balanced_has_its_47_classes() -> None:
    merged = set("cijklmopsuvwxyz")
    assert set(emnist.EMNIST_CLASSES["balanced"][36:]) == set("abcdefghijklmnopqrstuvwxyz") - merged


def test_cifar_has_its_colours_last(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    content = cifar_tar(first_label=3)
    publish(server, monkeypatch, cifar.NAME, content)
    training, test = load_data("cifar-10")
    assert training.images.shape == (10, 32, 32, 3)
    assert test.images.shape == (2, 32, 32, 3)
    assert set(training.labels) == {3}
    with tarfile.open(fileobj=io.BytesIO(content)) as file:
        first = file.extractfile(cifar.TRAIN_FILES[0])
        assert first
        row = np.frombuffer(first.read(), np.uint8)[1 : cifar.EXAMPLE]
    assert training.images[0, 5, 7].tolist() == [row[5 * 32 + 7 + plane * 1024] for plane in range(3)]


def fashion_files(each: int) -> dict[str, np.ndarray]:
    labels = np.repeat(np.arange(10, dtype=np.uint8), each)
    images = np.zeros((10 * each, 28, 28), np.uint8)
    files: dict[str, np.ndarray] = {}
    for name in ("train", "t10k"):
        files |= {f"{name}-images-idx3-ubyte.gz": images, f"{name}-labels-idx1-ubyte.gz": labels}
    return files


def test_fashion_mnist_is_known_by_its_counts(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sets, "FASHION_COUNTS", {"train": 2, "t10k": 2})
    files = fashion_files(2)
    server.files |= {name: gzip.compress(idx_bytes(array)) for name, array in files.items()}
    training, _ = load_data("fashion-mnist")
    assert len(training) == 20
    assert training.classes[9] == "Ankle boot"
    labels = files["train-labels-idx1-ubyte.gz"].copy()
    labels[0] = 9
    (tmp_path / "fashion-mnist" / "train-labels-idx1-ubyte.gz").write_bytes(idx_bytes(labels))
    with pytest.raises(UserError, match="2 examples of each of 10 classes"):
        load_data("fashion-mnist")
    (tmp_path / "fashion-mnist" / "train-labels-idx1-ubyte.gz").unlink()
    server.files["train-labels-idx1-ubyte.gz"] = b"<html>"
    with pytest.raises(UserError, match="could not be downloaded"):
        load_data("fashion-mnist")


@pytest.mark.parametrize("name", ["emnist-digits", "cifar-10", "fashion-mnist"])
def test_what_no_server_has_is_one_sentence(name: str, server: Server, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be downloaded") as caught:
        load_data(name)
    assert "\n" not in str(caught.value)
    assert list((tmp_path / name.removesuffix("-digits")).iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("emnist-digits", b"PK not a zip", "no readable gzip/emnist-digits-train-images"),
        ("emnist-digits", emnist_zip("letters", np.ones(1, np.uint8), np.zeros((1, 28, 28), np.uint8)), "no readable"),
        ("emnist-digits", emnist_zip("digits", np.full(1, 10, np.uint8), np.zeros((1, 28, 28), np.uint8)), "classes"),
        ("emnist-digits", emnist_zip("digits", np.ones(2, np.uint8), np.zeros((1, 28, 28), np.uint8)), "do not match"),
        ("emnist-letters", emnist_zip("letters", np.zeros(1, np.uint8), np.zeros((1, 28, 28), np.uint8)), "classes"),
        ("cifar-10", b"no archive", "damaged or cut short"),
        ("cifar-10", cifar_tar()[:-5000], "damaged or cut short"),
        ("cifar-10", cifar_tar(prefix="../"), "has no cifar-10-batches-bin/data_batch_1.bin"),
        ("cifar-10", cifar_tar(count=0), "of whole examples"),
        ("cifar-10", cifar_tar(first_label=10), "classes that there are not"),
    ],
)
def test_an_archive_that_lies_is_told_apart(
    name: str, content: bytes, why: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, monkeypatch, emnist.NAME if name.startswith("emnist") else cifar.NAME, content)
    with pytest.raises(UserError, match=why) as caught:
        load_data(name)
    assert str(tmp_path) in str(caught.value)
    monkeypatch.setattr(emnist, "MD5", "0" * 32)
    monkeypatch.setattr(cifar, "MD5", "0" * 32)
    with pytest.raises(UserError, match="MD5 differs"):
        load_data(name)
    assert len(list(tmp_path.rglob("*.*"))) == 1  # the archive, and nothing unpacked anywhere


@pytest.fixture
def images(tmp_path: Path, rng: np.random.Generator) -> Path:
    """Six images each of bars and of dots, of two formats and all sizes, and things to overlook."""
    folder = tmp_path / "mine"
    for name in ("bar", "dot", ".hidden"):
        (folder / name).mkdir(parents=True)
    for i in range(6):
        bar = np.full((40 + i, 30), 255, np.uint8)
        bar[5:35, 10 + i : 14 + i] = 0
        Image.fromarray(bar).save(folder / "bar" / f"{i}.png")
        dot = np.full((20, 25 + i), 255, np.uint8)
        dot[8:13, 8:13] = 0
        Image.fromarray(dot).save(folder / "dot" / f"{i}.BMP")
    (folder / "dot" / "notes.txt").write_text("none of them")
    (folder / "readme.txt").write_text("none of them")
    return folder


def test_a_folder_of_images_is_data(images: Path) -> None:
    training, test = load_data(str(images))
    assert training.classes == ("bar", "dot")
    assert (len(training), len(test)) == (10, 2)
    assert training.images.shape == (10, 28, 28)
    wide = training.images.any(axis=1).sum(axis=1)  # columns with ink
    assert (wide[training.labels == 0] < 8).all()
    assert (wide[training.labels == 1] == 20).all()
    again, _ = load_data(str(images))
    assert (again.images == training.images).all()


def test_a_folder_that_cannot_be_learned_from_is_one_sentence(images: Path) -> None:
    Image.fromarray(np.full((9, 9), 255, np.uint8)).save(images / "bar" / "empty.png")
    with pytest.raises(UserError, match=r"empty\.png shows nothing"):
        load_data(str(images))
    (images / "bar" / "empty.png").write_bytes(b"no image")
    with pytest.raises(UserError, match=r"empty\.png is not an image"):
        load_data(str(images))
    with pytest.raises(UserError, match="2 to 1000 classes"):
        load_data(str(images / "bar"))
    with pytest.raises(UserError, match="There is no data nothing"):
        load_data("nothing")


def test_an_npz_is_data(tmp_path: Path, rng: np.random.Generator) -> None:
    path = tmp_path / "mine.npz"
    images, labels = rng.integers(0, 256, (20, 8, 9, 3), dtype=np.uint8), np.arange(20) % 3
    np.savez_compressed(path, images=images, labels=labels)
    training, test = load_data(str(path))
    assert training.images.shape == (16, 8, 9, 3)
    assert test.classes == ("0", "1", "2")
    np.savez(path, images=images, labels=labels.astype(np.uint8), classes=np.array(["x", "y", "z"]))
    assert load_data(str(path))[0].classes == ("x", "y", "z")


GOOD = {"images": np.zeros((20, 4, 4), np.uint8), "labels": np.arange(20) % 2}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"images": np.zeros((20, 4, 4))}, "images are float64"),
        ({"images": np.zeros((20, 4), np.uint8)}, r"images are uint8 \(20, 4\)"),
        ({"images": np.zeros((20, 0, 4), np.uint8)}, "it has 20 images"),
        ({"images": np.zeros((3, 4, 4), np.uint8), "labels": np.arange(3)}, "10 are the least"),
        ({"labels": np.zeros(19, int)}, r"not whole numbers \(20,\)"),
        ({"labels": np.zeros(20)}, "labels are float64"),
        ({"labels": np.zeros(20, int)}, "2 to 1000 classes"),
        ({"labels": np.arange(20) - 1}, "count from 0"),
        ({"labels": np.full(20, 2**60)}, "count from 0"),
        ({"classes": np.array(["a"])}, "label 1 has no name"),
        ({"classes": np.array(["a", "a"])}, "not distinct"),
        ({"classes": np.array(["a", "\n"])}, "short words"),
        ({"labels": np.array([{}] * 20)}, "plain arrays"),
    ],
)
def test_an_npz_that_cannot_be_learned_from_is_one_sentence(
    changes: dict[str, np.ndarray], why: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, **(GOOD | changes))  # type: ignore[arg-type]
    with pytest.raises(UserError, match=why) as caught:
        load_data(str(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(junk=st.binary(max_size=200), prefix=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)]))
def test_any_bytes_as_npz(tmp_path_factory: pytest.TempPathFactory, junk: bytes, prefix: bytes) -> None:
    path = tmp_path_factory.mktemp("npz") / "mine.npz"
    path.write_bytes(prefix + junk)
    with pytest.raises(UserError):
        load_data(str(path))


def test_an_npz_that_is_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "LARGEST", 2**20)
    path = tmp_path / "mine.npz"
    np.savez_compressed(path, images=np.zeros((2000, 40, 40), np.uint8), labels=np.zeros(2000, int))
    assert path.stat().st_size < 10_000
    with pytest.raises(UserError, match="holds 3 MB of arrays"):
        load_data(str(path))
