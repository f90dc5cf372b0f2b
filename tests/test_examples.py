"""The examples run as they stand, and are short enough to be read from top to bottom."""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn_scratch.dataset import Dataset
from tests.helpers import ROOT

EXAMPLES = ROOT / "examples"


Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs an example with arguments as a program in the folder `tmp_path`, and returns what it prints."""
    monkeypatch.chdir(tmp_path)

    def run_here(name: str, *arguments: str) -> str:
        monkeypatch.setattr(sys, "argv", [name, *arguments])
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
        assert list(tmp_path.glob("*.npy")) == []
        return capsys.readouterr().out

    return run_here


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60


def test_train_and_predict(small_digits: tuple[Dataset, Dataset], run: Run, tmp_path: Path) -> None:
    np.savez(tmp_path / "small.npz", images=small_digits[0].images, labels=small_digits[0].labels)
    printed = run("train_and_predict.py", "small.npz")
    assert "epoch 3" in printed
    assert "test accuracy" in printed
    assert [line.split()[0] for line in printed.splitlines()[-10:]] == list("0123456789")


@pytest.mark.slow
@pytest.mark.usefixtures("mnist_data")
def test_train_and_predict_mnist(run: Run) -> None:
    printed = run("train_and_predict.py")
    (accuracy,) = (line.split()[-1] for line in printed.splitlines() if line.startswith("test accuracy"))
    assert float(accuracy.rstrip("%")) > 96


def test_custom_layer(run: Run) -> None:
    assert run("custom_layer.py") == "The derivatives of PReLU are right.\n"


def test_moons(run: Run) -> None:
    printed = run("moons.py")
    assert "epoch 40: 60 of 60 points right" in printed
    assert re.search(r"new points: 39\d of 400 right", printed)
    assert len([line for line in printed.splitlines() if re.fullmatch(r"[.#]{52}", line)]) == 18


def test_why(run: Run) -> None:
    printed = run("why.py")
    assert "A dream of 8, read as 8" in printed
    assert "turns it into a " in printed


@pytest.mark.slow
def test_lecun_1989(run: Run) -> None:
    printed = run("lecun_1989.py")
    right = re.search(r"(\d+) of 100 digits that it has never seen are right", printed)
    assert right
    assert int(right[1]) > 40


def noise(classes: list[str], shape: tuple[int, ...], path: Path) -> None:
    """Random images of `shape` in an .npz file; those of each class are brighter than those of the one before."""
    labels = np.arange(20 * len(classes)) % len(classes)
    images = np.random.default_rng(0).integers(0, 60, (len(labels), *shape))
    images += (labels * (190 // len(classes))).reshape(-1, *(1 for _ in shape))
    np.savez(path, images=images.astype(np.uint8), labels=labels, classes=np.array(classes))


def test_cifar_10(run: Run, tmp_path: Path) -> None:
    noise(["cat", "dog", "frog"], (16, 16, 3), tmp_path / "photos.npz")
    printed = run("cifar_10.py", "photos.npz", "2")
    assert "epoch 2" in printed
    assert {line.split()[0] for line in printed.splitlines()[-3:]} == {"cat", "dog", "frog"}


def test_emnist_letters(run: Run, tmp_path: Path) -> None:
    noise(list("ABCDE"), (28, 28), tmp_path / "letters.npz")
    printed = run("emnist_letters.py", "letters.npz", "2")
    assert "test accuracy" in printed
    assert re.search(r"[A-E] read as [A-E]: \d+ times", printed)


@pytest.mark.parametrize("name", ["cifar_10.py", "emnist_letters.py"])
def test_data_that_is_not_at_hand_is_one_sentence(name: str, run: Run) -> None:
    with pytest.raises(SystemExit, match=r"^There is nothing to learn from\. "):
        run(name, "missing.npz")


@pytest.mark.slow
def test_sklearn_pipeline(run: Run) -> None:
    pytest.importorskip("sklearn", minversion="1.6", reason="scikit-learn 1.6 is not installed")
    printed = run("sklearn_pipeline.py")
    assert printed.count("in cross-validation") == 3
    assert float(printed.split()[-1].rstrip("%")) > 95


def test_distil(run: Run) -> None:
    printed = run("distil.py")
    labels, teacher = (float(part) for part in re.findall(r"([\d.]+)% of the test digits", printed))
    assert 80 < labels < teacher


def test_own_drawings(run: Run, tmp_path: Path) -> None:
    printed = run("own_drawings.py")
    assert re.search(r"a seven with a bar: 7 \(", printed)
    assert re.search(r"a zero: 0 \(", printed)
    pixels = np.full((60, 60), 255, np.uint8)
    pixels[10:50, 28:32] = 0
    Image.fromarray(pixels).save(tmp_path / "one.png")
    Image.fromarray(pixels + 255 - pixels).save(tmp_path / "blank.png")
    printed = run("own_drawings.py", "one.png", "blank.png")
    assert "one.png: 1 (" in printed
    assert "blank.png: nothing is drawn there" in printed
