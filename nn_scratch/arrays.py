"""The kinds of arrays that the modules exchange, by name, so that a signature says what its numbers mean."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]  # float32 in use, float64 in gradient checks
Labels: TypeAlias = NDArray[np.int64]  # (B,) class numbers
Images: TypeAlias = NDArray[np.uint8]  # (B, 28, 28), ink is high
Shape: TypeAlias = tuple[int, ...]  # of one example, without the batch
