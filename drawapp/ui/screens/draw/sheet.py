"""The sheet: the grid with the ink on it, and the brush.

The network reads 28x28 cells, so the sheet shows the drawing in as many: one sees how little that is.
"""

from __future__ import annotations

from collections.abc import Sequence

import pygame

from drawapp.drawing.canvas import CELLS, Canvas
from drawapp.drawing.geometry import around
from drawapp.reading.prediction import Character
from drawapp.ui import paint, theme
from drawapp.ui.layout import Layout
from drawapp.ui.theme import Colour

BRACKET = 1.8  # cells between the ink and the bracket
ROOM = 1.3  # cells between the bracket and the edge, for a line of type
NARROWEST = 1.5  # cells: the bracket of a 1
SHADES = paint.shades(theme.PAPER, theme.INK)


class Sheet:
    """Draws the canvas. Keeps the image of the grid until the ink changes."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lines = grid_lines(layout)
        self._revision = -1
        self._image = pygame.Surface(layout.viewport.grid[2:])

    def draw(self, surface: pygame.Surface, canvas: Canvas) -> None:
        """Draw the ink of `canvas` as 28x28 cells."""
        grid = self._layout.viewport.grid
        if canvas.revision != self._revision:
            self._revision = canvas.revision
            self._image = paint.image(canvas.grid(), (grid.width, grid.height), SHADES)
            self._image.blit(self._lines, (0, 0), special_flags=pygame.BLEND_RGB_MAX)
        surface.blit(self._image, grid)

    def draw_invitation(self, surface: pygame.Surface, words: str) -> None:
        """Write on the empty sheet what to do."""
        pixels, (x, y) = self._layout.pixels, self._layout.viewport.grid.centre
        paint.write(surface, theme.text(words, pixels(theme.TITLE), theme.MUTED), "midbottom", (x, y - pixels(24)))
        hint = theme.text("any size, anywhere on the grid", pixels(theme.BODY), theme.FAINT)
        paint.write(surface, hint, "midtop", (x, y + pixels(24)))

    def draw_brackets(self, surface: pygame.Surface, characters: Sequence[Character]) -> None:
        """Draw a bracket with the answer below each character, or above each where there is no room below."""
        viewport, pixels = self._layout.viewport, self._layout.pixels
        whole = around(character.bounds for character in characters)
        below = whole.bottom + BRACKET + ROOM <= CELLS or whole.bottom + whole.top < CELLS
        y = min(whole.bottom + BRACKET, CELLS - ROOM) if below else max(whole.top - BRACKET, ROOM)
        tick = -pixels(5) if below else pixels(5)
        for character in characters:
            colour = theme.UNSURE if character.label is None else theme.MUTED
            reach = max(character.bounds.right - character.bounds.left, NARROWEST) / 2
            (left, line), (right, _) = (
                viewport.to_screen(character.bounds.middle + side * reach, y) for side in (-1, 1)
            )
            points = [(left, line + tick), (left, line), (right, line), (right, line + tick)]
            pygame.draw.lines(surface, colour, False, points, max(1, round(self._layout.scale)))
            words = theme.text(character.label or "?", pixels(theme.BODY), colour, True)
            at = (round((left + right) / 2), round(line) + (pixels(3) if below else -pixels(3)))
            paint.write(surface, words, "midtop" if below else "midbottom", at)

    def draw_brush(self, surface: pygame.Surface, at: tuple[float, float], width: float, colour: Colour) -> None:
        """Draw a circle as wide as the brush where the mouse is."""
        radius = round(width * self._layout.viewport.cell / 2)
        surface.set_clip(self._layout.sheet)
        pygame.draw.aacircle(surface, colour, at, max(2, radius), max(1, round(1.5 * self._layout.scale)))
        surface.set_clip(None)


def grid_lines(layout: Layout) -> pygame.Surface:
    """Faint lines between the cells and a cross in the middle, on black: they lighten the paper, but not the ink."""
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
