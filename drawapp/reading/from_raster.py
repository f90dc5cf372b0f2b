"""Drawn raster: a drawing known by its ink only (a image file), in connected parts.

The ink of each row is cut into runs; runs of neighbouring rows that touch, corners included, are connected.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from drawapp.reading import connected
from drawapp.reading.grouping import Bounds, settle
from drawapp.reading.segment import Span
from nn_scratch.arrays import Images
from nn_scratch.images import ink
from nn_scratch.images.ink import Raster

LARGEST_SIDE = 256  # of the raster in which parts are looked for
MOST_PIECES = 64  # the largest are looked at; all others are dust

Map = NDArray[np.intp]  # (h, w): the number of what each pixel belongs to, -1 for paper


class DrawnRaster:
    """The parts of the ink in a `raster` (H, W), 0 paper ... 1; a pixel is `pixel` wide in the unit of `parts`.

    Raises ValueError where there is no ink.
    """

    def __init__(self, raster: Raster, pixel: float = 1.0) -> None:
        self._raster = np.nan_to_num(raster, nan=0.0)
        self._shrink = -(-max(raster.shape) // LARGEST_SIDE)
        pieces, boxes = labelled(reduced(self._raster > 0, self._shrink))
        if not boxes:
            raise ValueError("There is no ink in the raster.")
        members = settle(boxes)
        part_of = np.full(pieces.max() + 2, -1)  # the last is for paper, whose number is -1
        for number, part in enumerate(members):
            part_of[part] = number
        self._map = part_of[pieces]
        self._whole = bool((self._map[pieces >= 0] >= 0).all())
        self._pixel = pixel
        self.parts = [self._bounds(Span(number, number + 1)) for number in range(len(members))]

    def image(self, span: Span, /) -> Images:
        """The parts of `span` as the network reads them: uint8 (28, 28)."""
        raster = self._raster
        if not (self._whole and span == (0, len(self.parts))):
            raster = self._charset(span)
        drawn = ink.normalize(raster)
        assert drawn is not None  # every part has ink
        return drawn

    def _charset(self, span: Span) -> Raster:
        """The raster, cropped to the parts of `span` and without the others."""
        rows, columns = self._window(span)
        keep = self._inside(span)[rows, columns].repeat(self._shrink, axis=0).repeat(self._shrink, axis=1)
        top, left = rows.start * self._shrink, columns.start * self._shrink
        crop = self._raster[top : top + keep.shape[0], left : left + keep.shape[1]]
        return np.where(keep[: crop.shape[0], : crop.shape[1]], crop, np.float32(0))

    def _inside(self, span: Span) -> NDArray[np.bool_]:
        return (self._map >= span.first) & (self._map < span.last)

    def _window(self, span: Span) -> tuple[slice, slice]:
        """The rows and columns of the map that `span` covers."""
        inside = self._inside(span)
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)

    def _bounds(self, span: Span) -> Bounds:
        rows, columns = self._window(span)
        unit = self._shrink * self._pixel
        return Bounds(columns.start * unit, rows.start * unit, columns.stop * unit, rows.stop * unit)


def reduced(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """`mask` (H, W) with one pixel for `by` x `by`, which has ink where any of them has."""
    if by == 1:
        return mask
    height, width = mask.shape
    mask = np.pad(mask, ((0, -height % by), (0, -width % by)))
    return np.asarray(mask.reshape(len(mask) // by, by, -1, by).any(axis=(1, 3)))


def labelled(mask: NDArray[np.bool_]) -> tuple[Map, list[Bounds]]:
    """The connected pieces of `mask` (h, w): the number of each pixel's piece, the largest first, and their boxes."""
    height, width = mask.shape
    stride = width + 2  # a column of paper on either side: no run goes on in the next row, not even at a corner
    flat = np.pad(mask, 1).ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    start, stop = edges[::2], edges[1::2]  # (R,) of each run, stop excluded
    number = connected.groups(len(start), _touching(start, stop, stride))
    size = np.bincount(number, weights=stop - start)
    rank = np.empty(len(size), np.intp)
    rank[np.argsort(-size)] = np.arange(len(size))
    number = np.where(rank[number] < MOST_PIECES, rank[number], -1)
    pieces = np.full(len(flat), -1, np.intp)
    pieces[flat] = np.repeat(number, stop - start)
    row, column = start // stride - 1, start % stride - 1
    boxes = []
    for piece in range(min(len(size), MOST_PIECES)):
        runs = number == piece
        right = (column + stop - start)[runs].max()
        boxes.append(Bounds(column[runs].min(), row[runs].min(), right, row[runs].max() + 1))
    return pieces.reshape(height + 2, stride)[1:-1, 1:-1], boxes


def _touching(start: Map, stop: Map, stride: int) -> connected.Numbers:
    """The pairs of runs in neighbouring rows that touch: (E, 2)."""
    first = np.searchsorted(stop, start + stride, "left")  # the first run below that ends at or after the start
    last = np.searchsorted(start, stop + stride, "right")  # the last that begins at or before the end
    count = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(start)), count)
    lower = np.arange(count.sum()) - np.repeat(count.cumsum() - count, count) + np.repeat(first, count)
    return np.stack([upper, lower], axis=1)
