"""Progress bars for downloads, and for folders of many files.

Data sets are large and some servers are slow: somebody who waits wants to see how far it is. `DownloadBar` has the
shape that pooch asks for. A reader of many files tells a `Feedback`; a command passes a `ReadingBar`, which shows it.
"""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from nn_scratch.data.feedback import Feedback
from nn_scratch.errors import escaped


class DownloadBar:
    """A bar on standard error; pooch sets `total` (bytes) and calls `update`, `reset` and `close`."""

    def __init__(self, name: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        console = Console(file=sys.stderr)
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._progress.add_task(name, total=None)

    def __enter__(self) -> DownloadBar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    @property
    def total(self) -> float | None:
        """The size of the file in bytes; None where the server does not tell it."""
        return self._progress.tasks[self._task].total

    @total.setter
    def total(self, size: int) -> None:
        self._progress.update(self._task, total=size or None)

    def update(self, count: int) -> None:
        """`count` more bytes have arrived."""
        self._progress.advance(self._task, count)

    def reset(self) -> None:
        """Go back to 0 bytes."""
        self._progress.update(self._task, completed=0)

    def close(self) -> None:
        """The download is complete. Nothing to do: `__exit__` removes the bar."""


class ReadingBar(Feedback):
    """Shows a bar on standard error while files are read, if that is a terminal, and prints what was noticed."""

    def __init__(self) -> None:
        columns = (TextColumn("reading images"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._console = Console(file=sys.stderr)
        self._progress = Progress(*columns, console=self._console, transient=True)
        self._task = self._progress.add_task("")

    def __enter__(self) -> ReadingBar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress.live.is_started:
            self._progress.stop()

    def advance(self, done: int, total: int) -> None:
        if self._console.is_terminal:
            self._progress.start()
            self._progress.update(self._task, completed=done, total=total)

    def note(self, sentence: str) -> None:
        self._console.print(escaped(sentence), markup=False, highlight=False, soft_wrap=True)
