"""The command that scores a model: its tables, its JSON, and its sentences."""

from __future__ import annotations

import inspect
import json
from pathlib import Path

import numpy as np
import pytest

from nn_scratch import UserError, mlp, save
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
from nn_scratch.evaluate import main as evaluate_command


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A network of three classes that always says b, in a file; the data "three" has a, a and b, by two writers."""
    images, labels = np.full((3, 4, 4), 100, np.uint8), np.array([0, 0, 1])
    data = Dataset(images, labels, ("a", "b", "c"), writers=np.array([0, 0, 1]))
    monkeypatch.setitem(DATA_SETS, "three", lambda: (data, data))
    network = mlp((), "abc", inputs=16)
    network.arrays["dense_1"]["b"][...] = [0, np.log(2), 0]  # so that p = 1/4, 1/2, 1/4
    save(network, tmp_path / "model.npy")
    return str(tmp_path / "model.npy")


def test_json_has_the_whole_score(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate_command([model, "--data", "three", "--json"]) == 0
    score = json.loads(capsys.readouterr().out)
    assert score.pop("loss") == pytest.approx((2 * np.log(4) + np.log(2)) / 3, rel=1e-6)
    assert score.pop("accuracy") == pytest.approx(1 / 3)
    assert score.pop("calibration_error") == pytest.approx(1 / 2 - 1 / 3, rel=1e-6)
    assert score == {
        "model": model,
        "data": "three",
        "examples": 3,
        "writer_accuracy": 0.5,  # of nothing for the first writer and of everything for the second
        "class_accuracy": {"a": 0.0, "b": 1.0},
        "classes": ["a", "b", "c"],
        "confusion": [[0, 2, 0], [0, 1, 0], [0, 0, 0]],
    }


def test_tables_are_for_people(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate_command([model, "--data", "three"]) == 0
    printed = capsys.readouterr().out
    assert f"{model} on three test: accuracy 33.33% (2 wrong of 3), loss 1.1552, calibration error 16.67%" in printed
    assert "mean over writers 50.00%" in printed
    rows = [line.split() for line in printed.splitlines()[-3:]]
    assert rows == [["a", "0.00%", "·", "2", "·"], ["b", "100.00%", "·", "1", "·"], ["c", "no", "example", *"···"]]


@pytest.mark.parametrize("broken", ["classes", "size", "overflow"])
def test_a_model_that_cannot_be_scored_is_one_sentence(broken: str, model: str) -> None:
    network = mlp((), "abd" if broken == "classes" else "abc", inputs=15 if broken == "size" else 16)
    network.parameters[...] = 3e38 if broken == "overflow" else 1
    save(network, model)
    with (
        np.errstate(over="ignore"),
        pytest.raises(UserError, match=r"model\.npy (cannot be scored on three|is not a model file).*[^.]\.$"),
    ):
        evaluate_command([model, "--data", "three"])


def test_a_model_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no model file .*none\.npy"):
        evaluate_command([str(tmp_path / "none.npy")])


CLASSES = ("[/x]", "[bold]", ":boom:")


def test_class_labels_are_no_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, data = tmp_path / "model.npy", tmp_path / "data.npz"
    save(mlp((4,), CLASSES, inputs=16).initialize(np.random.default_rng(0)), model)
    np.savez(data, images=np.zeros((50, 4, 4), np.uint8), labels=np.arange(50) % 3, classes=np.array(CLASSES))
    assert evaluate_command([str(model), "--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert all(f"\n{label}" in printed for label in CLASSES)


def test_the_module_can_be_called_as_the_function_of_its_name(rng: np.random.Generator) -> None:
    import nn_scratch.evaluate  # binds nn_scratch.evaluate to the module of the command

    network = mlp((4,), CLASSES, inputs=16).initialize(rng)
    data = nn_scratch.Dataset(rng.random((9, 4, 4)), np.arange(9) % 3, CLASSES)
    assert nn_scratch.evaluate(network, data).loss == nn_scratch.metrics.evaluate(network, data).loss
    assert inspect.unwrap(nn_scratch.evaluate) is nn_scratch.metrics.evaluate
