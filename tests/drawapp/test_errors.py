"""What a crash leaves: a log, the drawing, and a sentence that names both."""

from __future__ import annotations

from pathlib import Path

from drawapp import errors
from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas


def test_a_crash_leaves_a_log_and_the_drawing(tmp_path: Path) -> None:
    canvas = Canvas()
    sample_digits.draw("4", canvas)
    try:
        raise RuntimeError("the roof is on fire")
    except RuntimeError as error:
        sentence = errors.keep_crash(error, canvas, tmp_path / "logs")
    log, image = sorted((tmp_path / "logs").iterdir(), key=lambda path: path.suffix, reverse=True)
    assert str(log) in sentence
    assert str(image) in sentence
    assert "the roof is on fire" in log.read_text(encoding="utf-8")
    assert Path(__file__).name in log.read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file in the way")
    assert "could not be written" in errors.keep_crash(RuntimeError("oh"), Canvas(), tmp_path / "logs")
