"""EMNIST and CIFAR, from a local server with tiny archives of the same format."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import UserError
from nn_scratch.data import cifar, emnist
from nn_scratch.data.emnist import EMNIST_CLASSES
from nn_scratch.data.registry import load_data
from tests.helpers.server import Server, idx_bytes, parameter_id

BLANK = np.zeros((1, 28, 28), np.uint8)


def emnist_archive(split: str, labels: np.ndarray, images: np.ndarray = BLANK) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in ("train", "test"):
            for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
                file.writestr(f"gzip/emnist-{split}-{name}-{kind}-ubyte.gz", gzip.compress(idx_bytes(array)))
    return content.getvalue()


def pixels(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, cifar.PIXELS), dtype=np.uint8)


def cifar_archive(classes: int, labels: list[int], cut: int = 0, prefix: str = "", named: int | None = None) -> bytes:
    """An archive with an example of each of `labels` in each file, which are cut, and the names of `named` classes."""
    rows = [bytes([7] * (cifar.LABELS[classes] - 1) + [label]) + p.tobytes() for label, p in zip(labels, pixels(9))]  # noqa: B905
    files = {name: b"".join(rows)[cut:] for name in (*cifar.TRAINING[classes], cifar.TEST[classes])}
    files[cifar.NAMES[classes]] = "\n".join(f"kind_{i}" for i in range(classes if named is None else named)).encode()
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as file:
        for name, bytes_of_file in files.items():
            entry = tarfile.TarInfo(prefix + name)
            entry.size = len(bytes_of_file)
            file.addfile(entry, io.BytesIO(bytes_of_file))
    return content.getvalue()


def publish(name: str, content: bytes, server: Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let `server` have `content` as the archive of the data set called `name`; returns what the file is called."""
    for module in (emnist, cifar):
        monkeypatch.setattr(module, "MIRRORS", (server.address("mirror"),))
    md5 = hashlib.md5(content).hexdigest()
    if name.startswith("emnist"):
        monkeypatch.setattr(emnist, "MD5", md5)
        file = emnist.ARCHIVE
    else:
        monkeypatch.setattr(cifar, "MD5", dict.fromkeys((10, 100), md5))
        file = f"{name}-binary.tar.gz"
    server.files[file] = content
    return file


@pytest.mark.parametrize(
    ("split", "classes"),
    [("balanced", 47), ("bymerge", 47), ("byclass", 62), ("letters", 26), ("digits", 10), ("mnist", 10)],
)
def test_emnist_is_upright_and_its_labels_count_from_0(
    split: str, classes: int, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = np.arange(classes, dtype=np.uint8) + (split == "letters")
    images = np.zeros((classes, 28, 28), np.uint8)
    images[:, 20, 3] = 255  # a dot at x = 20, y = 3, column by column as EMNIST has it
    publish("emnist", emnist_archive(split, labels, images), server, monkeypatch)
    training, test = load_data(f"emnist-{split}")
    assert training.labels.tolist() == test.labels.tolist() == list(range(classes))
    assert len(set(training.classes)) == classes
    assert np.argwhere(training.images[0]).tolist() == [[3, 20]]
    load_data(f"emnist-{split}")
    assert server.requests == ["mirror"]  # the second time, the archive is read from the folder


def test_small_letters_that_look_like_capitals_share_their_classes() -> None:
    assert "".join(EMNIST_CLASSES["balanced"]) == "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"


@pytest.mark.parametrize("count", [10, 100])
def test_the_colours_of_cifar_are_the_last_axis(count: int, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(f"cifar-{count}", cifar_archive(count, [3, 9]), server, monkeypatch)
    training, test = load_data(f"cifar-{count}")
    files = len(cifar.TRAINING[count])
    assert (training.images.shape, test.images.shape) == ((2 * files, 32, 32, 3), (2, 32, 32, 3))
    assert training.labels.tolist() == [3, 9] * files
    assert (len(test.classes), test.classes[9]) == (count, "kind_9")
    assert training.images[1, 5, 7].tolist() == [pixels(9)[1, 5 * 32 + 7 + plane * 1024] for plane in range(3)]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("emnist-digits", b"PK not a zip", "no readable gzip/emnist-digits-train-images"),
        ("emnist-digits", emnist_archive("letters", np.ones(1, np.uint8)), "no readable"),
        ("emnist-digits", emnist_archive("digits", np.full(1, 10, np.uint8)), "below 10"),
        ("emnist-digits", emnist_archive("digits", np.ones(2, np.uint8)), "there are 1 images"),
        ("emnist-letters", emnist_archive("letters", np.zeros(1, np.uint8)), "below 26"),
        ("cifar-10", b"no archive", "damaged or cut short"),
        ("cifar-10", cifar_archive(10, [0, 0])[:-3000], "damaged or cut short"),
        ("cifar-10", cifar_archive(10, [0], prefix="../"), "has no readable cifar-10-batches-bin/data_batch_1.bin"),
        ("cifar-100", cifar_archive(100, []), "no readable cifar-100-binary/train.bin"),
        ("cifar-100", cifar_archive(100, [0], cut=1), "not whole"),
        ("cifar-100", cifar_archive(100, [100]), "below 100"),
        ("cifar-100", cifar_archive(100, [0], named=99), "does not name 100 classes"),
    ],
    ids=parameter_id,
)
def test_a_broken_archive_is_refused(
    name: str, content: bytes, why: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = publish(name, content, server, monkeypatch)
    with pytest.raises(UserError, match=why) as caught:
        load_data(name)
    assert str(tmp_path) in str(caught.value)
    assert [path.name for path in tmp_path.rglob("*.*")] == [file]  # nothing is unpacked anywhere


def test_another_archive_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("emnist", emnist_archive("digits", np.ones(1, np.uint8)), server, monkeypatch)
    load_data("emnist-digits")
    monkeypatch.setattr(emnist, "MD5", "0" * 32)
    with pytest.raises(UserError, match="MD5 differs"):
        load_data("emnist-digits")
