"""The calibration curve: whether a network that says 80 % is right eight times out of ten.

An answer comes with a probability, and people believe it. The curve shows how far they may: on the diagonal it means
what it says, and below it the network is too sure of itself.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.session.language import gettext as _
from drawapp.ui.painter import Painter
from drawapp.ui.theme import SMALLEST
from nn_scratch.calibration import Reliability

DOTS = 1.5, 4.5  # pixels: the radius of a dot, from few examples to most of them
FEWEST = 12  # examples of a point
LABELLED = 96  # pixels of a chart, from which on its axes have words


def draw_calibration(painter: Painter, box: Box, curve: Reliability) -> None:
    """Draw `curve` in the square `box`: across, how sure the network was; up, how often it was right."""
    theme = painter.theme
    pygame.draw.rect(painter.surface, theme.paper, box)
    pygame.draw.rect(painter.surface, theme.card_edge, box, 1)

    def place(x: float, y: float) -> Point:
        return box.left + x * (box.width - 1), box.bottom - 1 - y * (box.height - 1)

    painter.lines([place(0, 0), place(1, 1)], theme.centre_mark, 1)
    points = joined(curve)
    most = max(point.examples for point in points)
    painter.lines([place(point.confidence, point.accuracy) for point in points], theme.answer, painter.pixels(1.5))
    for point in points:
        radius = DOTS[0] + (DOTS[1] - DOTS[0]) * math.sqrt(point.examples / most)
        painter.disc(place(point.confidence, point.accuracy), painter.scale * radius, theme.answer)
    if box.width >= painter.pixels(LABELLED) * painter.type_scale:
        inset = painter.pixels(5)
        painter.write(_("right"), SMALLEST, theme.muted, "topleft", (box.left + inset, box.top + 2))
        at = (box.right - inset, box.bottom - 2)
        painter.write(_("sure"), SMALLEST, theme.muted, "bottomright", at)


class Dot(NamedTuple):
    """A point of the curve: so many examples, their mean confidence, and the fraction of them that is right."""

    examples: int
    confidence: float
    accuracy: float


def joined(curve: Reliability) -> list[Dot]:
    """The points of `curve` from the least sure on. One with fewer than `FEWEST` examples is joined with the next.

    A handful of examples would only show chance.
    """
    dots: list[Dot] = []
    for number in np.flatnonzero(curve.count):
        dot = Dot(int(curve.count[number]), float(curve.confidence[number]), float(curve.accuracy[number]))
        if dots and dots[-1].examples < FEWEST:
            dot = mean(dots.pop(), dot)
        dots.append(dot)
    return dots


def mean(one: Dot, other: Dot) -> Dot:
    """The point of the examples of both."""
    count = one.examples + other.examples
    confidence = (one.examples * one.confidence + other.examples * other.confidence) / count
    return Dot(count, confidence, (one.examples * one.accuracy + other.examples * other.accuracy) / count)
