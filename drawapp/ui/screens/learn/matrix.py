"""The confusion matrix: what was meant in rows, what was read in columns.

One number says how often a network is wrong, the matrix says in which way: a 4 is taken for a 9, and seldom for a 0.
The diagonal is what is read right, so it stays calm; what lies beside it should catch the eye, even where it is rare.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from drawapp.drawing.geometry import Box, Point
from drawapp.ui.painter import Painter, mixed
from drawapp.ui.theme import SMALLEST, Colour, Theme

Cell = tuple[int, int]  # row: the class that was meant; column: the one that was read
Counts = NDArray[np.int64]  # (R, C)

CALM = 0.34  # of the way to blue, for a class that is always read right
FAINTEST = 0.22  # of the way to orange, for a mistake that was made once
COMMON = 0.04  # of a row: a mistake as common as this, or the most common one if that is more, is full orange
LEAST_GAP = 9  # pixels of a cell, from which on a line separates it from the next
STRETCH = 3  # times as high as wide that a cell may be, where there are more columns than rows
TIGHT = 0.8  # of the size of type: labels may follow each other as closely
LABEL_ROOM = 4  # pixels between a label and the cells


@dataclass(frozen=True)
class Places:
    """Where the cells of a matrix lie, `pitch` pixels from one to the next across and down."""

    grid: Box
    pitch: tuple[float, float]
    shape: tuple[int, int]  # rows, columns
    label: int  # pixels for the label of a row

    def box(self, cell: Cell) -> Box:
        """Where a cell lies."""
        (row, column), (across, down) = cell, self.pitch
        left, right = (round(edge * across) for edge in (column, column + 1))
        top, bottom = (round(edge * down) for edge in (row, row + 1))
        return Box(self.grid.left + left, self.grid.top + top, right - left, bottom - top)

    def at(self, at: Point) -> Cell | None:
        """The cell at a place in the window, None outside of the matrix."""
        if not self.grid.contains(*at):
            return None
        row, column = (at[1] - self.grid.top) / self.pitch[1], (at[0] - self.grid.left) / self.pitch[0]
        return min(int(row), self.shape[0] - 1), min(int(column), self.shape[1] - 1)


def places_in(box: Box, shape: tuple[int, int], left: int, top: int) -> Places:
    """The cells of a matrix of `shape` (rows, columns) in `box`, with labels `left` and `top` of them, in pixels.

    They are as large as fits, and square unless there are more columns than rows.
    """
    rows, columns = max(1, shape[0]), max(1, shape[1])
    most_across, most_down = max(1.0, (box.width - left) / columns), max(1.0, (box.height - top) / rows)
    across = whole(min(most_across, most_down))
    down = whole(min(most_down, across * STRETCH)) if columns > rows else across
    grid = Box(box.left + left, box.top + top, round(across * columns), round(down * rows))
    return Places(grid, (across, down), (rows, columns), left)


def label_room(box: Box, line: int, labels: tuple[str, ...]) -> int:
    """The pixels that `labels` of a row need in `box`, in type whose lines are `line` pixels high."""
    return min(round(line * max(1.0, 0.5 * max(map(len, labels), default=0))), box.width // 4)


def whole(pitch: float) -> float:
    """`pitch` in whole pixels, so that all cells are alike; where they are small, that would waste too much."""
    return math.floor(pitch) if pitch >= LEAST_GAP else pitch


def draw_matrix(painter: Painter, box: Box, confusion: Counts, classes: tuple[str, ...]) -> Places:
    """Draw `confusion` (K, K) of `classes` with its labels in `box`, as large as fits; returns where its cells lie."""
    label = painter.line_height(SMALLEST)
    places = places_in(box, confusion.shape, label_room(box, label, classes), label)
    draw_labels(painter, places, classes, classes)
    draw_cells(painter, places, confusion, np.eye(len(classes), dtype=np.bool_))
    return places


def draw_cells(painter: Painter, places: Places, counts: Counts, right: NDArray[np.bool_]) -> None:
    """Draw the cells of `counts` (R, C); `right` (R, C) says which of them are what was meant.

    The colour is the fraction of the row, so that rare classes show their mistakes, too.
    """
    theme, surface = painter.theme, painter.surface
    pygame.draw.rect(surface, theme.paper, places.grid)
    fraction = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)  # (R, C)
    fullest = max(COMMON, float(fraction[~right].max(initial=0.0)))
    gap = 1 if min(places.pitch) >= LEAST_GAP else 0
    fits = places.pitch[1] >= painter.type_size(SMALLEST)
    for row, column in zip(*(axis.tolist() for axis in np.nonzero(counts)), strict=True):
        of_row = float(fraction[row, column])
        if right[row, column]:
            colour = mixed(theme.paper, theme.answer, CALM * of_row)
        else:
            strength = FAINTEST + (1 - FAINTEST) * math.sqrt(of_row / fullest)
            colour = mixed(theme.paper, theme.unsure, min(1.0, strength))
        box = places.box((row, column))
        pygame.draw.rect(surface, colour, (box.left, box.top, box.width - gap, box.height - gap))
        words = str(counts[row, column])
        if fits and not right[row, column] and painter.width(words, SMALLEST) <= box.width - 2:
            painter.write(words, SMALLEST, readable_on(colour, theme), "center", box.centre)
    pygame.draw.rect(surface, theme.card_edge, places.grid.shrunk(-1), 1)


def draw_labels(
    painter: Painter, places: Places, rows: tuple[str, ...], columns: tuple[str, ...], lit: Cell | None = None
) -> None:
    """Write the classes beside and above the cells, as many as there is room for, and those of the cell that is `lit`.

    Where there are too many, every second, third … is written.
    """
    gap = painter.pixels(LABEL_ROOM)
    room = places.label - gap
    for number in shown_labels(len(rows), places.pitch[1], TIGHT * painter.type_size(SMALLEST), lit and lit[0]):
        is_lit, box = bool(lit and lit[0] == number), places.box((number, 0))
        colour = painter.theme.text if is_lit else painter.theme.muted
        at = (box.left - gap, box.centre[1])
        painter.write(rows[number], SMALLEST, colour, "midright", at, bold=is_lit, room=room)
    widest = min(max((painter.width(label, SMALLEST, True) for label in columns), default=0), 2 * room)
    for number in shown_labels(len(columns), places.pitch[0], widest, lit and lit[1]):
        is_lit, box = bool(lit and lit[1] == number), places.box((0, number))
        colour = painter.theme.text if is_lit else painter.theme.muted
        at = (box.centre[0], box.top - 1)
        painter.write(columns[number], SMALLEST, colour, "midbottom", at, bold=is_lit, room=2 * room)


def shown_labels(count: int, pitch: float, needs: float, lit: int | None) -> list[int]:
    """Which of `count` labels are written, `pitch` pixels apart, where one `needs` so many: no two overlap."""
    step = max(1, math.ceil(needs / pitch))
    regular = range(0, count, step)
    if lit is None:
        return list(regular)
    return [number for number in regular if abs(number - lit) >= step] + [lit]


def readable_on(ground: Colour, theme: Theme) -> Colour:
    """The colour of text or of paper, whichever is easier to read on `ground`."""
    return max((theme.text, theme.paper), key=lambda colour: abs(luminance(colour) - luminance(ground)))


def luminance(colour: Colour) -> float:
    """How bright `colour` appears: about the lightness of CIELAB, from 0 to 1."""
    linear = [(part / 255) ** 2.2 for part in colour]
    return float((0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]) ** (1 / 3))
