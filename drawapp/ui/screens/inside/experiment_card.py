"""The card of an experiment: its images side by side, and one sentence.

What a network dreams of and what fools it are images first. They lie where the card of a unit lies, because one looks
at one thing at a time.
"""

from __future__ import annotations

import numpy as np
import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading.experiments import Experiment, Frame
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.card_parts import signed_image
from drawapp.ui.screens.inside.wording import wrapped
from drawapp.ui.theme import BODY, SMALLEST, STRONG

BESIDE = 180  # pixels that the words need beside the images


def draw_experiment(painter: Painter, box: Box, inset: int, experiment: Experiment) -> None:
    """Draw the card of `experiment` in `box`: the words beside the images, or above them where there is no room."""
    painter.card(box)
    inner, gap = box.shrunk(min(inset, painter.pixels(14))), painter.pixels(14)
    caption, count = painter.line_height(SMALLEST), len(experiment.frames)
    side = inner.height - caption
    taken = count * (side + gap)
    if inner.width - taken >= painter.pixels(BESIDE):
        draw_words(painter, Box(inner.left + taken, inner.top, inner.width - taken, inner.height), experiment)
    else:
        inner = inner.without_top(draw_words(painter, inner, experiment) + painter.pixels(4))
        side = min(inner.height - caption, inner.width // count - gap)
    widest = max(painter.width(frame.caption, SMALLEST) for frame in experiment.frames)
    pitch = max(side + gap, min(inner.width // count, widest + gap))
    for number, frame in enumerate(experiment.frames):
        place = Box(inner.left + number * pitch, inner.top + caption, side, side)
        draw_frame(painter, place, frame, pitch - gap // 2)


def draw_words(painter: Painter, box: Box, experiment: Experiment) -> int:
    """Write the title and the sentence at the top of `box`; returns how high they are."""
    theme = painter.theme
    written = painter.write(experiment.title, STRONG, theme.text, "topleft", box[:2], bold=True, room=box.width)
    top = box.top + painter.line_height(STRONG)
    lines = wrapped(painter, experiment.sentence, box.width)
    for number, line in enumerate(lines):
        at = (box.left, top + number * painter.line_height(BODY))
        written = painter.write(line, BODY, theme.muted, "topleft", at, room=box.width)
    return written.bottom - box.top


def draw_frame(painter: Painter, place: Box, frame: Frame, room: int) -> None:
    """Draw one image in `place`, and above it what it is."""
    theme, size = painter.theme, (place.width, place.height)
    painter.write(frame.caption, SMALLEST, theme.muted, "bottomleft", (place.left, place.top - 2), room=room)
    pygame.draw.rect(painter.surface, theme.card_edge, place.shrunk(-1))
    if frame.is_signed:
        painter.put(signed_image(frame.image, size, theme), "topleft", place[:2])
    else:
        painter.image(np.rint(frame.image * 255).astype(np.uint8), place, theme.paper, theme.ink)
