"""EMNIST, from a local server with a tiny archive of the same format."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import UserError
from nn_scratch.data import emnist
from nn_scratch.data.emnist import EMNIST_CLASSES, load_emnist
from tests.helpers.server import Server, idx_bytes, parameter_id


def archive(split: str, labels: np.ndarray, images: np.ndarray) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in ("train", "test"):
            for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
                file.writestr(f"gzip/emnist-{split}-{name}-{kind}-ubyte.gz", gzip.compress(idx_bytes(array)))
    return content.getvalue()


def publish(content: bytes, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `server` have `content` as EMNIST's archive."""
    server.files[emnist.ARCHIVE] = content
    monkeypatch.setattr(emnist, "MIRRORS", (server.address("mirror"),))
    monkeypatch.setattr(emnist, "MD5", hashlib.md5(content).hexdigest())


@pytest.mark.parametrize(("split", "classes"), [("balanced", 47), ("letters", 26), ("digits", 10)])
def test_images_are_upright_and_labels_count_from_0(
    split: str, classes: int, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = np.arange(classes, dtype=np.uint8) + (split == "letters")
    images = np.zeros((classes, 28, 28), np.uint8)
    images[:, 20, 3] = 255  # a dot at x = 20, y = 3, column by column as EMNIST has it
    publish(archive(split, labels, images), server, monkeypatch)
    training, test = load_emnist(split)
    assert training.labels.tolist() == test.labels.tolist() == list(range(classes))
    assert len(set(training.classes)) == classes
    assert np.argwhere(training.images[0]).tolist() == [[3, 20]]
    load_emnist(split)
    assert server.requests == ["mirror"]  # the second time, the archive is read from the folder


def test_balanced_has_its_47_classes() -> None:
    merged = set("cijklmopsuvwxyz")
    assert set(EMNIST_CLASSES["balanced"][36:]) == set("abcdefghijklmnopqrstuvwxyz") - merged


BLANK = np.zeros((1, 28, 28), np.uint8)


@pytest.mark.parametrize(
    ("split", "content", "why"),
    [
        ("digits", b"PK not a zip", "no readable gzip/emnist-digits-train-images"),
        ("digits", archive("letters", np.ones(1, np.uint8), BLANK), "no readable"),
        ("digits", archive("digits", np.full(1, 10, np.uint8), BLANK), "none of the 10 classes"),
        ("digits", archive("digits", np.ones(2, np.uint8), BLANK), "do not match"),
        ("letters", archive("letters", np.zeros(1, np.uint8), BLANK), "none of the 26 classes"),
    ],
    ids=parameter_id,
)
def test_a_broken_archive_is_refused(
    split: str, content: bytes, why: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(content, server, monkeypatch)
    with pytest.raises(UserError, match=why) as caught:
        load_emnist(split)
    assert str(tmp_path) in str(caught.value)
    assert [path.name for path in tmp_path.rglob("*.*")] == [emnist.ARCHIVE]  # nothing is unpacked anywhere


def test_another_archive_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(archive("digits", np.ones(1, np.uint8), BLANK), server, monkeypatch)
    load_emnist("digits")
    monkeypatch.setattr(emnist, "MD5", "0" * 32)
    with pytest.raises(UserError, match="MD5 differs"):
        load_emnist("digits")
