"""Intents: what the user means by an event of the mouse or the keyboard.

The rest of the app deals with meanings, not with keys and pixels, so that another key or another device changes this
module only. Each event is translated once. Positions on the grid are in cells from here on. They come from the events
themselves, never from asking where the mouse is: between two frames it may have moved many times, and every move is
ink.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pygame

from drawapp.drawing.geometry import Point
from drawapp.reading.charset import Charset
from drawapp.ui.layout import Layout

LEFT, RIGHT = 1, 3  # mouse buttons


@dataclass(frozen=True)
class PenDown:
    """A button went down on the grid."""

    point: Point
    erase: bool


@dataclass(frozen=True)
class PenMove:
    """The mouse moved, whether a button is held down or not."""

    point: Point


@dataclass(frozen=True)
class PenUp:
    """The button that draws, or the one that erases, was released."""

    erase: bool


@dataclass(frozen=True)
class PenGone:
    """The mouse left the window, or the window is no longer in front."""


@dataclass(frozen=True)
class ChangeBrush:
    """Make the brush wider by `steps`, or narrower where they are negative."""

    steps: int


@dataclass(frozen=True)
class OpenList:
    """Open the list of models."""


@dataclass(frozen=True)
class Dismiss:
    """A press where nothing lies: close the list where it is open, and take the message away."""


@dataclass(frozen=True)
class ChooseModel:
    """Read with the model at `number` in the list."""

    number: int


@dataclass(frozen=True)
class NextModel:
    """Read with the model that stands `steps` further in the list."""

    steps: int


@dataclass(frozen=True)
class OpenDialog:
    """Open the file dialog to choose a custom model."""


@dataclass(frozen=True)
class OpenModel:
    """Read with the model in the file `path`."""

    path: Path


@dataclass(frozen=True)
class ChangeCharset:
    """Allow only the answers in `charset`, or those in the next charset where it is None."""

    charset: Charset | None = None


@dataclass(frozen=True)
class Undo:
    """Take back the last stroke, erasure or reset."""


@dataclass(frozen=True)
class Reset:
    """Begin with a blank sheet."""


@dataclass(frozen=True)
class Redraw:
    """Draw the window again, because the desktop has lost what was in it."""


@dataclass(frozen=True)
class Escape:
    """Leave what is open: the file dialog, the list, or else the window."""


@dataclass(frozen=True)
class Close:
    """Close the window."""


PenIntent = PenDown | PenMove | PenUp | PenGone | ChangeBrush
ModelIntent = ChooseModel | NextModel | OpenModel
Intent = (
    PenIntent | ModelIntent | OpenList | OpenDialog | Dismiss | ChangeCharset | Undo | Reset | Redraw | Escape | Close
)


class Screen(Protocol):
    """What the translation asks of a screen: where its grid lies, and what lies beside it."""

    layout: Layout

    def intent_at(self, x: float, y: float) -> Intent:
        """What a press of the left button there means."""
        ...


def intent_of(event: pygame.Event, screen: Screen) -> Intent | None:
    """What the user means by `event` while `screen` is shown, or None where it means nothing."""
    viewport = screen.layout.viewport
    match event.type:
        case pygame.QUIT | pygame.WINDOWCLOSE:
            return Close()
        case pygame.MOUSEBUTTONDOWN if event.button in (LEFT, RIGHT) and viewport.grid.contains(*event.pos):
            return PenDown(viewport.to_cells(*event.pos), event.button == RIGHT)
        case pygame.MOUSEBUTTONDOWN if event.button == LEFT:
            return screen.intent_at(*event.pos)
        case pygame.MOUSEMOTION:
            return PenMove(viewport.to_cells(*event.pos))
        case pygame.MOUSEBUTTONUP if event.button in (LEFT, RIGHT):
            return PenUp(event.button == RIGHT)
        case pygame.MOUSEWHEEL if event.y:
            return ChangeBrush(1 if event.y > 0 else -1)
        case pygame.KEYDOWN:
            return intent_of_key(event)
        case pygame.DROPFILE:
            return OpenModel(Path(event.file))
        case pygame.WINDOWLEAVE | pygame.WINDOWFOCUSLOST:
            return PenGone()
        case pygame.WINDOWEXPOSED | pygame.WINDOWSIZECHANGED:
            return Redraw()
    return None


def intent_of_key(event: pygame.Event) -> Intent | None:
    """What pressing a key means, or None where it means nothing."""
    modifiers = event.dict.get("mod", 0)
    character = event.dict.get("unicode", "")  # many keyboards have no keys for brackets, but can write them
    if event.key == pygame.K_ESCAPE:
        return Escape()
    if event.key == pygame.K_z and modifiers & (pygame.KMOD_CTRL | pygame.KMOD_META):
        return Undo()
    if event.key == pygame.K_TAB and not modifiers & pygame.KMOD_ALT:  # Alt Tab changes windows
        return NextModel(-1 if modifiers & pygame.KMOD_SHIFT else 1)
    if event.key == pygame.K_h:
        return ChangeCharset()
    if event.key == pygame.K_r:
        return Reset()
    if event.key == pygame.K_LEFTBRACKET or character == "[":
        return ChangeBrush(-1)
    if event.key == pygame.K_RIGHTBRACKET or character == "]":
        return ChangeBrush(1)
    return None
