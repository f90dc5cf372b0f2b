"""Custom layers: what is registered comes back from a model file, and what could not come back is not written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nn_scratch.layers.activations import Activation

import nn_scratch
from nn_scratch import Network, mlp, register
from nn_scratch.arrays import Array, Shape
from nn_scratch.layers import LAYERS, Dense, Layer


class Scale(Activation):
    """y = factor x."""

    kind = "scale"

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def f(self, x: Array) -> Array:
        return x * x.dtype.type(self.factor)

    def backward(self, dy: Array) -> Array:
        return dy * dy.dtype.type(self.factor)

    def spec(self) -> dict[str, Any]:
        return {"factor": self.factor}


@pytest.fixture(autouse=True)
def only_the_kinds_of_the_library() -> Iterator[None]:
    kept = LAYERS.copy()
    yield
    LAYERS.clear()
    LAYERS.update(kept)


def network_with(layer: Layer) -> Network:
    return Network([Dense(3), layer], (4,), "abc").initialize(np.random.default_rng(0))


def refused(network: Network, folder: Path) -> str:
    """The sentence with which `save` refuses; nothing is written."""
    with pytest.raises(ValueError, match="could not be loaded again") as caught:
        nn_scratch.save(network, folder / "model.npy")
    assert list(folder.iterdir()) == []
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_registered_layer_comes_back(tmp_path: Path, rng: np.random.Generator) -> None:
    network = network_with(Scale(2.5))
    assert "nn_scratch.register(Scale)" in refused(network, tmp_path)
    assert register(Scale) is Scale
    register(Scale)  # as when the cell of a notebook runs again
    nn_scratch.save(network, tmp_path / "model.npy")
    images = rng.integers(0, 256, (3, 2, 2), dtype=np.uint8)
    assert (nn_scratch.load(tmp_path / "model.npy").logits(images) == network.logits(images)).all()


def test_a_kind_stands_for_one_class() -> None:
    class Other(Scale):
        kind = "dense"

    with pytest.raises(ValueError, match="'dense' belongs to Dense; give Other another"):
        register(Other)


def test_a_layer_without_a_kind_is_told_to_have_one() -> None:
    class PReLU(Layer):
        def build(self, input_shape: Shape) -> Shape:
            return input_shape

        def forward(self, x: Array, training: bool = False) -> Array:
            return x

        def backward(self, dy: Array) -> Array:
            return dy

    with pytest.raises(ValueError, match=r"PReLU needs a kind.*kind = 'prelu'"):
        network_with(PReLU())
    with pytest.raises(ValueError, match="PReLU needs a kind"):
        register(PReLU)


def test_a_class_that_inherits_its_kind_is_not_saved_as_another(tmp_path: Path) -> None:
    class Tripled(Dense):
        def forward(self, x: Array, training: bool = False) -> Array:
            return super().forward(x, training) * 3

    assert "Tripled" in refused(Network([Tripled(3)], (4,), "abc"), tmp_path)


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (lambda layer: {}, "leaves out factor"),
        (lambda layer: {"factor": layer.factor + 1}, "does not give the arguments"),
        (lambda layer: {"factor": layer.factor, "other": 1}, "unexpected"),
    ],
)
def test_a_spec_that_makes_another_layer_is_not_saved(
    spec: Callable[[Scale], dict[str, Any]], why: str, tmp_path: Path
) -> None:
    class Forgetful(Scale):
        kind = "forgetful"

        def spec(self) -> dict[str, Any]:
            return spec(self)

    register(Forgetful)
    assert why in refused(network_with(Forgetful(2.5)), tmp_path)


def test_what_load_refuses_is_not_written(tmp_path: Path) -> None:
    refused(mlp((2,), ["one class"]), tmp_path)
    refused(mlp((2,), ["twice", "twice"]), tmp_path)
    network = mlp((2,))
    network.metadata = {"classes": list("abcdefghij")}
    refused(network, tmp_path)
    network.metadata = {"score": np.float32(1)}
    with pytest.raises(ValueError, match="JSON"):
        nn_scratch.save(network, tmp_path / "model.npy")
