"""The examples run as they stand, and are short enough to be read from top to bottom."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn_scratch.data.dataset import Dataset
from tests.helpers import ROOT

EXAMPLES = ROOT / "examples"


def run(name: str, *arguments: str, cwd: Path, status: int = 0) -> str:
    """What the example prints, when it is run in the folder `cwd`; it ends with this exit status."""
    result = subprocess.run(
        [sys.executable, EXAMPLES / name, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == status, result.stderr
    assert list(cwd.glob("*.npy")) == []
    return result.stderr if status else result.stdout


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60


def test_train_and_predict(small_digits: tuple[Dataset, Dataset], tmp_path: Path) -> None:
    np.savez(tmp_path / "small.npz", images=small_digits[0].images, labels=small_digits[0].labels)
    printed = run("train_and_predict.py", "small.npz", cwd=tmp_path)
    assert "epoch 3" in printed
    assert "test accuracy" in printed
    assert [line.split()[0] for line in printed.splitlines()[-10:]] == list("0123456789")


@pytest.mark.usefixtures("mnist_data")
def test_train_and_predict_mnist(tmp_path: Path) -> None:
    printed = run("train_and_predict.py", cwd=tmp_path)
    (accuracy,) = (line.split()[-1] for line in printed.splitlines() if line.startswith("test accuracy"))
    assert float(accuracy.rstrip("%")) > 96


def test_custom_layer(tmp_path: Path) -> None:
    assert run("custom_layer.py", cwd=tmp_path) == "The derivatives of PReLU are right.\n"


def test_moons(tmp_path: Path) -> None:
    printed = run("moons.py", cwd=tmp_path)
    assert "epoch 40: 60 of 60 points right" in printed
    assert re.search(r"new points: 39\d of 400 right", printed)
    assert len([line for line in printed.splitlines() if re.fullmatch(r"[.#]{52}", line)]) == 18


def test_why(tmp_path: Path) -> None:
    printed = run("why.py", cwd=tmp_path)
    assert "A dream of 8, read as 8" in printed
    assert "turns it into a " in printed


def test_lecun_1989(tmp_path: Path) -> None:
    printed = run("lecun_1989.py", cwd=tmp_path)
    right = re.search(r"(\d+) of 100 digits that it has never seen are right", printed)
    assert right
    assert int(right[1]) > 40


def noise(classes: list[str], shape: tuple[int, ...], path: Path) -> None:
    """Random images of `shape` in an .npz file; those of each class are brighter than those of the one before."""
    labels = np.arange(20 * len(classes)) % len(classes)
    images = np.random.default_rng(0).integers(0, 60, (len(labels), *shape))
    images += (labels * (190 // len(classes))).reshape(-1, *(1 for _ in shape))
    np.savez(path, images=images.astype(np.uint8), labels=labels, classes=np.array(classes))


def test_cifar_10(tmp_path: Path) -> None:
    noise(["cat", "dog", "frog"], (16, 16, 3), tmp_path / "photos.npz")
    printed = run("cifar_10.py", "photos.npz", "2", cwd=tmp_path)
    assert "epoch 2" in printed
    assert {line.split()[0] for line in printed.splitlines()[-3:]} == {"cat", "dog", "frog"}


def test_emnist_letters(tmp_path: Path) -> None:
    noise(list("ABCDE"), (28, 28), tmp_path / "letters.npz")
    printed = run("emnist_letters.py", "letters.npz", "2", cwd=tmp_path)
    assert "test accuracy" in printed
    assert re.search(r"[A-E] read as [A-E]: \d+ times", printed)


@pytest.mark.parametrize("name", ["cifar_10.py", "emnist_letters.py"])
def test_data_that_is_not_at_hand_is_one_sentence(name: str, tmp_path: Path) -> None:
    assert run(name, "missing.npz", cwd=tmp_path, status=1).startswith("There is nothing to learn from. ")


def test_sklearn_pipeline(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", minversion="1.6", reason="scikit-learn 1.6 is not installed")
    printed = run("sklearn_pipeline.py", cwd=tmp_path)
    assert printed.count("in cross-validation") == 3
    assert float(printed.split()[-1].rstrip("%")) > 95


def test_distil(tmp_path: Path) -> None:
    printed = run("distil.py", cwd=tmp_path)
    labels, teacher = (float(part) for part in re.findall(r"([\d.]+)% of the test digits", printed))
    assert 80 < labels < teacher


def test_own_drawings(tmp_path: Path) -> None:
    printed = run("own_drawings.py", cwd=tmp_path)
    assert re.search(r"a seven with a bar: 7 \(", printed)
    assert re.search(r"a zero: 0 \(", printed)
    pixels = np.full((60, 60), 255, np.uint8)
    pixels[10:50, 28:32] = 0
    Image.fromarray(pixels).save(tmp_path / "one.png")
    Image.fromarray(pixels + 255 - pixels).save(tmp_path / "blank.png")
    printed = run("own_drawings.py", "one.png", "blank.png", cwd=tmp_path)
    assert "one.png: 1 (" in printed
    assert "blank.png: nothing is drawn there" in printed
