"""A page: which of the ink on it is what somebody wants to have read.

A photograph shows what happens to lie there: the line above, a note at the edge, a stain, the grain of the table.
Drawings in the app have nothing else on them. So of the lines of writing on a photograph one is chosen, the largest and
most central, and the others are counted, so that the user can be told.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nn_scratch.ink.components import Components, Numbers, components_of, connected
from nn_scratch.ink.paper import extremes, in_blocks
from nn_scratch.ink.rendering import Raster

SPECK = 0.012  # of the longer side of the photograph: what is smaller is dust, unless it lies beside the writing
MOST_COMPONENTS = 400  # the largest are looked at
BESIDE = 0.3  # of the lower component: those whose heights overlap by more may be of one line
GAP = 1.5  # of the higher component: a wider gap ends a line
COARSE = 12  # pixels: ink with smaller gaps hangs together
NEAR = 0.25  # of the height of the line: a single component that is nearer belongs to it, such as the bar of a 5
LOW = 0.3  # of the height of the line: what is lower is not writing of its own, but bars, dots and stains
OFF_CENTRE = 0.8  # a line at the corner counts as one that is so much smaller
SKIPPED = 6  # pixels: a line may be faint as far from where it is dense
MARGIN = SKIPPED + 2  # pixels of paper around what is read

Mask: TypeAlias = NDArray[np.bool_]  # (H, W)


class Page(NamedTuple):
    """What is read of an image: the `ink` (H, W), 0 paper to 1 full ink, and how many lines of writing it leaves out.

    All ink that is read lies in `writing` (h, w), which is the whole image or a part of it.
    """

    ink: Raster
    writing: Raster
    left_out: int = 0


class Lines(NamedTuple):
    """The L lines of writing of C components."""

    of: Numbers  # (C,) the line of each component
    boxes: Numbers  # (L, 4) left, top, right, bottom; the last two excluded
    heights: Numbers  # (L,) of the highest component


def main_line(ink: Raster, structure: Mask, faint: Raster) -> Page:
    """The largest, most central line of the `ink` (H, W) of a photograph, of which `structure` (H, W) is not smooth.

    Beside the ink that is chosen, `faint` ink (H, W) is kept, too: a pencil skips on the grain of paper, and its line
    falls to pieces at any one threshold. This is hysteresis (Canny 1986).
    """
    found = components_of(ink > 0)
    components = worth_reading(found, structure)
    if len(components) == 0:
        blank = np.zeros_like(ink)
        return Page(blank, blank)
    boxes = found.boxes[components]
    lines = lines_of(boxes)
    chosen = int((lines.heights * nearness(lines.boxes, ink.shape)).argmax())
    belongs = belonging(lines, chosen)  # (L,)
    is_kept = belongs[lines.of] & ~is_stray(boxes, boxes[lines.of == chosen], int(lines.heights[chosen]))  # (C,)
    keep = np.zeros(len(found.boxes) + 1, np.bool_)  # the last is for paper, whose number is -1
    keep[components[is_kept]] = True
    is_chosen = keep[found.number_at]  # (H, W)
    is_near = extremes(is_chosen.astype(np.float32), 2 * SKIPPED + 1, np.maximum) > 0
    kept = np.where(is_chosen | (is_near & (found.number_at < 0)), faint, np.float32(0))
    left, top, right, bottom = around(boxes[is_kept]) + np.array([-MARGIN, -MARGIN, MARGIN, MARGIN])
    left_out = ~belongs & (lines.heights > LOW * lines.heights[chosen])
    return Page(kept, kept[max(0, top) : bottom, max(0, left) : right], int(left_out.sum()))


def worth_reading(found: Components, structure: Mask) -> Numbers:
    """The numbers (C,) of the largest of the components `found` that may be writing.

    Dust is not, and neither is what hangs together with the edge of the photograph by `structure` (H, W): a table.
    What reaches into the middle is writing, however near it comes to the edge.
    """
    left, top, right, bottom = found.boxes.T
    is_large = np.maximum(right - left, bottom - top) >= SPECK * max(structure.shape)
    height, width = structure.shape
    middle = found.number_at[height // 4 : -(height // 4) or None, width // 4 : -(width // 4) or None]
    is_central = np.isin(np.arange(len(found.boxes)), middle)
    return np.flatnonzero(is_large & (is_central | ~at_the_edge(found, structure)))[:MOST_COMPONENTS]


def at_the_edge(found: Components, structure: Mask) -> Mask:
    """Which of the components `found` (C,) hang together with the edge of `structure` (H, W).

    So do those from which a way leads to the edge on which no gap is as wide as `COARSE` pixels.
    """
    cluster_at = components_of(np.asarray(in_blocks(structure, COARSE).any(axis=(1, 3)))).number_at
    edge = np.concatenate([cluster_at[0], cluster_at[-1], cluster_at[:, 0], cluster_at[:, -1]])
    is_edge = np.isin(cluster_at, edge[edge >= 0])
    rows, columns = np.nonzero(found.number_at >= 0)
    cut = np.zeros(len(found.boxes), np.bool_)
    cut[found.number_at[rows, columns][is_edge[rows // COARSE, columns // COARSE]]] = True
    return cut


def lines_of(boxes: Numbers) -> Lines:
    """The lines that the components in `boxes` (C, 4) form: those that stand side by side, and not far apart."""
    height = boxes[:, 3] - boxes[:, 1]
    across, down = gaps(boxes, boxes)  # (C, C) each
    is_beside = -down > BESIDE * np.minimum(height, height[:, None])
    pairs = np.argwhere(np.triu(is_beside & (across < GAP * np.maximum(height, height[:, None])), 1))
    of = connected(len(boxes), pairs)
    members = [of == line for line in range(of.max() + 1)]
    extents = np.stack([around(boxes[each]) for each in members])
    return Lines(of, extents, np.array([height[each].max() for each in members]))


def belonging(lines: Lines, chosen: int) -> Mask:
    """Which of `lines` (L,) belong to the line `chosen`: itself, and the bars and dots near to it."""
    size = lines.heights[chosen]
    apart = gaps(lines.boxes, lines.boxes[[chosen]]).max(axis=(0, 2))  # (L,)
    is_single = np.bincount(lines.of) == 1
    belongs = (is_single | (lines.heights < LOW * size)) & (apart < NEAR * size)
    belongs[chosen] = True
    return belongs


def is_stray(boxes: Numbers, line: Numbers, size: int) -> Mask:
    """Which of the components in `boxes` (C, 4) are specks that lie apart from all writing in the `line` (M, 4).

    `size` is the height of the line.
    """
    extent = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    tall = line[(line[:, 3] - line[:, 1]) > LOW * size]  # (T, 4)
    apart = gaps(boxes, tall).max(axis=0).min(axis=1)  # (C,)
    return (extent < LOW * size) & (apart > NEAR * size)


def gaps(boxes: Numbers, others: Numbers) -> Numbers:
    """How far `boxes` (C, 4) are from `others` (T, 4), across and down: (2, C, T), negative where they overlap."""
    start, stop = np.maximum(boxes[:, None, :2], others[:, :2]), np.minimum(boxes[:, None, 2:], others[:, 2:])
    return np.moveaxis(start - stop, 2, 0)


def around(boxes: Numbers) -> Numbers:
    """The box (4,) around `boxes` (C, 4)."""
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def nearness(lines: Numbers, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """How near the middle of each of the boxes `lines` (L, 4) is to that of `shape` (H, W): (L,), at most 1."""
    height, width = shape
    left, top, right, bottom = lines.T
    x, y = (left + right) / width - 1, (top + bottom) / height - 1  # -1 to 1
    return 1 - OFF_CENTRE * np.maximum(np.abs(x), np.abs(y))
