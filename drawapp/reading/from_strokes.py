"""Drawn strokes: a drawing known by its centre lines, in connected parts.

Strokes are connected where their centre lines cross or come near each other. How wide the pen was does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drawapp.reading import connected
from drawapp.reading.grouping import Bounds, settle
from drawapp.reading.segment import Span
from nn_scratch.arrays import Images
from nn_scratch.images import ink
from nn_scratch.images.ink import Stroke

NEAR = 0.04  # of the largest stroke: three quarters of the strokes of pen digits come this near to another
FINENESS = 48  # samples along the largest stroke, at least: less than half a pixel of the normalized image
MOST_SAMPLES = 600  # of a drawing, about: scribbles are read in bounded time, too


class DrawnStrokes:
    """The parts of `strokes`, each (n, 2) in any unit. Raises ValueError where there is no point."""

    def __init__(self, strokes: Sequence[Stroke]) -> None:
        finite = [stroke[np.isfinite(stroke).all(axis=1)] for stroke in strokes]
        strokes = resampled([stroke for stroke in finite if len(stroke)])
        number = connected.groups(len(strokes), touching(strokes))
        pieces = [[strokes[i] for i in np.flatnonzero(number == k)] for k in range(number.max() + 1)]
        members = settle([bounds_of(piece) for piece in pieces])
        self._strokes = [[stroke for i in part for stroke in pieces[i]] for part in members]
        self.parts = [bounds_of(part) for part in self._strokes]

    def image(self, span: Span, /) -> Images:
        """The parts of `span` as the network reads them: uint8 (28, 28)."""
        drawn = ink.render([stroke for part in self._strokes[span.first : span.last] for stroke in part])
        assert drawn is not None  # every part has a point
        return drawn


def bounds_of(strokes: Sequence[Stroke]) -> Bounds:
    """The box around the centre lines of `strokes`."""
    points = np.concatenate(strokes)
    return Bounds(*map(float, points.min(axis=0)), *map(float, points.max(axis=0)))


def resampled(strokes: Sequence[Stroke]) -> list[Stroke]:
    """`strokes` with samples at even distances, however fast the pen was."""
    if not strokes:
        raise ValueError("There is no point in the drawing.")
    along = [np.append(0.0, np.hypot(*np.diff(stroke, axis=0).T).cumsum()) for stroke in strokes]
    total = sum(lengths[-1] for lengths in along)
    step = max(max(bounds_of([stroke]).extent for stroke in strokes) / FINENESS, total / MOST_SAMPLES)
    evenly = []
    for stroke, lengths in zip(strokes, along, strict=True):
        at = np.linspace(0.0, lengths[-1], int(np.ceil(lengths[-1] / step)) + 1) if lengths[-1] > 0 else np.zeros(1)
        evenly.append(np.stack([np.interp(at, lengths, stroke[:, axis]) for axis in (0, 1)], axis=1))
    return evenly


def touching(strokes: Sequence[Stroke]) -> connected.Numbers:
    """The pairs (E, 2) of `strokes` that cross or come near each other."""
    near = NEAR * max(bounds_of([stroke]).extent for stroke in strokes)
    points = np.concatenate(strokes)  # (P, 2)
    owner = np.repeat(np.arange(len(strokes)), [len(stroke) for stroke in strokes])  # (P,)
    away2 = (points[:, None, 0] - points[:, 0]) ** 2 + (points[:, None, 1] - points[:, 1]) ** 2  # (P, P)
    first, second = np.nonzero(away2 <= near * near)
    return np.stack([owner[first], owner[second]], axis=1)
