"""What is printed of a score, whatever the classes are called."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from nn_scratch import mlp
from nn_scratch.evaluate import main as evaluate_command

CLASSES = ("[/x]", "[bold]", ":boom:")


def test_class_labels_are_no_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, data = tmp_path / "model.npy", tmp_path / "data.npz"
    nn_scratch.save(mlp((4,), CLASSES, inputs=16).initialize(np.random.default_rng(0)), model)
    np.savez(data, images=np.zeros((50, 4, 4), np.uint8), labels=np.arange(50) % 3, classes=np.array(CLASSES))
    assert evaluate_command([str(model), "--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n{label}" in printed for label in CLASSES)


def test_the_module_can_be_called_as_the_function_of_its_name(rng: np.random.Generator) -> None:
    import nn_scratch.evaluate  # binds nn_scratch.evaluate to the module of the command

    network = mlp((4,), CLASSES, inputs=16).initialize(rng)
    data = nn_scratch.Dataset(rng.random((9, 4, 4)), np.arange(9) % 3, CLASSES)
    assert nn_scratch.evaluate(network, data).loss == nn_scratch.metrics.evaluate(network, data).loss
