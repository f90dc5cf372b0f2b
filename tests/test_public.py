"""The public face: every name can be imported, is on docs/api.md, and needs NumPy and nothing else."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import nn_scratch
from tests.helpers import ROOT
from tests.test_architecture import MODULES

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
RENDER = runpy.run_path(str(ROOT / "docs" / "sources" / "api.py"))["render"]
ABSENT = (
    *("PIL", "crossfiledialog", "platformdirs", "pooch", "pygame", "requests", "rich", "threadpoolctl"),  # of the app
    *("graphviz", "matplotlib", "onnx", "onnxruntime", "safetensors", "scipy", "sklearn", "torch"),  # extras, referees
)
NEEDS_MORE = re.compile(
    r"nn_scratch\.(train|evaluate|gradients|report|plots|sklearn|data\.gallery|data\.folder|data\.progress|ink\.files|recipes\.making)"
)


def alone(code: str, cwd: Path = ROOT, **environment: str) -> str:
    """What `code` prints in an interpreter that has NumPy and no other library."""
    blocked = f"import sys\nfor absent in {ABSENT}: sys.modules[absent] = None\n"
    result = subprocess.run(
        [sys.executable, "-c", blocked + code],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_the_library_needs_numpy_alone() -> None:
    names = [name for name in MODULES if name.startswith("nn_scratch") and not NEEDS_MORE.match(name)]
    alone(
        f"import {', '.join(names)}\nassert not [name for name in nn_scratch.__all__ if not hasattr(nn_scratch, name)]"
    )


def test_a_digit_is_learned_and_read_with_numpy_alone(tmp_path: Path) -> None:
    code = """
import numpy as np
from nn_scratch import evaluate, fit, load, load_data, mlp, save
rng = np.random.default_rng(0)
training, test = load_data("sample")
network = mlp((30,)).initialize(rng)
fit(network, training, test, rng, epochs=2)
save(network, "mine.npy")
print(evaluate(load("mine.npy"), test).accuracy > 0.8)
"""
    assert alone(code, tmp_path) == "True\n"


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("nn_scratch.load_data('mnist')", "pip install platformdirs"),
        ("nn_scratch.load_data('.')", "pip install pillow"),
    ],
)
def test_what_needs_another_library_says_so(code: str, advice: str, tmp_path: Path) -> None:
    printed = alone(
        f"import nn_scratch\ntry: {code}\nexcept nn_scratch.UserError as error: print(error)",
        tmp_path,
        NN_SCRATCH_DATA="",
    )
    assert printed.strip().endswith(advice)


def test_what_a_start_does_not_need_is_imported_later() -> None:
    loaded = alone("import nn_scratch; print(*[name for name in sys.modules if name.startswith('nn_scratch')])").split()
    assert "nn_scratch.model_file" in loaded
    assert not [name for name in loaded if re.search(r"registry|autograd|export|gradcheck|unipen|images\.files", name)]


def test_an_unknown_name_is_an_ordinary_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        nn_scratch.nonsense  # noqa: B018
    assert set(nn_scratch.LATER) <= set(nn_scratch.__all__) <= set(dir(nn_scratch))


def test_no_command_takes_the_name_of_a_function() -> None:
    """Importing a module `nn_scratch.evaluate` would put it in place of the function, so no module imports it."""
    code = "import nn_scratch, nn_scratch.train, nn_scratch.report, nn_scratch.gradients\nprint(nn_scratch.evaluate)"
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert printed.startswith("<function evaluate")


def test_the_page_of_public_names_is_complete() -> None:
    assert RENDER() == PAGE, "run: python docs/sources/api.py"
    for name in nn_scratch.__all__:
        assert len(re.findall(rf"^\| `{name}[(`]", PAGE.partition("## `")[0], re.M)) == 1


def test_a_name_in_no_group_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nn_scratch, "__all__", [*nn_scratch.__all__, "save_all"])
    with pytest.raises(ValueError, match="save_all"):
        RENDER()


def test_every_public_name_has_a_docstring() -> None:
    for line in RENDER().splitlines():
        if line.startswith("| `"):
            assert re.search(r"\| [^ |].*[.?:] \|$", line), line
