"""The report: what happens in the window, told to another program line by line (`--report FILE`).

A test, the bridge to a screen reader or the log of a museum cannot look at the screen. They read JSON lines instead,
each written at once: where everything lies, what was answered, and how much ink there is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from drawapp.drawing.geometry import Box
from nn_scratch.errors import UserError

NO_ANSWER: dict[str, Any] = {"answer": None, "best": None, "probability": 0.0}


class Reporter:
    """Appends lines to the file `path`; without one it does nothing. All its methods raise UserError where it cannot.

    Places are in pixels of the window.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._last = {"answer": NO_ANSWER}  # the last line of each kind
        if path is not None:
            try:
                self._file = path.open("a", encoding="utf-8", newline="\n")
            except OSError as error:
                raise self._trouble(error) from error

    def layout(self, window: tuple[int, int], grid: Box, controls: Mapping[str, Box], place: str) -> None:
        """Tell where the grid and the controls lie, and in which place the user is, if that has changed."""
        boxes = {name: list(box) for name, box in controls.items()}
        self._write_changed({"window": list(window), "grid": list(grid), "controls": boxes, "place": place})

    def answer(self, label: str | None, best: str | None, probability: float) -> None:
        """Tell the answer that is shown, if it has changed; `label` is None where nothing is recognized surely."""
        self._write_changed({"answer": label, "best": best, "probability": round(probability, 6)})

    def ink(self, fraction: float) -> None:
        """Tell the fraction of the canvas that has ink, after a stroke, an erasure, undo, redo or clearing."""
        self._write({"ink": round(fraction, 6)})

    def close(self) -> None:
        """Close the file."""
        if self._path is not None:
            with suppress(OSError):  # what could not be written was told before
                self._file.close()

    def _write_changed(self, line: dict[str, Any]) -> None:
        kind = next(iter(line))
        if self._last.get(kind) != line:
            self._last[kind] = line
            self._write(line)

    def _write(self, line: dict[str, Any]) -> None:
        if self._path is None:
            return
        try:
            self._file.write(json.dumps(line, allow_nan=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise self._trouble(error) from error

    def _trouble(self, error: OSError) -> UserError:
        return UserError(
            f"The report cannot be written to {self._path} ({error.strerror or error}); name another file."
        )
