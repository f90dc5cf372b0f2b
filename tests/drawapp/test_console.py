"""A windowed program of Windows prints on the console that it was started from; here with a console that is a file."""

from __future__ import annotations

import ctypes
from pathlib import Path
from types import SimpleNamespace

import pytest

from drawapp import console

CONSOLE = "CONOUT$"


def started(monkeypatch: pytest.MonkeyPatch, platform: str, has_console: bool) -> SimpleNamespace:
    """What the program knows as `sys`, after it was started without streams."""
    kernel = SimpleNamespace(AttachConsole=lambda process: int(has_console))
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    system = SimpleNamespace(platform=platform, stdout=None, stderr=None)
    monkeypatch.setattr(console, "sys", system)
    console.attach()
    return system


def test_it_takes_the_console_of_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    system = started(monkeypatch, "win32", has_console=True)
    print("4 (99.9 %)", file=system.stdout)
    system.stdout.close()
    system.stderr.close()
    assert Path(CONSOLE).read_text(encoding="utf-8") == "4 (99.9 %)\n"


@pytest.mark.parametrize(("platform", "has_console"), [("win32", False), ("linux", True)])
def test_without_a_console_and_elsewhere_it_changes_nothing(
    platform: str, has_console: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    system = started(monkeypatch, platform, has_console)
    assert system.stdout is system.stderr is None
    assert not Path(CONSOLE).exists()
