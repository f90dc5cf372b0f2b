"""Layers against their definitions, in numbers that one can compute by hand; no other library is needed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from nn_scratch.layers.deslant import slant_of
from nn_scratch.layers.window import Window

from nn_scratch.arrays import Array
from nn_scratch.layers import (
    BatchNorm,
    Conv2D,
    Dense,
    Dropout,
    Identity,
    Layer,
    LeakyReLU,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    Reshape,
    Sigmoid,
    Softmax,
    Tanh,
    UntiedConv2D,
)
from tests.helpers.layer_cases import bound

LN3 = float(np.log(3))


@pytest.mark.parametrize(
    ("layer", "x", "y", "slopes"),
    [
        (Identity(), [-2, 0, 3], [-2, 0, 3], [1, 1, 1]),
        (ReLU(), [-2, 0, 3], [0, 0, 3], [0, 0, 1]),
        (LeakyReLU(), [-2, 0, 3], [-0.02, 0, 3], [0.01, 0.01, 1]),
        (LeakyReLU(0.5), [-2, 0, 3], [-1, 0, 3], [0.5, 0.5, 1]),
        (Sigmoid(), [-LN3, 0, LN3], [0.25, 0.5, 0.75], [3 / 16, 1 / 4, 3 / 16]),
        (Sigmoid(), [-1000, 1000], [0, 1], [0, 0]),
        (Tanh(), [-LN3 / 2, 0, LN3], [-0.5, 0, 0.8], [0.75, 1, 0.36]),
    ],
)
def test_activations_have_their_values_and_slopes(
    layer: Layer, x: list[float], y: list[float], slopes: list[float]
) -> None:
    layer.build((len(x),))
    np.testing.assert_allclose(layer.forward(np.array([x], np.float64), training=True), [y], rtol=1e-12)
    np.testing.assert_allclose(layer.backward(np.full((1, len(x)), 2.0)), 2 * np.array([slopes]), rtol=1e-12)


def test_softmax_gives_probabilities_and_its_jacobian() -> None:
    layer = Softmax()
    p = np.array([[0.5, 0.25, 0.25], [0.125, 0.125, 0.75]])
    np.testing.assert_allclose(layer.forward(np.log(p) + np.array([[7], [-7]]), training=True), p, rtol=1e-12)
    dy = np.array([[1.0, 2.0, 3.0], [4.0, 0.0, 0.0]])
    jacobians = [np.diag(row) - np.outer(row, row) for row in p]
    expected = [jacobian @ each for jacobian, each in zip(jacobians, dy, strict=True)]
    np.testing.assert_allclose(layer.backward(dy), expected, rtol=1e-12)
    np.testing.assert_array_equal(layer.forward(np.array([[1e4, 0], [-1e4, -1e4]])), [[1, 0], [0.5, 0.5]])


def test_softmax_runs_along_the_last_axis() -> None:
    layer, flat = Softmax(), Softmax()
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, 3, 4)), rng.standard_normal((2, 3, 4))
    rows = flat.forward(x.reshape(6, 4), training=True)
    np.testing.assert_allclose(layer.forward(x, training=True), rows.reshape(2, 3, 4), rtol=1e-12)
    np.testing.assert_allclose(layer.backward(dy), flat.backward(dy.reshape(6, 4)).reshape(2, 3, 4), rtol=1e-12)


def test_a_dense_layer_by_hand() -> None:
    layer = Dense(2)
    arrays = bound(layer, (3,), np.random.default_rng(0), np.float64)
    arrays["parameters"]["W"][...] = [[1, 2], [3, 4], [5, 6]]
    arrays["parameters"]["b"][...] = [10, 20]
    x = np.array([[1.0, 0, 2], [0, 1, 1]])
    assert layer.forward(x, training=True).tolist() == [[21, 34], [18, 30]]
    dy = np.array([[1.0, 0], [2, 3]])
    layer.backward_parameters(dy)
    assert layer.backward(dy).tolist() == [[1, 3, 5], [8, 18, 28]]
    assert arrays["gradients"]["W"].tolist() == [[1, 0], [2, 3], [4, 3]]
    assert arrays["gradients"]["b"].tolist() == [3, 3]


def test_batch_norm_by_hand() -> None:
    """0 and 2 have the mean 1, the variance 1 as a batch, and the variance 2 as a sample of a population."""
    layer = BatchNorm()
    layer.build((1,))
    parameters = {name: np.full(1, np.nan) for name in layer.parameter_shapes()}
    gradients = {name: np.full(1, np.nan) for name in layer.parameter_shapes()}
    state = {name: np.full(1, np.nan) for name in layer.state_shapes()}
    layer.bind(parameters, gradients)
    layer.bind_state(state)
    layer.initialize(np.random.default_rng(0))
    x = np.array([[0.0], [2.0]])
    one = 1 / np.sqrt(1 + 1e-5)
    np.testing.assert_allclose(layer.forward(x), x * one, rtol=1e-12)  # before training it changes almost nothing
    np.testing.assert_allclose(layer.forward(x, training=True), [[-one], [one]], rtol=1e-12)
    np.testing.assert_allclose([state["mean"][0], state["variance"][0]], [0.1, 0.9 + 0.2], rtol=1e-12)
    layer.forward(x, training=True)
    np.testing.assert_allclose([state["mean"][0], state["variance"][0]], [0.19, 0.99 + 0.2], rtol=1e-12)
    parameters["gamma"][...], parameters["beta"][...] = 3, 5
    expected = 3 * (x - 0.19) / np.sqrt(1.19 + 1e-5) + 5
    np.testing.assert_allclose(layer.forward(x), expected, rtol=1e-12)  # as the averages say, not this batch


def test_batch_norm_of_one_example_has_no_variance() -> None:
    layer = BatchNorm(momentum=1.0)
    arrays = bound(layer, (1,), np.random.default_rng(0), np.float64)
    layer.forward(np.array([[7.0]]), training=True)
    assert (arrays["state"]["mean"][0], arrays["state"]["variance"][0]) == (7, 0)


@pytest.mark.parametrize("padding", [(0, 0), (1, 0), (0, 2), (1, 1)])
@pytest.mark.parametrize("kind", [Conv2D, UntiedConv2D])
def test_a_convolution_and_its_gradients_by_definition(
    kind: type[Conv2D], padding: tuple[int, int], rng: np.random.Generator
) -> None:
    """Each product is added where the definition says, forward and backward, place by place."""
    layer = kind(2, (2, 3), stride=(2, 1), padding=padding)
    arrays = bound(layer, (4, 5, 2), rng, np.float64)
    x = rng.standard_normal((2, 4, 5, 2))
    W = arrays["parameters"]["W"].reshape(2, 3, 2, 2)
    z = layer.forward(x, training=True)
    dz = rng.standard_normal(z.shape)
    expected = np.zeros(z.shape) + arrays["parameters"]["b"]
    dx, dW = np.zeros(x.shape), np.zeros(W.shape)
    for n, row, column, i, j in np.ndindex(*z.shape[:3], 2, 3):
        down, across = 2 * row + i - padding[0], column + j - padding[1]
        if 0 <= down < 4 and 0 <= across < 5:
            expected[n, row, column] += x[n, down, across] @ W[i, j]
            dx[n, down, across] += W[i, j] @ dz[n, row, column]
            dW[i, j] += np.outer(x[n, down, across], dz[n, row, column])
    layer.backward_parameters(dz)
    np.testing.assert_allclose(z, expected, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(layer.backward(dz), dx, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(arrays["gradients"]["W"].reshape(W.shape), dW, rtol=1e-10, atol=1e-12)
    db = dz.sum(axis=0) if kind is UntiedConv2D else dz.sum(axis=(0, 1, 2))
    np.testing.assert_allclose(arrays["gradients"]["b"], db, rtol=1e-10, atol=1e-12)


def test_a_convolution_starts_from_the_variance_of_its_fans(rng: np.random.Generator) -> None:
    """Each output sums 5 5 8 inputs, and each input reaches 5 5 40 outputs; biases start at 0."""
    for initializer, variance in (("he", 2 / 200), ("lecun", 1 / 200), ("xavier", 2 / (200 + 1000))):
        layer = Conv2D(40, 5, initializer=initializer)
        layer.build((6, 6, 8))
        parameters = {name: np.full(shape, np.nan) for name, shape in layer.parameter_shapes().items()}
        layer.bind(parameters, parameters)
        layer.initialize(rng)
        assert parameters["W"].var() == pytest.approx(variance, rel=0.05)
        assert not parameters["b"].any()


def test_a_dense_layer_starts_from_the_variance_of_its_fans(rng: np.random.Generator) -> None:
    for initializer, variance in (("he", 2 / 300), ("lecun", 1 / 300), ("xavier", 2 / (300 + 100))):
        layer = Dense(100, initializer)
        layer.build((300,))
        parameters = {name: np.full(shape, np.nan) for name, shape in layer.parameter_shapes().items()}
        layer.bind(parameters, parameters)
        layer.initialize(rng)
        assert parameters["W"].var() == pytest.approx(variance, rel=0.05)
        assert not parameters["b"].any()


@pytest.mark.parametrize(
    ("layer", "input_shape", "output_shape"),
    [
        (Conv2D(8), (28, 28, 1), (26, 26, 8)),
        (Conv2D(8, 3, padding=1), (28, 28, 1), (28, 28, 8)),
        (Conv2D(8, 5, stride=2), (28, 28, 3), (12, 12, 8)),
        (Conv2D(8, 3), (3, 3, 1), (1, 1, 8)),
        (MaxPool2D(), (28, 28, 5), (14, 14, 5)),
        (MaxPool2D(3), (28, 28, 5), (9, 9, 5)),
        (MeanPool2D(2, 1), (28, 28, 5), (27, 27, 5)),
        (MeanPool2D(), (2, 2, 5), (1, 1, 5)),
    ],
)
def test_windows_have_the_places_that_fit(layer: Layer, input_shape: tuple[int, ...], output_shape: Any) -> None:
    assert layer.build(input_shape) == output_shape


@pytest.mark.parametrize(("size", "stride"), [(2, 2), ((2, 3), (2, 1)), (1, 3), ((1, 2), (3, 2))])
def test_pooling_by_definition(size: Any, stride: Any, rng: np.random.Generator) -> None:
    x = rng.standard_normal((2, 5, 6, 2))
    (high, wide), (down, across) = (value if isinstance(value, tuple) else (value, value) for value in (size, stride))
    largest, mean = MaxPool2D(size, stride), MeanPool2D(size, stride)
    shape = largest.build(x.shape[1:])
    assert mean.build(x.shape[1:]) == shape
    of_largest, of_mean = largest.forward(x, training=True), mean.forward(x, training=True)
    dy = rng.standard_normal(of_mean.shape)
    dlargest, dmean = np.zeros(x.shape), np.zeros(x.shape)
    for n, row, column, channel in np.ndindex(of_mean.shape):
        rows, columns = slice(row * down, row * down + high), slice(column * across, column * across + wide)
        seen = x[n, rows, columns, channel]
        assert of_largest[n, row, column, channel] == seen.max()
        assert of_mean[n, row, column, channel] == pytest.approx(seen.mean())
        dlargest[n, rows, columns, channel] += dy[n, row, column, channel] * (seen == seen.max())
        dmean[n, rows, columns, channel] += dy[n, row, column, channel] / seen.size
    np.testing.assert_allclose(largest.backward(dy), dlargest, rtol=1e-12)
    np.testing.assert_allclose(mean.backward(dy), dmean, rtol=1e-12)


def test_a_window_sees_each_place_once() -> None:
    window = Window((2, 1), (1, 2))
    assert window.build(3, 4) == (2, 2)
    image = np.arange(12.0).reshape(1, 3, 4, 1)
    assert window.view(image)[0, :, :, :, 0, 0].tolist() == [[[0, 4], [2, 6]], [[4, 8], [6, 10]]]
    for i, j, place in window.offsets():
        np.testing.assert_array_equal(image[place], window.view(image)[:, :, :, i, j])


def test_a_window_fits_in_either_direction_or_not_at_all() -> None:
    assert Window((3, 1), 1).build(3, 1) == (1, 1)
    assert Window((1, 3), 1).build(1, 3) == (1, 1)
    for size, height, width in (((3, 1), 2, 9), ((1, 3), 9, 2)):
        with pytest.raises(ValueError, match=f"of {size[0]}x{size[1]} does not fit into images of {height}x{width}"):
            Window(size, 1).build(height, width)


def test_an_image_of_negative_size_is_no_layout() -> None:
    with pytest.raises(ValueError, match="cannot be laid out"):
        Reshape((-2, -3)).build((6,))
    assert Reshape((2, 3)).build((6,)) == (2, 3)


def test_the_slant_of_two_pixels_by_hand() -> None:
    """At (-1, 1) and (1, -1) from their middle: c = -2, and v = 2 with a ridge of one pixel in the next row: 3."""
    image = np.zeros((1, 3, 3, 1))
    image[0, 0, 2] = image[0, 2, 0] = 1
    assert slant_of(image).slope == pytest.approx([-2 / 3])


def test_dropout_multiplies_what_it_keeps_and_its_gradient_alike() -> None:
    assert Dropout().spec() == {"rate": 0.5}
    layer = Dropout(0.75)
    layer.reseed(np.random.default_rng(0))
    y = layer.forward(np.full((50, 50), 3.0), training=True)
    assert sorted(np.unique(y)) == [0, 12]
    np.testing.assert_array_equal(layer.backward(np.full((50, 50), 5.0)), np.where(y == 0, 0, 20))
    everything: Array = np.ones((9, 9))
    none_dropped = Dropout(0.0)
    none_dropped.reseed(np.random.default_rng(0))
    np.testing.assert_array_equal(none_dropped.forward(everything, training=True), everything)


def test_a_layer_that_no_network_has_seeded_drops_all_the_same() -> None:
    first, second = (Dropout(0.5).forward(np.ones(100), training=True) for _ in range(2))
    assert 20 < np.count_nonzero(first) < 80
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: LeakyReLU(0.0), "slope"),
        (lambda: LeakyReLU(1.0), "slope"),
        (lambda: BatchNorm(1.01), "Momentum"),
        (lambda: BatchNorm(epsilon=0.0), "epsilon"),
        (lambda: Dense(0), "at least one output"),
        (lambda: Dense(1).build((2, 3)), "put a flatten before it"),
        (lambda: Dropout(-0.1), "rate"),
        (lambda: BatchNorm().build(()), "at least one feature"),
        (lambda: MaxPool2D(0), "window is one or two whole numbers of at least 1"),
    ],
)
def test_arguments_beyond_their_limits_are_refused(make: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        make()


def test_arguments_at_their_limits_are_taken() -> None:
    assert [BatchNorm(1.0).momentum, Dense(1).outputs, Conv2D(1).channels, Dropout(0.0).rate] == [1, 1, 1, 0]
