"""The thumbnails: many small images, of which one is chosen.

Corrections and mistakes come in any number. As many are shown as there is room for, and the wheel, the arrows
go on to the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.ui.controls.button import PRESSING
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import Painter
from drawapp.ui.theme import SMALLEST
from nn_scratch.arrays import Images

SIDE = 64  # pixels of an image, at least, in a window of the default size
GAP = 10  # between images
LINE = 1.35  # of the size of type
BAR = 4  # pixels: the width of the bar that says how far down one has gone


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
        self.across = 1  # how many stand in one row
        self._rows = 1
        self._first = 0  # the number of the first that is shown
        self._side = SIDE  # pixels of an image
        self._pitch = (SIDE, SIDE)  # pixels from one to the next, across and down

    def arrange(self, box: Box, scale: float, type_scale: float) -> None:
        """Put them there, as large as fills the width, or a little smaller where that gives room for another row."""
        self.box = box
        words, least, gap = round(SMALLEST * scale * type_scale * LINE), round(SIDE * scale), round(GAP * scale)
        across = max(1, (box.width + gap) // (least + gap))
        side = max(least, min((box.width + gap) // across - gap, box.height - words))
        rows = max(1, (box.height + gap) // (side + words + gap))
        in_more_rows = (box.height + gap) // (rows + 1) - gap - words
        self._side = in_more_rows if least <= in_more_rows < side else side
        step = (box.width - self._side) // max(1, across - 1)  # the last one stands at the right edge
        self.across, self._rows = across, max(1, (box.height + gap) // (self._side + words + gap))
        self._pitch = max(step, self._side), self._side + words + gap
        self._keep_in_range()

    def show(self, items: Sequence[Thumbnail], chosen: int | None = None) -> None:
        """Show these from here on, from the first one if they are others."""
        if items is not self.items:
            self._first = 0
        self.items, self.chosen = items, chosen
        self._keep_in_range()

    @property
    def room(self) -> int:
        """How many are shown at once."""
        return self.across * self._rows

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
        """The arrows choose the image beside, Page Up and Down one a page away, Home and End the first and the last.

        Enter means the chosen one.
        """
        steps = {
            **{pygame.K_LEFT: -1, pygame.K_RIGHT: 1, pygame.K_UP: -self.across, pygame.K_DOWN: self.across},
            **{pygame.K_PAGEUP: -self.room, pygame.K_PAGEDOWN: self.room},
            **{pygame.K_HOME: -len(self.items), pygame.K_END: len(self.items)},
        }
        if stroke.key in steps and self.items:
            number = 0 if self.chosen is None else self.chosen + steps[stroke.key]
            self.chosen = min(max(number, 0), len(self.items) - 1)
            self._bring_into_view(self.chosen)
        elif stroke.key in PRESSING and self.chosen is not None:
            return self._intent_of(self.chosen)
        return None

    def wheel(self, steps: int) -> Intent | None:
        """The wheel goes up by so many rows, or down."""
        self._first -= steps * self.across
        self._keep_in_range()
        return None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw those that there is room for."""
        theme = painter.theme
        for number in self._shown():
            place = self.place_of(number)
            painter.image(self.items[number].image, place, theme.paper, theme.ink)
            painter.outline(place.shrunk(-painter.pixels(1)), theme.card_edge)
            colour = theme.text if number == self.chosen else theme.muted
            at = (place.centre[0], place.bottom + 1)
            painter.write(self.items[number].words, SMALLEST, colour, "midtop", at, room=self._pitch[0] - 3)
            if number == self.chosen:
                painter.outline(place.shrunk(-painter.pixels(3)), theme.focus, 3, 2)
        if len(self.items) > self.room:
            self._draw_position(painter)
        if state.has_ring:
            painter.ring(self.box)

    def _draw_position(self, painter: Painter) -> None:
        """Draw, at the right of the box, how far down one has gone: there are more than there is room for."""
        width, count = painter.pixels(BAR), len(self.items)
        track = Box(self.box.right + width, self.box.top, width, self.box.height)
        painter.fill(track, painter.theme.track, BAR / 2)
        length = max(3 * width, track.height * self.room // count)
        top = (track.height - length) * self._first // max(1, self._last_first())
        painter.fill(Box(track.left, track.top + top, width, length), painter.theme.other, BAR / 2)

    def _shown(self) -> range:
        return range(self._first, min(self._first + self.room, len(self.items)))

    def _last_first(self) -> int:
        """The first that is shown when one has gone down to the end: whole rows."""
        rows = -(-len(self.items) // self.across)
        return max(0, rows - self._rows) * self.across

    def _bring_into_view(self, number: int) -> None:
        row = number - number % self.across
        self._first = min(max(self._first, row - self.room + self.across), row)
        self._keep_in_range()

    def _keep_in_range(self) -> None:
        self._first = min(max(self._first - self._first % self.across, 0), self._last_first())
