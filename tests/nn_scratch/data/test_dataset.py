"""Data sets joined into one."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.data.dataset import Dataset, concatenate
from nn_scratch.nn.network import DIGITS


def test_joined_sets_keep_their_weights_and_writers() -> None:
    images, labels = np.zeros((3, 28, 28), np.uint8), np.arange(3)
    known = Dataset(images, labels, DIGITS, writers=np.array([0, 0, 1]), weights=np.array([1, 1, 0.5], np.float32))
    both = concatenate([Dataset(images, labels, DIGITS), known], [1, 2])
    np.testing.assert_allclose(both.shown(), [1, 1, 1, 2, 2, 1])
    assert both.writers is not None
    assert both.writers.tolist() == [0, 1, 2, 3, 3, 4]
    with pytest.raises(ValueError, match="different classes"):
        concatenate([known, Dataset(images, labels, tuple("abc"))])
