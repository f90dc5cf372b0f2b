"""A training that diverges stops with advice, and the command keeps the best model so far."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from nn_scratch import UserError, mlp, train
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
from nn_scratch.metrics import evaluate
from nn_scratch.schedules import SCHEDULES
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.divergence import DivergedError
from nn_scratch.training.fit import fit


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("decay", [0, 0.1])
def test_steps_that_are_far_too_large_end_with_advice(
    optimizer: str, decay: float, small_digits: tuple[Dataset, Dataset]
) -> None:
    config = TrainConfig(3, optimizer=optimizer, learning_rate=1e6, weight_decay=decay)
    network = mlp().initialize(np.random.default_rng(0))
    with pytest.raises(DivergedError, match=r"diverged in epoch 1: .* learning rate well below 1e\+06\.$"):
        list(fit(network, *small_digits, config, np.random.default_rng(0)))


def test_a_network_without_finite_answers_has_no_score(small_digits: tuple[Dataset, Dataset]) -> None:
    network = mlp()
    network.parameters[...] = np.nan
    with pytest.raises(FloatingPointError, match="not finite"):
        evaluate(network, small_digits[1])


@pytest.fixture
def command(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """nn_scratch.train with 3 epochs of small digits, a schedule that explodes after the second, and other options."""
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    monkeypatch.setitem(SCHEDULES, "step", lambda t: 1.0 if t < 2 / 3 else 1e30)
    monkeypatch.chdir(tmp_path)
    return lambda *options: train.main(["--epochs", "3", "--hidden", "5", "--schedule", "step", *options])


def test_the_best_model_before_the_divergence_is_kept(
    command: Callable[..., int], small_digits: tuple[Dataset, Dataset], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("--out", "kept.npy") == 1
    printed = capsys.readouterr().out
    assert "diverged in epoch 3" in printed
    (log,) = Path("runs").glob("*/report.jsonl")
    reports = [json.loads(line) for line in log.read_text().splitlines()]
    assert [report["epoch"] for report in reports] == [1, 2]
    best = max(reports, key=lambda report: report["validation_accuracy"])
    assert f"Kept the best model so far, of epoch {best['epoch']}." in printed
    network = nn_scratch.load("kept.npy")
    assert network.metadata["scores"] == {"validation accuracy": best["validation_accuracy"]}
    assert f"mnist test: accuracy {evaluate(network, small_digits[1]).accuracy:.2%}" in printed


def test_without_a_finished_epoch_there_is_one_sentence(command: Callable[..., int]) -> None:
    with pytest.raises(UserError, match=r"diverged in epoch 1: .* there is no model to keep\.$") as caught:
        command("--learning-rate", "1e6", "--out", "kept.npy")
    assert caught.value.exit_status == 1
    assert not Path("kept.npy").exists()
