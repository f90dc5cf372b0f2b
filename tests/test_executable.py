"""The frozen program, once `pyinstaller build.spec` has made it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas

DIST = Path(__file__).parent.parent / "dist"
NAME = "drawapp.exe" if sys.platform == "win32" else "drawapp"
PROGRAM, IN_A_FOLDER = DIST / NAME, DIST / "drawapp-folder" / NAME

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM.is_file(), reason="dist/drawapp is not built (pyinstaller build.spec makes it)"),
]


def run(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the program in `folder` with nothing of this Python's environment."""
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(folder)} if sys.platform != "win32" else None
    command = [str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=120, check=False)


def test_it_passes_its_self_test_in_an_empty_folder(tmp_path: Path) -> None:
    result = run("--self-test", folder=tmp_path)
    assert result.returncode == 0, result.stderr
    assert list(tmp_path.iterdir()) == []


def test_it_reads_an_image(tmp_path: Path) -> None:
    canvas = Canvas()
    sample_digits.draw("3", canvas)
    Image.fromarray(np.rint(canvas.ink * 255).astype(np.uint8)).save(tmp_path / "three.png")
    result = run("--image", "three.png", "--json", folder=tmp_path)
    assert json.loads(result.stdout)["label"] == "3"


@pytest.mark.parametrize("place", ["draw", "inside", "learn"])
def test_it_takes_a_screenshot(tmp_path: Path, place: str) -> None:
    result = run("--screenshot", "shot.png", "--place", place, folder=tmp_path)
    assert result.returncode == 0, result.stderr
    with Image.open(tmp_path / "shot.png") as shot:
        assert shot.size == (1100, 720)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_it_says_so(tmp_path: Path) -> None:
    result = run(folder=tmp_path)
    assert result.returncode == 2
    assert "--image" in result.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
def test_the_folder_works_where_no_file_can_be_written(tmp_path: Path) -> None:
    import resource

    def nothing_to_write() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path / "missing")}
    command = [str(IN_A_FOLDER), "--self-test"]
    result = subprocess.run(
        command, env=bare, preexec_fn=nothing_to_write, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
