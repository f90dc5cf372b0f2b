"""The slider: how wide the brush is.

A width is chosen with the eye, not by a number, so the way of the knob is a wedge: thin at one end, thick at the other.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent, SetBrush
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import Painter

STEPS = {pygame.K_LEFT: -1, pygame.K_DOWN: -1, pygame.K_RIGHT: 1, pygame.K_UP: 1}
KNOB = 8  # radius in pixels of a window of the default size


class Slider(Control):
    """A slider for a width from `least` to `most` cells, in steps of `step`. `value` is the width now."""

    def __init__(self, name: str, tip: str, least: float, most: float, step: float) -> None:
        super().__init__(name, tip)
        self.value = least
        self._least, self._most, self._step = least, most, step

    def press(self, at: Point, erase: bool = False) -> Intent | None:
        """The knob comes to the mouse at once."""
        return self.drag(at)

    def drag(self, at: Point) -> Intent | None:
        """The nearest step to the mouse, wherever it is."""
        way = self.way
        fraction = min(max((at[0] - way.left) / way.width, 0.0), 1.0)
        value = self._least + fraction * (self._most - self._least)
        return self.meaning(self._least + round((value - self._least) / self._step) * self._step)

    def key(self, stroke: KeyStroke) -> Intent | None:
        """Arrows make one step; Home and End go to the ends."""
        if stroke.key in STEPS:
            value = self.value + STEPS[stroke.key] * self._step
            return self.meaning(min(max(value, self._least), self._most))
        ends = {pygame.K_HOME: self._least, pygame.K_END: self._most}
        return self.meaning(ends[stroke.key]) if stroke.key in ends else None

    def meaning(self, value: float) -> Intent:
        """What it means to choose a value."""
        return SetBrush(value)

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the wedge and the knob."""
        theme, way = painter.theme, self.way
        middle, thin, thick = way.centre[1], painter.pixels(1), painter.pixels(7)
        corners = [
            (way.left, middle - thin),
            (way.right, middle - thick),
            (way.right, middle + thick),
            (way.left, middle + thin),
        ]
        pygame.draw.polygon(painter.surface, theme.track, corners)
        painter.lines([*corners, corners[0]], theme.edge, painter.pixels(1))
        self.draw_knob(painter, state)

    def draw_knob(self, painter: Painter, state: State) -> None:
        """Draw the knob where its value is on the way, and the ring."""
        theme, way = painter.theme, self.way
        at = (way.left + self.fraction(self.value) * way.width, way.centre[1])
        radius = painter.pixels(KNOB + (1 if state.is_hovered or state.is_pressed else 0))
        painter.disc(at, radius + painter.pixels(2), theme.background)
        painter.disc(at, radius, theme.text)
        if state.has_ring:
            painter.ring(self.box)

    def fraction(self, value: float) -> float:
        """How far a value is on the way, 0 to 1."""
        return (value - self._least) / (self._most - self._least)

    @property
    def way(self) -> Box:
        """The way of the knob's middle."""
        margin = round(self.box.height * 0.3)
        return Box(self.box.left + margin, self.box.top, max(1, self.box.width - 2 * margin), self.box.height)
