"""The initializers: weights have the variance that the derivations ask for."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.initializers import Initializer, check, fill


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        ("he", 2 / 300),
        ("he_uniform", 2 / 300),
        ("lecun", 1 / 300),
        ("xavier", 2 / 700),
        (("gaussian", 0.3), 0.09),
        (("constant", 2), 0),
    ],
)
def test_initializers_have_the_variance_they_promise(
    initializer: Initializer, variance: float, rng: np.random.Generator
) -> None:
    weights = np.empty((300, 400), np.float32)
    fill(weights, check(initializer), (300, 400), rng)
    assert weights.var() == pytest.approx(variance, rel=0.03)
    assert weights.mean() == pytest.approx(2 if variance == 0 else 0, abs=0.01)


def test_fixed_initializers_and_unknown_ones(rng: np.random.Generator) -> None:
    weights = np.empty(3, np.float32)
    for name, value in (("zeros", 0), ("ones", 1)):
        fill(weights, name, (1, 1), rng)
        assert (weights == value).all()
    for wrong in ("gaussian", ("he", 1.0), ("constant", "x"), ("gaussian", -1.0), ("constant", np.inf), 3):
        with pytest.raises(ValueError, match="no initializer"):
            check(wrong)  # type: ignore[arg-type]
