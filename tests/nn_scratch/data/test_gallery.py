"""The picture of random samples: one row per class, as many as there are, and always the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn_scratch import UserError
from nn_scratch.data import gallery
from nn_scratch.dataset import Dataset


def test_each_row_shows_its_class(rng: np.random.Generator) -> None:
    labels = np.array([0, 1, 1, 1, 1, 0])
    images = np.where(labels == 1, 200, 50).astype(np.uint8)[:, None, None] * np.ones((1, 3, 4), np.uint8)
    picture = gallery.gallery(Dataset(images, labels, ("a", "b")), 3, rng)
    assert picture.shape == (2 * (3 + gallery.GAP), 3 * (4 + gallery.GAP), 3)
    tiles = picture.reshape(2, 3 + gallery.GAP, 3, 4 + gallery.GAP, 3)[:, :3, :, :4]
    assert (tiles[0, :, :2] == 205).all()
    assert (tiles[0, :, 2] == 255).all()  # there are two of this class
    assert (tiles[1] == 55).all()


def test_colours_and_floats_are_shown_too(rng: np.random.Generator) -> None:
    colours = rng.integers(0, 256, (4, 5, 5, 3), dtype=np.uint8)
    labels = np.array([0, 0, 1, 1])
    picture = gallery.gallery(Dataset(colours, labels, ("a", "b")), 2, rng)
    assert any((picture[:5, :5] == image).all() for image in colours[:2])
    grey = gallery.gallery(Dataset(np.full((4, 5, 5), 0.2), labels, ("a", "b")), 2, rng)
    assert (grey[:5, :5] == 255 - 51).all()


def test_the_command_writes_a_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "samples.png"
    assert gallery.main(["sample", str(out), "--count", "3"]) == 0
    assert "3 examples of each of 0 1 2" in capsys.readouterr().out
    with Image.open(out) as picture:
        assert picture.size == (3 * 30, 10 * 30)
    first = out.read_bytes()
    gallery.main(["sample", str(out), "--count", "3", "--seed", "1"])
    assert out.read_bytes() != first
    with pytest.raises(UserError, match="There is no data set cats"):
        gallery.main(["cats", str(out)])


def test_the_data_is_not_overwritten(tmp_path: Path, rng: np.random.Generator) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=rng.integers(0, 255, (20, 4, 4)).astype(np.uint8), labels=np.arange(20) % 2)
    before = path.read_bytes()
    with pytest.raises(UserError, match="would overwrite"):
        gallery.main([str(path), str(path)])
    assert path.read_bytes() == before
