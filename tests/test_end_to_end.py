"""The whole program on a real screen, moved by a real mouse: run from source, and frozen once it is built."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Point
from tests.helpers import ROOT
from tests.helpers.desktop import MISSING, Program, virtual_screen

FROZEN = (ROOT / "dist" / "drawapp", ROOT / "dist" / "drawapp-folder" / "drawapp")
COMMANDS = [
    pytest.param([sys.executable, "-m", "drawapp"], id="source"),
    *(
        pytest.param(
            [str(path)],
            id=path.parent.name,
            marks=pytest.mark.skipif(
                not path.is_file(), reason=f"{path} is not built (pyinstaller build.spec makes it)"
            ),
        )
        for path in FROZEN
    ),
]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"without {', '.join(MISSING)} there is no screen to draw on"),
]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with virtual_screen() as name:
        yield name


def strokes(digit: str, left: float = 0.0, size: float = 1.0) -> list[list[Point]]:
    """The strokes of a sample digit, `size` times as large, its left edge moved to `left` cells."""
    return [[(left + x * size, 14 + (y - 14) * size) for x, y in stroke] for stroke in sample_digits.STROKES[digit]]


def write(program: Program, digit: str, left: float = 0.0, size: float = 1.0) -> None:
    for stroke in strokes(digit, left, size):
        program.draw(*stroke)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_user_draws_erases_and_looks_around(command: list[str], display: str, tmp_path: Path) -> None:
    program = Program(command, display, tmp_path)
    try:
        write(program, "3")
        program.expect("answer", "3")
        program.click("clear")
        program.expect("ink", 0.0)
        write(program, "7")
        program.expect("answer", "7")
        program.click("undo")
        program.expect("ink", 0.0)
        program.click("redo")
        program.expect("answer", "7")
        program.key("r")
        write(program, "4", 0, 0.6)
        write(program, "2", 13, 0.6)
        program.expect("answer", "42")
        program.draw((0, 0), (12, 28), (12, 0), (0, 28), (6, 0), (6, 28), (0, 14), (12, 14), button=3)
        time.sleep(0.2)
        assert (program.last("ink") or {})["ink"] > 0
        for place in ("inside", "learn", "draw"):
            program.click(place)
            program.expect("place", place)
        for control in ("learn", "part-train", "train-play", "train-stop", "inside", "alike"):
            program.click(control)  # a network learns from the sample, and the nearest of its images are shown
        assert program.close() == 0
    finally:
        program.end()
    assert list(program.temporary.iterdir()) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_an_image_is_dropped(command: list[str], display: str, tmp_path: Path) -> None:
    canvas = Canvas()
    sample_digits.draw("5", canvas)
    Image.fromarray(np.rint(255 - canvas.ink * 255).astype(np.uint8)).save(tmp_path / "a five.png")
    program = Program(command, display, tmp_path)
    try:
        program.drop(tmp_path / "a five.png")
        program.expect("answer", "5")
        assert program.close() == 0
    finally:
        program.end()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_drawing_is_there_at_the_next_start(command: list[str], display: str, tmp_path: Path) -> None:
    program = Program(command, display, tmp_path)
    try:
        write(program, "4")
        program.expect("answer", "4")
        assert program.close() == 0
        program.report.unlink()
        program = Program(command, display, tmp_path)
        program.expect("answer", "4")
    finally:
        program.end()


@pytest.mark.parametrize("command", COMMANDS)
def test_bad_options_get_a_sentence(command: list[str], display: str, tmp_path: Path) -> None:
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "DISPLAY": display}
    run = subprocess.run(
        [*command, "--model", "none.npy"],
        env=bare,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 2
    assert "none.npy" in run.stderr
    assert "Traceback" not in run.stderr
