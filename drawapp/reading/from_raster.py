"""From a raster: a drawing of which only the ink is known, in components of connected ink.

An image file has no strokes, and an eraser may leave ink where no centre line is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.geometry import Bounds
from drawapp.reading.seams import Fragments, cut_along_seams
from drawapp.reading.shapes import kind_of_ink
from nn_scratch.arrays import Images
from nn_scratch.ink import components
from nn_scratch.ink import rendering as ink
from nn_scratch.ink.components import Numbers
from nn_scratch.ink.rendering import Raster, Stroke

LARGEST_SIDE = 256  # of the raster in which components are looked for
SEAM = 1.5  # the cost of a cut through ink: single characters have seams, too, such as a K that is I and C, or an M
MOST_COMPONENTS = 64  # the largest are looked at; all others are dust


class RasterDrawing:
    """A drawing whose ink is in a `raster` (H, W), 0 paper ... 1. Raises ValueError where there is no ink.

    `components` has the bounds of its components; `pixel` is the width of a pixel in their unit. Where `fragments` are
    given, they are its components.
    """

    def __init__(self, raster: Raster, pixel: float = 1.0, fragments: Fragments | None = None) -> None:
        self._raster = np.nan_to_num(raster, nan=0.0)
        self._shrink = -(-max(raster.shape) // LARGEST_SIDE)
        self._pixel = pixel
        self._is_cut = fragments is not None
        self.cut_cost = SEAM
        if fragments is not None:
            self._component_at, bounds, self.wholes = fragments  # (h, w), -1 for paper
        else:
            self._component_at, bounds = components_of(reduced(self._raster > 0, self._shrink))
            self.wholes = list(range(len(bounds)))
        if not bounds:
            raise ValueError("There is no ink in the raster.")
        unit = self._shrink * pixel
        self.components = [Bounds(*(float(side) * unit for side in sides)) for sides in bounds]
        self.kinds = [kind_of_ink(self._pixels(number, sides)) for number, sides in enumerate(bounds)]

    def cut(self, numbers: Sequence[int], /) -> RasterDrawing | None:
        """The components `numbers` cut along their seams; None where they have none."""
        fragments = cut_along_seams(self._component_at, numbers)
        return RasterDrawing(self._raster, self._pixel, fragments) if len(fragments.wholes) > len(numbers) else None

    def image(self, numbers: Sequence[int], /) -> Images:
        """The components `numbers` as the network reads them: uint8 (28, 28)."""
        has_all = len(numbers) == len(self.components) and not self._is_cut
        image = ink.normalize(self._raster if has_all else self._cropped(numbers))
        assert image is not None  # every component has ink
        return image

    def strokes(self, numbers: Sequence[int], /) -> tuple[Stroke, ...]:
        """None: only the ink is known."""
        return ()

    def _pixels(self, number: int, bounds: Bounds) -> Numbers:
        """The pixels (n, 2) of the component `number`, each x, y, counted from a corner of its `bounds`."""
        left, top, right, bottom = (int(side) for side in bounds)
        rows, columns = np.nonzero(self._component_at[top:bottom, left:right] == number)
        return np.stack([columns, rows], axis=1)

    def _cropped(self, numbers: Sequence[int]) -> Raster:
        """The raster, cropped to the components `numbers` and without the others."""
        wanted = np.zeros(len(self.components) + 1, np.bool_)  # the last is for paper and dust, whose number is -1
        wanted[list(numbers)] = True
        inside = wanted[self._component_at]  # (h, w)
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        window = inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        keep = window.repeat(self._shrink, axis=0).repeat(self._shrink, axis=1)
        top, left = rows[0] * self._shrink, columns[0] * self._shrink
        crop = self._raster[top : top + keep.shape[0], left : left + keep.shape[1]]
        return np.where(keep[: crop.shape[0], : crop.shape[1]], crop, np.float32(0))


def reduced(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """`mask` (H, W) with one pixel for `by` x `by`, which has ink where any of them has."""
    if by == 1:
        return mask
    height, width = mask.shape
    mask = np.pad(mask, ((0, -height % by), (0, -width % by)))
    return np.asarray(mask.reshape(len(mask) // by, by, -1, by).any(axis=(1, 3)))


def components_of(mask: NDArray[np.bool_]) -> tuple[Numbers, list[Bounds]]:
    """The connected components of `mask` (h, w): the number of each pixel's component (h, w), and their bounds.

    The largest has the number 0. Paper has -1, and so has the dust: all but the `MOST_COMPONENTS` largest.
    """
    found = components.components_of(mask)
    component_at = np.where(found.number_at < MOST_COMPONENTS, found.number_at, -1)
    return component_at, [Bounds(*box) for box in found.boxes[:MOST_COMPONENTS].tolist()]
