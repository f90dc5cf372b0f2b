"""A buffer: memory that a layer uses again for each batch.

The operating system takes longer to provide fresh memory than a layer takes to fill it, so a large array that is needed
in each batch is allocated once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from nn_scratch.arrays import Array, Shape


class Buffer:
    """An array for one purpose inside of one layer, all zeros the first time.

    Each call returns the same memory, so a layer must not return such an array to its caller.
    """

    def __init__(self) -> None:
        self.memory: Array = np.zeros(0, np.float32)

    def __call__(self, shape: Shape, dtype: DTypeLike) -> Array:
        """An array (B, ...) of `shape` and `dtype`; it still has the numbers that were written to it before."""
        size = int(np.prod(shape))
        if self.memory.size < size or self.memory.dtype != dtype:
            self.memory = np.zeros(size, dtype)
        return self.memory[:size].reshape(shape)
