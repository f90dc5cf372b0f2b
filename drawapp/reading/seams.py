"""Seams: where connected ink may be cut apart, because characters that touch are one component.

A seam runs through the ink from its top to its bottom, so that it crosses as little ink as possible: the cut need not
be straight, and an overhanging character is not cut in two. It is found by dynamic programming from row to row, as in
Lee, Lee and Park, "A new methodology for gray-scale character segmentation and recognition" (1996). There are seams
wherever a character might end, many more than there are characters; which of them are cuts is decided by reading
(see `segment`), as with all places between groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.geometry import Bounds
from nn_scratch.arrays import Array
from nn_scratch.ink.components import Numbers

ROWS = 48  # about, in which seams are looked for
REACH = 0.2  # of the height: how far a seam may lie from the column where it is looked for
STEP = 0.08  # of the height, between such columns
ASIDE = 0.1  # pixels of ink: what a step aside costs, so that seams are straight in blank paper
EDGE = 0.2  # of the height: no seam is nearer than this to the left or right end of the ink, or to another seam
DEAREST = 0.4  # of the height: a seam that crosses more ink than this is no place to cut


class Fragments(NamedTuple):
    """Components cut along their seams.

    `number_at` (h, w) has the fragment of each pixel, -1 for none; `bounds` and `wholes` have the pixels around each
    fragment, and the component of which it was cut off.
    """

    number_at: Numbers
    bounds: list[Bounds]
    wholes: list[int]


def cut_along_seams(component_at: Numbers, numbers: Sequence[int]) -> Fragments:
    """The fragments of the components `numbers`, where `component_at` (h, w) has the component of each pixel."""
    found = Fragments(np.full_like(component_at, -1), [], [])
    for number in numbers:
        rows, columns = np.nonzero(component_at == number)
        top, left = int(rows.min()), int(columns.min())
        ink = np.zeros((int(rows.max()) - top + 1, int(columns.max()) - left + 1), np.bool_)
        ink[rows - top, columns - left] = True
        fragment = fragments(ink)[rows - top, columns - left]  # of each pixel of ink
        for each in np.unique(fragment):
            y, x = rows[fragment == each], columns[fragment == each]
            found.number_at[y, x] = len(found.wholes)
            found.bounds.append(Bounds(x.min(), y.min(), x.max() + 1, y.max() + 1))
            found.wholes.append(number)
    return found


def fragments(ink: NDArray[np.bool_]) -> Numbers:
    """The number of the fragment, from left to right, at each pixel of one component's `ink` (h, w): (h, w)."""
    shrink = max(1, round(len(ink) / ROWS))
    height, width = (-(-side // shrink) for side in ink.shape)
    small = np.zeros((height * shrink, width * shrink), np.float32)
    small[: ink.shape[0], : ink.shape[1]] = ink
    small = small.reshape(height, shrink, width, shrink).mean(axis=(1, 3))
    number = np.zeros((height, width), np.intp)
    for seam in seams(small):
        number += np.arange(width) >= seam[:, None]
    return number.repeat(shrink, axis=0).repeat(shrink, axis=1)[: ink.shape[0], : ink.shape[1]]


def seams(ink: Array) -> list[Numbers]:
    """The columns (h,) of the seams through `ink` (h, w), 0 to 1: what lies left of them is cut off."""
    height, width = ink.shape
    edge, reach = max(2, round(EDGE * height)), max(1, round(REACH * height))
    middles = np.arange(edge, width - edge + 1, max(1, round(STEP * height)))
    if not len(middles):
        return []
    paths, cost = cheapest(ink, middles, reach)  # (n, h), (n,)
    at = paths.mean(axis=1)
    chosen: list[int] = []
    for number in np.argsort(cost, kind="stable"):
        is_inside = edge <= at[number] <= width - edge and cost[number] <= DEAREST * height
        if is_inside and all(abs(at[number] - at[other]) >= edge for other in chosen):
            chosen.append(int(number))
    return [paths[number] for number in sorted(chosen, key=lambda number: at[number])]


def cheapest(ink: Array, middles: Numbers, reach: int) -> tuple[Numbers, Array]:
    """The cheapest seam near each of the columns `middles` (n,): its columns (n, h), and the ink that it crosses (n,).

    The cost of reaching column j of row i is the ink there and the least cost of the three columns above it.
    """
    height, width = ink.shape
    columns = np.clip(middles[:, None] + np.arange(-reach, reach + 1), 0, width - 1)  # (n, c)
    total = ink[0, columns]  # (n, c)
    steps = np.zeros((height, *columns.shape), np.intp)
    for row in range(1, height):
        framed = np.pad(total, ((0, 0), (1, 1)), constant_values=np.inf)
        above = np.stack([framed[:, 1:-1], framed[:, :-2] + ASIDE, framed[:, 2:] + ASIDE])  # (3, n, c)
        steps[row] = np.array([0, -1, 1])[above.argmin(axis=0)]
        total = above.min(axis=0) + ink[row, columns]
    place, every = total.argmin(axis=1), np.arange(len(middles))  # (n,)
    paths = np.empty((len(middles), height), np.intp)
    for row in range(height - 1, -1, -1):
        paths[:, row] = columns[every, place]
        place = place + steps[row, every, place]
    return paths, total.min(axis=1)
