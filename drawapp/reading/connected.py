"""Connected: which things hang together, when it is known which pairs touch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.intp]


def groups(count: int, pairs: Numbers) -> Numbers:
    """The number of its group, 0 ..., of each of `count` things; `pairs` (E, 2) touch.

    Everything takes the smallest number among its neighbours until nothing changes, and looks up the number of that
    number as it does so, which halves every chain.
    """
    smallest = np.arange(count)
    left, right = pairs.reshape(-1, 2).T
    while True:
        before = smallest.copy()
        np.minimum.at(smallest, left, before[right])
        np.minimum.at(smallest, right, before[left])
        smallest = smallest[smallest]
        if (smallest == before).all():
            return np.unique(smallest, return_inverse=True)[1].astype(np.intp)
