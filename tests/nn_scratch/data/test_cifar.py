"""CIFAR-10, from a local server with a tiny archive of the same format."""

from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import UserError
from nn_scratch.data import cifar
from nn_scratch.data.cifar import EXAMPLE, load_cifar_10
from tests.helpers.server import Server, parameter_id


def archive(count: int = 2, label: int = 0, prefix: str = "") -> bytes:
    """An archive with `count` examples in each file."""
    content = io.BytesIO()
    rng = np.random.default_rng(0)
    with tarfile.open(fileobj=content, mode="w:gz") as file:
        for name in (*cifar.TRAIN_FILES, cifar.TEST_FILE):
            rows = rng.integers(0, 10, (count, EXAMPLE), dtype=np.uint8)
            rows[:, 0] = label
            entry = tarfile.TarInfo(prefix + name)
            entry.size = rows.size
            file.addfile(entry, io.BytesIO(rows.tobytes()))
    return content.getvalue()


def publish(content: bytes, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `server` have `content` as CIFAR-10's archive."""
    server.files[cifar.ARCHIVE] = content
    monkeypatch.setattr(cifar, "MIRRORS", (server.address("mirror"),))
    monkeypatch.setattr(cifar, "MD5", hashlib.md5(content).hexdigest())


def test_the_colours_are_the_last_axis(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    content = archive(label=3)
    publish(content, server, monkeypatch)
    training, test = load_cifar_10()
    assert training.images.shape == (10, 32, 32, 3)
    assert test.images.shape == (2, 32, 32, 3)
    assert set(training.labels) == {3}
    with tarfile.open(fileobj=io.BytesIO(content)) as file:
        first = file.extractfile(cifar.TRAIN_FILES[0])
        assert first
        row = np.frombuffer(first.read(), np.uint8)[1:EXAMPLE]
    assert training.images[0, 5, 7].tolist() == [row[5 * 32 + 7 + plane * 1024] for plane in range(3)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no archive", "damaged or cut short"),
        (archive()[:-5000], "damaged or cut short"),
        (archive(prefix="../"), "has no cifar-10-batches-bin/data_batch_1.bin"),
        (archive(count=0), "of whole examples"),
        (archive(label=10), "none of the 10 classes"),
    ],
    ids=parameter_id,
)
def test_a_broken_archive_is_refused(
    content: bytes, why: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(content, server, monkeypatch)
    with pytest.raises(UserError, match=why) as caught:
        load_cifar_10()
    assert str(tmp_path) in str(caught.value)
    assert [path.name for path in tmp_path.rglob("*.*")] == [cifar.ARCHIVE]  # nothing is unpacked anywhere


def test_another_archive_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(archive(), server, monkeypatch)
    load_cifar_10()
    monkeypatch.setattr(cifar, "MD5", "0" * 32)
    with pytest.raises(UserError, match="MD5 differs"):
        load_cifar_10()
