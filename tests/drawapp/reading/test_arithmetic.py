"""The numbers that Inside prints are those of an independent forward pass, written as naive loops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading.arithmetic import look_of, sum_of
from drawapp.reading.explanation import Explanation, think
from drawapp.reading.links import links_of
from drawapp.reading.pixel import pixel_of
from drawapp.reading.recognizer import Recognizer
from nn_scratch.arrays import Array
from nn_scratch.convolution import Conv2D, MaxPool2D, MeanPool2D
from nn_scratch.layers import Dense, Flatten, Layer, ReLU, Tanh
from nn_scratch.network import DIGITS, Network
from nn_scratch.normalization import BatchNorm
from nn_scratch.zoo.deslant import Deslant
from nn_scratch.zoo.rare_layers import UntiedConv2D

CONVNET = Path(__file__).parents[3] / "models" / "digits-convnet.npy"


def explanation_of(network: Network, digit: str = "4") -> Explanation:
    canvas = Canvas()
    sample_digits.draw(digit, canvas)
    found = think(network, Recognizer(network).read(canvas).characters[0])
    assert found is not None
    return found


def custom(rng: np.random.Generator) -> Network:
    """Padding, strides, a frame, both kinds of pooling and of biases, and normalization in between."""
    layers: list[Layer] = [Deslant(), Conv2D(4, (3, 2), (2, 1), (1, 0)), BatchNorm(), ReLU(), MeanPool2D((2, 3))]
    layers += [UntiedConv2D(5, 3, 1, 1), BatchNorm(), Tanh(), MaxPool2D(3, 2), Flatten(), Dense(10)]
    network = Network(layers, (28, 28, 1), DIGITS).initialize(rng)
    network.parameters += (0.2 * rng.standard_normal(network.parameters.shape)).astype(np.float32)
    for _ in range(3):
        network.forward(rng.random((8, 28, 28, 1)).astype(np.float32), training=True)
    return network


def convolved(layer: Conv2D, x: Array, row: int, column: int, channel: int) -> tuple[float, float]:
    """One pixel of a convolution without its bias, and the bias, number by number."""
    (kh, kw), (down, across), (above, beside) = layer.windows.size, layer.windows.stride, layer.windows.padding
    total, depth = 0.0, x.shape[2]
    for i in range(kh):
        for j in range(kw):
            r, c = row * down + i - above, column * across + j - beside
            if 0 <= r < x.shape[0] and 0 <= c < x.shape[1]:
                for k in range(depth):
                    total += float(x[r, c, k]) * float(layer.W[(i * kw + j) * depth + k, channel])
    bias = layer.b[row, column, channel] if layer.b.ndim == 3 else layer.b[channel]
    return total, float(bias)


def after(layer: Layer, x: Array) -> Array:
    """What a layer makes of x (H, W, C), number by number."""
    match layer:
        case ReLU():
            return np.maximum(x, 0)
        case Tanh():
            return np.tanh(x)
        case BatchNorm():
            normalized: Array = (x - layer.mean) / np.sqrt(layer.variance + layer.epsilon)
            return normalized * layer.gamma + layer.beta
        case MaxPool2D() | MeanPool2D():
            made = np.zeros((*layer.windows.places, x.shape[2]))
            for r, c, k in np.ndindex(*made.shape):
                top, left = r * layer.windows.stride[0], c * layer.windows.stride[1]
                seen = x[top : top + layer.windows.size[0], left : left + layer.windows.size[1], k]
                made[r, c, k] = seen.max() if isinstance(layer, MaxPool2D) else seen.mean()
            return made
    raise AssertionError(layer)


@pytest.mark.parametrize("which", ["bundled", "custom"])
def test_a_pixel_of_a_map_is_window_times_kernel(which: str, rng: np.random.Generator) -> None:
    if which == "bundled" and not CONVNET.is_file():
        pytest.skip("models/digits-convnet.npy is missing")
    explanation = explanation_of(nn_scratch.load(CONVNET) if which == "bundled" else custom(rng))
    maps = [k for k, stage in enumerate(explanation.stages) if stage.kind == "maps"]
    assert len(maps) >= 2
    for stage in maps:
        shown = explanation.stages[stage]
        assert shown.source is not None
        layer, x = explanation.network.layers[shown.source], explanation.input_of(stage)
        assert isinstance(layer, Conv2D)
        places = [int(shown.values.argmax()), *rng.integers(shown.values.size, size=12).tolist()]
        for number in places:
            channel = number % shown.values.shape[2]
            whole: Array = np.zeros((*layer.windows.places, 1))
            for r, c in np.ndindex(*layer.windows.places):
                whole[r, c, 0] = sum(convolved(layer, x, r, c, channel))
            value: Array = whole
            for behind in explanation.network.layers[shown.source + 1 : shown.last + 1]:
                value = after(one_channel(behind, channel), value)
            found = sum_of(explanation, stage, number)
            assert found is not None
            row, column, _ = np.unravel_index(number, shown.values.shape)
            assert found.value == pytest.approx(float(value[row, column, 0]), abs=0.01)
            assert found.value == pytest.approx(float(shown.values.ravel()[number]), abs=1e-5)
            assert np.abs(whole - found.z).min() < 0.01
            assert found.total + found.bias == pytest.approx(found.z, abs=1e-4)
            assert float(found.terms.sum()) == pytest.approx(found.total, abs=1e-3)
            for before, step in zip((found.z, *(each.value for each in found.steps)), found.steps, strict=False):
                assert step.before == before
                if step.kind == "batch_norm":
                    assert step.scale * before + step.shift == pytest.approx(step.value, abs=1e-4)
                elif step.kind == "relu":
                    assert step.value == max(0.0, before)
                elif step.kind == "max_pool":
                    assert step.value == before


def one_channel(layer: Layer, channel: int) -> Layer:
    """The layer for one of its channels."""
    if not isinstance(layer, BatchNorm):
        return layer
    one = BatchNorm(layer.momentum, layer.epsilon)
    one.gamma, one.beta = layer.gamma[channel : channel + 1], layer.beta[channel : channel + 1]
    one.mean, one.variance = layer.mean[channel : channel + 1], layer.variance[channel : channel + 1]
    return one


def test_what_each_map_before_adds_is_the_sum(rng: np.random.Generator) -> None:
    explanation = explanation_of(custom(rng))
    stage = 3
    assert explanation.stages[stage].kind == "maps"
    for number in rng.integers(explanation.stages[stage].values.size, size=10).tolist():
        look, found = look_of(explanation, stage, number), sum_of(explanation, stage, number)
        assert look is not None
        assert found is not None
        assert float(look.per_map.sum()) == pytest.approx(found.total, abs=1e-3)
        for target, link in links_of(explanation, stage, number, 12):
            assert target == stage
            assert link.value == pytest.approx(
                float(look.per_map[link.source]) * slope_at(explanation, stage, number), rel=1e-3, abs=1e-6
            )


def slope_at(explanation: Explanation, stage: int, number: int) -> float:
    """How the score changes with z, by the layers behind: the pixel's own slope times that of the bends."""
    shown = explanation.stages[stage]
    found = sum_of(explanation, stage, number)
    assert found is not None
    assert shown.source is not None
    z = explanation.traced.activations[shown.source][0]
    place = int(np.abs(z[..., number % z.shape[2]] - found.z).argmin()) * z.shape[2] + number % z.shape[2]
    return float(explanation.slopes[shown.source + 1].ravel()[place])


@pytest.mark.parametrize("which", ["digits", "convnet", "custom"])
def test_all_pixels_together_are_the_sums_of_the_first_layer(
    which: str, bundled: Path, rng: np.random.Generator
) -> None:
    path = {"digits": bundled, "convnet": CONVNET, "custom": None}[which]
    if path is not None and not path.is_file():
        pytest.skip(f"{path} is missing")
    explanation = explanation_of(custom(rng) if path is None else nn_scratch.load(path))
    for stage in [k for k, each in enumerate(explanation.stages) if each.kind == "image"]:
        pixels = [pixel_of(explanation, stage, number) for number in range(784)]
        source = explanation.stages[pixels[0].target].source
        assert source is not None
        layer = explanation.network.layers[source]
        assert isinstance(layer, (Dense, Conv2D))
        z = explanation.traced.activations[source][0]
        added = sum(pixel.ink * pixel.weights for pixel in pixels if pixel.weights is not None)
        np.testing.assert_allclose(added + np.broadcast_to(layer.b, z.shape), z, atol=1e-3)
        for pixel in pixels:
            for term in pixel.largest(5):
                assert term.value == pytest.approx(term.x * term.weight, abs=1e-5)


def test_a_pixel_set_upright_goes_to_two_neighbours(bundled: Path) -> None:
    explanation = explanation_of(nn_scratch.load(bundled))
    upright = np.zeros(784)
    for number in range(784):
        pixel = pixel_of(explanation, 0, number)
        for place, fraction in pixel.blended:
            upright[place] += pixel.ink * fraction
            assert place // 28 == number // 28
        assert len(pixel.blended) <= 2
    np.testing.assert_allclose(upright.reshape(28, 28), explanation.stages[1].values, atol=1e-5)


def test_what_cannot_be_told_says_why(rng: np.random.Generator) -> None:
    layers = [MeanPool2D(2), Flatten(), Dense(10)]
    explanation = explanation_of(Network(layers, (28, 28, 1), DIGITS).initialize(rng))
    pixel = pixel_of(explanation, 0, 300)
    assert pixel.weights is None
    assert pixel.obstacle == "mean_pool"
    assert links_of(explanation, 0, 300, 12) == []
