"""Links: which connections to light, and which to show at all.

All values say what a connection adds to the score of the answer: above 0 it speaks for it, below 0 against it.
"""

from __future__ import annotations

import numpy as np

from drawapp.reading.arithmetic import look_of, path_of
from drawapp.reading.explanation import Explanation
from drawapp.reading.pixel import pixel_of
from nn_scratch.arrays import Array
from nn_scratch.explain.trace import Connection, connections
from nn_scratch.layers import Dense

MAPS = 5  # before a pixel of a map, at most

Link = tuple[int, Connection]  # the number of the stage that a connection leads to, and the connection


def links_of(explanation: Explanation, stage: int, number: int, count: int) -> list[Link]:
    """The strongest connections of the value at `number` of a stage, `count` into it and out of it."""
    kind = explanation.stages[stage].kind
    if kind == "image":
        return of_pixel(explanation, stage, number, count)
    if kind == "maps":
        return of_map(explanation, stage, number)
    return of_unit(explanation, stage, number, count)


def of_unit(explanation: Explanation, stage: int, unit: int, count: int) -> list[Link]:
    """The connections into a unit from the units before, and out of it."""
    found = []
    for target in (stage, stage + 1):
        source = explanation.between_units(target) if target < len(explanation.stages) else None
        if source is None:
            continue
        layer, x, dy = explanation.network.layers[source], explanation.input_of(target), explanation.slopes[source + 1]
        assert isinstance(layer, Dense)
        if target == stage:
            wanted = np.zeros_like(dy)
            wanted[unit] = 1.0 if explanation.stages[stage].kind == "answer" else dy[unit]
            dy = wanted
        else:
            x = np.where(np.arange(len(x)) == unit, x, 0)
        found += [(target, each) for each in connections(layer, x, dy, count)]
    return found


def of_pixel(explanation: Explanation, stage: int, number: int, count: int) -> list[Link]:
    """The connections out of a pixel into units, or into feature maps as a whole."""
    pixel = pixel_of(explanation, stage, number)
    source = explanation.stages[pixel.target].source
    if pixel.weights is None or source is None:
        return []
    added = pixel.ink * pixel.weights * explanation.slopes[source + 1]  # in the shape of the output
    added = added.reshape(-1, added.shape[-1]).sum(axis=0)  # per unit or map
    return [(pixel.target, Connection(number, k, float(added[k]))) for k in strongest(added, count)]


def of_map(explanation: Explanation, stage: int, number: int) -> list[Link]:
    """The connections into one pixel of a feature map, from those of the maps before that add most."""
    look, path = look_of(explanation, stage, number), path_of(explanation, stage, number)
    source = explanation.stages[stage].source
    if look is None or path is None or source is None or explanation.stages[stage - 1].kind != "maps":
        return []
    added = look.per_map * explanation.slopes[source + 1].ravel()[path[0]]  # (C,)
    return [(stage, Connection(k, number, float(added[k]))) for k in look.strongest(MAPS) if added[k]]


def strongest(values: Array, count: int) -> list[int]:
    """The numbers of the `count` values that are farthest from 0, without those that are 0."""
    order = np.argsort(-np.abs(values), kind="stable")[:count]
    return [int(k) for k in order if values[k]]
