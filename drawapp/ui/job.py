"""The job: something that takes its time, done beside the window.

A file dialog is open until the user has chosen, and the clipboard belongs to another program that may be slow. The
window must go on meanwhile, so such work is done by a thread and asked for in every turn of the loop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from drawapp.errors import sentence_of

Result = TypeVar("Result")


class Job(Generic[Result]):
    """Does `work` in a thread. What it returns is there when `is_done`; after an error it is what `failed` makes of a
    sentence for the user."""

    def __init__(self, work: Callable[[], Result], failed: Callable[[str], Result]) -> None:
        self._work = work
        self._failed = failed
        self._results: list[Result] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether the result is there."""
        return bool(self._results)

    @property
    def result(self) -> Result:
        """What came of it. Only asked for when it `is_done`."""
        return self._results[0]

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long. Returns whether it is done."""
        self._thread.join(seconds)
        return self.is_done

    def _run(self) -> None:
        try:
            self._results.append(self._work())
        except Exception as error:
            self._results.append(self._failed(sentence_of(error)))
