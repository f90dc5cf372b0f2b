"""Dreams: climb the score of a class by changing the image, and watch what the network wants to see.

From an image, or from nothing, each step goes up the gradient of log p(class) with respect to the pixels. Left alone,
that ends in noise which only the network understands. So each step is smoothed, as ink is, and all ink fades a little
(Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", 2013; the fading is its penalty).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.inspect.trace import gradients, trace
from nn_scratch.nn.network import Network

STEP = 0.12  # the largest change of a pixel in one step, ink from 0 to 1
DECAY = 0.01  # of all ink in each step: what the network does not ask for fades
BLUR = 0.25  # the weight of each neighbour in the smoothing, before it is divided by their sum


def dream(network: Network, label: int, start: Array | None = None, steps: int = 100) -> Iterator[Array]:
    """Yield images (*input_shape), 0 to 1, that class `label` finds better and better.

    Args:
        start: the image to begin with, 0 to 1, of the network's input shape; None for a blank one.
        steps: how many images to yield; a caller may stop whenever it has seen enough.
    """
    x = np.zeros(network.input_shape, network.parameters.dtype) if start is None else start.astype(np.float32)
    for _ in range(steps):
        p = trace(network, x[None]).probabilities  # (1, K)
        dz = -p
        dz[0, label] += 1.0  # d log p_label / dz = y - p
        slope = smoothed(gradients(network, dz)[0][0])
        largest = float(np.abs(slope).max())
        if largest > 0:
            x = np.clip((1 - DECAY) * x + slope * np.float32(STEP / largest), 0.0, 1.0)
        yield x


def smoothed(image: Array) -> Array:
    """`image` (*input_shape), each pixel blended with its four neighbours; a row of numbers is taken as a square."""
    side = round(np.sqrt(image.size))
    if image.ndim == 1 and side * side != image.size:
        return image
    grid = image.reshape(side, side, 1) if image.ndim == 1 else image.reshape(*image.shape[:2], -1)  # (H, W, C)
    padded = np.pad(grid, ((1, 1), (1, 1), (0, 0)))
    around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
    blended: Array = ((grid + BLUR * around) / (1 + 4 * BLUR)).reshape(image.shape).astype(image.dtype)
    return blended
