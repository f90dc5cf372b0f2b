"""How soon the first frame is there, how much memory drawing takes and how large the program is.

`python benchmarks/start.py` measures the app from source and, where `pyinstaller build.spec` has made them, the one
file and the folder. The figures are medians of five starts that follow one another, so the files are in the cache of
the system. The first frame is there when `--report` tells the layout: that line is written when the first frame is on
the screen. Memory is that of all pages of the process, also of those that it shares with others, and is measured where
there is xdotool to move the mouse. Without a screen, start it under one (`xvfb-run python benchmarks/start.py`).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from drawapp.drawing import sample_digits
from tests.helpers.desktop import MISSING, Program, virtual_screen

STARTS, PATIENCE = 5, 30.0
PROGRAMS = {
    "from source": ["/usr/bin/env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "drawapp"],
    "one file": [str(ROOT / "dist" / "drawapp")],
    "folder": [str(ROOT / "dist" / "drawapp-folder" / "drawapp")],
}


def memory(process: int) -> int:
    """Bytes that a process and its children have in memory (Linux)."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * 4096 + sum(memory(int(child)) for child in children)


def start(command: list[str]) -> float:
    """Seconds from the start to the first frame."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.jsonl"
        began = time.perf_counter()
        with subprocess.Popen([*command, "--new", "--report", str(report)], cwd=ROOT) as process:
            while not (report.exists() and report.stat().st_size):
                time.sleep(0.002)
                assert time.perf_counter() - began < PATIENCE
            seconds = time.perf_counter() - began
            process.terminate()
    return seconds


def drawing(command: list[str]) -> float:
    """Megabytes in memory once a mouse has drawn a digit and the app has read it, on a screen that nobody sees."""
    with tempfile.TemporaryDirectory() as home, virtual_screen() as display:
        program = Program(command, display, Path(home))
        try:
            for stroke in sample_digits.STROKES["3"]:
                program.draw(*stroke)
            program.expect("answer", "3")
            return memory(program.process.pid) / 1e6
        finally:
            program.end()


def size(path: Path) -> float:
    """Megabytes of a file, or of all files in a folder, each counted once."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file() and not each.is_symlink()]
    return sum(each.stat().st_size for each in files) / 1e6


if __name__ == "__main__":
    for name, command in PROGRAMS.items():
        program = Path(command[0])
        if not program.is_file():
            print(f"{name}: not built")
            continue
        seconds = [start(command) for _ in range(STARTS)]
        line = (
            f"{name}: first frame after {statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"
        )
        if not MISSING:
            line += f", {statistics.median(drawing(command) for _ in range(STARTS)):.0f} MB of memory while drawing"
        if name != "from source":
            line += f", {size(program if name == 'one file' else program.parent):.1f} MB on the disk"
        print(line)
