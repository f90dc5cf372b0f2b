"""The listener: from the events of mouse, fingers and keyboard to what the user means.

Events say what happened to a device. Which control it happened to is known by the focus, and what it means there by the
control. What is left is here: which button and which finger counts, and which keys mean the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pygame

from drawapp.drawing.geometry import Point
from drawapp.ui import intents, keys
from drawapp.ui.controls.button import PRESSING
from drawapp.ui.controls.focus import Focus
from drawapp.ui.fingers import Fingers
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.learn_intents import ImportCorrections, OpenRun

LEFT, RIGHT = 1, 3  # mouse buttons
MEANINGS: dict[str, Callable[[Path], Intent]] = {".npy": intents.OpenModel, ".npz": ImportCorrections}  # of files
ONCE = (*PRESSING, pygame.K_ESCAPE, pygame.K_DELETE)  # keys that do nothing more while they are held down
UNDER_HELP = (  # what keys still do while the help is shown
    *(intents.Toggle, intents.ChangeTheme, intents.ChangeTypeSize, intents.ToggleFullScreen),
    *(intents.ShowHelp, intents.Close, intents.ChangeLanguage),
)


class Screen(Protocol):
    """What the listener asks of a screen."""

    focus: Focus

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        ...

    @property
    def shows_help(self) -> bool:
        """Whether the help lies over everything."""
        ...

    def pen_at(self, at: Point) -> Intent:
        """What it means for the pen that the mouse is there, in pixels, without a button."""
        ...


class Listener:
    """Translates events. Remembers which button went down and which fingers touch the screen."""

    def __init__(self) -> None:
        self._button: int | None = None
        self._fingers = Fingers()

    def intents_of(self, event: pygame.Event, screen: Screen) -> list[Intent]:
        """What the user means by `event` while `screen` is shown: mostly one thing, often nothing."""
        if event.type in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
            return self._fingers.intents_of(event, screen.focus, screen.size)
        if event.dict.get("touch"):
            return []  # the system makes mouse events of fingers, too
        if event.type == pygame.WINDOWFOCUSLOST:
            return screen.focus.let_go() or [intents.PenGone()]
        intent = self._of_mouse(event, screen) or of_keyboard(event, screen) or of_window(event, screen)
        return [intent] if intent else []

    def _of_mouse(self, event: pygame.Event, screen: Screen) -> Intent | None:
        focus = screen.focus
        match event.type:
            case pygame.MOUSEBUTTONDOWN if event.button in (LEFT, RIGHT) and focus.owner is None:
                self._button = event.button
                return focus.press(event.pos, event.button == RIGHT) or intents.Redraw()
            case pygame.MOUSEMOTION:
                return focus.move(event.pos) or (intents.Redraw() if focus.owner else screen.pen_at(event.pos))
            case pygame.MOUSEBUTTONUP if event.button == self._button:
                self._button = None
                return focus.release(event.pos) or intents.Redraw()
            case pygame.MOUSEWHEEL if event.y and focus.hovered:
                return focus.hovered.wheel(1 if event.y > 0 else -1) or intents.Redraw()
        return None


def of_keyboard(event: pygame.Event, screen: Screen) -> Intent | None:
    """What a key means: for the control that has the keyboard, or else everywhere."""
    if event.type == pygame.KEYUP:
        return screen.focus.key_up(KeyStroke.of(event))
    if event.type != pygame.KEYDOWN:
        return None
    stroke, focus = KeyStroke.of(event), screen.focus
    is_first = focus.hold(stroke.key)
    if not is_first and stroke.key in ONCE:
        return None
    if stroke.key == pygame.K_ESCAPE:
        return intents.Escape()
    if stroke.key == pygame.K_TAB and not (stroke.alt or stroke.control):  # Alt Tab changes windows
        if focus.opened:
            focus.opened.close()
        focus.step(-1 if stroke.shift else 1)
        return intents.Redraw()
    if focus.opened:
        return focus.key(stroke) or intents.Redraw()
    intent = None if stroke.alt or stroke.control else focus.key(stroke)
    intent = intent or keys.intent_of(stroke, repeats=not is_first)
    if screen.shows_help and not isinstance(intent, UNDER_HELP):
        return None
    return intent or intents.Redraw()


def of_window(event: pygame.Event, screen: Screen) -> Intent | None:
    """What an event of the window means."""
    match event.type:
        case pygame.QUIT | pygame.WINDOWCLOSE:
            return intents.Close()
        case pygame.DROPFILE:
            return of_file(Path(event.file))
        case pygame.WINDOWLEAVE:
            screen.focus.leave()
            return intents.PenGone()
        case pygame.WINDOWEXPOSED | pygame.WINDOWSIZECHANGED:
            return intents.Redraw()
    return None


def of_file(path: Path) -> Intent:
    """What was dropped on the window: a model, corrections, the folder of a run, or else an image."""
    return OpenRun(path) if path.is_dir() else MEANINGS.get(path.suffix.lower(), intents.OpenImage)(path)
