"""Custom layers: a class with a kind is known to model files, and what could not come back is not written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from nn_scratch import Dense, Network, check_layer, mlp
from nn_scratch.arrays import Array
from nn_scratch.layers import LAYERS, Activation, Layer


class Scale(Activation):
    """y = factor x: all that a new layer needs."""

    kind = "scale_of_a_test"
    factor: float = 2.0

    def f(self, x: Array) -> Array:
        return x * x.dtype.type(self.factor)

    def backward(self, dy: Array) -> Array:
        return dy * dy.dtype.type(self.factor)


class Restless(Scale):
    """It changes the argument that it was made with."""

    kind = "restless_of_a_test"

    def __post_init__(self) -> None:
        self.factor *= 2


class Nameless(Layer):
    """It has no kind."""


def test_a_layer_is_one_class(tmp_path: Path, rng: np.random.Generator) -> None:
    check_layer(Scale(2.5), (4,), rng)
    network = Network([Dense(3), Scale(2.5)], (4,), "abc").initialize(rng)
    assert repr(network.layers[1]) == "Scale(factor=2.5)"
    nn_scratch.save(network, tmp_path / "model.npy")
    images = rng.integers(0, 256, (3, 2, 2), dtype=np.uint8)
    assert (nn_scratch.load(tmp_path / "model.npy").logits(images) == network.logits(images)).all()


def test_a_kind_stands_for_one_class() -> None:
    before = LAYERS.copy()
    with pytest.raises(ValueError, match="'dense' belongs to Dense; give Other another"):
        type("Other", (Scale,), {"kind": "dense"})
    with pytest.raises(ValueError, match="small letters, digits and underscores"):
        type("Other", (Scale,), {"kind": "Other Layer"})
    again = type("Scale", (Activation,), {"kind": "scale_of_a_test", "__module__": __name__})  # a cell that runs again
    assert {**before, "scale_of_a_test": again} == LAYERS
    LAYERS.update(before)


def test_a_layer_without_a_kind_or_a_method_is_told_what_it_needs() -> None:
    with pytest.raises(ValueError, match=r"Nameless needs a kind.*kind = 'nameless'"):
        Network([Nameless()], (4,), "abcd")
    for method, call in (("forward", Layer.forward), ("backward", Layer.backward)):
        with pytest.raises(NotImplementedError, match=f"Nameless needs a method {method}"):
            call(Nameless(), np.zeros((1, 4)))


def test_what_load_could_not_make_again_is_not_written(tmp_path: Path) -> None:
    restless, scored = Network([Dense(3), Restless()], (4,), "abc"), mlp((2,))
    scored.metadata = {"score": np.float32(1)}
    for network, sentence in ((restless, "could not be loaded again: a layer has changed"), (scored, "values of JSON")):
        with pytest.raises(ValueError, match=sentence):
            nn_scratch.save(network, tmp_path / "model.npy")
    assert list(tmp_path.iterdir()) == []
