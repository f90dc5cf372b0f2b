"""Memory that stays from batch to batch."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from nn_scratch.arrays import Array, Shape


class Buffer:
    """An array for one purpose inside one layer; the operating system takes longer to give fresh memory than to use it.

    What it gave before, it gives again: a layer never hands it out. It is all zeros the first time.
    """

    def __init__(self) -> None:
        self.memory: Array = np.zeros(0, np.float32)

    def __call__(self, shape: Shape, dtype: DTypeLike) -> Array:
        """An array (B, ...) of `shape` and `dtype`; a row that was written before still holds what it held."""
        size = int(np.prod(shape))
        if self.memory.size < size or self.memory.dtype != dtype:
            self.memory = np.zeros(size, dtype)
        return self.memory[:size].reshape(shape)
