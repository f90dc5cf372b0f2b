"""The history: what undo and redo go back and forth in.

A drawing may be taken back step by step, and forth again until something new is drawn: that throws away what was taken
back. The history is plain states, one per step, and never more than its bound, so that an hour of drawing takes no more
memory than a minute. It does not know what a state is; it only must never be changed in place.
"""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

State = TypeVar("State")


class History(Generic[State]):
    """The states before and after the current one, at most `steps` in all; the oldest are forgotten first."""

    def __init__(self, steps: int) -> None:
        self._past: deque[State] = deque(maxlen=steps)
        self._future: list[State] = []  # the next one last; never more than the past has held

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def remember(self, state: State) -> None:
        """Keep the `state` before a change. What was taken back cannot be brought back any more."""
        self._past.append(state)
        self._future.clear()

    def undo(self, current: State) -> State:
        """The state before the last change; `current` is what redo brings back. Call it only if `can_undo`."""
        self._future.append(current)
        return self._past.pop()

    def redo(self, current: State) -> State:
        """The state before the last undo; `current` is what undo brings back. Call it only if `can_redo`."""
        self._past.append(current)
        return self._future.pop()
