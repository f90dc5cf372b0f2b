"""Feedback: how a reader of many files tells how far it is.

Reading a large folder takes a while. The reader does not know whether it is watched on a terminal, in a window or not
at all, so it tells an object that knows. Only the one for a terminal, `progress.ReadingBar`, needs a library to draw.
"""

from __future__ import annotations


class Feedback:
    """Whom a reader of many files tells how far it is, and what it noticed. This one shows nothing."""

    def advance(self, done: int, total: int) -> None:
        """`done` of `total` files have been read."""

    def note(self, sentence: str) -> None:
        """Something that the user should know, in one line."""


SILENT = Feedback()
