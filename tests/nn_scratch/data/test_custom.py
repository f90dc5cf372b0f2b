"""Custom data in .npz files, good ones and bad ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn_scratch import UserError
from nn_scratch.data import custom
from nn_scratch.data.custom import load_npz, load_test_npz


def test_an_npz_file_is_data(tmp_path: Path, rng: np.random.Generator) -> None:
    path = tmp_path / "mine.npz"
    images, labels = rng.integers(0, 256, (20, 8, 9, 3), dtype=np.uint8), np.arange(20) % 3
    np.savez_compressed(path, images=images, labels=labels)
    training, test = load_npz(path)
    assert training.images.shape == (16, 8, 9, 3)
    assert test.classes == ("0", "1", "2")
    np.savez(path, images=images, labels=labels.astype(np.uint8), classes=np.array(["x", "y", "z"]))
    assert load_npz(path)[0].classes == ("x", "y", "z")
    assert (load_test_npz(path).images == images).all()


GOOD = {"images": np.zeros((20, 4, 4), np.uint8), "labels": np.arange(20) % 2}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"images": np.zeros((20, 4, 4))}, "images are float64"),
        ({"images": np.zeros((20, 4), np.uint8)}, r"images are uint8 \(20, 4\)"),
        ({"images": np.zeros((20, 0, 4), np.uint8)}, "no pixels"),
        ({"images": np.zeros((3, 4, 4), np.uint8), "labels": np.arange(3)}, "3 images, and at least 10"),
        ({"labels": np.zeros(19, int)}, r"not whole numbers \(20,\)"),
        ({"labels": np.zeros(20)}, "labels are float64"),
        ({"labels": np.zeros(20, int)}, "2 to 1000 classes"),
        ({"labels": np.arange(20) - 1}, "from 0 to 999"),
        ({"labels": np.full(20, 2**60)}, "from 0 to 999"),
        ({"classes": np.array(["a"])}, "label 1 has no name"),
        ({"classes": np.array(["a", "a"])}, "distinct"),
        ({"classes": np.array(["a", "\n"])}, "short words"),
        ({"labels": np.array([{}] * 20)}, "plain arrays"),
    ],
)
def test_an_npz_file_that_cannot_be_used_is_one_sentence(
    changes: dict[str, np.ndarray], why: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, **(GOOD | changes))  # type: ignore[arg-type]
    with pytest.raises(UserError, match=why) as caught:
        load_npz(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@given(junk=st.binary(max_size=200), prefix=st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)]))
def test_any_bytes_as_npz_are_survived(tmp_path_factory: pytest.TempPathFactory, junk: bytes, prefix: bytes) -> None:
    path = tmp_path_factory.mktemp("npz") / "mine.npz"
    path.write_bytes(prefix + junk)
    with pytest.raises(UserError):
        load_npz(path)


def test_an_npz_file_that_is_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom, "LARGEST", 2**20)
    path = tmp_path / "mine.npz"
    np.savez_compressed(path, images=np.zeros((2000, 40, 40), np.uint8), labels=np.zeros(2000, int))
    assert path.stat().st_size < 10_000
    with pytest.raises(UserError, match="3 MB"):
        load_npz(path)
