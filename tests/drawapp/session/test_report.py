"""The report has one line for each change, and says at once when it cannot be written."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from drawapp.drawing.geometry import Box
from drawapp.session.report import Reporter
from nn_scratch.errors import UserError


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_line_is_written_at_once_and_changes_only_once(tmp_path: Path) -> None:
    path = tmp_path / "report.jsonl"
    path.write_text('{"before": true}\n')
    reporter = Reporter(path)
    for _ in range(2):
        reporter.layout((1100, 720), Box(1, 2, 560, 560), {"undo": Box(3, 4, 44, 44)}, "draw")
    layout = {"window": [1100, 720], "grid": [1, 2, 560, 560], "controls": {"undo": [3, 4, 44, 44]}, "place": "draw"}
    assert lines(path) == [{"before": True}, layout]
    reporter.answer(None, None, 0.0)
    reporter.answer("7", "7", 0.12345678)
    reporter.ink(0.1)
    reporter.ink(0.1)
    reporter.answer("7", "7", 0.12345679)
    reporter.answer(None, None, 0.0)
    reporter.layout((640, 480), Box(1, 2, 560, 560), {}, "draw")
    assert [next(iter(line)) for line in lines(path)[2:]] == ["answer", "ink", "ink", "answer", "window"]
    assert lines(path)[2] == {"answer": "7", "best": "7", "probability": 0.123457}
    reporter.close()


def test_without_a_file_nothing_happens() -> None:
    reporter = Reporter()
    reporter.answer("7", "7", 1.0)
    reporter.ink(0.5)
    reporter.close()


def test_a_report_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"report cannot be written to .*another file"):
        Reporter(tmp_path / "nowhere" / "report.jsonl")
    with pytest.raises(UserError, match="report cannot be written"):
        Reporter(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
def test_a_full_disk_gets_a_sentence() -> None:
    reporter = Reporter(Path("/dev/full"))
    with pytest.raises(UserError, match="report cannot be written"):
        reporter.ink(0.5)
    reporter.close()
