"""A windowed program of Windows prints on the console that it was started from; here with a console that is a file."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from drawapp import console


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Windows, for a program without streams; gives the file that its console is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "platform", "win32")
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    return tmp_path / "CONOUT$"


def give_console(monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    kernel = SimpleNamespace(AttachConsole=lambda process: int(is_there))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)


def test_it_takes_the_console_of_its_parent(windows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give_console(monkeypatch, is_there=True)
    console.attach()
    print("4 (99.9 %)")
    for stream in (sys.stdout, sys.stderr):
        stream.close()
    assert windows.read_text(encoding="utf-8") == "4 (99.9 %)\n"


def test_started_by_a_double_click_it_stays_silent(windows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give_console(monkeypatch, is_there=False)
    console.attach()
    assert sys.stdout is None
    assert not windows.exists()


def test_elsewhere_it_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    console.attach()
    assert sys.stderr is None or sys.platform == "win32"
