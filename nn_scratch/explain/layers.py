"""Layers at a glance: how strongly each one is corrected, what the first one looks for, what the last ones find alike.

While a network learns, the size of each layer's gradient shows whether anything arrives at the first one at all. Its
weights lie on the pixels of the image, so they can be seen: noise at first, then strokes. The last hidden layer has
learned what matters: images whose activations are close there look alike to the network, whatever their pixels
(Papernot and McDaniel, "Deep k-Nearest Neighbors", 2018).
"""

from __future__ import annotations

import math

import numpy as np

from nn_scratch.arrays import Array, Images, Labels, Shape
from nn_scratch.convolution import Conv2D
from nn_scratch.explain.trace import trace
from nn_scratch.layers import Dense
from nn_scratch.network import Network, count_numbers


def gradient_sizes(network: Network) -> dict[str, float]:
    """The root mean square of the last gradient of each layer that learns, by the layer's name."""
    sizes, start = {}, 0  # what learns lies first in the vector
    for name, layer in zip(network.names, network.layers, strict=True):
        if layer.parameter_shapes and name not in network.frozen:
            stop = start + count_numbers(layer.parameter_shapes)
            sizes[name] = math.sqrt(float(np.square(network.gradients[start:stop], dtype=np.float64).mean()))
            start = stop
    return sizes


def first_weights(network: Network) -> Array:
    """What each unit of the first layer with weights looks for, as images (units, height, width), signed.

    A dense layer gives one image of the size of the inputs per unit, a convolution one kernel per channel. Colours are
    added up. Where the inputs are no image, or the first weights are others, there are none: (0, 1, 1).
    """
    shape = shape_of(network.input_shape)
    match next((layer for layer in network.layers if layer.parameter_shapes), None):
        case Dense() as first if shape and first.inputs == math.prod(shape):
            return first.W.T.reshape(-1, *shape).sum(axis=3)  # (units, height, width, C)
        case Conv2D() as first:
            return first.W.T.reshape(first.channels, *first.windows.size, -1).sum(axis=3)  # (units, kh, kw, C)
    return np.zeros((0, 1, 1), np.float32)


def shape_of(shape: Shape) -> tuple[int, int, int] | None:
    """The height, width and channels of an image of `shape`; a row of numbers is a square, or None if it is not one."""
    if len(shape) in (2, 3):
        return shape[0], shape[1], math.prod(shape[2:])
    side = math.isqrt(math.prod(shape))
    return (side, side, 1) if side * side == math.prod(shape) else None


def features(network: Network, images: Images | Array, layer: int = -2) -> Array:
    """The activations of the layer of that number, a row per image: (N, D); by default what the last layer reads."""
    chunks = [images[first : first + 256] for first in range(0, len(images), 256)]  # a few at a time
    return np.concatenate([trace(network, chunk).activations[layer].reshape(len(chunk), -1) for chunk in chunks])


def nearest(known: Array, query: Array, count: int) -> tuple[Labels, Array]:
    """The numbers of the `count` rows of `known` (N, D) nearest to `query` (D,), nearest first, and their distances."""
    distances = np.linalg.norm(known - query, axis=1)  # (N,)
    rows = np.argsort(distances, kind="stable")[:count].astype(np.int64)
    return rows, distances[rows]
