"""The replay: a finished drawing, drawn once more from its first point to its last.

Whoever shows how a network follows the pen needs the drawing as it was on the way. The canvas keeps the paths of the
pen, but not how wide each was, nor the ink that was erased. So nothing is drawn again: the finished ink appears, where
the pen has come to.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.canvas import FINENESS, Ink, Snapshot
from drawapp.drawing.geometry import Point
from drawapp.drawing.stroke_path import StrokePath
from nn_scratch.ink.rendering import Stroke

MOST_POINTS = 400  # of a drawing; of more, as many are taken, evenly
WIDEST_REACH = 3.5  # cells: ink that is farther from every point was not drawn with a pen


class Replay:
    """The `drawing` after each of its `points` (n, 2), in cells. A drawing without strokes has none."""

    def __init__(self, drawing: Snapshot) -> None:
        self.drawing = drawing
        kept = np.concatenate([np.zeros((0, 2), np.float32), *(path.points[path.kept] for path in drawing.paths)])
        count = min(len(kept), MOST_POINTS)
        self._last = np.linspace(0, len(kept) - 1, count).round().astype(np.int64) if count else np.zeros(0, np.int64)
        self.points: Stroke = kept[self._last]
        self._turns = turns(drawing.ink, self.points)

    def after(self, count: int) -> Snapshot:
        """The drawing when the pen had come to its first `count` points; with all of them, the drawing itself."""
        if count >= len(self.points):
            return self.drawing
        ink = np.where(self._turns < count, self.drawing.ink, np.float32(0))
        samples = int(self._last[count - 1]) + 1 if count else 0
        return Snapshot(ink, begun(self.drawing.paths, samples), self.drawing.has_image)

    def pen(self, count: int) -> Point:
        """Where the pen was then, in cells. There has to be a point."""
        x, y = self.points[count - 1].tolist()
        return x, y


def turns(ink: Ink, points: Stroke) -> NDArray[np.int64]:
    """The number of the first of `points` (n, 2) that reaches each fine cell of `ink` (H, W): (H, W).

    As far as the pen reaches, ink lies: the reach is the distance of the farthest ink from its nearest point. Ink
    beyond any pen is that of an image, and is there from the beginning.
    """
    rows, columns = np.nonzero(ink)
    x, y = ((number + np.float32(0.5)) / FINENESS for number in (columns, rows))  # (P,), in cells
    nearest = np.full(len(rows), np.inf, np.float32)  # squared distances
    for px, py in points:
        nearest = np.minimum(nearest, (x - px) ** 2 + (y - py) ** 2)
    is_drawn = nearest <= WIDEST_REACH**2
    reach = float(nearest[is_drawn].max(initial=0.0))
    first = np.full(len(rows), -1, np.int64)
    first[is_drawn] = len(points)
    for number in range(len(points) - 1, -1, -1):
        px, py = points[number]
        first[is_drawn & ((x - px) ** 2 + (y - py) ** 2 <= reach)] = number
    found = np.full(ink.shape, -1, np.int64)
    found[rows, columns] = first
    return found


def begun(paths: tuple[StrokePath, ...], samples: int) -> tuple[StrokePath, ...]:
    """The first `samples` kept samples of `paths`."""
    found = []
    for path in paths:
        if samples <= 0:
            break
        is_begun = np.cumsum(path.kept) <= samples  # (n,)
        found.append(StrokePath(path.points[is_begun], path.kept[is_begun]))
        samples -= int(path.kept.sum())
    return tuple(found)
