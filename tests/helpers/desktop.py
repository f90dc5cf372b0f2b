"""A desktop that nobody sees: a virtual X screen with a window manager, a program on it, and a real mouse.

Posted events show that the app does the right thing with an event. Only a real mouse shows that the event comes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drawapp.drawing.canvas import CELLS
from drawapp.drawing.geometry import Point
from tests.helpers import ROOT

TOOLS = ("Xvfb", "openbox", "xdotool", "xwininfo")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
SCREEN = "1280x800x24"
PATIENCE = 60.0  # seconds until something must have happened
STEP = 0.02  # seconds between two moves of the mouse


def wait_for(found: Callable[[], Any], what: str) -> Any:
    """What `found` returns once that is true. Raises AssertionError when that takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        result = found()
        if result:
            return result
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


@contextmanager
def virtual_screen() -> Iterator[str]:
    """A screen with a window manager; gives its name, such as ":7"."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, pass_fds=[write], **quiet)  # type: ignore[call-overload]
    os.close(write)
    with os.fdopen(read) as numbers:
        display = f":{numbers.readline().strip()}"
    manager = subprocess.Popen(["openbox"], env={**os.environ, "DISPLAY": display}, **quiet)  # type: ignore[call-overload]
    try:
        yield display
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(PATIENCE)


class Program:
    """A program with `--report`, run in an empty `home` with a bare environment on `display`."""

    def __init__(self, command: Sequence[str], display: str, home: Path) -> None:
        self.report = home / "report.jsonl"
        self.temporary = Path(tempfile.mkdtemp(dir=home))
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(home),
            "DISPLAY": display,
            "TMPDIR": str(self.temporary),
        }
        self.process = subprocess.Popen(
            [*command, "--language", "en", "--report", str(self.report)], cwd=home, env=self.environment
        )
        wait_for(lambda: self.last("window"), "the window")
        self.window = wait_for(
            lambda: self.tool("search", "--onlyvisible", "--class", "drawapp").split(), "the window"
        )[-1]
        time.sleep(0.3)  # until the window manager has put it where it stays
        self.left, self.top = self._corner()

    def lines(self) -> list[dict[str, Any]]:
        """What the program has reported."""
        text = self.report.read_text(encoding="utf-8") if self.report.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def last(self, kind: str) -> dict[str, Any] | None:
        """The last report of a kind, such as "answer"."""
        return next((line for line in reversed(self.lines()) if kind in line), None)

    def expect(self, kind: str, value: Any) -> None:
        """Wait until the last report of a kind has this value."""
        try:
            wait_for(lambda: (self.last(kind) or {}).get(kind) == value, kind)
        except AssertionError:
            raise AssertionError(f"waited in vain for {kind} {value}; the last report is {self.last(kind)}") from None

    def tool(self, *arguments: object) -> str:
        """Run xdotool."""
        command = ["xdotool", *map(str, arguments)]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False).stdout

    def draw(self, *cells: Point, button: int = 1) -> None:
        """Move the mouse along `cells` of the sheet with a button down."""
        left, top, side, _ = (self.last("window") or {})["grid"]
        points = [(left + x * side / CELLS, top + y * side / CELLS) for x, y in cells]
        self._move(points[0])
        self.tool("mousedown", button)
        for point in points[1:]:
            self._move(point)
        self.tool("mouseup", button)

    def click(self, control: str) -> None:
        """Press a control by its name in the report, once it is there."""
        left, top, width, height = wait_for(
            lambda: (self.last("window") or {})["controls"].get(control), f"the control {control}"
        )
        self._move((left + width / 2, top + height / 2))
        self.tool("click", 1)

    def key(self, name: str) -> None:
        """Press a key by the name that xdotool knows."""
        self.tool("key", name)

    def drop(self, path: Path) -> None:
        """Drop a file on the window."""
        command = [sys.executable, "-m", "tests.helpers.drop", self.window, str(path)]
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True, timeout=PATIENCE)

    def close(self) -> int:
        """Close the window as its button does. Returns the exit status."""
        self.tool("key", "alt+F4")
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        """End the program, whatever it is doing."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def _move(self, at: Point) -> None:
        self.tool("mousemove", self.left + round(at[0]), self.top + round(at[1]))
        time.sleep(STEP)

    def _corner(self) -> tuple[int, int]:
        command = ["xwininfo", "-id", self.window]
        text = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True).stdout
        left, top = (re.search(rf"Absolute upper-left {axis}:\s+(-?\d+)", text) for axis in "XY")
        assert left
        assert top
        return int(left[1]), int(top[1])
