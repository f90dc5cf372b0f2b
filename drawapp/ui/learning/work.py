"""The work of one part of Learn: what it does with an intent, and what it goes on with in every turn.

Training and adapting take seconds, and the window must go on meanwhile. So each part keeps its own work, and is asked
once per turn whether anything has come of it. It knows nothing of the screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.drawing.canvas import Canvas
from drawapp.reading.reader import Reader
from drawapp.session.session import Session
from drawapp.ui.intents import Intent


@dataclass(frozen=True)
class Desk:
    """What the app hands to the work: the drawing, its reader, and what outlasts the window."""

    canvas: Canvas
    reader: Reader
    session: Session


class Work:
    """The work of one part, at a `desk`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def follow(self, intent: Intent) -> Intent | None:
        """Do what the user means, if it is for this part. Returns what follows from it, such as a message."""
        return None

    def turn(self, now: float) -> Intent | None:
        """Go on by a turn. Returns what follows from it; Redraw() where only what is shown has changed."""
        return None

    def close(self) -> None:
        """End what is going on: the window closes."""
