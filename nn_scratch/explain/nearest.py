"""Nearest examples: which training images a network finds most like this one.

Pixels make poor neighbours: the same 4 a little to the left is far away. The units of a hidden layer have learned what
matters, so images whose activations are close look alike to the network, whatever their pixels (Papernot and McDaniel,
"Deep k-Nearest Neighbors", 2018).
"""

from __future__ import annotations

import numpy as np

from nn_scratch.arrays import Array, Images, Labels
from nn_scratch.explain.trace import trace
from nn_scratch.network import Network

CHUNK = 256  # images that are traced at once


def features(network: Network, images: Images | Array, layer: int = -2) -> Array:
    """The activations of the layer of that number, a row per image: (N, D); by default what the last layer reads."""
    rows = [
        trace(network, images[first : first + CHUNK]).activations[layer].reshape(len(images[first : first + CHUNK]), -1)
        for first in range(0, len(images), CHUNK)
    ]
    return np.concatenate(rows)


def nearest(known: Array, query: Array, count: int) -> tuple[Labels, Array]:
    """The numbers of the `count` rows of `known` (N, D) nearest to `query` (D,), nearest first, and their distances."""
    distances: Array = np.linalg.norm(known - query, axis=1)  # (N,)
    rows: Labels = np.argsort(distances, kind="stable")[:count].astype(np.int64)
    return rows, distances[rows]
