"""The thumbnails: many small images, of which one is chosen.

Corrections and mistakes come in any number. As many are shown as there is room for, and the wheel, the arrows
go on to the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.session.language import gettext as _
from drawapp.ui.controls.button import PRESSING
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import Painter
from drawapp.ui.theme import SMALLEST
from nn_scratch.arrays import Images

SIDE = 64  # pixels of an image, in a window of the default size
GAP = 10  # between images
LINE = 1.35  # of the size of type


@dataclass(frozen=True)
class Thumbnail:
    """An `image`, uint8 (28, 28), and a few words below it."""

    image: Images = field(repr=False, compare=False)
    words: str


class Thumbnails(Control):
    """Shows `items` in its box. A press on the one at a number means `intent_of(number)`."""

    def __init__(self, name: str, tip: str, intent_of: Callable[[int], Intent]) -> None:
        super().__init__(name, tip)
        self.items: Sequence[Thumbnail] = ()
        self.chosen: int | None = None
        self._intent_of = intent_of
        self._first = 0  # the number of the first that is shown
        self._side = SIDE  # pixels of an image
        self._pitch = (SIDE, SIDE)  # pixels from one to the next, across and down

    def arrange(self, box: Box, scale: float, type_scale: float) -> None:
        """Put them there."""
        self.box = box
        words = round(SMALLEST * scale * type_scale * LINE)
        self._side = round(SIDE * scale)
        self._pitch = self._side + round(GAP * scale), self._side + round(GAP * scale) + words
        self._keep_in_range()

    def show(self, items: Sequence[Thumbnail], chosen: int | None = None) -> None:
        """Show these from here on."""
        self.items, self.chosen = items, chosen
        self._keep_in_range()

    @property
    def across(self) -> int:
        """How many stand in one row."""
        return max(1, self.box.width // self._pitch[0])

    @property
    def room(self) -> int:
        """How many are shown at once."""
        return self.across * max(1, self.box.height // self._pitch[1])

    def place_of(self, number: int) -> Box:
        """Where the image at `number` lies."""
        row, column = divmod(number - self._first, self.across)
        left, top = self.box.left + column * self._pitch[0], self.box.top + row * self._pitch[1]
        return Box(left, top, self._side, self._side)

    def release(self, at: Point) -> Intent | None:
        """A press chooses the image under it."""
        for number in self._shown():
            place = self.place_of(number)
            if Box(place.left, place.top, *self._pitch).contains(*at):
                return self._intent_of(number)
        return None

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows choose the image beside; Enter means the chosen one."""
        steps = {pygame.K_LEFT: -1, pygame.K_RIGHT: 1, pygame.K_UP: -self.across, pygame.K_DOWN: self.across}
        if not self.items:
            return None
        if stroke.key in steps:
            number = 0 if self.chosen is None else self.chosen + steps[stroke.key]
            self.chosen = min(max(number, 0), len(self.items) - 1)
            if self.chosen not in self._shown():
                self.wheel(-1 if self.chosen >= self._first else 1)
            return None
        if stroke.key in PRESSING and self.chosen is not None:
            return self._intent_of(self.chosen)
        return None

    def wheel(self, steps: int) -> Intent | None:
        """The wheel goes up by so many rows, or down."""
        self._first -= steps * self.across
        self._keep_in_range()
        return None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw those that there is room for, and how many there are besides."""
        theme = painter.theme
        for number in self._shown():
            place = self.place_of(number)
            painter.image(self.items[number].image, place, theme.paper, theme.ink)
            painter.outline(place.shrunk(-painter.pixels(1)), theme.card_edge)
            colour = theme.text if number == self.chosen else theme.muted
            at = (place.centre[0], place.bottom + 1)
            painter.write(self.items[number].words, SMALLEST, colour, "midtop", at, room=self._pitch[0])
            if number == self.chosen:
                painter.outline(place.shrunk(-painter.pixels(3)), theme.focus, 3, 2)
        hidden = len(self.items) - self._first - len(self._shown())
        if hidden > 0 and self.box.height > self._pitch[1]:
            words = _("and {count} more").format(count=hidden)
            painter.write(words, SMALLEST, theme.muted, "bottomright", (self.box.right, self.box.bottom))
        if state.has_ring:
            painter.ring(self.box)

    def _shown(self) -> range:
        return range(self._first, min(self._first + self.room, len(self.items)))

    def _keep_in_range(self) -> None:
        last = max(0, len(self.items) - 1)
        highest = max(0, (last // self.across + 1) * self.across - self.room)
        self._first = min(max(self._first - self._first % self.across, 0), highest)
