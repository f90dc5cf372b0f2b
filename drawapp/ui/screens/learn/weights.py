"""The weights of the first layer as images, and how strongly each layer is being corrected.

At the start the weights are noise. When they sharpen, the network has found out which strokes tell digits apart.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray

from drawapp.drawing.geometry import Box
from drawapp.session.language import gettext as _
from drawapp.ui.painter import Painter
from drawapp.ui.screens.learn.text import draw_caption
from drawapp.ui.theme import SMALLEST, Theme
from nn_scratch.arrays import Array

LEAST = 14  # pixels along the side of a tile: of more units than fit, the first ones are shown
FULL = 3.0  # standard deviations of the weights of a unit: as large as this, or larger, they have the full colour
GAPS = 0.8  # tiles that fill their rows are better than others, unless those are much larger
MIDDLE = 127  # the level of a weight of 0, of 2 MIDDLE + 1
GAP = 2  # pixels between tiles


def draw_weights(painter: Painter, box: Box, weights: Array) -> None:
    """Draw a card with the images `weights` (units, H, W), as large as fits."""
    painter.card(box)
    theme, inner = painter.theme, box.shrunk(painter.pixels(12))
    caption = painter.line_height(SMALLEST) + painter.pixels(4)
    place = inner.without_top(caption)
    columns, side, count = grid_for(len(weights), place, painter.pixels(LEAST), weights.shape[1])
    if count < len(weights):
        draw_caption(painter, inner, _("{count} of {all} units").format(count=count, all=len(weights)))
    else:
        draw_caption(painter, inner, _("What the first layer looks for"), _("First layer"))
    if not count:
        return
    rows = -(-count // columns)
    pixels = mosaic(weights[:count], columns, theme)
    image = pygame.image.frombuffer(pixels.tobytes(), pixels.shape[1::-1], "RGB")
    size = (columns * side, rows * side)
    scaled = pygame.transform.smoothscale if side < weights.shape[2] else pygame.transform.scale
    left, top = place.left + (place.width - size[0]) // 2, place.top + (place.height - size[1]) // 2
    painter.surface.blit(scaled(image, size), (left, top))
    for number in range(columns + 1):
        x = left + number * side - GAP // 2
        pygame.draw.rect(painter.surface, theme.panel, (x, top, GAP, size[1]))
    for number in range(rows + 1):
        y = top + number * side - GAP // 2
        pygame.draw.rect(painter.surface, theme.panel, (left, y, size[0], GAP))


def grid_for(count: int, box: Box, least: int, pixels: int) -> tuple[int, int, int]:
    """Columns and the side of the tiles, as large as fits in `box`, and how many of `count` are shown.

    Sides are whole multiples of the `pixels` of an image where they are larger, or its pixels would differ.
    """
    if not count or box.width < least or box.height < least:
        return 1, 1, 0
    count = min(count, (box.width // least) * (box.height // least))
    best = (0.0, 1, 1)
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        side = min(box.width // columns, box.height // rows)
        side = side // pixels * pixels if side >= pixels else side
        best = max(best, (side if count % columns == 0 else GAPS * side, columns, side))
    return best[1], best[2], count


def mosaic(weights: Array, columns: int, theme: Theme) -> NDArray[np.uint8]:
    """The images `weights` (units, H, W) in rows of `columns`, as colours: blue above 0, orange below."""
    count, height, width = weights.shape
    rows = -(-count // columns)
    full = FULL * weights.std(axis=(1, 2), keepdims=True)  # (units, 1, 1)
    levels = np.full((rows * columns, height, width), MIDDLE, np.uint8)
    levels[:count] = np.clip(weights * (MIDDLE / np.maximum(full, 1e-12)), -MIDDLE, MIDDLE) + (MIDDLE + 0.5)
    together = levels.reshape(rows, columns, height, width).transpose(0, 2, 1, 3)
    return signed_shades(theme)[together.reshape(rows * height, columns * width)]  # (rows H, columns W, 3)


@lru_cache(maxsize=4)
def signed_shades(theme: Theme) -> NDArray[np.uint8]:
    """The colours from orange (0) by paper (`MIDDLE`) to blue, (2 MIDDLE + 1, 3)."""
    strength = np.linspace(-1, 1, 2 * MIDDLE + 1, dtype=np.float32)[:, None]
    paper, blue, orange = (np.array(colour, np.float32) for colour in (theme.paper, theme.answer, theme.unsure))
    mixed = paper + np.clip(strength, 0, 1) * (blue - paper) + np.clip(-strength, 0, 1) * (orange - paper)
    return (mixed + 0.5).astype(np.uint8)


def draw_gradients(painter: Painter, box: Box, sizes: dict[str, float]) -> None:
    """Draw a card with one bar per layer: the size of its last gradient."""
    painter.card(box)
    box = box.shrunk(painter.pixels(12))
    theme, largest = painter.theme, max(sizes.values(), default=0.0) or 1.0
    caption = painter.line_height(SMALLEST)
    painter.write(_("Size of the gradient"), SMALLEST, theme.text, "topleft", box[:2], bold=True, room=box.width)
    inner = box.without_top(caption + painter.pixels(2))
    pitch = min(inner.height / max(len(sizes), 1), 1.6 * caption)
    if math.floor(pitch) < painter.type_size(SMALLEST):
        return
    labels = max((painter.width(name_of(name), SMALLEST) for name in sizes), default=0) + painter.pixels(10)
    numbers = painter.width("0.0000", SMALLEST) + painter.pixels(8)
    for number, (name, size) in enumerate(sizes.items()):
        middle = round(inner.top + (number + 0.5) * pitch)
        painter.write(name_of(name), SMALLEST, theme.muted, "midleft", (inner.left, middle))
        track = Box(
            inner.left + labels, middle - painter.pixels(4), max(8, inner.width - labels - numbers), painter.pixels(8)
        )
        painter.fill(track, theme.track, 4)
        length = max(track.height, round(track.width * size / largest))
        painter.fill(track.without_right(track.width - length), theme.answer, 4)
        painter.write(f"{size:.4f}", SMALLEST, theme.text, "midright", (inner.right, middle))


def name_of(layer: str) -> str:
    """The name of a layer as people read it: dense 1."""
    return layer.replace("_", " ")
