"""The report of one run and of several."""

from __future__ import annotations

import base64
import io
import json
import re
import sys
from pathlib import Path
from typing import Any

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
    save_test(folder / "test-mnist.npz", rng, data=np.array("mnist"))
    return folder


def save_test(path: Path, rng: np.random.Generator, **more: np.ndarray) -> None:
    """Write a test file in which 8 of 10 examples are read correctly; arrays in `more` are added or replace others."""
    arrays: dict[str, Any] = {
        "confusion": np.array([[5, 2], [0, 3]]),
        "classes": np.array(["$a_$", "<b>"]),
        "images": rng.integers(0, 256, (2, 28, 28), dtype=np.uint8),
        "labels": np.array([0, 0]),
        "taken_for": np.array([1, 1]),
        "probability": np.array([0.9, 0.8], np.float32),
    }
    np.savez(path, **(arrays | more))


def page_of(*runs: Path) -> str:
    """The report of `runs`, as HTML."""
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    out = runs[0].parent / "report.html"
    assert report.main([*map(str, runs), "--out", str(out)]) == 0
    return out.read_text()


def image_of(page: str) -> Image.Image:
    """The image in a report."""
    (encoded,) = re.findall(r"base64,([^\"]+)", page)
    return Image.open(io.BytesIO(base64.b64decode(encoded)))


def test_a_page_and_an_image_are_whole(run: Path, tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "report.jsonl").write_bytes((run / "report.jsonl").read_bytes())  # stopped before its test
    page = page_of(run, tmp_path / "second")
    assert "run &lt;1&gt;</td><td>3</td><td>3</td><td>96.67%</td><td>mnist 80.00%</td>" in page
    assert "not tested" in page
    assert "http" not in page  # nothing comes from elsewhere
    report.main([str(run), "--out", str(tmp_path / "report.png")])
    for image in (image_of(page), Image.open(tmp_path / "report.png")):
        assert image.size == (1400, 1100)
        assert len(set(image.convert("L").tobytes())) > 50


def test_all_test_sets_of_a_run_are_shown(run: Path, rng: np.random.Generator) -> None:
    confusion = np.array([[1, 0], [1, 2]])
    save_test(run / "test-pen-1234abcd.npz", rng, data=np.array("<pen>/x"), confusion=confusion)
    page = page_of(run)
    assert "<td>mnist 80.00%<br>&lt;pen&gt;/x 75.00%</td>" in page
    assert image_of(page).height == 1750  # and with one test set 1100


def test_the_only_test_set_of_a_run_may_have_no_name(run: Path, rng: np.random.Generator) -> None:
    (run / "test-mnist.npz").unlink()
    save_test(run / "test.npz", rng)
    assert "<td>96.67%</td><td>80.00%</td>" in page_of(run)


def test_many_classes_and_no_mistakes_are_drawn_too(run: Path, rng: np.random.Generator) -> None:
    nothing = {name: np.zeros(0, np.int64) for name in ("labels", "taken_for")}
    nothing |= {"images": np.zeros((0, 28, 28), np.uint8), "probability": np.zeros(0, np.float32)}
    classes, confusion = np.array([f"class {i}" for i in range(20)]), 3 * np.eye(20, dtype=np.int64)
    save_test(run / "test-mnist.npz", rng, classes=classes, confusion=confusion, **nothing)
    assert "100.00%" in page_of(run)


def test_more_tests_than_fit_on_a_page_are_one_sentence(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MOST_TESTS", 1)
    with pytest.raises(UserError, match="have 2 test sets, and at most 1 fit on a page; name fewer runs"):
        report.main([str(run), str(run)])


def test_without_matplotlib_it_says_what_to_install(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UserError, match=r"nn-scratch\[plots\]"):
        report.main([str(run), "--out", str(tmp_path / "report.html")])
    assert not (tmp_path / "report.html").exists()


@pytest.mark.parametrize("line", ["", "{", "[]", '{"epoch": 1}', "\xff"])
def test_a_folder_that_is_not_a_run_is_one_sentence(line: str, run: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not the folder of a run"):
        report.main([str(tmp_path)])
    (run / "report.jsonl").write_text(line, encoding="latin-1")
    with pytest.raises(UserError, match=r"report\.jsonl"):
        report.main([str(run)])


def test_another_kind_of_report_is_one_sentence(run: Path) -> None:
    with pytest.raises(UserError, match=r"\.html or a \.png"):
        report.main([str(run), "--out", "report.pdf"])


@pytest.mark.parametrize(
    "damaged",
    [
        {"labels": np.array([0, 2])},
        {"labels": np.array([0.0, 1.0])},
        {"taken_for": np.array([1])},
        {"probability": np.array(["a", "b"])},
        {"images": np.zeros((2, 28, 28), np.float32)},
        {"images": np.zeros((2, 28, 28, 2), np.uint8)},
        {"confusion": np.zeros((2, 2), np.int64)},
        {"more": np.zeros(1)},
        None,
    ],
)
def test_a_damaged_test_is_one_sentence(
    damaged: dict[str, np.ndarray] | None, run: Path, rng: np.random.Generator
) -> None:
    if damaged is None:
        np.savez(run / "test-mnist.npz", classes=np.array(["a"]))
    else:
        save_test(run / "test-mnist.npz", rng, **damaged)
    with pytest.raises(UserError, match=r"test-mnist\.npz is damaged"):
        report.main([str(run)])
    (run / "test-mnist.npz").write_bytes(b"")
    with pytest.raises(UserError, match=r"test-mnist\.npz"):
        report.main([str(run)])
