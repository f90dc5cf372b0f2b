"""From strokes: a drawing whose centre lines are known, in components of connected strokes.

The canvas knows where the pen went. That is more than the ink tells: the strokes of neighbouring characters can be told
apart where their ink touches, and how wide the pen was does not matter. Strokes are connected where their centre lines
cross or come near each other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drawapp.drawing.geometry import Bounds
from drawapp.reading.shapes import kind_of_line
from nn_scratch import ink
from nn_scratch.arrays import Images
from nn_scratch.ink.components import Numbers, connected
from nn_scratch.ink.rendering import Stroke

NEAR = 0.04  # of the largest stroke: three quarters of the strokes of pen digits come this near to another
FINENESS = 48  # samples along the largest stroke, at least: less than half a pixel of the normalized image
MOST_SAMPLES = 600  # of a drawing, about: scribbles are read in bounded time, too


class StrokeDrawing:
    """A drawing made of `strokes`, each (n, 2) in any unit. Raises ValueError where there is no point.

    `components` has the bounds of its components. One whose extent is at most `dot` is a dot. Where the component of
    each stroke is known (`wholes`), every stroke is a fragment of its own.
    """

    def __init__(self, strokes: Sequence[Stroke], dot: float = 0.0, wholes: Sequence[int] | None = None) -> None:
        finite = [stroke[np.isfinite(stroke).all(axis=1)] for stroke in strokes]
        strokes = resampled([stroke for stroke in finite if len(stroke)])
        count = len(strokes)
        number = connected(count, touching(strokes)) if wholes is None else np.arange(count)  # (S,)
        self._strokes = [[strokes[i] for i in np.flatnonzero(number == k)] for k in range(number.max() + 1)]
        self._dot = dot
        self.components = [bounds_of(component) for component in self._strokes]
        self.kinds = [kind_of_line(np.concatenate(component), dot) for component in self._strokes]
        self.wholes = range(len(self.components)) if wholes is None else wholes
        self.cut_cost = 0.0  # a cut is where the pen was lifted

    def cut(self, numbers: Sequence[int], /) -> StrokeDrawing | None:
        """The strokes of the components `numbers`, one by one; None where each has only one."""
        strokes = [(stroke, number) for number in numbers for stroke in self._strokes[number]]
        if len(strokes) == len(numbers):
            return None
        return StrokeDrawing([stroke for stroke, _ in strokes], self._dot, [number for _, number in strokes])

    def image(self, numbers: Sequence[int], /) -> Images:
        """The components `numbers` as the network reads them: uint8 (28, 28)."""
        image = ink.render([stroke for number in numbers for stroke in self._strokes[number]])
        assert image is not None  # every component has a point
        return image

    def strokes(self, numbers: Sequence[int], /) -> tuple[Stroke, ...]:
        """The strokes of the components `numbers`."""
        return tuple(stroke.astype(np.float32) for number in numbers for stroke in self._strokes[number])


def bounds_of(strokes: Sequence[Stroke]) -> Bounds:
    """The bounds around the centre lines of `strokes`."""
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


def touching(strokes: Sequence[Stroke]) -> Numbers:
    """The pairs (E, 2) of `strokes` that cross or come near each other."""
    near = NEAR * max(bounds_of([stroke]).extent for stroke in strokes)
    points = np.concatenate(strokes)  # (P, 2)
    owner = np.repeat(np.arange(len(strokes)), [len(stroke) for stroke in strokes])  # (P,)
    away2 = (points[:, None, 0] - points[:, 0]) ** 2 + (points[:, None, 1] - points[:, 1]) ** 2  # (P, P)
    first, second = np.nonzero(away2 <= near * near)
    return np.stack([owner[first], owner[second]], axis=1)
