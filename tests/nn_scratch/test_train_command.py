"""The command that trains, in this process: what its options do to the model, and what a terminal shows."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import nn_scratch
from nn_scratch import train
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset


def test_the_answers_are_shifted_as_the_options_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--accept moves the border of two classes; --true-frequencies undoes that "yes" is shown five times as often."""
    rng = np.random.default_rng(0)
    labels = np.arange(1200) % 2
    images = rng.normal(100 + 50 * labels[:, None, None], 60, (1200, 2, 2)).clip(0, 255).astype(np.uint8)
    data = Dataset(images, labels, ("no", "yes"), weights=np.where(labels == 1, 5, 1).astype(np.float32))
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: (data, data))
    out = tmp_path / "mine.npy"

    def probability_of_yes(*options: str) -> float:
        arguments = [
            "--epochs",
            "8",
            "--learning-rate",
            "0.1",
            "--hidden",
            "--runs",
            str(tmp_path / "runs"),
            "--out",
            str(out),
        ]
        assert train.main([*arguments, *options]) == 0
        return float(nn_scratch.load(out).predict_proba(images)[:, 1].mean())

    assert probability_of_yes("--true-frequencies") < probability_of_yes() - 0.1
    probability_of_yes("--accept", "yes=0.25")
    _, validation = data.split(100, np.random.default_rng(0))
    accepted = nn_scratch.load(out).predict(validation.images[validation.labels == 1])
    assert accepted.mean() == pytest.approx(0.25, abs=0.03)


def test_a_terminal_shows_progress() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    with train.progress_bar(console, 200, 50) as advance:
        advance(50)
    assert "100/200" in screen.getvalue()
