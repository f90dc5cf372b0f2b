"""The drop-down: the chosen model, and the list of all models when it is open.

The list lies over the rest of the window, so it is drawn last, and while it is open it has the keyboard.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui.controls.button import PRESSING
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import AskForFile, ChooseModel, Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import CORNER, ROUND, Painter
from drawapp.ui.theme import BODY

CUSTOM = marked("Custom model\N{HORIZONTAL ELLIPSIS}")
HINT = marked("or drop a .npy file here")
ROW, EDGE, WIDTH = 44, 6, 290  # pixels of a window of the default size: of a row, around the rows, and of the list
STEPS = {pygame.K_UP: -1, pygame.K_DOWN: 1}


class DropDown(Control):
    """A list of `names` of which the one at `chosen` is shown in `box`, the head that is always there.

    The row `CUSTOM` follows the names; its number is `len(names)`. `inset` is the free room beside the words.
    """

    def __init__(self, name: str, tip: str) -> None:
        super().__init__(name, tip)
        self.names: tuple[str, ...] = ("",)
        self.chosen = 0
        self.inset = 0
        self._room = self.box  # for the list
        self._scale = 1.0
        self._marked: int | None = None  # the row that Enter would choose; None: the list is closed

    def arrange(self, head: Box, window: Box, inset: int, scale: float) -> None:
        """Put the head there. The list may take the room of the `window`."""
        self.box, self._room, self.inset, self._scale = head, window, inset, scale

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return self._marked is not None

    @property
    def rows(self) -> tuple[str, ...]:
        """The words of all rows that can be chosen."""
        return (*self.names, _(CUSTOM))

    def close(self) -> None:
        """Close the list."""
        self._marked = None

    def contains(self, at: Point) -> bool:
        """Whether the head lies there, or the open list."""
        return super().contains(at) or (self.is_open and self.list_box().contains(*at))

    def press(self, at: Point, erase: bool = False) -> Intent | None:
        """A press on the head opens the list, or closes it."""
        if self.box.contains(*at):
            self._marked = None if self.is_open else self.chosen
        return None

    def drag(self, at: Point) -> Intent | None:
        """The row below the mouse is the one that is meant."""
        number = self.number_at(at)
        if self.is_open and number is not None:
            self._marked = number
        return None

    def release(self, at: Point) -> Intent | None:
        """A row is chosen where the mouse goes up."""
        number = self.number_at(at) if self.is_open else None
        return None if number is None else self._choose(number)

    def key(self, stroke: KeyStroke) -> Intent | None:
        """Arrows go through the rows, Enter chooses, a letter goes to the next row that begins with it."""
        if self._marked is None:
            if stroke.key in PRESSING or stroke.key in STEPS:
                self._marked = self.chosen
            return None
        if stroke.key in PRESSING:
            return self._choose(self._marked)
        ends = {pygame.K_HOME: 0, pygame.K_END: len(self.rows) - 1}
        if stroke.key in STEPS:
            self._marked = (self._marked + STEPS[stroke.key]) % len(self.rows)
        elif stroke.key in ends:
            self._marked = ends[stroke.key]
        elif stroke.text.isprintable() and stroke.text:
            self._marked = self._next_with(stroke.text, self._marked)
        return None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the head."""
        theme, (_, middle) = painter.theme, self.box.centre
        is_lit = self.is_open or state.is_hovered
        painter.card(self.box, theme.lit if is_lit else theme.panel, theme.edge, ROUND)
        room = self.box.width - 2 * self.inset - painter.pixels(20)
        name = self.names[self.chosen]
        painter.write(name, BODY, theme.text, "midleft", (self.box.left + self.inset, middle), room=room)
        arrow = (self.box.right - self.inset - painter.pixels(4), middle)
        painter.icon("up" if self.is_open else "down", 18, theme.muted, arrow)
        if state.has_ring:
            painter.ring(self.box)

    def draw_over(self, painter: Painter, mouse: Point | None) -> None:
        """Draw the list. The chosen row has a tick, the marked one another ground."""
        theme, whole = painter.theme, self.list_box()
        painter.card(whole, theme.panel, theme.edge, CORNER)
        left, room = whole.left + self.inset, whole.width - 2 * self.inset
        for number, name in enumerate(self.rows):
            row = self.row(number)
            if number == self._marked:
                painter.card(row, theme.lit, theme.edge, ROUND)
            is_chosen = number == self.chosen
            middle = row.centre[1]
            names = room - painter.pixels(20)
            painter.write(name, BODY, theme.text, "midleft", (left, middle), bold=is_chosen, room=names)
            if is_chosen:
                painter.disc((left + room - painter.pixels(4), middle), painter.pixels(4), theme.answer)
        painter.write(_(HINT), BODY, theme.muted, "midleft", (left, self.row(len(self.rows)).centre[1]), room=room)

    def number_at(self, at: Point) -> int | None:
        """The number of the row at a place in the open list, or None where there is no row."""
        return next((number for number in range(len(self.rows)) if self.row(number).contains(*at)), None)

    def row(self, number: int) -> Box:
        """Where the row `number` lies in the list; the hint has the number after the last one."""
        whole, edge = self.list_box(), round(EDGE * self._scale)
        height = (whole.height - 2 * edge) // (len(self.rows) + 1)
        return Box(whole.left + edge, whole.top + edge + number * height, whole.width - 2 * edge, height)

    def list_box(self) -> Box:
        """Where the list lies: below the head, or where there is more room. Its rows shrink where all is too little."""
        gap = round(8 * self._scale)
        wanted = round((len(self.rows) + 1) * ROW * self._scale) + 2 * round(EDGE * self._scale)
        height = min(wanted, self._room.height - 2 * gap)
        top = min(self.box.bottom + gap, self._room.bottom - gap - height)
        above = self.box.top - gap - height
        if top < self.box.bottom and above >= gap:
            top = above
        width = max(self.box.width, round(WIDTH * self._scale))
        left = min(self.box.left, self._room.right - gap - width)
        return Box(left, top, width, height)

    def _choose(self, number: int) -> Intent:
        self.close()
        return ChooseModel(number) if number < len(self.names) else AskForFile("model")

    def _next_with(self, letter: str, start: int) -> int:
        """The next row after `start` that begins with `letter`; `start` where there is none."""
        order = [(start + step) % len(self.rows) for step in range(1, len(self.rows) + 1)]
        return next((n for n in order if self.rows[n].lower().startswith(letter.lower())), start)
