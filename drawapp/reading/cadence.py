"""The cadence: when the drawing is read, once per interval while there is ink, and at once when asked.

Reading in every frame would show numbers that nobody can follow, and would keep a core busy. Reading when the pen lifts
alone would say nothing during a long stroke.
"""

from __future__ import annotations


class Cadence:
    """Says when the next reading is due. Times are in seconds, of any clock that never goes back."""

    def __init__(self, interval: float) -> None:
        self.interval = interval
        self._due: float | None = None  # None: nothing to read

    def ask(self, now: float) -> None:
        """Make a reading due at once."""
        self._due = now

    def is_due(self, now: float, has_ink: bool) -> bool:
        """Whether to read now; the next reading is then due an interval later. Call it once per turn of the loop."""
        if not has_ink:
            self._due = None
            return False
        if self._due is None:
            self._due = now + self.interval  # the first ink: the pen has an interval to draw something
        if now < self._due:
            return False
        self._due = now + self.interval
        return True
