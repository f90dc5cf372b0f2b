"""What the program contains is under licenses that are passed on with it."""

from __future__ import annotations

import tomllib

import pytest

from drawapp import licenses
from drawapp.__main__ import main
from tests.helpers import ROOT

FOR_TRAINING = {"pooch", "rich", "threadpoolctl"}  # the program leaves them out


def test_every_library_that_the_app_needs_is_named() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {line.split(">=")[0] for line in settings["project"]["dependencies"]} - FOR_TRAINING
    assert needed <= {component.package for component in licenses.COMPONENTS}


def test_the_texts_of_all_installed_parts_are_found() -> None:
    titles = [title[3:] for title, _ in licenses.found_texts()]
    for component in licenses.COMPONENTS:
        if not component.package or licenses.version_of(component):
            assert component.name in titles


def test_the_command_prints_them_and_begins_with_the_notice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--licenses"]) == 0
    text = capsys.readouterr().out
    assert text.splitlines()[1] == "notice"
    for words in ("LESSER GENERAL PUBLIC LICENSE", "SIL OPEN FONT LICENSE", "OpenBLAS", "Sam Lantinga", "UNIPEN"):
        assert words in text


def test_a_program_that_has_gathered_them_prints_those(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("licenses")
    (folder / "00 notice.txt").write_text("all of it", encoding="utf-8")
    monkeypatch.setattr(licenses, "resource", lambda name: folder)
    assert list(licenses.texts()) == [("00 notice", "all of it")]
