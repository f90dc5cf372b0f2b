"""The program in the menu of a Linux desktop, and out of it again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawapp import desktop_entry
from drawapp.__main__ import main
from drawapp.reading.resources import resource
from tests.helpers import ROOT

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="desktop entries are for Linux")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def validate(path: Path) -> None:
    """The desktop's own judge, where it is there."""
    if shutil.which("desktop-file-validate"):
        judged = subprocess.run(["desktop-file-validate", path], capture_output=True, text=True, check=False)
        assert judged.stdout + judged.stderr == ""


def test_it_is_put_into_the_menu_and_taken_out(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--install-desktop"]) == 0
    entry = data / "applications" / f"{desktop_entry.ID}.desktop"
    assert f"Exec={sys.executable} -m drawapp\n" in entry.read_text(encoding="utf-8")
    assert (data / desktop_entry.ICON).read_bytes() == resource("assets/icon.png").read_bytes()
    assert str(entry) in capsys.readouterr().out
    validate(entry)
    assert main(["--uninstall-desktop"]) == 0
    assert [path for path in data.rglob("*") if path.is_file()] == []
    assert main(["--uninstall-desktop"]) == 0
    assert "was not in the menu" in capsys.readouterr().out


def test_a_frozen_program_starts_itself(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/home/somebody/My programs/drawapp 100%")
    desktop_entry.install()
    entry = data / "applications" / f"{desktop_entry.ID}.desktop"
    assert 'Exec="/home/somebody/My programs/drawapp 100%%"\n' in entry.read_text(encoding="utf-8")
    validate(entry)


def test_a_folder_that_cannot_be_written_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert main(["--install-desktop"]) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err


@given(st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1))
def test_any_command_can_be_read_back(word: str) -> None:
    """By the rules of the specification: first the string, then the quotes, then the field codes."""
    text = desktop_entry.quoted(word)
    if text.startswith('"'):
        inner = text[1:-1].replace("\\\\", "\\")
        plain, characters = "", iter(inner)
        for character in characters:
            plain += next(characters) if character == "\\" else character
    else:
        plain = text
    assert plain.replace("%%", "%") == word


@pytest.mark.skipif(shutil.which("appstreamcli") is None, reason="appstreamcli is not installed")
def test_the_software_centre_accepts_what_it_is_told() -> None:
    path = ROOT / "assets" / "linux" / f"{desktop_entry.ID}.metainfo.xml"
    judged = subprocess.run(["appstreamcli", "validate", "--no-net", path], capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stdout
