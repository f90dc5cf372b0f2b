"""The file dialog: over the screen, the user picks a model of their own.

Importing this brings pygame_gui along, which takes a while; so the app does it when the dialog is first opened.
"""

from __future__ import annotations

import locale
import os
from contextlib import suppress
from pathlib import Path

import pygame
from pygame_gui import UI_WINDOW_CLOSE, UIManager

from drawapp.reading import recent
from drawapp.ui import theme
from drawapp.ui.controls.dialog_theme import dialog_theme
from drawapp.ui.controls.file_window import FileWindow
from drawapp.ui.intents import Escape, Intent, OpenModel, intent_of
from drawapp.ui.layout import Viewport, layout_for

VEIL = (*theme.BACKGROUND, 190)  # over what lies behind
SETTLING = 1.0  # seconds: parts that have been moved are drawn anew only some time later
MOUSE = (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
KEPT = (*MOUSE, pygame.MOUSEWHEEL, pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT)  # of these the app hears nothing


class FileDialog:
    """The dialog in a window of the size `window`, open from the start and showing `folder`."""

    def __init__(self, window: tuple[int, int], folder: Path) -> None:
        _settle_locale()
        self._open(window, folder)

    def intent_of(self, event: pygame.Event, viewport: Viewport) -> Intent | None:
        """What `event` means while the dialog is open: the mouse and the keyboard are its own."""
        intent = self._intent_of_own(event)
        if intent is None and event.type not in KEPT:
            intent = intent_of(event, viewport)
        if isinstance(intent, Escape | OpenModel):
            self._manager.set_focus_set(None)  # or keys held down would go on repeating in the app
            with suppress(pygame.error):
                pygame.mouse.set_cursor(pygame.SYSTEM_CURSOR_ARROW)
        return intent

    def draw(self, surface: pygame.Surface, seconds: float) -> None:
        """Draw it over all that is on `surface`, `seconds` after it was last drawn."""
        if surface.get_size() != self._manager.window_resolution:
            self._manager.set_focus_set(None)
            self._open(surface.get_size(), Path(self._window.current_directory_path))
        self._manager.update(seconds)
        surface.blit(self._veil, (0, 0))
        self._manager.draw_ui(surface)

    def _open(self, window: tuple[int, int], folder: Path) -> None:
        layout = layout_for(window)
        self._manager = _Manager(window, dialog_theme(layout), enable_live_theme_updates=False)
        self._window = FileWindow(self._manager, layout, folder if os.path.isdir(folder) else recent.home())
        self._manager.update(SETTLING)
        self._veil = pygame.Surface(window, pygame.SRCALPHA)
        self._veil.fill(VEIL)

    def _intent_of_own(self, event: pygame.Event) -> Intent | None:
        if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            return Escape()
        self._manager.process_events(event)
        path = self._window.picked_by(event)
        if path is not None:
            return OpenModel(path)
        closed = event.type == UI_WINDOW_CLOSE and event.ui_element is self._window
        return Escape() if closed else None


class _Manager(UIManager):
    """pygame_gui's manager, which asks where the mouse is; here the events say where it was."""

    mouse = (0, 0)

    def process_events(self, event: pygame.Event) -> bool:
        """Let all parts of the dialog hear of `event`. One whose file system or clipboard fails did not happen."""
        if event.type in MOUSE:
            self.mouse = event.pos
        with suppress(OSError, ValueError, RuntimeError):
            return bool(super().process_events(event))
        return True

    def get_mouse_position(self) -> tuple[int, int]:
        """Where the mouse was at the last event."""
        return self.mouse


def _settle_locale() -> None:
    """Have a locale that exists: the dialog sets the user's, which fails where LANG names none that is installed."""
    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:
        os.environ["LC_ALL"] = "C"
