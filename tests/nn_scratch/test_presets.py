"""Presets: networks by name, for images of any shape."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch import QuadraticLoss
from nn_scratch.zoo.presets import PRESETS, preset, upright

SIZES = {
    "mlp": 40_785,
    "mlp-wide": 235_146,
    "lenet": 61_706,
    "convnet": 20_490,
    "convnet-deep": 390_410,
    "convnet-strided": 95_114,
    "numpy-ml-basic": 79_510,
    "numpy-ml-network": 289_630,
    "numpy-ml-deeper": 85_670,
}


@pytest.mark.parametrize("name", PRESETS)
def test_presets_read_bytes_of_any_image_shape(name: str, rng: np.random.Generator) -> None:
    if name in SIZES:
        assert preset(name).parameters.size == SIZES[name]
    for shape in ((28, 28), (32, 32, 3)):
        network = preset(name, shape, "abc").initialize(rng)
        images = rng.integers(0, 256, (5, *shape), dtype=np.uint8)
        p = network.predict_proba(images)
        assert p.shape == (5, 3)
        np.testing.assert_allclose(network.predict_proba(images[:1]), p[:1], rtol=1e-4)


def test_a_preset_for_photographs_has_the_promised_size() -> None:
    assert preset("simple-convnet", (32, 32, 3)).parameters.size == 80_602


@pytest.mark.parametrize("name", ["mlp", "convnet"])
@pytest.mark.parametrize("shape", [(28, 28), (32, 32, 3)])
def test_images_are_set_upright_before_any_network(name: str, shape: tuple[int, ...], rng: np.random.Generator) -> None:
    network = preset(name, shape, "abc").initialize(rng)
    reader = upright(preset(name, shape, "abc"), shape)
    reader.parameters[...] = network.parameters
    images = rng.integers(0, 256, (5, *shape), dtype=np.uint8)
    first = reader.layers[0].forward(np.float32(images / 255).reshape(5, *reader.input_shape))
    np.testing.assert_allclose(reader.logits(images), network.logits(first.reshape(images.shape)), atol=1e-4)


def test_a_row_of_numbers_is_read_by_an_mlp() -> None:
    assert preset("mlp", (13,), "abc").input_shape == (13,)
    with pytest.raises(ValueError, match=r"^Images are "):
        preset("convnet", (784,))


def test_what_is_learned_stays_the_same_where_images_are_set_upright() -> None:
    network = preset("mlp")
    network.loss = QuadraticLoss()
    assert upright(network).loss is network.loss


@pytest.mark.parametrize("shape", [(28, 28, 3, 1), (28, 0), ()])
def test_what_is_no_preset_or_no_image_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^Images are \(height, width\) or \(height, width, channels\), not "):
        preset("mlp", shape)
    with pytest.raises(ValueError, match="no preset 'resnet'"):
        preset("resnet")
    with pytest.raises(ValueError, match=r"inputs of shape \(784,\), not images of \(32, 32\)"):
        upright(preset("mlp"), (32, 32))
