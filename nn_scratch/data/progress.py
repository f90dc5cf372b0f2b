"""A progress bar for downloads, in the shape that pooch asks for."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn


class DownloadBar:
    """A bar on standard error; pooch sets `total` (bytes) and calls `update`, `reset` and `close`."""

    def __init__(self, name: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        console = Console(file=sys.stderr)
        self.progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self.task = self.progress.add_task(name, total=None)

    def __enter__(self) -> DownloadBar:
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    @property
    def total(self) -> float | None:
        """The size of the file in bytes, where the server told it."""
        return self.progress.tasks[self.task].total

    @total.setter
    def total(self, size: int) -> None:
        self.progress.update(self.task, total=size or None)

    def update(self, count: int) -> None:
        """`count` more bytes have come."""
        self.progress.advance(self.task, count)

    def reset(self) -> None:
        """Back to none."""
        self.progress.update(self.task, completed=0)

    def close(self) -> None:
        """All is there; `__exit__` takes the bar away."""
