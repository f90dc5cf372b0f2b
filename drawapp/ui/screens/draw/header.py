"""The header: which model reads, and what the answer may be."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from drawapp.reading.charset import Charset
from drawapp.ui.controls.drop_down import DropDown
from drawapp.ui.controls.segments import Segments
from drawapp.ui.intents import ChooseModel, Intent, PickModel, Redraw, Restrict
from drawapp.ui.layout import Layout


@dataclass(frozen=True)
class Choices:
    """What the header shows: the models, which is chosen, and the restriction (None where there is nothing to)."""

    names: tuple[str, ...] = ("Digits",)
    chosen: int = 0
    charset: Charset | None = None


class Header:
    """The line above the answer. It is drawn last, because an open list lies over what is below."""

    def __init__(self, layout: Layout, choices: Choices) -> None:
        box, self._segments = layout.header, None
        if choices.charset is not None:
            self._segments = Segments(
                layout, box._replace(left=layout.seen.left, width=layout.seen.width), choices.charset
            )
            box = box._replace(width=layout.answer.width)
        self._names = choices.names
        self._models = DropDown(layout, box, choices.names, choices.chosen)

    def press(self, x: float, y: float) -> Intent | None:
        """What a press there means, or None where it means nothing. A press anywhere closes an open list."""
        if self.close():
            number = self._models.number_at(x, y)
            if number is None:
                return Redraw()
            return ChooseModel(number) if number < len(self._names) else PickModel()
        if self._models.head.contains(x, y):
            self._models.is_open = True
            return Redraw()
        charset = self._segments.at(x, y) if self._segments else None
        return Restrict(charset) if charset else None

    def close(self) -> bool:
        """Close the list; returns whether it was open."""
        was_open, self._models.is_open = self._models.is_open, False
        return was_open

    def draw(self, surface: pygame.Surface, mouse: tuple[float, float] | None) -> None:
        """Draw it; what is under the `mouse` stands out."""
        if self._segments:
            self._segments.draw(surface)
        self._models.draw(surface, mouse)
