"""The image of the ink: the canvas as the sheet shows it, kept up to date piece by piece.

While the pen moves, the sheet changes in every frame, but only where the pen is. So the cells that have changed are
drawn anew, and the line of a stroke is drawn on from where it ended. All of it is drawn only when something else
happens: another size or theme, an erasure, undo.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame

from drawapp.drawing.canvas import CELLS, Canvas
from drawapp.ui.painter import Painter, cells, mixed
from drawapp.ui.theme import Theme
from nn_scratch.arrays import Images
from nn_scratch.ink.rendering import Stroke

CELL_INK = 0.76  # how bright full cells are, so that the fine strokes are seen on them
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
LINE = 0.16  # width of the line of a stroke, in cells
SPACING = 0.3  # cells between the points of that line, at least


class InkImage:
    """Draws a canvas on a grid of `side` pixels, in the colours of `theme`."""

    def __init__(self, side: int, theme: Theme) -> None:
        self.side, self.theme = side, theme
        self._cell = side // CELLS
        self._cells = pygame.Surface((side, side))
        self._lines = pygame.Surface((side, side))  # blended with the cells: only what is beyond them is seen
        self._lines.fill(BLACK if theme.is_dark else WHITE)
        self._grid: Images | None = None  # what the cells show
        self._drawn: list[Stroke] = []  # the points of the lines
        self._fine = self._cells
        self._revision = self._fine_revision = -1  # of the canvas that each of them shows

    def draw(self, painter: Painter, at: tuple[int, int], canvas: Canvas, is_fine: bool) -> None:
        """Draw `canvas` with its corner `at` that place: as cells with fine lines or, where `is_fine`, as it is."""
        if (is_fine or canvas.has_image) and canvas.revision != self._fine_revision:
            self._fine, self._fine_revision = fine_image(canvas, self.side, self.theme), canvas.revision
        if is_fine:
            painter.surface.blit(self._fine, at)
            return
        if canvas.revision != self._revision:
            self._revision = canvas.revision
            self._update_cells(canvas.grid())
            self._update_lines([thinned(stroke) * self._cell for stroke in canvas.strokes()])
        painter.surface.blit(self._cells, at)
        painter.surface.blit(self._lines, at, special_flags=blend_of(self.theme))
        if canvas.has_image:  # its ink has no strokes to draw, and cells alone are too coarse for a number
            painter.surface.blit(self._fine, at, special_flags=blend_of(self.theme))

    def _update_cells(self, grid: Images) -> None:
        """Draw the smallest rectangle with all cells that have changed."""
        changed = np.ones(grid.shape, np.bool_) if self._grid is None else grid != self._grid
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        self._grid = grid
        if not len(rows):
            return
        (top, bottom), (left, right) = ((int(places[0]), int(places[-1]) + 1) for places in (rows, columns))
        size = ((right - left) * self._cell, (bottom - top) * self._cell)
        full = mixed(self.theme.paper, self.theme.ink, CELL_INK)
        image = cells(grid[top:bottom, left:right], size, self.theme.paper, full)
        corner = (left * self._cell, top * self._cell)
        image.blit(grid_lines(self.side, self.theme), (0, 0), (corner, size), special_flags=blend_of(self.theme))
        self._cells.blit(image, corner)

    def _update_lines(self, strokes: list[Stroke]) -> None:
        """Draw the lines on where they have become longer, or all of them where anything else has changed."""
        if not is_continued(self._drawn, strokes):
            self._lines.fill(BLACK if self.theme.is_dark else WHITE)
            self._drawn = []
        painter = Painter(self._lines, self.theme)
        width = max(1.0, LINE * self._cell)
        for number, stroke in enumerate(strokes):
            known = len(self._drawn[number]) if number < len(self._drawn) else 0
            points = [(float(x), float(y)) for x, y in stroke[max(known - 1, 0) :]]
            if known == 0:  # a line begins with a dot, which is all that there is of a click
                painter.disc(points[0], 0.75 * width, self.theme.ink)
            if len(stroke) > known:
                painter.lines(points, self.theme.ink, width)
        self._drawn = strokes


def is_continued(before: list[Stroke], after: list[Stroke]) -> bool:
    """Whether the strokes `after` begin with those `before`: nothing is gone, and only the ends are new."""
    if len(after) < len(before):
        return False
    return all(np.array_equal(old, new[: len(old)]) for old, new in zip(before, after, strict=False))


def thinned(stroke: Stroke) -> Stroke:
    """The points of `stroke` (n, 2) without those too near to the one before: a slow mouse gives one for each pixel.

    A longer stroke begins with the points of a shorter one, so that its line can be drawn on.
    """
    steps = np.hypot(*np.diff(stroke, axis=0).T)  # (n - 1,)
    piece = np.floor(np.concatenate([[0.0], np.cumsum(steps)]) / SPACING)  # (n,)
    return stroke[np.flatnonzero(np.diff(piece, prepend=-1.0))]


def fine_image(canvas: Canvas, side: int, theme: Theme) -> pygame.Surface:
    """The ink of `canvas` as finely as it is known, `side` pixels wide."""
    ink = (canvas.ink * 255).astype(np.uint8)
    fine = cells(ink, (len(ink), len(ink)), theme.paper, theme.ink)
    image = pygame.transform.smoothscale(fine, (side, side))
    image.blit(grid_lines(side, theme), (0, 0), special_flags=blend_of(theme))
    return image


@lru_cache(maxsize=4)
def grid_lines(side: int, theme: Theme) -> pygame.Surface:
    """Faint lines between the cells and a cross in the middle. Blended, they do not change the ink."""
    cell = side // CELLS
    lines = pygame.Surface((side, side))
    lines.fill(theme.paper)
    for position in (*range(0, side, cell), side - 1):
        pygame.draw.line(lines, theme.grid_line, (position, 0), (position, side))
        pygame.draw.line(lines, theme.grid_line, (0, position), (side, position))
    middle, arm = side // 2, cell // 2
    pygame.draw.line(lines, theme.centre_mark, (middle - arm, middle), (middle + arm, middle))
    pygame.draw.line(lines, theme.centre_mark, (middle, middle - arm), (middle, middle + arm))
    return lines


def blend_of(theme: Theme) -> int:
    """How to blend lines with ink, so that the lighter one is seen on dark paper, and the darker one on light."""
    return pygame.BLEND_RGB_MAX if theme.is_dark else pygame.BLEND_RGB_MIN
