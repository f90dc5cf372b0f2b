"""The sheet: the grid with the ink on it, and the brush."""

from __future__ import annotations

import pygame

from drawapp import paint, theme
from drawapp.canvas import CELLS, Canvas
from drawapp.layout import Layout
from drawapp.theme import Colour

SHADES = paint.shades(theme.PAPER, theme.INK)


class Sheet:
    """Draws the canvas. Keeps the picture of the grid until the ink changes."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lines = _grid_lines(layout)
        self._revision = -1
        self._picture = pygame.Surface(layout.viewport.grid[2:])

    def draw(self, surface: pygame.Surface, canvas: Canvas) -> None:
        """Draw the ink of `canvas` as 28x28 cells."""
        grid = self._layout.viewport.grid
        if canvas.revision != self._revision:
            self._revision = canvas.revision
            self._picture = paint.picture(canvas.grid(), (grid.width, grid.height), SHADES)
            self._picture.blit(self._lines, (0, 0), special_flags=pygame.BLEND_RGB_MAX)
        surface.blit(self._picture, grid)

    def draw_invitation(self, surface: pygame.Surface, words: str) -> None:
        """Say on the empty sheet what to do."""
        pixels, (x, y) = self._layout.pixels, self._layout.viewport.grid.centre
        paint.write(surface, theme.text(words, pixels(theme.TITLE), theme.MUTED), "midbottom", (x, y - pixels(24)))
        hint = theme.text("any size, anywhere on the grid", pixels(theme.BODY), theme.FAINT)
        paint.write(surface, hint, "midtop", (x, y + pixels(24)))

    def draw_brush(self, surface: pygame.Surface, at: tuple[float, float], width: float, colour: Colour) -> None:
        """A circle as wide as the brush where the mouse is."""
        radius = round(width * self._layout.viewport.cell / 2)
        surface.set_clip(self._layout.sheet)
        pygame.draw.aacircle(surface, colour, at, max(2, radius), max(1, round(1.5 * self._layout.scale)))
        surface.set_clip(None)


def _grid_lines(layout: Layout) -> pygame.Surface:
    """Faint lines between the cells and a cross in the middle, on black; they lighten paper and spare ink."""
    side = layout.viewport.grid.width
    cell = side // CELLS
    lines = pygame.Surface((side, side))
    for position in range(cell, side, cell):
        pygame.draw.line(lines, theme.GRID_LINE, (position, 0), (position, side))
        pygame.draw.line(lines, theme.GRID_LINE, (0, position), (side, position))
    middle, arm = side // 2, cell // 2
    pygame.draw.line(lines, theme.CENTRE_MARK, (middle - arm, middle), (middle + arm, middle))
    pygame.draw.line(lines, theme.CENTRE_MARK, (middle, middle - arm), (middle, middle + arm))
    return lines
