"""What the network saw: the image of 28x28 made of the drawing, or of each of its characters.

The network does not read the sheet itself, but each character cut out, scaled and centred. Many wrong answers can be
understood by looking at that image.
"""

from __future__ import annotations

import math

import pygame

from drawapp.drawing.canvas import CELLS
from drawapp.drawing.geometry import Box
from drawapp.reading.prediction import Prediction
from drawapp.ui import paint, theme
from drawapp.ui.layout import Layout

SHADES = paint.shades(theme.PAPER, theme.INK)


def draw_seen(surface: pygame.Surface, layout: Layout, prediction: Prediction | None) -> None:
    """Draw what the network saw into its panel. Of several characters, that which the bars belong to is framed."""
    panel = layout.seen
    side = panel.width - 2 * layout.pixels(14)
    side -= side % CELLS
    margin = (panel.width - side) // 2
    caption = theme.text("Network sees", layout.pixels(theme.CAPTION), theme.MUTED)
    paint.write(surface, caption, "topleft", (panel.left + margin, layout.answer.top + layout.pixels(20)))
    square = Box(panel.left + margin, panel.bottom - margin - side, side, side)
    characters = prediction.characters if prediction else ()
    for number, frame in enumerate(frames(square, max(len(characters), 1), layout.pixels(6))):
        edge = theme.EDGE
        if prediction and characters:
            surface.blit(paint.image(characters[number].image, (frame.width, frame.height), SHADES), frame)
            if len(characters) > 1 and number == prediction.least_sure:
                edge = theme.ANSWER if characters[number].label else theme.UNSURE
        else:
            surface.fill(theme.PAPER, frame)
        pygame.draw.rect(surface, edge, frame.shrunk(-1), 1)


def frames(square: Box, count: int, gap: int) -> list[Box]:
    """`count` equal squares within `square`, row by row from left to right; the rows are centred in its height."""
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    side = (square.width - (columns - 1) * gap) // columns
    top = square.centre[1] - (rows * (side + gap) - gap) // 2
    return [
        Box(square.left + k % columns * (side + gap), top + k // columns * (side + gap), side, side)
        for k in range(count)
    ]
