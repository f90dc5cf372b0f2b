"""Intents: what the user means by an event of the mouse, a finger or the keyboard.

The rest of the app deals with meanings, not with keys and pixels, so that another key or another device changes only
what translates them. Positions on the sheet are in cells. They come from the events themselves, never from asking where
the mouse is: between two frames it may have moved many times, and every move is ink.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drawapp.drawing.geometry import Point
from drawapp.reading.charset import Charset
from drawapp.ui.inside_intents import AskWhy as AskWhy
from drawapp.ui.inside_intents import InsideIntent as InsideIntent
from drawapp.ui.inside_intents import LookAt as LookAt
from drawapp.ui.inside_intents import Play as Play
from drawapp.ui.inside_intents import Try as Try
from drawapp.ui.inside_intents import Walk as Walk
from drawapp.ui.learn_intents import AskForLabel, LearnIntent, PutOnSheet


@dataclass(frozen=True)
class PenDown:
    """The pen, or the eraser, was put down: on the sheet, or beside it where nothing else lies."""

    point: Point
    erase: bool = False


@dataclass(frozen=True)
class PenMove:
    """The pen moved to `point`, whether it is down or not: through the points in `passed`, since the last frame."""

    point: Point
    passed: tuple[Point, ...] = ()


@dataclass(frozen=True)
class PenUp:
    """The pen, or the eraser, was lifted."""

    erase: bool = False


@dataclass(frozen=True)
class PenGone:
    """The mouse left the window, or the window is no longer in front."""


@dataclass(frozen=True)
class StepPen:
    """Move the pen by so many cells, by the keyboard."""

    right: float
    down: float


@dataclass(frozen=True)
class PutDown:
    """Put the pen, or the eraser, down where it is, by the keyboard."""

    erase: bool = False


@dataclass(frozen=True)
class TakeBack:
    """The stroke that has just begun was not meant as one: a second finger came down."""


@dataclass(frozen=True)
class ChangeBrush:
    """Make the brush wider by `steps`, or narrower where they are negative."""

    steps: int


@dataclass(frozen=True)
class SetBrush:
    """Make the brush `width` cells wide."""

    width: float


@dataclass(frozen=True)
class ChooseTool:
    """Draw, or erase, with the left button from here on."""

    erase: bool


@dataclass(frozen=True)
class ChooseModel:
    """Read with the model at `number` in the list."""

    number: int


@dataclass(frozen=True)
class NextModel:
    """Read with the model that stands `steps` further in the list."""

    steps: int


@dataclass(frozen=True)
class OpenModel:
    """Read with the model in the file `path`."""

    path: Path


@dataclass(frozen=True)
class ChangeCharset:
    """Allow only the answers in `charset`, or those in the next charset where it is None."""

    charset: Charset | None = None


@dataclass(frozen=True)
class ChooseCharacter:
    """Show the bars of the character at `number`, of several."""

    number: int


@dataclass(frozen=True)
class AskForFile:
    """Let the user choose a file: a model, an image, corrections, data to train with, or the folder of a run."""

    kind: Literal["model", "image", "corrections", "data", "run"]


@dataclass(frozen=True)
class OpenImage:
    """Put the image in the file `path` on the sheet, as ink."""

    path: Path


@dataclass(frozen=True)
class Paste:
    """Put the image on the clipboard on the sheet, as ink."""


@dataclass(frozen=True)
class Copy:
    """Put the answer on the clipboard as text, or the drawing as an image."""

    what: Literal["answer", "drawing"] = "answer"


@dataclass(frozen=True)
class Save:
    """Save what the place shows or the whole window as a PNG file, or a film of drawing and thinking as a GIF file.

    What a place shows is the drawing where one draws, and the whole window elsewhere.
    """

    what: Literal["shown", "window", "film"] = "shown"


@dataclass(frozen=True)
class Undo:
    """Take back the last stroke, erasure, image or clearing."""


@dataclass(frozen=True)
class Redo:
    """Bring back what was taken back last."""


@dataclass(frozen=True)
class Clear:
    """Begin with a blank sheet."""


@dataclass(frozen=True)
class Toggle:
    """Change a setting that is on or off."""

    what: Literal["live", "fine_ink", "left_handed"]


@dataclass(frozen=True)
class ToggleFullScreen:
    """Fill the whole screen, or no longer."""


@dataclass(frozen=True)
class ChangeTheme:
    """Show the other theme."""


@dataclass(frozen=True)
class ChangeTypeSize:
    """Make the type larger by `steps`, or smaller where they are negative; 0 is the usual size."""

    steps: int


@dataclass(frozen=True)
class ChangeLanguage:
    """Speak the next language that there is."""


@dataclass(frozen=True)
class ShowHelp:
    """Show a page of the help, the keys or what the program is, or hide the help where that page is shown."""

    page: Literal["keys", "about"] = "keys"


@dataclass(frozen=True)
class ChoosePlace:
    """Go to another place of the window, such as "draw"."""

    name: str


@dataclass(frozen=True)
class Tell:
    """Something went right or wrong that the user should know: a sentence."""

    sentence: str


@dataclass(frozen=True)
class Redraw:
    """Draw the window again, because the desktop has lost what was in it."""


@dataclass(frozen=True)
class Escape:
    """Close what is open: the list, the help or a message. Where nothing is open, nothing happens."""


@dataclass(frozen=True)
class Close:
    """Close the window."""


PenIntent = PenDown | PenMove | PenUp | PenGone | StepPen | PutDown | TakeBack | ChangeBrush | SetBrush | ChooseTool
CanvasIntent = Undo | Redo | Clear
ModelIntent = ChooseModel | NextModel | OpenModel
FileIntent = AskForFile | OpenImage | Paste | Copy | Save
SettingIntent = Toggle | ChangeTheme | ChangeTypeSize
Intent = (
    PenIntent
    | CanvasIntent
    | ModelIntent
    | FileIntent
    | SettingIntent
    | InsideIntent
    | LearnIntent
    | AskForLabel
    | PutOnSheet
    | ToggleFullScreen
    | ChangeLanguage
    | ChangeCharset
    | ChooseCharacter
    | ShowHelp
    | ChoosePlace
    | Tell
    | Redraw
    | Escape
    | Close
)
PASSING = (PenMove, PenUp, PenGone, Redraw, Tell)  # a message outlasts these
