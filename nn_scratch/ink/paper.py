"""Paper: how much darker than the paper around it each point of a photograph is, whatever the light.

A camera does not see ink, but light: a sheet that is white at the window is darker at the other side than ink is here,
and a shadow crosses it. So ink is what is darker than the paper *beside* it, and thin. Everything is done with optical
densities, because there light and ink add up: density is -log(light), light that is k times less adds -log(k)
to all, and the ink on a paper adds its own density to that of the paper (homomorphic filtering: Oppenheim, Schafer and
Stockham 1968).
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from nn_scratch.ink.rendering import Raster

Density: TypeAlias = NDArray[np.float32]  # (H, W): 0 is paper, 1 takes 63 % of the light away

TONE = 2.2  # the exponent from the levels of an image file to light, nearly that of sRGB
DARKEST = 8.0  # of 255 levels: below it a camera sees noise
WIDEST_LINE = 12  # lines of a pen are at most this fraction (1 / 12) of the longer side wide
BLOCK = 32  # pixels: noise and paper are measured in squares of this side
HALF = 2  # pixels on each side: where light and dark are told apart, images are so much coarser
CENTRE = 0.2  # of each side is left out around the middle, where the writing is


def density_of(grey: Raster) -> Density:
    """The optical density of `grey` levels (H, W), 0 to 255, with noise smoothed over 3x3 pixels."""
    return smoothed(-TONE * np.log(np.maximum(grey, DARKEST) / 255).astype(np.float32))


def smoothed(values: Density) -> Density:
    """Each of `values` (H, W) averaged with its neighbours, in proportions 1 2 1 along both axes."""
    padded = np.pad(values, 1, mode="edge")
    rows = (padded[:-2] + padded[2:]) / 4 + padded[1:-1] / 2  # (H, W + 2)
    return np.asarray((rows[:, :-2] + rows[:, 2:]) / 4 + rows[:, 1:-1] / 2)


def of_lines(density: Density) -> Density:
    """The density (H, W) of all that is thin and dark, above that of the paper around it; about 0 on paper.

    This is the white top-hat of the density (Meyer 1978): what a square that is wider than any line does not fit into.
    The edge of a shadow or of the sheet stays in the background, however sharp it is, because on its dark side the
    square fits. The smallest of many noisy values is below their mean, so the median of paper is set to 0 at the end.
    """
    background = opening(density, max(density.shape) // WIDEST_LINE | 1)
    lines = density - background
    return lines - spread(paper_values(lines), lines.shape)


def is_light_on_dark(density: Density) -> bool:
    """Whether the writing in the middle of the photograph is lighter than what it is written on, as chalk is.

    Around writing most is paper, so the likelier colour of paper is the one that most of the surroundings have. Writing
    is where something thin stands out: the edge of a sheet on a dark table does not count. Levels tell, and not
    densities: on a black board, noise has densities as large as chalk.
    """
    darkness = np.asarray(-np.exp(-density / TONE), np.float32)
    height, width = (HALF * (side // HALF) for side in density.shape)
    if not height * width:
        return False
    half = np.asarray(in_blocks(darkness[:height, :width], HALF).mean(axis=(1, 3)), np.float32)  # (h, w)
    widest = max(half.shape) // WIDEST_LINE | 1
    without_dark, without_light = opening(half, widest), -opening(-half, widest)
    thin = extremes(without_light - without_dark, widest, np.maximum)
    low, high = extremes(without_dark, widest, np.minimum), extremes(without_light, widest, np.maximum)
    is_beside = thin > np.maximum((high - low) / 2, thin.max() / 4)  # at an edge, low and high differ much more
    top, left = (int(CENTRE * side) for side in half.shape)
    middle = np.s_[top : len(half) - top, left : half.shape[1] - left]
    side = (half - (low + high) / 2) / np.maximum(high - low, 1e-6)  # -1/2 is light, 1/2 is dark
    return bool(side[middle][is_beside[middle]].sum() > 0)


def opening(values: Density, width: int) -> Density:
    """The largest of the smallest values within squares of `width`, an odd number of pixels, that hold a pixel.

    Beyond the edge, values go on as they come to it, so that light that falls off to a corner leaves nothing there.
    """
    height, beyond = len(values), width // 2 + 1
    values = np.pad(values, beyond, mode="reflect", reflect_type="odd")
    opened = extremes(extremes(values, width, np.minimum), width, np.maximum)
    return opened[beyond : beyond + height, beyond:-beyond]


def extremes(values: Density, width: int, extreme: np.ufunc) -> Density:
    """The `extreme` (minimum or maximum) of `values` (H, W) in the square of `width` pixels around each pixel.

    Along each axis windows of 2, 4, 8 ... pixels are made of two of half the width, and two of those that overlap give
    `width`. Values beyond the edge are those at the edge.
    """
    for axis in (0, 1):
        padded = np.pad(values, [(width // 2, width // 2) if k == axis else (0, 0) for k in (0, 1)], mode="edge")
        padded, reach = np.moveaxis(padded, axis, 0), 1
        while 2 * reach <= width:
            padded, reach = extreme(padded[:-reach], padded[reach:]), 2 * reach
        if reach < width:
            padded = extreme(padded[: len(padded) - (width - reach)], padded[width - reach :])
        values = np.moveaxis(padded, 0, axis)
    return values


def in_blocks(values: NDArray[Any], side: int, beyond: Literal["constant", "symmetric"] = "constant") -> NDArray[Any]:
    """`values` (H, W) cut into h x w squares of `side` pixels, after padding them: (h, side, w, side)."""
    height, width = values.shape
    padded = np.pad(values, ((0, -height % side), (0, -width % side)), mode=beyond)
    return padded.reshape(len(padded) // side, side, -1, side)


def paper_values(values: Density, quantile: float = 0.25) -> Density:
    """What `values` are on paper in and around each square of `BLOCK` pixels: (ceil(H / BLOCK), ceil(W / BLOCK)).

    It is the median of a square, and the lower quartile, or another `quantile`, of that in 7x7 squares: the thick line
    of a pen covers many squares, but leaves enough paper between.
    """
    medians = np.median(in_blocks(values, BLOCK, "symmetric"), axis=(1, 3))
    squares = sliding_window_view(np.pad(medians, 3, mode="symmetric"), (7, 7)).reshape(*medians.shape, -1)
    rank = int(quantile * squares.shape[2])
    return np.partition(squares, rank, axis=2)[..., rank]


def spread(blocks: Density, shape: tuple[int, ...]) -> Density:
    """The values of `blocks` at each pixel of `shape` (H, W), interpolated between the middles of the blocks."""
    for axis in (0, 1):
        at = np.clip((np.arange(shape[axis]) + 0.5) / BLOCK - 0.5, 0, blocks.shape[axis] - 1)
        low = at.astype(np.intp)
        high, weight = np.minimum(low + 1, blocks.shape[axis] - 1), (at - low).astype(np.float32)
        weight = weight[:, None] if axis == 0 else weight
        blocks = blocks.take(low, axis) * (1 - weight) + blocks.take(high, axis) * weight
    return blocks


def noise_of(lines: Density, paper: Density) -> Density:
    """The standard deviation (H, W) of `lines` where there is only paper, whose own density is `paper` (H, W).

    From the median of the absolute values, times 1.4826 as for a normal distribution: ink, which covers less than half
    of the paper, does not count. A camera adds about the same noise to all levels, and the density of level v is
    -TONE log(v / 255): the same noise is more density in the dark, by dD/dv = -TONE / v. So it is at least as large
    everywhere as that of the typical level, even where a dark table is so near that the blocks around are paper.
    """
    seen = paper_values(np.abs(lines)) * np.float32(1.4826)  # (h, w)
    level = np.exp(-paper / TONE)  # (H, W) of 1
    typical = float(np.median(seen * paper_values(level, 0.5)))  # of the noise, in levels
    return np.maximum(spread(seen, lines.shape), typical / level)
