"""The examples run as they stand, and are short enough to be read from top to bottom."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nn_scratch.data.dataset import Dataset
from tests.helpers import ROOT

EXAMPLES = ROOT / "examples"


def run(name: str, *arguments: str, cwd: Path) -> str:
    """What the example prints, when it is run in the folder `cwd`."""
    result = subprocess.run(
        [sys.executable, EXAMPLES / name, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert list(cwd.glob("*.npy")) == []
    return result.stdout


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
