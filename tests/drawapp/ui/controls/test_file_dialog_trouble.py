"""The file dialog where folders vanish, names are not text, and what it needs is missing."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from drawapp.reading import recent
from tests.helpers.picker import Picker, picking


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Picker]:
    with picking(tmp_path, monkeypatch) as user:
        yield user


def test_a_folder_that_has_vanished_is_the_home_folder(user: Picker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "folder", lambda: Path("gone", "long", "ago"))
    user.open_dialog()
    assert user.listed == ["inner.npy"]


def test_a_folder_that_may_not_be_read_is_empty_or_not_entered(user: Picker, monkeypatch: pytest.MonkeyPatch) -> None:
    list_folder = os.listdir

    def list_or_refuse(path: str) -> list[str]:
        if "Runs" in str(path):
            raise PermissionError(13, "Permission denied", path)
        return list_folder(path)

    monkeypatch.setattr(os, "listdir", list_or_refuse)
    user.open_dialog()
    user.click_file("Runs/", times=2)
    assert "mine.npy" in user.listed
    user.key(pygame.K_ESCAPE)
    monkeypatch.setattr(recent, "folder", lambda: Path("Runs"))
    user.open_dialog()
    assert user.listed == []
    user.press(user.window.parent_directory_button)
    assert "mine.npy" in user.listed


@pytest.mark.parametrize("path", ["", "x" * 3000, "a\0b", "mine.npy/inner/mine.npy", "gone/mine.npy", "~"])
def test_no_path_that_is_typed_ends_the_app(user: Picker, path: str) -> None:
    user.open_dialog()
    user.enter_path(path)
    assert user.app.running
    user.press(user.window.home_button)
    user.settle()
    assert user.models.chosen.name == "digits"


@pytest.mark.skipif(sys.platform != "linux", reason="only there may names be bytes that are not text")
def test_names_that_cannot_be_shown_are_left_out(user: Picker, tmp_path: Path) -> None:
    for name in (b"no\xfftext.npy", b"two\nlines.npy", "schön.npy".encode(), b"%{x} <b>.npy"):
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).touch()
    user.open_dialog()
    assert {"two\nlines.npy", "schön.npy", "%{x} <b>.npy"} < set(user.listed)
    assert not any("text" in name for name in user.listed)


def test_a_locale_that_is_not_installed_does_no_harm(user: Picker, monkeypatch: pytest.MonkeyPatch) -> None:
    before = locale.setlocale(locale.LC_ALL)
    monkeypatch.setenv("LC_ALL", "xx_YY.UTF-8")
    user.open_dialog()
    locale.setlocale(locale.LC_ALL, before)
    user.click_file("mine.npy", times=2)
    assert user.dialog is None


def test_without_pygame_gui_it_says_what_to_do(user: Picker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "drawapp.ui.controls.file_dialog", None)
    user.open_dialog()
    assert user.dialog is None
    assert "Drop the model file on the window instead." in user.app.screen.message
