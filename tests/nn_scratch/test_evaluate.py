"""What is printed of a score, whatever the classes are called."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from nn_scratch import mlp
from tests.helpers.commands import evaluate_command

CLASSES = ("[/x]", "[bold]", ":boom:")


def test_class_labels_are_no_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, data = tmp_path / "model.npy", tmp_path / "data.npz"
    nn_scratch.save(mlp((4,), CLASSES, inputs=16).initialize(np.random.default_rng(0)), model)
    np.savez(data, images=np.zeros((50, 4, 4), np.uint8), labels=np.arange(50) % 3, classes=np.array(CLASSES))
    assert evaluate_command([str(model), "--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n{label}" in printed for label in CLASSES)
