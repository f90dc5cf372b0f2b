"""Data sets by name, one or several; the bundled sample; and the picture of random samples."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nn_scratch import UserError, fit, mlp
from nn_scratch.data import cifar, emnist, gallery, mnist, registry, sample
from nn_scratch.data.download import data_folder
from nn_scratch.data.registry import load_data, load_mixture, name_and_times
from nn_scratch.dataset import Dataset
from nn_scratch.recipes import sample as sample_recipe
from tests.helpers import ROOT
from tests.helpers.server import Server


def test_the_data_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NN_SCRATCH_DATA", raising=False)
    assert "nn_scratch" in str(data_folder())
    monkeypatch.setenv("NN_SCRATCH_DATA", "/somewhere")
    assert data_folder() == Path("/somewhere")


@pytest.mark.parametrize("name", ["emnist-digits", "cifar-10", "fashion-mnist"])
def test_data_that_no_server_has_is_one_sentence(
    name: str, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (emnist, cifar):
        monkeypatch.setattr(module, "MIRRORS", (server.address("mirror"),))
    monkeypatch.setattr(mnist, "FASHION_MIRRORS", (server.address("mirror"),))
    with pytest.raises(UserError, match="could not be downloaded") as caught:
        load_data(name)
    assert "\n" not in str(caught.value)
    assert list((tmp_path / name.removesuffix("-digits")).iterdir()) == []


def test_what_is_no_data_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="2 to 1000 classes"):  # a folder without sub-folders
        load_data(str(tmp_path))
    with pytest.raises(UserError, match="no data set nothing"):
        load_data("nothing")


@pytest.fixture
def sets(small_digits: tuple[Dataset, Dataset], monkeypatch: pytest.MonkeyPatch) -> tuple[Dataset, Dataset]:
    """Data sets called a, b, c and d; b has other classes than the others, and c other images."""
    training, _ = small_digits
    letters = replace(training, classes=tuple("abcdefghij"))
    cut = replace(training, images=training.images[:, :14])
    for name in "ad":
        monkeypatch.setitem(registry.DATA_SETS, name, lambda: small_digits)
    monkeypatch.setitem(registry.DATA_SETS, "b", lambda: (letters, letters))
    monkeypatch.setitem(registry.DATA_SETS, "c", lambda: (cut, cut))
    return small_digits


@pytest.mark.parametrize(
    ("names", "weights", "why"),
    [
        (["a"], [1, 2], "one weight for each"),
        (["a", "b"], None, "different classes"),
        (["a", "c"], None, r"sizes: a \(28 x 28\) and c \(14 x 28\)"),
        (["a", "a=2"], None, "named twice"),
        (["a=x"], None, "a=x is not a data set and how often"),
        (["a=-1"], None, "a=-1 is not"),
        (["a=nan"], None, "a=nan is not"),
    ],
)
def test_a_mixture_is_checked(names: list[str], weights: Any, why: str, sets: tuple[Dataset, Dataset]) -> None:
    with pytest.raises(UserError, match=why):
        load_mixture(names, weights)


def test_a_name_says_how_often_a_set_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a=1.npz").touch()
    found = {name: name_and_times(name) for name in ("pen", "pen=3", "x=y.csv=0.5", "a=1.npz", "a=1.npz=2")}
    assert list(found.values()) == [("pen", 1), ("pen", 3), ("x=y.csv", 0.5), ("a=1.npz", 1), ("a=1.npz", 2)]


def test_a_mixture_is_split_and_weighted(sets: tuple[Dataset, Dataset]) -> None:
    training, test = sets
    plain, _ = load_mixture(["a"]).split(np.random.default_rng(0))
    assert plain.weights is None  # each example once per epoch: the order is a permutation and nothing else
    for mixture in (load_mixture(["a", "d=2"]), load_mixture(["a", "d"], [1, 2])):
        rest, validation = mixture.split(np.random.default_rng(0))
        assert len(rest) + len(validation) == 2 * len(training)
        assert np.unique(rest.shown(), return_counts=True)[0].tolist() == [1, 2]
        assert mixture.test == {"a": test, "d": test}
        assert mixture.classes == training.classes


def test_the_sample_is_small_and_balanced_and_a_network_learns_from_it() -> None:
    assert (ROOT / sample.NAME).stat().st_size <= 1_500_000
    training, test = load_data("sample")
    assert (len(training), len(test)) == (6400, 1600)
    assert (np.bincount(np.concatenate([training.labels, test.labels])) == 800).all()
    reports = fit(mlp().initialize(np.random.default_rng(0)), training, test, 0, epochs=5)
    assert reports[-1].validation_accuracy > 0.9


def test_no_test_digit_is_in_the_sample(mnist_data: tuple[Dataset, Dataset]) -> None:
    training, tests = ({image.tobytes() for image in data.images} for data in mnist_data)
    images = [image.tobytes() for data in load_data("sample") for image in data.images]
    assert not tests & set(images)
    assert sum(image in training for image in images) == sample_recipe.FROM_MNIST


@pytest.mark.slow
def test_the_recipe_makes_the_same_sample(mnist_data: tuple[Dataset, Dataset], tmp_path: Path) -> None:
    if not (data_folder() / "pen" / "pen.npz").is_file():
        pytest.skip("pen/pen.npz is not in the data folder (python -m nn_scratch.recipes.convert makes it)")
    assert sample_recipe.main([str(tmp_path / "again.npz")]) == 0
    with np.load(tmp_path / "again.npz") as again, np.load(ROOT / sample.NAME) as bundled:
        assert sorted(again.files) == sorted(bundled.files)
        assert all((again[name] == bundled[name]).all() for name in again.files)


def test_each_row_of_a_gallery_shows_its_class(rng: np.random.Generator) -> None:
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


def test_the_command_writes_a_gallery(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "samples.png"
    assert gallery.main(["sample", str(out), "--count", "3"]) == 0
    assert "3 examples of each of 0 1 2" in capsys.readouterr().out
    with Image.open(out) as picture:
        assert picture.size == (3 * 30, 10 * 30)
    first = out.read_bytes()
    gallery.main(["sample", str(out), "--count", "3", "--seed", "1"])
    assert out.read_bytes() != first
    (tmp_path / "table.csv").write_text("0,1.5,2\n1,2,3.5\n" * 10)
    with pytest.raises(UserError, match="has no images to be shown"):
        gallery.main([str(tmp_path / "table.csv"), str(out)])


def test_the_data_of_a_gallery_is_not_overwritten(tmp_path: Path, rng: np.random.Generator) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=rng.integers(0, 255, (20, 4, 4)).astype(np.uint8), labels=np.arange(20) % 2)
    before = path.read_bytes()
    with pytest.raises(UserError, match="would overwrite"):
        gallery.main([str(path), str(path)])
    assert path.read_bytes() == before
