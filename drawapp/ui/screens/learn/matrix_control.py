"""The matrix to choose from: every cell of it leads to the images that it counts.

A number in a matrix raises the question which images these are. So the mouse names what is under it, a press shows the
images, and the keyboard can do the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pygame
from numpy.typing import NDArray

from drawapp.drawing.geometry import Box, Point
from drawapp.learning.scored import Cell, Scored
from drawapp.ui.controls.button import PRESSING
from drawapp.ui.controls.control import NOWHERE, Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.learn_intents import ChooseCell
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.kept_image import KeptImage
from drawapp.ui.screens.learn.matrix import Counts, Places, draw_cells, draw_labels, label_room, places_in

WORST = 0.02  # of a row: the longest bar stands for as many mistakes, or for the row that has the most
ARROWS = {pygame.K_LEFT: (0, -1), pygame.K_RIGHT: (0, 1), pygame.K_UP: (-1, 0), pygame.K_DOWN: (1, 0)}
BAR = 6  # pixels: how high the bar of a row is
BESIDE = 6  # pixels between the cells and the bars


@dataclass(frozen=True, eq=False)
class Table:
    """The part of a confusion matrix that is worth showing: rows that have examples, and columns that were read."""

    scored: Scored

    @cached_property
    def counts(self) -> Counts:
        """(R, C)."""
        shown: Counts = self.scored.score.confusion[np.ix_(self.scored.meant, self.scored.answers)]
        return shown

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """(R, C) whether the class of the column is the one of the row."""
        same: NDArray[np.bool_] = np.equal.outer(np.array(self.scored.meant), np.array(self.scored.answers))
        return same

    @property
    def rows(self) -> tuple[str, ...]:
        """The labels of the rows."""
        return tuple(self.scored.score.classes[number] for number in self.scored.meant)

    @property
    def columns(self) -> tuple[str, ...]:
        """The labels of the columns."""
        return tuple(self.scored.score.classes[number] for number in self.scored.answers)

    @cached_property
    def accuracies(self) -> list[float]:
        """The fraction of each row that was read right."""
        return list(self.scored.score.class_accuracy.values())

    def classes(self, cell: Cell) -> Cell:
        """The classes of the row and the column of a `cell` that is shown."""
        return self.scored.meant[cell[0]], self.scored.answers[cell[1]]

    def cell_of(self, classes: Cell) -> Cell:
        """Where the cell of these `classes` is shown."""
        return self.scored.meant.index(classes[0]), self.scored.answers.index(classes[1])


class Matrix(Control):
    """Shows a `table`, and beside each row a bar as long as there are mistakes in it.

    `chosen` are the classes of a cell; `cursor` is the cell that the arrows have come to.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.table: Table | None = None
        self.chosen: Cell | None = None
        self.cursor: Cell | None = None
        self.places = Places(NOWHERE, (1, 1), (0, 0), 0)
        self._bars = 0  # pixels across
        self._kept = KeptImage()

    def arrange(self, box: Box, label: int, bars: int) -> None:
        """Put it at the top of `box`, with room for labels of `label` pixels and, on the right, for `bars`."""
        shape, rows = (self.table.counts.shape, self.table.rows) if self.table else ((0, 0), ())
        self._bars = bars
        self.places = places_in(
            Box(box.left, box.top, box.width - bars, box.height), shape, label_room(box, label, rows), label
        )
        self.box = box.without_bottom(box.bottom - self.places.grid.bottom - 2)

    def show(self, table: Table, chosen: Cell | None) -> None:
        """Show this `table` from here on; the cell of the classes `chosen` is marked."""
        if table is not self.table:
            self.cursor = None
        self.table, self.chosen = table, chosen

    def lit(self, mouse: Point | None) -> Cell | None:
        """The cell under the mouse, or else the one of the arrows; a bar stands for what is right in its row."""
        grid = self.places.grid
        if mouse and self.table and self.box.contains(*mouse) and mouse[0] >= grid.right:
            beside = self.places.at((grid.left, mouse[1]))
            if beside:
                row = beside[0]
                return row, self.table.columns.index(self.table.rows[row])
        return (self.places.at(mouse) if mouse else None) or self.cursor

    def press(self, at: Point, erase: bool = False) -> Intent | None:
        """Who uses the mouse needs no cursor."""
        self.cursor = None
        return None

    def release(self, at: Point) -> Intent | None:
        """A press chooses the cell under it; one that is chosen is left again."""
        return self._choose(self.places.at(at))

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows go from cell to cell, and Enter chooses."""
        if self.table is None:
            return None
        if stroke.key in ARROWS:
            at = self.cursor or (self.table.cell_of(self.chosen) if self.chosen else None)
            steps = ARROWS[stroke.key] if at else (0, 0)
            row, column = at or (0, 0)
            shape = self.table.counts.shape
            self.cursor = (
                min(max(row + steps[0], 0), shape[0] - 1),
                min(max(column + steps[1], 0), shape[1] - 1),
            )
        elif stroke.key in PRESSING and self.cursor:
            return self._choose(self.cursor)
        return None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw it, anew where something has changed."""
        table = self.table
        if table is None:
            return
        self._kept.draw(painter, self.box, table, lambda: self._draw_cells(painter, table))
        if self.chosen:
            painter.outline(self.places.box(table.cell_of(self.chosen)).shrunk(-2), painter.theme.focus, 2, 2)
        if state.has_ring:
            painter.ring(self.box)

    def draw_lit(self, painter: Painter, mouse: Point | None) -> None:
        """Draw the labels, those of the cell under the mouse in bold, and the edge of that cell."""
        lit = self.lit(mouse)
        if self.table:
            draw_labels(painter, self.places, self.table.rows, self.table.columns, lit)
        if self.table and lit:
            painter.outline(self.places.box(lit).shrunk(-1), painter.theme.text, 2, 1.5)

    def _choose(self, cell: Cell | None) -> Intent | None:
        """Choose a cell that counts anything: an empty one has no images."""
        return ChooseCell(self.table.classes(cell)) if cell and self.table and self.table.counts[cell] else None

    def _draw_cells(self, painter: Painter, table: Table) -> None:
        painter.fill(self.box, painter.theme.panel)
        draw_cells(painter, self.places, table.counts, table.right)
        gap = painter.pixels(BESIDE)
        high = max(2, min(painter.pixels(BAR), int(self.places.pitch[1]) - 2))
        worst = max(WORST, 1 - min(table.accuracies))
        for row, accuracy in enumerate(table.accuracies):
            length = round((1 - accuracy) / worst * (self._bars - gap))
            middle = self.places.box((row, 0)).centre[1]
            bar = Box(self.places.grid.right + gap, middle - high // 2, length, high)
            pygame.draw.rect(painter.surface, painter.theme.unsure, bar)
