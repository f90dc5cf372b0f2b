"""The commands that train and evaluate, as a user runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

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


@pytest.mark.usefixtures("mnist_data")
@pytest.mark.skipif(os.name == "nt", reason="SIGINT to one process is a POSIX thing")
def test_ctrl_c_keeps_the_best_model(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nn_scratch.train", "--epochs", "100000", "--hidden", "8", "--out", "mine.npy"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "NN_SCRATCH_DATA": str(data_folder().resolve()),
    }
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # a script in the background ignores it, and so would its children
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("runs/*/model.npy")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped. Kept the best model so far, of epoch" in out
    assert "Traceback" not in err
    assert nn_scratch.load(tmp_path / "mine.npy").classes == tuple("0123456789")
    (model,) = tmp_path.glob("runs/*/model.npy")
    assert model.read_bytes() == (tmp_path / "mine.npy").read_bytes()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--epochs", "-1"), ("--batch-size", "0"), ("--learning-rate", "nan"), ("--seed", "x"), ("--hidden", "5.5")],
)
def test_a_wrong_option_is_named(
    option: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        train.main([f"{option}={value}"])
    assert stopped.value.code == 2
    sentence = capsys.readouterr().err.splitlines()[-1]
    assert option in sentence
    assert value in sentence
    assert list(tmp_path.iterdir()) == []


def test_an_out_that_cannot_be_written_is_told_before_training(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("kept")
    for out in (".", "file/mine.npy"):
        with pytest.raises(nn_scratch.UserError, match="Cannot write"):
            train.main(["--out", out])
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "kept"


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


def test_the_best_epoch_is_kept_not_the_last(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    out = tmp_path / "mine.npy"
    arguments = ["--epochs", "6", "--schedule", "constant", "--learning-rate", "0.03", "--hidden", "5"]
    assert train.main([*arguments, "--out", str(out), "--runs", str(tmp_path / "runs")]) == 0
    (log,) = (tmp_path / "runs").glob("*/report.jsonl")
    accuracies = [json.loads(line)["validation_accuracy"] for line in log.read_text().splitlines()]
    kept = nn_scratch.load(out)
    assert kept.metadata["scores"]["validation accuracy"] == max(accuracies)
    rng = np.random.default_rng(0)
    _, validation = small_digits[0].split(len(small_digits[0]) // 12, rng)
    right = (kept.predict(validation.images) == validation.labels).mean()
    assert right == pytest.approx(max(accuracies))
    assert (log.parent / "model.npy").read_bytes() == out.read_bytes()


@pytest.mark.parametrize(
    "choice",
    [
        "--preset lenet --augment --optimizer nesterov --learning-rate 0.03",
        "--teacher teacher.npy --views 3 --augment --deslant",
    ],
)
def test_a_stopped_run_goes_on_and_ends_with_the_same_bytes(
    choice: str, small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C after the second of four epochs, then --resume: the model is that of a run that never stopped."""
    few = small_digits[0].take(np.arange(240))
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: (few, few))
    monkeypatch.chdir(tmp_path)
    save(mlp((20,)).initialize(np.random.default_rng(1)), "teacher.npy")
    whole, stopped = tmp_path / "whole.npy", tmp_path / "stopped.npy"
    arguments = ["--epochs", "4", *choice.split()]
    assert train.main([*arguments, "--out", str(whole), "--runs", str(tmp_path / "one")]) == 0

    class CtrlC(Console):
        def print(self, *objects: object, **settings: object) -> None:
            if str(objects[0]).startswith("epoch   2"):
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(train, "Console", CtrlC)
        assert train.main([*arguments, "--out", str(stopped), "--runs", str(tmp_path / "two")]) == 130
    (run,) = (tmp_path / "two").iterdir()
    assert len((run / "report.jsonl").read_text().splitlines()) == 2
    assert train.main(["--resume", str(run)]) == 0
    assert stopped.read_bytes() == whole.read_bytes()
    epochs = [json.loads(line)["epoch"] for line in (run / "report.jsonl").read_text().splitlines()]
    assert epochs == [1, 2, 3, 4]
    assert (run / "model.npy").read_bytes() == whole.read_bytes()
    assert train.main(["--resume", str(run)]) == 0  # nothing is left to do, and nothing changes
    assert stopped.read_bytes() == whole.read_bytes()
    with pytest.raises(nn_scratch.UserError, match="give --resume alone"):
        train.main(["--resume", str(run), "--epochs", "9"])
    with pytest.raises(nn_scratch.UserError, match=r"checkpoint\.npz"):
        train.main(["--resume", str(tmp_path / "none")])


def test_patience_ends_a_training_that_gets_no_better(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    arguments = ["--epochs", "50", "--patience", "2", "--schedule", "constant", "--learning-rate", "1e-30"]
    arguments += ["--weight-decay", "0", "--hidden", "5", "--runs", str(tmp_path / "runs")]
    assert train.main([*arguments, "--out", str(tmp_path / "mine.npy")]) == 0
    (log,) = (tmp_path / "runs").glob("*/report.jsonl")
    assert len(log.read_text().splitlines()) == 3
    test = np.load(log.parent / "test-mnist.npz", allow_pickle=False)
    assert test["data"] == "mnist"
    assert test["confusion"].sum() == 450
    assert len(test["images"]) == len(test["labels"]) == len(test["taken_for"]) == len(test["probability"]) == 40
    assert (test["labels"] != test["taken_for"]).all()
    assert (np.diff(test["probability"]) <= 0).all()
