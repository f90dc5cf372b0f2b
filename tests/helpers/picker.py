"""A user who chooses custom models in the file dialog, for the tests of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pygame
import pytest
from pygame_gui.core import UIElement

from drawapp.reading import recent
from drawapp.ui.controls.file_dialog import FileDialog
from drawapp.ui.controls.file_window import FileWindow
from tests.helpers.user import User, opened

CUSTOM_ROW = 3  # in the list of models, after "digits", "letters" and "missing"


class Picker(User):
    """A user who opens the dialog, in a folder with custom models."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "bad.npy").write_bytes(b"no model")
        (folder / "notes.txt").touch()
        (folder / ".hidden.npy").touch()
        (folder / "Runs").mkdir()
        (folder / "Runs" / "inner.npy").write_bytes((folder / "mine.npy").read_bytes())

    def turn(self) -> None:
        self.now += 1 / 60
        super().turn()

    def settle(self) -> None:
        """Let the dialog get the events that it posts itself."""
        for _ in range(4):
            self.turn()

    def open_dialog(self) -> None:
        self.click_head()
        self.click_row(CUSTOM_ROW)
        self.settle()

    @property
    def dialog(self) -> FileDialog | None:
        return self.app.dialog

    @property
    def window(self) -> FileWindow:
        assert self.app.dialog is not None
        return self.app.dialog.window

    @property
    def listed(self) -> list[str]:
        return [item["text"] for item in self.window.file_selection_list.item_list]

    def press(self, element: UIElement) -> None:
        self.click(*element.rect.center)
        self.settle()

    def click_file(self, name: str, times: int = 1) -> None:
        items = self.window.file_selection_list.item_list
        element = next(item["button_element"] for item in items if item["text"] == name)
        for _ in range(times):
            self.click(*element.rect.center)
        self.settle()

    def enter_path(self, path: object) -> None:
        """Type `path` in place of the one that is there, and press Enter."""
        self.press(self.window.file_path_text_line)
        self.key(pygame.K_a, pygame.KMOD_LCTRL)
        self.post(pygame.TEXTINPUT, text=str(path))
        self.settle()
        if self.dialog is not None:
            self.key(pygame.K_RETURN)
            self.post(pygame.KEYUP, key=pygame.K_RETURN, mod=0)
            self.settle()


@contextmanager
def picking(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Picker]:
    """The app in an open window, started in `folder`."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(recent, "recent", list)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(folder / "Runs"))
    monkeypatch.chdir(folder)
    with opened(Picker(folder)) as user:
        yield user
