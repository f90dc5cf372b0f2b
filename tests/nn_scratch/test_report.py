"""The report of one run and of several."""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from nn_scratch import UserError, report


@pytest.fixture
def run(tmp_path: Path, rng: np.random.Generator) -> Path:
    """A run folder as nn_scratch.train leaves it, with classes that would like to be markup."""
    folder = tmp_path / "run <1>"
    folder.mkdir()
    keys = ("epoch", "train_loss", "validation_loss", "validation_accuracy", "seconds", "images_per_second")
    lines = [json.dumps(dict(zip(keys, (i, 1 / i, 1 / i, 1 - 0.1 / i, 2.0, 100.0), strict=True))) for i in (1, 2, 3)]
    (folder / "report.jsonl").write_text("\n".join(lines) + "\n")
    np.savez(
        folder / "test.npz",
        confusion=np.array([[5, 2], [0, 3]]),
        classes=np.array(["$a_$", "<b>"]),
        images=rng.integers(0, 256, (2, 28, 28), dtype=np.uint8),
        labels=np.array([0, 0]),
        taken_for=np.array([1, 1]),
        probability=np.array([0.9, 0.8], np.float32),
    )
    return folder


def test_a_page_and_a_image_are_whole(run: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    out = tmp_path / "report.html"
    other = tmp_path / "second"
    other.mkdir()
    (other / "report.jsonl").write_bytes((run / "report.jsonl").read_bytes())  # stopped before its test
    assert report.main([str(run), str(other), "--out", str(out)]) == 0
    page = out.read_text()
    assert "run &lt;1&gt;</td><td>3</td><td>3</td><td>96.67%</td><td>80.00%" in page
    assert "not tested" in page
    assert "http" not in page  # nothing comes from elsewhere
    (encoded,) = re.findall(r"base64,([^\"]+)", page)
    report.main([str(run), "--out", str(tmp_path / "report.png")])
    for content in (base64.b64decode(encoded), (tmp_path / "report.png").read_bytes()):
        with Image.open(io.BytesIO(content)) as image:
            assert image.width == 1400
            assert len(set(image.convert("L").tobytes())) > 50


def test_without_matplotlib_it_says_what_to_install(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UserError, match=r"nn-scratch\[plots\]"):
        report.main([str(run), "--out", str(tmp_path / "report.html")])
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize("line", ["", "{", "[]", '{"epoch": 1}', "\xff"])
def test_a_run_that_is_none_is_one_sentence(line: str, run: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not the folder of a run"):
        report.main([str(tmp_path)])
    (run / "report.jsonl").write_text(line, encoding="latin-1")
    with pytest.raises(UserError, match=r"report\.jsonl"):
        report.main([str(run)])


def test_a_damaged_test_or_another_kind_of_file_is_one_sentence(run: Path) -> None:
    with pytest.raises(UserError, match=r"\.html or a \.png"):
        report.main([str(run), "--out", "report.pdf"])
    np.savez(run / "test.npz", classes=np.array(["a"]))
    with pytest.raises(UserError, match=r"test\.npz is damaged"):
        report.main([str(run)])
    (run / "test.npz").write_bytes(b"")
    with pytest.raises(UserError, match=r"test\.npz"):
        report.main([str(run)])
