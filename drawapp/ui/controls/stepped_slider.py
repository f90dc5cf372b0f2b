"""The stepped slider: one of several numbers, with the number beside its name.

Learning rates and batch sizes are not read off a scale of pixels. A slider that stops only at sensible numbers, and
shows the one it is at, is set in a second and cannot be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.ui.controls.control import Control, State
from drawapp.ui.controls.slider import KNOB, STEPS
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import Painter
from drawapp.ui.theme import BODY

TRACK = 4  # pixels high


class SteppedSlider(Control):
    """A slider through `values`; `number` is the place of the present one. A move means `intent_of(value)`.

    `words` are its name, written above it, and `format` writes a value.
    """

    def __init__(
        self, name: str, words: str, values: Sequence[float], intent_of: Callable[[float], Intent], form: str = "g"
    ) -> None:
        super().__init__(name)
        self.words = words
        self.values = values
        self.number = 0
        self._intent_of = intent_of
        self._form = form

    def show(self, value: float) -> None:
        """Show the step nearest to `value` from here on."""
        self.number = min(range(len(self.values)), key=lambda number: abs(self.values[number] - value))

    def press(self, at: Point, erase: bool = False) -> Intent | None:
        """The knob comes to the mouse at once."""
        return self.drag(at)

    def drag(self, at: Point) -> Intent | None:
        """The nearest step to the mouse, wherever it is."""
        way = self._way()
        fraction = min(max((at[0] - way.left) / way.width, 0.0), 1.0)
        return self._intent_of(self.values[round(fraction * (len(self.values) - 1))])

    def key(self, stroke: KeyStroke) -> Intent | None:
        """Arrows make one step; Home and End go to the ends."""
        last = len(self.values) - 1
        ends = {pygame.K_HOME: 0, pygame.K_END: last}
        if stroke.key in ends:
            return self._intent_of(self.values[ends[stroke.key]])
        if stroke.key in STEPS:
            return self._intent_of(self.values[min(max(self.number + STEPS[stroke.key], 0), last)])
        return None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the name, the number, the way and the knob."""
        theme, way = painter.theme, self._way()
        number = format(self.values[self.number], self._form)
        top = self.box.top
        written = painter.write(number, BODY, theme.text, "topright", (self.box.right, top), bold=True)
        room = written.left - self.box.left - painter.pixels(8)
        painter.write(self.words, BODY, theme.muted, "topleft", self.box[:2], room=room)
        middle, high = way.centre[1], painter.pixels(TRACK)
        painter.fill(Box(way.left, middle - high // 2, way.width, high), theme.edge, TRACK / 2)
        at = (way.left + self.number / max(len(self.values) - 1, 1) * way.width, middle)
        radius = painter.pixels(KNOB + (1 if state.is_hovered or state.is_pressed else 0))
        painter.disc(at, radius + painter.pixels(2), theme.panel)
        painter.disc(at, radius, theme.text)
        if state.has_ring:
            painter.ring(self.box)

    def _way(self) -> Box:
        """The way of the knob's middle."""
        high = min(self.box.height, round(0.55 * self.box.height))
        margin = round(high * 0.35)
        return Box(self.box.left + margin, self.box.bottom - high, max(1, self.box.width - 2 * margin), high)
