"""The slider: how wide the brush is.

A width is chosen with the eye, not by a number, so the way of the knob is a wedge: thin at one end, thick at the other.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import ChangeBrush, Intent, SetBrush
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
        way = self._way()
        fraction = min(max((at[0] - way.left) / way.width, 0.0), 1.0)
        value = self._least + fraction * (self._most - self._least)
        return SetBrush(self._least + round((value - self._least) / self._step) * self._step)

    def key(self, stroke: KeyStroke) -> Intent | None:
        """Arrows make one step; Home and End go to the ends."""
        if stroke.key in STEPS:
            return ChangeBrush(STEPS[stroke.key])
        ends = {pygame.K_HOME: self._least, pygame.K_END: self._most}
        return SetBrush(ends[stroke.key]) if stroke.key in ends else None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the wedge and the knob."""
        theme, way = painter.theme, self._way()
        middle, thin, thick = way.centre[1], painter.pixels(1), painter.pixels(7)
        corners = [
            (way.left, middle - thin),
            (way.right, middle - thick),
            (way.right, middle + thick),
            (way.left, middle + thin),
        ]
        pygame.draw.polygon(painter.surface, theme.track, corners)
        painter.lines([*corners, corners[0]], theme.edge, painter.pixels(1))
        fraction = (self.value - self._least) / (self._most - self._least)
        at = (way.left + fraction * way.width, middle)
        radius = painter.pixels(KNOB + (1 if state.is_hovered or state.is_pressed else 0))
        painter.disc(at, radius + painter.pixels(2), theme.background)
        painter.disc(at, radius, theme.text)
        if state.has_ring:
            painter.ring(self.box)

    def _way(self) -> Box:
        """The way of the knob's middle."""
        margin = round(self.box.height * 0.3)
        return Box(self.box.left + margin, self.box.top, max(1, self.box.width - 2 * margin), self.box.height)
