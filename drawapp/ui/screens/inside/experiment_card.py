"""The card of an experiment: its images side by side, and one sentence.

What a network dreams of and what fools it are images first. They lie where the card of a unit lies, because one looks
at one thing at a time.
"""

from __future__ import annotations

import numpy as np
import pygame

from drawapp.drawing.geometry import Box
from drawapp.reading.experiments import Experiment
from drawapp.ui.painter import Painter
from drawapp.ui.screens.inside.unit_card import signed_image
from drawapp.ui.theme import BODY, SMALLEST, STRONG


def draw_experiment(painter: Painter, box: Box, inset: int, experiment: Experiment) -> None:
    """Draw the card of `experiment` in `box`."""
    painter.card(box)
    theme, inner = painter.theme, box.shrunk(min(inset, painter.pixels(14)))
    painter.write(experiment.title, STRONG, theme.text, "topleft", inner[:2], bold=True, room=inner.width)
    inner = inner.without_top(painter.line_height(STRONG))
    painter.write(experiment.sentence, BODY, theme.muted, "topleft", inner[:2], room=inner.width)
    inner = inner.without_top(painter.line_height(BODY) + painter.pixels(4))
    caption, gap = painter.line_height(SMALLEST), painter.pixels(14)
    count = max(len(experiment.frames), 3)
    pitch = min(inner.width // count, inner.height - caption + 4 * gap)
    side = min(inner.height - caption, pitch - gap)
    for number, frame in enumerate(experiment.frames):
        place = Box(inner.left + number * pitch, inner.top + caption, side, side)
        painter.write(frame.caption, SMALLEST, theme.muted, "topleft", (place.left, inner.top), room=pitch - gap // 2)
        pygame.draw.rect(painter.surface, theme.card_edge, place.shrunk(-1))
        if frame.is_signed:
            painter.put(signed_image(frame.image, (side, side), theme), "topleft", place[:2])
        else:
            painter.image(np.rint(frame.image * 255).astype(np.uint8), place, theme.paper, theme.ink)
