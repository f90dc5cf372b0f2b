"""Connected components: which ink of a raster belongs together because it touches.

Characters, lines of writing and whatever else lies on a page are made of ink that touches. The ink of each row is cut
into runs; runs in neighbouring rows that touch, corners included, are connected (Rosenfeld and Pfaltz 1966).
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.intp]


class Components(NamedTuple):
    """The C components of a mask, from the largest to the smallest."""

    number_at: Numbers  # (h, w) the number of the component of each pixel, -1 for paper
    boxes: Numbers  # (C, 4) left, top, right, bottom; the last two excluded


def components_of(mask: NDArray[np.bool_]) -> Components:
    """The connected components of `mask` (h, w)."""
    height, width = mask.shape
    stride = width + 2  # a column of paper on either side: no run goes on in the next row, not even at a corner
    flat = np.pad(mask, 1).ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    start, stop = edges[::2], edges[1::2]  # (R,) of each run, stop excluded
    number = connected(len(start), touching_runs(start, stop, stride))  # (R,)
    size = np.bincount(number, weights=stop - start)
    rank = np.empty(len(size), np.intp)
    rank[np.argsort(-size)] = np.arange(len(size))
    number = rank[number]
    number_at = np.full(len(flat), -1, np.intp)
    number_at[flat] = np.repeat(number, stop - start)
    row, column = start // stride - 1, start % stride - 1
    left, top = np.full((2, len(size)), max(height, width))
    right, bottom = np.zeros((2, len(size)), np.intp)
    np.minimum.at(left, number, column)
    np.minimum.at(top, number, row)
    np.maximum.at(right, number, column + stop - start)
    np.maximum.at(bottom, number, row + 1)
    boxes = np.stack([left, top, right, bottom], axis=1)
    return Components(number_at.reshape(height + 2, stride)[1:-1, 1:-1], boxes)


def connected(count: int, touching: Numbers) -> Numbers:
    """The number of the component, from 0, of each of `count` things, (count,); the pairs `touching` (E, 2) touch.

    Every thing takes the smallest number among its neighbours until nothing changes, and looks up the number of that
    number as it does so, which halves every chain.
    """
    smallest = np.arange(count)
    left, right = touching.reshape(-1, 2).T
    while True:
        before = smallest.copy()
        np.minimum.at(smallest, left, before[right])
        np.minimum.at(smallest, right, before[left])
        smallest = smallest[smallest]
        if (smallest == before).all():
            return np.unique(smallest, return_inverse=True)[1].astype(np.intp)


def touching_runs(start: Numbers, stop: Numbers, stride: int) -> Numbers:
    """The pairs (E, 2) of runs, from `start` to `stop` (R,), that touch in neighbouring rows, `stride` pixels apart."""
    first = np.searchsorted(stop, start + stride, "left")  # the first run below that ends at or after the start
    last = np.searchsorted(start, stop + stride, "right")  # the last that begins at or before the end
    count = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(start)), count)
    lower = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count) + np.repeat(first, count)
    return np.stack([upper, lower], axis=1)
