"""Contributions: how much each pixel, or each connection, speaks for an answer.

Between its bends a network of ReLUs is linear: a logit is a sum over pixels of x_i dz/dx_i, plus a rest that comes from
the biases alone. So gradient times input is not an estimate here but the very terms of that sum (Shrikumar, Greenside
and Kundaje, "Learning Important Features Through Propagating Activation Differences", 2017). Sigmoids and tanh bend
everywhere, and for them it is a first-order estimate.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from nn_scratch.arrays import Array, Images
from nn_scratch.explain.trace import direction, gradients, trace
from nn_scratch.layers import Dense, Sigmoid, Softmax, Tanh
from nn_scratch.network import Network

CURVED = (Sigmoid, Softmax, Tanh)  # layers that bend everywhere: all others are linear between their bends


def contributions(network: Network, images: Images | Array, label: int, against: int | None = None) -> Array:
    """What each pixel adds to the logit of class `label`, or to its lead over class `against`: (B, *input_shape).

    The sum over the pixels is the logit without what the biases add. A slant that the network takes out is held still,
    so that the terms can be shown on the image as it was drawn.
    """
    traced = trace(network, images)
    batch = len(traced.inputs)
    dz = direction(network, [label] * batch, None if against is None else [against] * batch)
    return traced.inputs * gradients(network, dz, hold_slant=True)[0]


def is_exact(network: Network) -> bool:
    """Whether contributions are the very terms of a sum, and not an estimate."""
    return not any(isinstance(layer, CURVED) for layer in network.layers)


class Connection(NamedTuple):
    """From unit `source` of what a dense layer reads to its unit `target`, and `weight` x activation."""

    source: int
    target: int
    value: float


def connections(layer: Dense, x: Array, dy: Array, count: int) -> list[Connection]:
    """The `count` connections of `layer` that matter most, for one input x (inputs,), the largest first.

    A connection carries x_i W_ij to its target; `dy` (outputs,) says how the score changes with the target, so
    x_i W_ij dy_j is what it adds to the score: above 0 it speaks for the answer, below 0 against it.
    """
    terms = x[:, None] * layer.W * dy  # (inputs, outputs)
    largest = np.argsort(-np.abs(terms), axis=None, kind="stable")[:count]
    places = np.stack(np.unravel_index(largest, terms.shape), axis=1)  # (count, 2)
    return [Connection(int(i), int(j), float(terms[i, j])) for i, j in places if terms[i, j]]
