"""The header: which model reads, and which answers are allowed.

Both are choices of the user that change every answer, so they stand above it and are always in view.
"""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading.charset import Charset
from drawapp.ui.controls.drop_down import DropDown
from drawapp.ui.controls.segments import Segments
from drawapp.ui.intents import ChangeCharset, ChooseModel, Dismiss, Intent, OpenDialog, OpenList
from drawapp.ui.layout import Layout


@dataclass(frozen=True)
class Choices:
    """What the header shows: the models, the number of the chosen one, and the charset (None: there is no choice)."""

    names: tuple[str, ...] = ("Digits",)
    chosen: int = 0
    charset: Charset | None = None


class Header:
    """The line above the answer. It is drawn last, because an open list lies over what is below."""

    def __init__(self, layout: Layout, choices: Choices) -> None:
        box, self._segments = layout.header, None
        if choices.charset is not None:
            right = Box(layout.seen.left, box.top, layout.seen.width, box.height)
            self._segments = Segments(layout, right, choices.charset)
            box = Box(box.left, box.top, layout.answer.width, box.height)
        self._names = choices.names
        self._models = DropDown(layout, box, choices.names, choices.chosen)

    def intent_at(self, x: float, y: float) -> Intent:
        """What a press there means. While the list is open, a press beside its rows only closes it."""
        if self._models.is_open:
            number = self._models.number_at(x, y)
            if number is None:
                return Dismiss()
            return ChooseModel(number) if number < len(self._names) else OpenDialog()
        if self._models.head.contains(x, y):
            return OpenList()
        charset = self._segments.at(x, y) if self._segments else None
        return ChangeCharset(charset) if charset else Dismiss()

    def open(self) -> None:
        """Open the list."""
        self._models.is_open = True

    def close(self) -> bool:
        """Close the list. Returns whether it was open."""
        was_open, self._models.is_open = self._models.is_open, False
        return was_open

    def draw(self, surface: pygame.Surface, mouse: tuple[float, float] | None) -> None:
        """Draw it; what is under the `mouse` stands out."""
        if self._segments:
            self._segments.draw(surface)
        self._models.draw(surface, mouse)
