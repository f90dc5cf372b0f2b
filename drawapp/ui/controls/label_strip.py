"""The label strip: all classes, of which the user chooses the one that should have been read.

It opens where the answer is, and only when it is asked for. While it is open it has the keyboard: whoever types a
character has chosen it, which among 47 classes is faster than any search.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.learning.correcting import label_among
from drawapp.session.language import gettext as _
from drawapp.ui.controls.button import PRESSING
from drawapp.ui.controls.control import NOWHERE, Control
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.layout import TARGET, Layout
from drawapp.ui.learn_intents import Correct
from drawapp.ui.painter import CORNER, ROUND, Painter
from drawapp.ui.theme import CAPTION, STRONG

EDGE, LINE = 10, 28  # pixels of a window of the default size: around the cells, and of the line above them


class LabelStrip(Control):
    """The `classes` in rows, below the box of the answer or, where there is no room, above it."""

    def __init__(self) -> None:
        super().__init__("labels")
        self.shown = self.takes_keys = False
        self.classes: tuple[str, ...] = ()
        self._read = ""  # what was read
        self._marked: int | None = None  # the number of the class that Enter would choose
        self._answer, self._window = NOWHERE, NOWHERE
        self._scale, self._line, self._gap = 1.0, LINE, 0
        self._columns = 1

    @property
    def is_open(self) -> bool:
        """Whether the classes are shown."""
        return self.shown

    def open(self, classes: tuple[str, ...], read: str) -> None:
        """Show the `classes`, of which `read` is the one that was read."""
        self.shown, self.classes, self._read, self._marked = True, classes, read, None
        self._arrange_cells()

    def close(self) -> None:
        """Close it."""
        self.shown = False

    def arrange(self, answer: Box, layout: Layout) -> None:
        """Put it beside the box of the `answer`."""
        self._answer, self._window = answer, Box(0, 0, *layout.window)
        self._scale, self._gap = layout.scale, layout.gutter
        self._line = round(LINE * layout.scale * layout.look.type_scale)
        if self.classes:
            self._arrange_cells()

    def cell(self, number: int) -> Box:
        """Where the class at `number` stands."""
        row, column = divmod(number, self._columns)
        inner = self.box.shrunk(self._pixels(EDGE)).without_top(self._line)
        rows = -(-len(self.classes) // self._columns)
        left, right = (inner.left + inner.width * edge // self._columns for edge in (column, column + 1))
        top, bottom = (inner.top + inner.height * edge // rows for edge in (row, row + 1))
        return Box(left, top, right - left, bottom - top)

    def drag(self, at: Point) -> Intent | None:
        """The class below the mouse is the one that is meant."""
        self._marked = self._number_at(at)
        return None

    def release(self, at: Point) -> Intent | None:
        """A class is chosen where the mouse goes up."""
        number = self._number_at(at) if self.is_open else None
        return None if number is None else self._choose(self.classes[number])

    def key(self, stroke: KeyStroke) -> Intent | None:
        """What is typed is chosen. Arrows go from class to class, and Enter chooses."""
        steps = {pygame.K_LEFT: -1, pygame.K_RIGHT: 1, pygame.K_UP: -self._columns, pygame.K_DOWN: self._columns}
        if stroke.key in steps:
            start = self.classes.index(self._read) if self._marked is None else self._marked + steps[stroke.key]
            self._marked = min(max(start, 0), len(self.classes) - 1)
        elif stroke.key in PRESSING and self._marked is not None:
            return self._choose(self.classes[self._marked])
        else:
            label = label_among(self.classes, stroke.text)
            return self._choose(label) if label else None
        return None

    def draw_over(self, painter: Painter, mouse: Point | None) -> None:
        """Draw the classes. What was read is less bright: it is the one that is wrong."""
        theme = painter.theme
        painter.card(self.box, theme.panel, theme.edge, CORNER)
        inner = self.box.shrunk(self._pixels(EDGE))
        at = (inner.left + self._pixels(EDGE), inner.top + self._line // 2)
        painter.write(_("It is \N{HORIZONTAL ELLIPSIS}"), CAPTION, theme.muted, "midleft", at, room=inner.width)
        for number, label in enumerate(self.classes):
            cell = self.cell(number)
            if number == self._marked:
                painter.card(cell.shrunk(self._pixels(2)), theme.lit, theme.edge, ROUND)
            colour = theme.muted if label == self._read else theme.text
            painter.write(label, STRONG, colour, "center", cell.centre, bold=True, room=cell.width)

    def _arrange_cells(self) -> None:
        """As many columns as the answer is wide, and more where the rows would leave the window."""
        count, target = len(self.classes), self._pixels(TARGET)
        gap, edges = self._gap, 2 * self._pixels(EDGE)
        below = self._window.bottom - gap - (self._answer.bottom + gap)
        room = max(below, self._answer.top - 2 * gap)
        most = max(1, (self._window.width - 2 * gap - edges) // target)
        fewest = min(most, max(1, (self._answer.width - edges) // target))
        heights = {columns: -(-count // columns) * target + self._line + edges for columns in range(fewest, most + 1)}
        columns = next((columns for columns, height in heights.items() if height <= room), most)
        height = min(heights[columns], self._window.height - 2 * gap)
        self._columns = -(-count // -(-count // columns))  # as many in each row
        width = max(self._columns * target + edges, self._answer.width)
        fits = self._answer.left + width <= self._window.right - gap
        left = self._answer.left if fits else self._answer.right - width
        top = self._answer.bottom + gap if height <= below else self._answer.top - gap - height
        self.box = Box(max(gap, left), max(gap, top), width, height)

    def _number_at(self, at: Point) -> int | None:
        return next((number for number in range(len(self.classes)) if self.cell(number).contains(*at)), None)

    def _choose(self, label: str) -> Intent:
        self.close()
        return Correct(label)

    def _pixels(self, length: float) -> int:
        return max(1, round(length * self._scale))
