"""Layers at a glance: how strongly each one is corrected, and what the units of the first one look for.

While a network learns, two things tell more than the loss. The size of the gradient in each layer shows which layer is
being changed, and whether anything arrives at the first one at all. The weights of the first layer lie on the pixels of
the image, so they can be seen: noise at first, then strokes.
"""

from __future__ import annotations

import math

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.layers import Conv2D, Dense
from nn_scratch.network import Network, count_numbers


def gradient_sizes(network: Network) -> dict[str, float]:
    """The root mean square of the last gradient of each layer that has parameters, by the layer's name."""
    sizes, start = {}, 0
    for name, layer in zip(network.names, network.layers, strict=True):
        count = count_numbers([layer.parameter_shapes()])
        if count:
            part = network.gradients[start : start + count]
            sizes[name] = math.sqrt(float(np.square(part, dtype=np.float64).mean()))
        start += count
    return sizes


def first_weights(network: Network) -> Array:
    """What each unit of the first layer with weights looks for, as images (units, height, width), signed.

    A dense layer gives one image of the size of the inputs per unit, a convolution one kernel per channel. Colours are
    added up. Where the inputs are no image, or the first weights are others, there are none: (0, 1, 1).
    """
    weighted = (layer for layer in network.layers if layer.parameter_shapes())
    match next(weighted, None):
        case Dense() as first if first.W.shape[0] == math.prod(network.input_shape):
            shape = image_shape(network)
            images = first.W.T.reshape(-1, *shape) if shape else None  # (units, height, width, C)
        case Conv2D() as first:
            channels = first.input_shape[2]
            images = first.W.T.reshape(len(first.W.T), *first.window.size, channels)  # (units, kh, kw, C)
        case _:
            images = None
    return np.zeros((0, 1, 1), np.float32) if images is None else images.sum(axis=3)


def image_shape(network: Network) -> tuple[int, int, int] | None:
    """The height, width and channels of the images that `network` reads; None where they are not square or known."""
    if len(network.input_shape) == 3:
        height, width, channels = network.input_shape
        return height, width, channels
    side = math.isqrt(math.prod(network.input_shape))
    return (side, side, 1) if side * side == math.prod(network.input_shape) else None
