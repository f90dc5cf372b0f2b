"""Intents: what the user means by an event of the mouse or the keyboard.

Positions leave here in cells, so that what follows knows nothing of pixels. They come from the events themselves,
never from asking where the mouse is: between two frames it may have moved many times, and every move is ink.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pygame

from drawapp.drawing.geometry import Point
from drawapp.reading.charset import Charset
from drawapp.ui.layout import Viewport

LEFT, RIGHT = 1, 3  # mouse buttons


@dataclass(frozen=True)
class PenDown:
    """A button went down on the grid; it owns the mouse until it is released."""

    point: Point
    erase: bool


@dataclass(frozen=True)
class PenMove:
    point: Point


@dataclass(frozen=True)
class PenUp:
    erase: bool


@dataclass(frozen=True)
class PenGone:
    """The mouse left the window, or the window is no longer in front."""


@dataclass(frozen=True)
class Press:
    """The left button went down beside the grid, at pixels of the window: the screen knows what lies there."""

    at: tuple[float, float]


@dataclass(frozen=True)
class ChooseModel:
    number: int


@dataclass(frozen=True)
class NextModel:
    steps: int


@dataclass(frozen=True)
class PickModel:
    """Pick a model of the user's own in the file dialog."""


@dataclass(frozen=True)
class OpenModel:
    path: Path


@dataclass(frozen=True)
class Restrict:
    """Restrict the answers to `only`, or to the next restriction where it is None."""

    charset: Charset | None = None


@dataclass(frozen=True)
class ChangeBrush:
    steps: float


@dataclass(frozen=True)
class Undo:
    pass


@dataclass(frozen=True)
class Reset:
    pass


@dataclass(frozen=True)
class Redraw:
    pass


@dataclass(frozen=True)
class Escape:
    """Leave what is open: the file dialog, a list, or else the window."""


@dataclass(frozen=True)
class Close:
    pass


Pen = PenDown | PenMove | PenUp | PenGone
Choice = ChooseModel | NextModel | PickModel | OpenModel | Restrict
Intent = Pen | Press | Choice | ChangeBrush | Undo | Reset | Redraw | Escape | Close


def intent_of(event: pygame.Event, viewport: Viewport) -> Intent | None:
    """What the user means by `event`, or None where it means nothing here."""
    match event.type:
        case pygame.QUIT | pygame.WINDOWCLOSE:
            return Close()
        case pygame.MOUSEBUTTONDOWN if event.button in (LEFT, RIGHT) and viewport.grid.contains(*event.pos):
            return PenDown(viewport.to_cells(*event.pos), event.button == RIGHT)
        case pygame.MOUSEBUTTONDOWN if event.button == LEFT:
            return Press(event.pos)
        case pygame.MOUSEMOTION:
            return PenMove(viewport.to_cells(*event.pos))
        case pygame.MOUSEBUTTONUP if event.button in (LEFT, RIGHT):
            return PenUp(event.button == RIGHT)
        case pygame.MOUSEWHEEL if event.y:
            return ChangeBrush(1 if event.y > 0 else -1)
        case pygame.KEYDOWN:
            return _intent_of_key(event)
        case pygame.DROPFILE:
            return OpenModel(Path(event.file))
        case pygame.WINDOWLEAVE | pygame.WINDOWFOCUSLOST:
            return PenGone()
        case pygame.WINDOWEXPOSED | pygame.WINDOWSIZECHANGED:
            return Redraw()
    return None


def _intent_of_key(event: pygame.Event) -> Intent | None:
    # Brackets are asked for by the character too: on many keyboards they are no keys of their own.
    character = event.dict.get("unicode", "")
    if event.key == pygame.K_ESCAPE:
        return Escape()
    if event.key == pygame.K_z and event.dict.get("mod", 0) & (pygame.KMOD_CTRL | pygame.KMOD_META):
        return Undo()
    if event.key == pygame.K_TAB and not event.dict.get("mod", 0) & pygame.KMOD_ALT:  # Alt Tab changes windows
        return NextModel(-1 if event.dict.get("mod", 0) & pygame.KMOD_SHIFT else 1)
    if event.key == pygame.K_h:
        return Restrict()
    if event.key == pygame.K_r:
        return Reset()
    if event.key == pygame.K_LEFTBRACKET or character == "[":
        return ChangeBrush(-1)
    if event.key == pygame.K_RIGHTBRACKET or character == "]":
        return ChangeBrush(1)
    return None
