"""The file dialog: over the screen, the user chooses a custom model.

pygame cannot open the file dialog of the desktop, so this one is made with pygame_gui. Importing pygame_gui takes a
while, so the app imports this module when the dialog is first opened.
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
from drawapp.ui.intents import Escape, Intent, OpenModel, Screen, intent_of
from drawapp.ui.layout import layout_for

VEIL = (*theme.BACKGROUND, 190)  # over what lies behind
SETTLING = 1.0  # seconds: pygame_gui draws elements that have been moved only some time later
MOUSE = (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
KEPT = (*MOUSE, pygame.MOUSEWHEEL, pygame.KEYDOWN, pygame.KEYUP, pygame.TEXTINPUT)  # events that the app does not get


class FileDialog:
    """The dialog in a window of the size `window`, open from the start and showing `folder`."""

    def __init__(self, window: tuple[int, int], folder: Path) -> None:
        ensure_locale()
        self._open(window, folder)

    def intent_of(self, event: pygame.Event, screen: Screen) -> Intent | None:
        """What `event` means while the dialog is open over `screen`: the dialog keeps the mouse and the keyboard."""
        intent = self._intent_within(event)
        if intent is None and event.type not in KEPT:
            intent = intent_of(event, screen)
        if isinstance(intent, Escape | OpenModel):
            self._manager.set_focus_set(None)  # or keys that are held down would repeat in the app
            with suppress(pygame.error):
                pygame.mouse.set_cursor(pygame.SYSTEM_CURSOR_ARROW)
        return intent

    def draw(self, surface: pygame.Surface, seconds: float) -> None:
        """Draw it over what is on `surface`, `seconds` after it was last drawn."""
        if surface.get_size() != self._manager.window_resolution:
            self._manager.set_focus_set(None)
            self._open(surface.get_size(), Path(self.window.current_directory_path))
        self._manager.update(seconds)
        surface.blit(self._veil, (0, 0))
        self._manager.draw_ui(surface)

    def _open(self, window: tuple[int, int], folder: Path) -> None:
        layout = layout_for(window)
        self._manager = EventManager(window, dialog_theme(layout), enable_live_theme_updates=False)
        self.window = FileWindow(self._manager, layout, folder if os.path.isdir(folder) else recent.home())
        self._manager.update(SETTLING)
        self._veil = pygame.Surface(window, pygame.SRCALPHA)
        self._veil.fill(VEIL)

    def _intent_within(self, event: pygame.Event) -> Intent | None:
        if event.type == pygame.KEYDOWN and event.key == pygame.K_ESCAPE:
            return Escape()
        self._manager.process_events(event)
        path = self.window.picked_by(event)
        if path is not None:
            return OpenModel(path)
        closed = event.type == UI_WINDOW_CLOSE and event.ui_element is self.window
        return Escape() if closed else None


class EventManager(UIManager):
    """A manager that takes the position of the mouse from the events; pygame_gui's asks where the mouse is now."""

    mouse = (0, 0)

    def process_events(self, event: pygame.Event) -> bool:
        """Pass `event` on to the elements. Where a file system or the clipboard fails, it is as if nothing happened."""
        if event.type in MOUSE:
            self.mouse = event.pos
        with suppress(OSError, ValueError, RuntimeError):
            return bool(super().process_events(event))
        return True

    def get_mouse_position(self) -> tuple[int, int]:
        """Where the mouse was at the last event."""
        return self.mouse


def ensure_locale() -> None:
    """See that the locale is installed: pygame_gui sets that of the user, which otherwise raises an error."""
    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:
        os.environ["LC_ALL"] = "C"
