"""The arithmetic of one unit: the numbers from what it reads to what it says.

People believe a sum that they can check. So a unit of a dense layer, or a pixel of a feature map, is told with its
weights, its terms, its bias and what the layers behind make of them; an output with the softmax. All numbers are those
of the explanation that is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from drawapp.reading.explanation import Explanation
from nn_scratch.arrays import Array
from nn_scratch.convolution import Conv2D, MaxPool2D, MeanPool2D
from nn_scratch.layers import Dense, Dropout, Flatten, Identity, Layer
from nn_scratch.normalization import BatchNorm
from nn_scratch.zoo.rare_layers import Reshape, UntiedConv2D

Pair = tuple[int, int]  # down, across
SILENT = (Dropout, Identity, Flatten, Reshape)  # layers that make nothing of a number


class Term(NamedTuple):
    """Input `source` x its weight = `value`."""

    source: int
    x: float
    weight: float
    value: float


class Exponential(NamedTuple):
    """One class of the softmax: its score and e^score."""

    label: str
    score: float
    value: float


@dataclass(frozen=True)
class Step:
    """What one layer makes of a number: `value`, from the number `before`.

    Batch normalization multiplies by `scale` and adds `shift`. Pooling takes the largest of a `window` of numbers, or
    their mean.
    """

    kind: str
    before: float
    value: float
    scale: float = 1.0
    shift: float = 0.0
    window: Pair = (1, 1)


class Sum(NamedTuple):
    """z = `total` + `bias`, and `value` is what the layers behind make of it, in `steps`."""

    weights: Array  # (n,)
    terms: Array  # (n,) x_i w_i
    largest: tuple[Term, ...]
    total: float
    bias: float
    z: float
    value: float
    steps: tuple[Step, ...]


class Look(NamedTuple):
    """Where the window of a convolution lies that one pixel of a map comes from, and what it reads there.

    `top` and `left` are in the image before, less than 0 in its frame of zeros. `seen` and `kernel` are (kh, kw, C).
    """

    top: int
    left: int
    seen: Array
    kernel: Array
    bias: float

    @property
    def per_map(self) -> Array:
        """What each map before adds to the sum, (C,)."""
        added: Array = (self.seen * self.kernel).sum(axis=(0, 1))
        return added

    def strongest(self, count: int) -> list[int]:
        """The numbers of the maps before that add most, or take most."""
        order: list[int] = np.argsort(-np.abs(self.per_map), kind="stable")[:count].tolist()
        return order


def sum_of(explanation: Explanation, stage: int, number: int, count: int = 5) -> Sum | None:
    """The sum of the value at `number` in its stage, with its `count` largest terms; None where it cannot be told."""
    shown = explanation.stages[stage]
    path = path_of(explanation, stage, number)
    if shown.source is None or path is None:
        return None
    layer = explanation.network.layers[shown.source]
    if isinstance(layer, Dense):
        x, weights, bias = explanation.input_of(stage), layer.W[:, path[0]], float(layer.b[path[0]])  # (n,) twice
    else:
        look = look_of(explanation, stage, number)
        assert look is not None
        x, weights, bias = look.seen.ravel(), look.kernel.ravel(), look.bias
    terms = x * weights
    order = np.argsort(-np.abs(terms), kind="stable")[:count]
    largest = tuple(Term(int(i), float(x[i]), float(weights[i]), float(terms[i])) for i in order if terms[i])
    values = [float(explanation.traced.activations[shown.source + k][0].ravel()[place]) for k, place in enumerate(path)]
    steps = tuple(steps_of(explanation.network.layers[shown.source + 1 : shown.last + 1], path[1:], values))
    return Sum(weights, terms, largest, values[0] - bias, bias, values[0], values[-1], steps)


def look_of(explanation: Explanation, stage: int, number: int) -> Look | None:
    """Where the window lies that the value at `number` of a stage comes from; None where it is of no convolution."""
    shown = explanation.stages[stage]
    path = path_of(explanation, stage, number)
    layer = None if shown.source is None else explanation.network.layers[shown.source]
    if path is None or not isinstance(layer, Conv2D):
        return None
    row, column, channel = (int(k) for k in np.unravel_index(path[0], layer.output_shape))
    (kh, kw), (down, across) = layer.windows.size, layer.windows.stride
    framed = np.pad(explanation.input_of(stage), (*((side, side) for side in layer.windows.padding), (0, 0)))
    top, left = row * down, column * across
    bias = layer.b[row, column, channel] if isinstance(layer, UntiedConv2D) else layer.b[channel]
    kernel = layer.W[:, channel].reshape(kh, kw, -1)
    seen = framed[top : top + kh, left : left + kw]
    return Look(top - layer.windows.padding[0], left - layer.windows.padding[1], seen, kernel, float(bias))


def path_of(explanation: Explanation, stage: int, number: int) -> list[int] | None:
    """Where the value at `number` of a stage has been in the outputs of its layers, from the one with the weights on.

    Pooling is gone through by the largest number of its window. None where a layer mixes numbers in another way.
    """
    shown = explanation.stages[stage]
    if shown.source is None or not isinstance(explanation.network.layers[shown.source], (Dense, Conv2D)):
        return None
    path = [number]
    for k in range(shown.last, shown.source, -1):
        layer, x = explanation.network.layers[k], explanation.traced.input_of(k)[0]
        if isinstance(layer, (MaxPool2D, MeanPool2D)):
            path.append(largest_in_window(layer, x, path[-1]))
        elif x.size == explanation.traced.activations[k][0].size:
            path.append(path[-1])
        else:
            return None
    return path[::-1]


def largest_in_window(layer: MaxPool2D | MeanPool2D, x: Array, number: int) -> int:
    """The number of the largest value of x (H, W, C) in the window that the output at `number` comes from."""
    row, column, channel = (int(k) for k in np.unravel_index(number, (*layer.windows.places, x.shape[2])))
    (high, wide), (down, across) = layer.windows.size, layer.windows.stride
    top, left = row * down - layer.windows.padding[0], column * across - layer.windows.padding[1]
    first_row, first_column = max(top, 0), max(left, 0)  # what is outside of the image is never the largest
    seen = x[first_row : top + high, first_column : left + wide, channel]
    i, j = np.unravel_index(int(seen.argmax()), seen.shape)
    return int(np.ravel_multi_index((first_row + int(i), first_column + int(j), channel), x.shape))


def steps_of(layers: Sequence[Layer], path: list[int], values: list[float]) -> Iterator[Step]:
    """What `layers` make of the first of `values`, one after the other, at the places of `path`."""
    for layer, place, (before, value) in zip(layers, path, pairwise(values), strict=True):
        step = Step(layer.kind, before, value)
        if isinstance(layer, BatchNorm):
            feature = place % layer.features  # the last axis
            scale = float(layer.gamma[feature] / np.sqrt(layer.variance[feature] + layer.epsilon))
            yield replace(step, scale=scale, shift=float(layer.beta[feature] - layer.mean[feature] * scale))
        elif isinstance(layer, (MaxPool2D, MeanPool2D)):
            yield replace(step, window=layer.windows.size)
        elif not isinstance(layer, SILENT):
            yield step


def exponentials(explanation: Explanation) -> list[Exponential]:
    """e^score of every class that may be answered, 0 of the others: the softmax divides by their sum."""
    scores = explanation.traced.logits[0].astype(np.float64)  # (K,)
    allowed = explanation.probabilities > 0
    return [
        Exponential(label, float(score), float(np.exp(score)) if may else 0.0)
        for label, score, may in zip(explanation.network.classes, scores, allowed, strict=True)
    ]
