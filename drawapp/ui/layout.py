"""The layout: where everything lies, for any size of the window.

What is drawn and what is pressed must agree on places, so they are computed once: by one pure function from the size of
the window to rectangles. All lengths are pixels; `scale` is 1 in a window of 1100x720, and everything but the grid
(type, margins, bars) grows with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from drawapp.drawing.canvas import CELLS
from drawapp.drawing.geometry import Box, Point

DEFAULT = (1100, 720)
MINIMUM = (800, 540)


@dataclass(frozen=True)
class Viewport:
    """Converts between pixels of the window and cells of the canvas."""

    grid: Box

    @property
    def cell(self) -> float:
        """Pixels along the side of a cell."""
        return self.grid.width / CELLS

    def to_cells(self, x: float, y: float) -> Point:
        return (x - self.grid.left) / self.cell, (y - self.grid.top) / self.cell

    def to_screen(self, x: float, y: float) -> Point:
        return self.grid.left + x * self.cell, self.grid.top + y * self.cell


@dataclass(frozen=True)
class Layout:
    """Where everything lies in a window of the size `window`."""

    window: tuple[int, int]
    scale: float
    sheet: Box  # the panel around the grid
    viewport: Viewport
    header: Box  # the line above the answer, in which the model is chosen
    answer: Box
    seen: Box  # the panel with the image that the network saw
    bars: Box
    keys: Box  # the line of key hints

    def pixels(self, length: float) -> int:
        """`length`, meant for a window of the default size, in pixels of this one."""
        return max(1, round(length * self.scale))


def layout_for(window: tuple[int, int]) -> Layout:
    """Lay the screen out in a window of (width, height) pixels; one smaller than `MINIMUM` cuts it off."""
    width, height = max(window[0], MINIMUM[0]), max(window[1], MINIMUM[1])
    scale = min(width / DEFAULT[0], height / DEFAULT[1])

    def pixels(length: float) -> int:
        return max(1, round(length * scale))

    margin, gap, gutter, padding = pixels(32), pixels(24), pixels(16), pixels(10)
    column_width, keys_height = pixels(404), pixels(32)
    side = min(width - gap - column_width, height - gutter - keys_height) - 2 * margin - 2 * padding
    side -= side % CELLS  # whole pixels per cell, or the cells would differ in size
    sheet_side = side + 2 * padding
    left = (width - sheet_side - gap - column_width) // 2
    top = (height - sheet_side - gutter - keys_height) // 2
    sheet = Box(left, top, sheet_side, sheet_side)

    column = sheet.right + gap
    header = Box(column, top, column_width, pixels(36))
    card_height, seen_width = pixels(208), pixels(152)
    answer = Box(column, header.bottom + gutter, column_width - gutter - seen_width, card_height)
    seen = Box(answer.right + gutter, answer.top, seen_width, card_height)
    bars_top = answer.bottom + gutter
    bars = Box(column, bars_top, column_width, sheet.bottom - bars_top)
    keys = Box(left, sheet.bottom + gutter, sheet_side + gap + column_width, keys_height)
    return Layout((width, height), scale, sheet, Viewport(sheet.shrunk(padding)), header, answer, seen, bars, keys)
