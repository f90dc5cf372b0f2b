"""The parts that cards are made of: a heading with a line of numbers, terms in columns, and signed images.

A unit, a pixel of a feature map and a pixel of an image each have a card of their own, but a sum looks the same on all
of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygame

from drawapp.drawing.geometry import Box
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.wording import wrapped
from drawapp.ui.theme import BODY, SMALLEST, STRONG, Theme
from nn_scratch.arrays import Array

SHORT = 260  # pixels: in less than that, places are told in short
TIGHTEST = 0.75  # of a line of type: lines may come as close


def draw_heading(painter: Painter, box: Box, title: str, pieces: Sequence[str]) -> Box:
    """The title and what follows, in one row where both fit. Returns the box that is left."""
    theme, gap = painter.theme, painter.pixels(16)
    written = painter.write(title, STRONG, theme.text, "topleft", box[:2], bold=True, room=box.width)
    beside, line = box.right - written.right - gap, " ".join(pieces)
    middle, height = written.centre[1], painter.line_height(STRONG) + painter.pixels(4)
    if painter.width(line, SMALLEST) <= beside:
        painter.write(line, BODY, theme.text, "midleft", (written.right + gap, middle), room=beside)
        return box.without_top(height)
    lines = wrapped(painter, pieces, box.width)
    for number, words in enumerate(lines):
        at = (box.left, written.bottom + number * painter.line_height(BODY))
        painter.write(words, BODY, theme.text, "topleft", at, room=box.width)
    return box.without_top(height + len(lines) * painter.line_height(BODY))


def draw_terms(painter: Painter, box: Box, line: int, terms: list[tuple[str, str]]) -> None:
    """The largest terms, in as many columns as are needed for them to fit; what has no room is left out, not cut."""
    theme, gap = painter.theme, painter.pixels(8)
    widest = gap + max((painter.width(f"{source}{product}", SMALLEST) for source, product in terms), default=0)
    if not terms or widest > box.width:
        return
    if TIGHTEST * line <= box.height / len(terms) < line:
        line = box.height // len(terms)  # rather close lines than two columns
    rows = max(1, box.height // line)
    columns = min(-(-len(terms) // rows), max(1, box.width // (widest + gap)))
    width = box.width // columns
    for index, (source, product) in enumerate(terms[: rows * columns]):
        left, top = box.left + index // rows * width, box.top + index % rows * line
        written = painter.write(source, SMALLEST, theme.muted, "topleft", (left, top))
        painter.write(product, SMALLEST, theme.text, "topleft", (written.right + gap, top))


def draw_signed(painter: Painter, place: Box, values: Array, caption: str, largest: float = 0.0) -> None:
    """Draw `values` (H, W) in `place`, and above it what they are."""
    at = (place.left, place.top - 2)
    painter.write(caption, SMALLEST, painter.theme.muted, "bottomleft", at)
    pygame.draw.rect(painter.surface, painter.theme.card_edge, place.shrunk(-1))
    size = (place.width, place.height)
    painter.put(signed_image(values, size, painter.theme, largest), "topleft", place[:2])


def signed_image(values: Array, size: tuple[int, int], theme: Theme, largest: float = 0.0) -> pygame.Surface:
    """`values` (H, W) as colours: blue above 0, orange below, paper at 0; full at `largest`, or at the largest."""
    strength = (np.abs(values) / max(largest or float(np.abs(values).max()), 1e-12))[..., None]  # (H, W, 1)
    full = np.where((values > 0)[..., None], np.array(theme.answer), np.array(theme.unsure))  # (H, W, 3)
    pixels = (np.array(theme.paper) * (1 - strength) + full * strength + 0.5).astype(np.uint8)
    return pygame.transform.scale(pygame.image.frombuffer(pixels.tobytes(), values.shape[::-1], "RGB"), size)
