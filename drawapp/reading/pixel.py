"""The pixel: where the ink of one pixel of an image goes.

The sum of a unit is told from its end: which pixels it reads. Here the same products are told from their beginning:
which units one pixel is read by, and through which weights. Deslanting blends it into two pixels before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from drawapp.reading.arithmetic import Term
from drawapp.reading.explanation import SIDE, UNSEEN, Explanation
from nn_scratch.arrays import Array
from nn_scratch.convolution import Conv2D
from nn_scratch.explain.trace import trace
from nn_scratch.layers import Dense, Identity
from nn_scratch.zoo.deslant import Deslant


@dataclass(frozen=True, eq=False)
class Pixel:
    """A pixel at `row` and `column` with so much `ink`, and what is made of it.

    `blended` are the pixels of the upright image that it goes to, each with its fraction: none where nothing is set
    upright. `weights` are those through which the layer of the stage `target` reads it, in the shape of that layer's
    output. They are None where the layer called `obstacle` makes something else of the image before.
    """

    row: int
    column: int
    ink: float
    blended: tuple[tuple[int, float], ...]
    target: int
    weights: Array | None
    obstacle: str = ""

    def largest(self, count: int) -> list[Term]:
        """The `count` largest products ink x weight; `source` is where they go, in the output of the layer."""
        if self.weights is None or not self.ink:
            return []
        weights = self.weights.ravel()
        order = np.argsort(-np.abs(weights), kind="stable")[:count]
        return [Term(int(k), self.ink, float(weights[k]), self.ink * float(weights[k])) for k in order if weights[k]]


def pixel_of(explanation: Explanation, stage: int, number: int) -> Pixel:
    """Follow the pixel at `number` of an image to the first layer with weights."""
    shown, (row, column) = explanation.stages[stage], divmod(number, SIDE)
    target = next(k for k, each in enumerate(explanation.stages) if each.source is not None)
    source = explanation.stages[target].source
    fractions, is_moved = {number: 1.0}, False
    found = Pixel(row, column, float(shown.values[row, column]), (), target, None)
    for layer in explanation.network.layers[shown.last + 1 : source]:
        if isinstance(layer, Deslant):
            trace(explanation.network, explanation.image[None])  # the layer may have read something else in between
            fractions, is_moved = spread(layer, fractions), True
        elif not isinstance(layer, (*UNSEEN, Identity)):
            return replace(found, obstacle=layer.kind)
    layer = explanation.network.layers[source or 0]
    if not isinstance(layer, (Dense, Conv2D)):
        return replace(found, obstacle=layer.kind)
    read = [fraction * weights_from(layer, k) for k, fraction in fractions.items()]
    weights: Array = np.sum(read, axis=0) if read else np.zeros_like(weights_from(layer, number))
    return replace(found, blended=tuple(fractions.items()) if is_moved else (), weights=weights)


def spread(layer: Deslant, fractions: dict[int, float]) -> dict[int, float]:
    """The pixels that `fractions` of pixels are blended into, each with the fraction that it gets."""
    found: dict[int, float] = {}
    for number, fraction in fractions.items():
        row, column = divmod(number, SIDE)
        for reader, weight in layer.readers(row, column):
            place = row * SIDE + reader
            found[place] = found.get(place, 0.0) + fraction * weight
    return found


def weights_from(layer: Dense | Conv2D, number: int) -> Array:
    """The weights through which `layer` reads the pixel at `number`, in the shape of its output.

    Pixel (i, j) of a convolution's window sees this one where the window has moved by (row - i, column - j), which must
    be a whole number of strides. Rows and columns count from the frame of zeros.
    """
    if isinstance(layer, Dense):
        read: Array = layer.W[number]  # (outputs,)
        return read
    weights: Array = np.zeros(layer.output_shape, layer.W.dtype)  # (H', W', channels)
    kernels = layer.W.reshape(*layer.windows.size, layer.channels)  # (kh, kw, channels)
    row, column = (place + side for place, side in zip(divmod(number, SIDE), layer.windows.padding, strict=True))
    (down, across), (rows, columns) = layer.windows.stride, layer.windows.places
    for i, j in np.ndindex(*layer.windows.size):
        (r, below), (c, beside) = divmod(row - i, down), divmod(column - j, across)
        if 0 <= r < rows and 0 <= c < columns and not (below or beside):
            weights[r, c] = kernels[i, j]
    return weights
