"""One session: the settings, the kept drawing, the corrections and the report of one window, handed over together.

The app must not care where any of them is stored, and a test wants none of them stored at all: a session that is made
without arguments reads and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from drawapp.drawing.canvas import Canvas
from drawapp.session import corrections, kept_drawing, settings
from drawapp.session.corrections import Corrections
from drawapp.session.kept_drawing import KeptDrawing
from drawapp.session.report import Reporter
from drawapp.session.settings import Settings
from nn_scratch.errors import UserError


@dataclass(frozen=True)
class Session:
    """What outlasts a window. `is_new`: it begins with an empty sheet, whatever was kept."""

    settings: Settings = field(default_factory=Settings)
    drawing: KeptDrawing = field(default_factory=KeptDrawing)
    reporter: Reporter = field(default_factory=Reporter)
    is_new: bool = False
    corrections: Corrections = field(default_factory=Corrections)

    def restore(self, canvas: Canvas) -> str:
        """Show the kept drawing on `canvas`. Returns a sentence for the user where that is not possible."""
        return "" if self.is_new else sentence_of(lambda: self.drawing.restore(canvas))

    def keep_up(self, canvas: Canvas, now: float) -> str:
        """Keep the drawing on `canvas` if that is due `now`. Returns a sentence where that is not possible."""
        return sentence_of(lambda: self.drawing.keep_up(canvas, now))

    def keep(self, canvas: Canvas) -> str:
        """Keep everything, at the end. Returns sentences where that is not possible."""
        return " ".join(filter(None, (sentence_of(lambda: self.drawing.keep(canvas)), sentence_of(self.settings.save))))


def sentence_of(action: Callable[[], None]) -> str:
    """Do `action`. Returns what a UserError in it says, or nothing."""
    try:
        action()
    except UserError as error:
        return str(error)
    return ""


def user_session(report: Path | None = None, is_new: bool = False) -> Session:
    """The session with the files in the user's folders. Raises UserError where `report` cannot be written."""
    return Session(
        Settings(settings.default_path()),
        KeptDrawing(kept_drawing.default_path()),
        Reporter(report),
        is_new,
        Corrections(corrections.default_folder()),
    )
