"""Shapes: what a component shows by its geometry alone, a dot, a level bar or an upright bar.

A network that has learned digits names a digit for any ink, and a rejector misses what it was never shown enough of. A
click, a minus and an equals sign need no network: they are known by their size and by how straight they are, however
large they are drawn and with whatever pen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array

Pixels = NDArray[np.intp]  # (n, 2): x, y

STRAIGHT = 0.15  # of its length: a level bar bends less
FLAT = 0.3  # of its length: one of several level bars bends less
BARE = 0.08  # of its length: an upright bar that bends more may have a foot or a hook, which tell a 1 from an L
LEVEL, UPRIGHT = 25.0, 55.0  # degrees: a level bar rises less, an upright bar rises more
ROUND = 1.6  # times as long as wide: a dot is less
SOLID = 0.9  # of the area of an ellipse that spreads as far: a dot covers more, a line with a bend less
TINY = 0.25  # of a drawing: components that are all smaller are dots
MOST_DOTS = 3  # more of them may be a character in dots, made of clicks


class Kind(Enum):
    """What a component shows. Most components show none of these."""

    DOT = "dot"
    LEVEL_BAR = "level bar"
    FLAT = "flat"  # a level bar where others are above or below it; alone it may be an m
    UPRIGHT_BAR = "upright bar"


@dataclass(frozen=True)
class Shape:
    """A character that is known by its geometry: `count` components of one `kind`."""

    kind: Kind
    count: int = 1

    @property
    def is_character(self) -> bool:
        """Whether it may be a character: an upright bar is a 1 or a letter, dots and level bars are neither."""
        return self.kind is Kind.UPRIGHT_BAR


def shape_of(kinds: Sequence[Kind | None], extents: Sequence[float], extent: float) -> Shape | None:
    """The shape that components of `kinds` and `extents` make together, all within `extent`.

    None where only a network can tell.
    """
    count, found = len(kinds), set(kinds)
    if count <= MOST_DOTS and (found == {Kind.DOT} or max(extents) <= TINY * extent):
        return Shape(Kind.DOT, count)
    if found == {Kind.LEVEL_BAR} or (count > 1 and found <= {Kind.LEVEL_BAR, Kind.FLAT}):
        return Shape(Kind.LEVEL_BAR, count)
    return Shape(Kind.UPRIGHT_BAR) if kinds == [Kind.UPRIGHT_BAR] else None


def kind_of_line(points: Array, dot: float) -> Kind | None:
    """What a centre line through `points` (n, 2) shows. It is a dot if its extent is at most `dot`."""
    if np.ptp(points, axis=0).max() <= dot:
        return Kind.DOT
    return kind_of_bar(Spread(points), width=0.0)


def kind_of_ink(pixels: Pixels) -> Kind | None:
    """What the inked `pixels` (n, 2) of a component show, each x, y of its corner."""
    spread, area = Spread(pixels, pixel=1.0), len(pixels)
    ellipse = (
        4 * np.pi * spread.deviation_along * spread.deviation_across
    )  # pi a b, and each semi-axis is twice as long
    if spread.deviation_along < ROUND * spread.deviation_across and area > SOLID * ellipse:
        return Kind.DOT
    return kind_of_bar(spread, width=area / spread.along)


def kind_of_bar(spread: Spread, width: float) -> Kind | None:
    """Which bar it is that spreads so and is drawn with a pen `width` wide; None where it is not straight."""
    bend = (spread.across - width) / max(spread.along, 1e-9)
    if spread.degrees < LEVEL:
        return Kind.LEVEL_BAR if bend < STRAIGHT else Kind.FLAT if bend < FLAT else None
    return Kind.UPRIGHT_BAR if bend < BARE and spread.degrees > UPRIGHT else None


class Spread:
    """How far `points` (n, 2) spread `along` their main direction and `across` it, and how steep that is.

    The main direction is the first eigenvector of their covariance (Pearson 1901), the other one stands upright on it.
    `deviation_along` and `deviation_across` are the standard deviations. Each point is a square `pixel` wide, whose own
    variance is pixel^2 / 12.
    """

    def __init__(self, points: Array | Pixels, pixel: float = 0.0) -> None:
        centred = points.astype(np.float64) - points.mean(axis=0)  # (n, 2)
        variances, directions = np.linalg.eigh(centred.T @ centred / len(points))  # (2,) ascending, (2, 2) in columns
        self.deviation_across, self.deviation_along = np.sqrt(np.maximum(variances, 0) + pixel**2 / 12)
        self.across, self.along = np.ptp(centred @ directions, axis=0) + pixel
        self.degrees = float(np.degrees(np.arctan2(*np.abs(directions[::-1, 1]))))
