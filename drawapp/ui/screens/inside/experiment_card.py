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
from drawapp.ui.screens.inside.plan import TrialPlan
from drawapp.ui.screens.inside.wording import wrapped
from drawapp.ui.theme import BODY, SMALLEST, STRONG

BESIDE = 180  # pixels that the words need beside the images


def draw_experiment(painter: Painter, inner: Box, experiment: Experiment) -> None:
    """Draw images in `inner`, and the words beside them, or above them where there is no room."""
    gap = painter.pixels(14)
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
    draw_frames(painter, Box(inner.left, inner.top + caption, side, side), experiment, pitch)


def draw_trial(painter: Painter, inner: Box, experiment: Experiment, plan: TrialPlan) -> None:
    """Draw the words at the top of `inner`, and the images below them, on the left of the controls."""
    draw_words(painter, inner, experiment)
    place = Box(plan.images.left, plan.images.top + plan.caption, plan.side, plan.side)
    draw_frames(painter, place, experiment, plan.pitch)


def draw_frames(painter: Painter, first: Box, experiment: Experiment, pitch: int) -> None:
    """Draw the images side by side; the first lies at `first`."""
    for number, frame in enumerate(experiment.frames):
        place = Box(first.left + number * pitch, first.top, first.width, first.height)
        draw_frame(painter, place, frame, pitch - painter.pixels(7))


def draw_words(painter: Painter, box: Box, experiment: Experiment) -> int:
    """Write the title and the sentence at the top of `box`; returns how high they are."""
    theme = painter.theme
    written = painter.write(experiment.title, STRONG, theme.text, "topleft", box[:2], bold=True, room=box.width)
    if written.width + painter.width(experiment.source, SMALLEST) + painter.pixels(20) <= box.width:
        painter.write(experiment.source, SMALLEST, theme.muted, "midright", (box.right, written.centre[1]))
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
