"""Dreams: climb the score of a class by changing the image, and watch what the network wants to see.

From an image, or from nothing, each step goes up the gradient of log p(class) with respect to the pixels. Left alone,
that ends in noise which only the network understands. So three things hold it back: each step is smoothed, as ink is;
all ink fades a little (Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", 2013); and the image is
kept flat between its edges, as a drawing is, by a penalty on its total variation (Mahendran and Vedaldi, "Understanding
Deep Image Representations by Inverting Them", 2015).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.explain.trace import gradients, trace
from nn_scratch.network import Network

STEP = 0.12  # the largest change of a pixel in one step, ink from 0 to 1
DECAY = 0.01  # of all ink in each step: what the network does not ask for fades
BLUR = 0.25  # the weight of each neighbour in the smoothing, before it is divided by their sum
BLURS = 3  # times that a step is smoothed
FLATTEN = 0.03  # the weight of the total variation
EDGE = 0.15  # differences of neighbours that are much smaller count squared, larger ones by their size
LAST, LESS = 0.3, 0.4  # the last steps, of all, are flattened by so much less: they end where the class is certain


def dream(network: Network, label: int, start: Array | None = None, steps: int = 100) -> Iterator[Array]:
    """Yield images (*input_shape), 0 to 1, that class `label` finds better and better.

    Flattening waits for the class: it is weighted by p(class)^2, so that there is something to keep.

    Args:
        start: the image to begin with, 0 to 1, of the network's input shape; None for a blank one.
        steps: how many images to yield; a caller may stop whenever it has seen enough.
    """
    x = np.zeros(network.input_shape, network.parameters.dtype) if start is None else start.astype(np.float32)
    for step in range(steps):
        p = trace(network, x[None]).probabilities  # (1, K)
        dz = -p
        dz[0, label] += 1.0  # d log p_label / dz = y - p
        slope = gradients(network, dz)[0][0]
        for _ in range(BLURS):
            slope = smoothed(slope)
        largest = float(np.abs(slope).max())
        if largest > 0:
            x = (1 - DECAY) * x + slope * np.float32(STEP / largest)
        flatten = FLATTEN * float(p[0, label]) ** 2 * (LESS if step >= (1 - LAST) * steps else 1.0)
        x = np.clip(x - np.float32(flatten) * variation_slope(x), 0.0, 1.0)
        yield x


def grid_of(image: Array) -> Array | None:
    """`image` (*input_shape) as (H, W, C); a row of numbers is taken as a square, and is None where it is not one."""
    side = round(np.sqrt(image.size))
    if image.ndim == 1:
        return image.reshape(side, side, 1) if side * side == image.size else None
    return image.reshape(*image.shape[:2], -1)


def smoothed(image: Array) -> Array:
    """`image` (*input_shape), each pixel blended with its four neighbours; a row of numbers is taken as a square."""
    grid = grid_of(image)  # (H, W, C)
    if grid is None:
        return image
    padded = np.pad(grid, ((1, 1), (1, 1), (0, 0)))
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    blended: Array = ((grid + BLUR * around) / (1 + 4 * BLUR)).reshape(image.shape).astype(image.dtype)
    return blended


def variation_slope(image: Array) -> Array:
    """dV/dx of the total variation of `image` (*input_shape).

    With the differences d and r of a pixel from the ones below and on its right, which are 0 at the edge,

        V = sum n,    n = sqrt(d^2 + r^2 + edge^2)

    A pixel takes part in its own n, as -1 in both differences, and as +1 in those of the pixels above and on its left:

        dV/dx_ij = -(d_ij + r_ij) / n_ij + d_(i-1)j / n_(i-1)j + r_i(j-1) / n_i(j-1)
    """
    grid = grid_of(image)  # (H, W, C)
    if grid is None:
        return np.zeros_like(image)
    d = np.diff(grid, axis=0, append=grid[-1:])
    r = np.diff(grid, axis=1, append=grid[:, -1:])
    n = np.sqrt(d**2 + r**2 + EDGE**2)
    slope: Array = -(d + r) / n
    slope[1:] += (d / n)[:-1]
    slope[:, 1:] += (r / n)[:, :-1]
    return slope.reshape(image.shape)
