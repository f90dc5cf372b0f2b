"""The initializers: weights have the variance that the derivations ask for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn_scratch import Conv2D, Dense
from nn_scratch.initializers import check_initializer
from tests.helpers.layer_cases import bound


@pytest.mark.parametrize(
    ("name", "mean", "variance"),
    [
        ("he", 0, lambda fan_in, fan_out: 2 / fan_in),
        ("he_uniform", 0, lambda fan_in, fan_out: 2 / fan_in),
        ("lecun", 0, lambda fan_in, fan_out: 1 / fan_in),
        ("xavier", 0, lambda fan_in, fan_out: 2 / (fan_in + fan_out)),
        (("gaussian", 0.3), 0, lambda fan_in, fan_out: 0.09),
        (("constant", 2), 2, lambda fan_in, fan_out: 0),
        ("ones", 1, lambda fan_in, fan_out: 0),
    ],
)
def test_layers_start_from_the_variance_of_their_fans(
    name: Any, mean: float, variance: Any, rng: np.random.Generator
) -> None:
    """Each output sums fan_in inputs, and each input reaches fan_out outputs; biases start at 0."""
    for layer, shape, fans in (
        (Dense(400, name), (300,), (300, 400)),
        (Conv2D(40, 5, initializer=name), (6, 6, 8), (5 * 5 * 8, 5 * 5 * 40)),
    ):
        bound(layer, shape, rng)
        layer.initialize(rng)
        assert layer.W.mean() == pytest.approx(mean, abs=0.01)
        assert layer.W.var() == pytest.approx(variance(*fans), rel=0.05)
        assert not layer.b.any()


@pytest.mark.parametrize(
    "wrong", ["gaussian", ("he", 1.0), ("constant", "x"), ("gaussian", -1.0), ("constant", np.inf), 3]
)
def test_unknown_initializers_are_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="no initializer"):
        check_initializer(wrong)
