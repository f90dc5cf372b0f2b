"""A one-file program removes what a killed one has left, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from drawapp.session import leftovers


def unpacked(folder: Path, name: str, mark: str | None) -> Path:
    """A folder as a program has unpacked itself into it."""
    made = folder / name
    made.mkdir()
    (made / "libpython.so").write_bytes(b"much")
    if mark is not None:
        (made / leftovers.MARK).write_text(mark)
    return made


@pytest.fixture
def ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_folders_of_ended_programs_go_and_all_others_stay(
    tmp_path: Path, ended: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = unpacked(tmp_path, "_MEIown", None)
    monkeypatch.setattr(sys, "_MEIPASS", str(own), raising=False)
    killed = unpacked(tmp_path, "_MEIkilled", str(ended))
    kept = [
        unpacked(tmp_path, "_MEIrunning", str(os.getppid())),
        unpacked(tmp_path, "_MEIother", None),
        unpacked(tmp_path, "_MEIdamaged", "no number"),
        unpacked(tmp_path, "unrelated", str(ended)),
    ]
    leftovers.tidy()
    assert not killed.exists()
    assert all(folder.exists() for folder in [own, *kept])
    assert (own / leftovers.MARK).read_text() == str(os.getpid())


def test_run_from_source_it_touches_nothing(tmp_path: Path, ended: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    left = unpacked(tmp_path, "_MEIkilled", str(ended))
    leftovers.tidy()
    assert left.exists()
