"""The commands that train and evaluate, as a user runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from nn_scratch import mlp, save, train
from nn_scratch.data.download import data_folder
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
from nn_scratch.evaluate import main as evaluate_command
from tests.helpers import ROOT


def run(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *map(str, arguments)]
    settings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=cwd, env=settings, capture_output=True, text=True, timeout=120, check=False)


def one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    """What a failed command said, after making sure that it said it decently."""
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip().splitlines()) <= 30  # argparse prints the usage before its sentence
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.slow
@pytest.mark.usefixtures("mnist_data")
def test_train_then_evaluate(tmp_path: Path) -> None:
    data = str(data_folder().resolve())
    trained = run(
        "nn_scratch.train", "--epochs", 2, "--hidden", 20, "--out", "a/mine.npy", cwd=tmp_path, NN_SCRATCH_DATA=data
    )
    assert trained.returncode == 0, trained.stderr
    assert "epoch   2" in trained.stdout
    assert "mnist test: accuracy 9" in trained.stdout
    (folder,) = (tmp_path / "runs").iterdir()
    reports = [json.loads(line) for line in (folder / "report.jsonl").read_text().splitlines()]
    assert [report["epoch"] for report in reports] == [1, 2]
    assert (folder / "model.npy").read_bytes() == (tmp_path / "a" / "mine.npy").read_bytes()
    network = nn_scratch.load(tmp_path / "a" / "mine.npy")
    assert network.parameters.size == 784 * 20 + 20 + 20 * 10 + 10
    best = max(report["validation_accuracy"] for report in reports)
    assert network.metadata["scores"]["validation accuracy"] == best

    scored = run("nn_scratch.evaluate", "a/mine.npy", "--json", cwd=tmp_path, NN_SCRATCH_DATA=data)
    score = json.loads(scored.stdout)
    confusion = np.array(score["confusion"])
    assert confusion.sum() == 10_000
    assert score["accuracy"] == confusion.trace() / 10_000
    assert 0.9 < score["accuracy"] < 1
    assert sorted(score["class_accuracy"]) == list("0123456789")


def test_offline_without_data_is_one_sentence(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9"  # the discard port, where nothing listens
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere)
    result = run("nn_scratch.train", cwd=tmp_path, NN_SCRATCH_DATA=str(tmp_path / "data"), **proxies)
    sentence = one_sentence(result)
    assert "train-images-idx3-ubyte.gz" in sentence
    assert str(tmp_path / "data" / "mnist") in sentence
    assert "NN_SCRATCH_DATA" in sentence


def test_broken_data_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mnist"
    folder.mkdir()
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (folder / f"{name}-ubyte").write_bytes(b"\0\0\x08\x03short")
    monkeypatch.setenv("NN_SCRATCH_DATA", str(tmp_path))
    with pytest.raises(nn_scratch.UserError, match="train-images-idx3-ubyte"):
        train.main([])


def test_evaluate_of_no_model_or_of_other_classes(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "none.npy" in one_sentence(run("nn_scratch.evaluate", "none.npy", cwd=tmp_path))
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    save(mlp((4,), "abc"), tmp_path / "letters.npy")
    with pytest.raises(nn_scratch.UserError, match=r"letters\.npy cannot be scored on mnist"):
        evaluate_command([str(tmp_path / "letters.npy")])
