"""The sheet: the grid with the ink on it, and the brush.

The network reads 28x28 cells, so the sheet shows the drawing in as many: one sees how little that is. The canvas knows
the strokes more finely than the cells do, and they are what is read, so they show through as thin bright lines: where
the cells are only a blob, one still sees what was written.
"""

from __future__ import annotations

import pygame

from drawapp.drawing.canvas import CELLS, Canvas
from drawapp.drawing.geometry import Box, Point
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui import intents
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.layout import Layout, Viewport
from drawapp.ui.painter import Painter
from drawapp.ui.pen import Brush
from drawapp.ui.screens.draw.ink_image import InkImage
from drawapp.ui.theme import BODY, TITLE

INVITATIONS = {
    "digit": marked("draw a digit"),
    "letter": marked("draw a letter"),
    "character": marked("draw a character"),
}
ARROWS = {pygame.K_LEFT: (-1, 0), pygame.K_RIGHT: (1, 0), pygame.K_UP: (0, -1), pygame.K_DOWN: (0, 1)}
FINE_STEP = 0.25  # cells that an arrow moves the pen with Shift; 1 without


class Sheet(Control):
    """Draws the canvas and takes the pen."""

    def __init__(self) -> None:
        super().__init__("grid")
        self.viewport = Viewport(Box(0, 0, CELLS, CELLS))
        self._erases = False
        self._held: int | None = None  # the key that draws or erases
        self._arrows: set[int] = set()  # the arrows that are down
        self._ink: InkImage | None = None

    def arrange(self, layout: Layout) -> None:
        """Put the sheet there."""
        self.box, self.viewport = layout.sheet, layout.viewport

    def press(self, at: Point, erase: bool = False) -> Intent | None:
        """The pen goes down."""
        self._erases = erase
        return intents.PenDown(self.viewport.to_cells(*at), erase)

    def drag(self, at: Point) -> Intent | None:
        """The pen moves."""
        return intents.PenMove(self.viewport.to_cells(*at))

    def wheel(self, steps: int) -> Intent | None:
        """The wheel makes the brush wider or narrower."""
        return intents.ChangeBrush(steps)

    def release(self, at: Point) -> Intent | None:
        """The pen is lifted."""
        return intents.PenUp(self._erases)

    def key(self, stroke: KeyStroke) -> Intent | None:
        """Arrows move the pen, all that are down together. Space draws and Backspace erases while they are down."""
        if stroke.key in ARROWS:
            self._arrows.add(stroke.key)
            step = FINE_STEP if stroke.shift else 1.0
            right, down = (step * sum(ARROWS[key][axis] for key in self._arrows) for axis in (0, 1))
            return intents.StepPen(right, down)
        if stroke.key in (pygame.K_SPACE, pygame.K_BACKSPACE) and self._held is None:
            self._held = stroke.key
            return intents.PutDown(stroke.key == pygame.K_BACKSPACE)
        return None

    def key_up(self, stroke: KeyStroke) -> Intent | None:
        """The key that draws or erases lifts the pen."""
        self._arrows.discard(stroke.key)
        if stroke.key != self._held:
            return None
        self._held = None
        return intents.PenUp(stroke.key == pygame.K_BACKSPACE)

    def draw_canvas(self, painter: Painter, canvas: Canvas, is_fine: bool, state: State) -> None:
        """Draw the paper, and the ink of `canvas` as 28x28 cells or, where `is_fine`, as it was drawn."""
        painter.card(self.box, painter.theme.paper)
        grid = self.viewport.grid
        if self._ink is None or (self._ink.side, self._ink.theme) != (grid.width, painter.theme):
            self._ink = InkImage(grid.width, painter.theme)
        self._ink.draw(painter, (grid.left, grid.top), canvas, is_fine)
        if state.has_ring:
            painter.ring(self.box, 14)

    def draw_invitation(self, painter: Painter, noun: str) -> None:
        """Write on the empty sheet what to do."""
        (x, y), away, room = self.viewport.grid.centre, 2 * self.viewport.cell, self.viewport.grid.width
        lines = [(_(INVITATIONS[noun]), TITLE, y - away), (_("any size, anywhere"), BODY, y + away)]
        if 4 * away < painter.line_height(TITLE) + painter.line_height(BODY):
            lines = [(_(INVITATIONS[noun]), BODY, y)]  # a small sheet has room for one line
        for words, size, middle in lines:
            width, height = min(painter.width(words, size) + painter.pixels(16), room), painter.line_height(size)
            painter.fill(Box(x - width // 2, round(middle) - height // 2, width, height), painter.theme.paper, 8)
            painter.write(words, size, painter.theme.muted, "center", (x, middle), room=room)

    def draw_brush(self, painter: Painter, brush: Brush) -> None:
        """Draw a circle as wide as the brush where it is, seen on ink and on paper. The eraser has a cross."""
        if brush.at is None:
            return
        theme, at = painter.theme, self.viewport.to_screen(*brush.at)
        radius, line = max(painter.pixels(3), round(brush.width * self.viewport.cell / 2)), painter.pixels(1.5)
        with painter.within(self.box):
            painter.disc(at, radius + line, theme.paper, 3 * line)
            painter.disc(at, radius, theme.unsure if brush.erases else theme.answer, line)
            if brush.erases:
                (x, y), arm = at, radius * 0.4
                for side in (-1, 1):
                    painter.lines([(x - arm, y - side * arm), (x + arm, y + side * arm)], theme.unsure, line)
