"""The page about other programs tells the truth: its code runs as it stands."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch import Layer, load, load_test_set, softmax
from nn_scratch.export import NODES, state_dict
from tests.helpers import ROOT

PAGE = (ROOT / "docs" / "exchange.md").read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the code of a section of the page in a folder that has the bundled models; returns its names."""
    shutil.copytree(ROOT / "models", tmp_path / "models")
    monkeypatch.chdir(tmp_path)

    def run(section: str, names: dict[str, Any]) -> dict[str, Any]:
        text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
        for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
            exec(compile(block, "docs/exchange.md", "exec"), names)
        return names

    return run


def test_onnx(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for library in ("onnx", "onnxruntime"):
        pytest.importorskip(library, reason=f"{library} is not installed")
    names = run("ONNX", {"Swish": type("Swish", (Layer,), {"kind": "swish"})})
    read = [str(label) for label in load_test_set("sample").labels[:5]]
    assert capsys.readouterr().out == f"{read}\n"
    del NODES[names["Swish"]]


def test_pytorch(run: Any) -> None:
    for library in ("torch", "safetensors"):
        pytest.importorskip(library, reason=f"{library} is not installed")
    names = run("PyTorch", {})
    torch, images = names["torch"], load_test_set("sample").images[:300]
    x = torch.from_numpy((images[:, None] / 255).astype(np.float32))
    p = softmax(names["model"](x).detach().numpy())
    np.testing.assert_allclose(p, load("models/digits-convnet.npy").predict_proba(images), rtol=0, atol=1e-5)

    nn, network = torch.nn, load("models/digits.npy")
    layers = [names["Deslant"](), nn.Flatten(), nn.Linear(784, 50), nn.ReLU(), nn.Linear(50, 25), nn.ReLU()]
    model = nn.Sequential(names["OrderedDict"](zip(network.names, [*layers, nn.Linear(25, 10)], strict=True)))
    model.load_state_dict({name: torch.from_numpy(array) for name, array in state_dict(network).items()})
    p = softmax(model(x).detach().numpy())
    np.testing.assert_allclose(p, network.predict_proba(images), rtol=0, atol=1e-5)


def test_scikit_learn(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn", minversion="1.6", reason="scikit-learn 1.6 is not installed")
    assert run("scikit-learn", {})["search"].best_score_ > 0.93
    assert "nnclassifier__hidden" in capsys.readouterr().out
