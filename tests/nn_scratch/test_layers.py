"""Every layer, once, in one table: its derivatives by differences and by PyTorch, its copies, and what it refuses.

What the referees cannot tell (ties, averages from batch to batch, the mean of dropout) is told by hand.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn_scratch as nn
from nn_scratch import Conv2D, Dense, Dropout, Layer, MaxPool2D, Residual, Shape, Standardize, mlp
from nn_scratch.gradcheck import check_layer
from nn_scratch.layers import LAYERS
from nn_scratch.network import Network
from tests.helpers.layer_cases import CASES, bound, network_with
from tests.helpers.layers_by_pytorch import by_pytorch

TOLERANCE = {np.float32: 1e-5, np.float64: 1e-8}  # of the largest number


def test_every_kind_of_layer_is_among_the_cases() -> None:
    built_in = {kind for kind, layer in LAYERS.items() if layer.__module__.startswith("nn_scratch.")}
    assert {make().kind for make, _ in CASES.values()} == built_in


@pytest.mark.parametrize("name", CASES)
def test_derivatives_are_the_slopes(name: str, rng: np.random.Generator) -> None:
    make, (_, *input_shape) = CASES[name]
    check_layer(make(), tuple(input_shape), rng)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", CASES)
def test_layers_agree_with_pytorch(name: str, dtype: Any, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    make, shape = CASES[name]
    layer = make()
    parameters, gradients = bound(layer, shape[1:], rng, dtype)
    x = rng.standard_normal(shape).astype(dtype)
    y = layer.forward(x, training=True)
    dy = rng.standard_normal(y.shape).astype(dtype)
    dx = layer.backward(dy)
    assert y.dtype == dx.dtype == dtype
    their_x = torch.tensor(x, requires_grad=True)
    theirs = {p: torch.tensor(array, requires_grad=True) for p, array in parameters.items()}
    their_y = by_pytorch(layer, their_x, theirs)
    their_y.backward(torch.tensor(dy))
    pairs = [(y, their_y.detach()), (dx, their_x.grad), *((g, theirs[p].grad) for p, g in gradients.items())]
    for ours, referee in pairs:
        scale = max(1e-3, float(np.abs(referee.numpy()).max()))
        np.testing.assert_allclose(ours, referee.numpy(), rtol=0, atol=TOLERANCE[dtype] * scale)


@pytest.mark.parametrize("name", CASES)
def test_neither_reading_in_between_nor_a_first_layer_changes_a_gradient(name: str, rng: np.random.Generator) -> None:
    """A prediction between forward and backward; and without dL/dx, which the first layer that learns leaves out."""
    make, shape = CASES[name]
    layer = make()
    _, gradients = bound(layer, shape[1:], rng)
    dy = rng.standard_normal(layer.forward(rng.standard_normal(shape), training=True).shape)
    expected = [layer.backward(dy), *(gradient.copy() for gradient in gradients.values())]
    layer.forward(rng.standard_normal(shape))
    for got, wanted in zip([layer.backward(dy), *gradients.values()], expected, strict=True):
        assert (got == wanted).all()
    layer.needs_dx = False
    layer.backward(dy)
    for got, wanted in zip(gradients.values(), expected[1:], strict=True):
        assert (got == wanted).all()


@pytest.mark.parametrize("name", CASES)
def test_every_layer_comes_back_whole(name: str, tmp_path: Path, rng: np.random.Generator) -> None:
    """From a model file, from a copy, and as a new layer; and a trace is what it does in use."""
    network = network_with(name)
    x = rng.random(CASES[name][1], dtype=np.float32)
    expected = network.forward(x)
    nn.save(network, tmp_path / "model.npy")
    for same in (nn.load(tmp_path / "model.npy"), copy.deepcopy(network)):
        assert (same.forward(x) == expected).all()
    first = network.layers[0]
    np.testing.assert_allclose(first.trace(x), first.forward(x), rtol=1e-5)
    assert repr(first.fresh()) == repr(first)
    assert not first.fresh().in_network


@pytest.mark.parametrize("layer", [Conv2D(32, 3, padding=1), Conv2D(2, 3, stride=2), MaxPool2D(2), MaxPool2D(3, 2)])
def test_a_batch_beyond_the_cache_is_its_images_one_by_one(layer: Layer, rng: np.random.Generator) -> None:
    """A large batch is read a few images at a time, in training and in backward."""
    _, gradients = bound(layer, (30, 30, 16), rng)
    x = rng.standard_normal((40, 30, 30, 16))
    y = layer.forward(x, training=True)
    dy = rng.standard_normal(y.shape)
    dx, sums = layer.backward(dy), {name: gradient.copy() for name, gradient in gradients.items()}
    for n in range(len(x)):
        np.testing.assert_allclose(layer.forward(x[n : n + 1], training=True), y[n : n + 1])
        np.testing.assert_allclose(layer.backward(dy[n : n + 1]), dx[n : n + 1])
        for name, gradient in gradients.items():
            sums[name] -= gradient
    for rest in sums.values():
        np.testing.assert_allclose(rest, 0, atol=1e-8)


def test_the_first_of_equal_numbers_gets_the_whole_gradient() -> None:
    pool, maxout = MaxPool2D(2), nn.Maxout(2)
    bound(pool, (2, 2, 1), np.random.default_rng(0))
    bound(maxout, (2,), np.random.default_rng(0))
    pool.forward(np.zeros((1, 2, 2, 1)), training=True)
    maxout.forward(np.zeros((1, 2)), training=True)
    assert pool.backward(np.full((1, 1, 1, 1), 3.0)).ravel().tolist() == [3, 0, 0, 0]
    assert maxout.backward(np.full((1, 1), 3.0)).tolist() == [[3, 0]]


def test_dropout_keeps_the_mean_and_leaves_predictions_alone(rng: np.random.Generator) -> None:
    layer, x = Dropout(0.25), np.ones((100, 1000), np.float32)
    layer.reseed(rng)
    y = layer.forward(x, training=True)
    assert y.mean() == pytest.approx(1, abs=0.01)
    assert (y == 0).mean() == pytest.approx(0.25, abs=0.01)
    assert layer.forward(x) is x
    layer.reseed(np.random.default_rng(0))
    assert (y == layer.forward(x, training=True)).all()
    assert (Dropout(0.0).forward(x, training=True) == x).all()


def test_the_running_averages_of_batch_norm_by_hand() -> None:
    """0 and 2 have the mean 1, the variance 1 as a batch, and the variance 2 as a sample of a population."""
    layer, x, one = nn.BatchNorm(), np.array([[0.0], [2.0]]), 1 / np.sqrt(1 + 1e-5)
    parameters, _ = bound(layer, (1,), np.random.default_rng(0))
    parameters["gamma"][...], parameters["beta"][...] = 1, 0
    np.testing.assert_allclose(layer.forward(x), x * one, rtol=1e-12)  # before training it changes almost nothing
    np.testing.assert_allclose(layer.forward(x, training=True), [[-one], [one]], rtol=1e-12)
    np.testing.assert_allclose([*layer.mean, *layer.variance], [0.1, 0.9 + 0.2], rtol=1e-12)
    layer.forward(x, training=True)
    parameters["gamma"][...], parameters["beta"][...] = 3, 5
    expected = 3 * (x - 0.19) / np.sqrt(0.99 + 0.2 + 1e-5) + 5
    np.testing.assert_allclose(layer.forward(x), expected, rtol=1e-12)  # as the averages say, not this batch
    np.testing.assert_allclose(layer.forward(x[1:], training=True), expected[1:], rtol=1e-12)  # one has no variance
    np.testing.assert_allclose(layer.backward(np.ones((1, 1))), 3 / np.sqrt(1.19 + 1e-5))


def test_batch_norm_learns_from_one_example_at_a_time(small_digits: tuple[nn.Dataset, nn.Dataset]) -> None:
    training, test = small_digits
    layers = [nn.Flatten(), Dense(30), nn.BatchNorm(), nn.ReLU(), Dense(10)]
    network = Network(layers, (28, 28, 1), training.classes).initialize(np.random.default_rng(0))
    optimizer = nn.SGD(0.001, weight_decay=0)
    nn.fit(network, training, None, 0, epochs=2, batch_size=1, optimizer=optimizer)
    assert nn.evaluate(network, test).accuracy > 0.85


def test_standardized_inputs_have_mean_0_and_variance_1(rng: np.random.Generator) -> None:
    x = rng.uniform(0.1, 0.9, (3000, 2, 3, 4))
    x[..., 3] = 0.7  # the same everywhere: it is only shifted
    layer = Standardize()
    layer.build(x.shape[1:])
    layer.bind({"mean": np.zeros(4), "deviation": np.ones(4)}, {})
    assert (layer.forward(x) == x).all()
    layer.measure(lambda: [x[:1000], x[1000:]])
    y = layer.forward(x)
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-9)
    np.testing.assert_allclose(y.std(axis=(0, 1, 2)), [1, 1, 1, 0], atol=1e-9)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Dense(3, ("gaussian", 0.1)), "Dense(outputs=3, initializer=('gaussian', 0.1))"),
        (nn.ReLU(), "ReLU()"),
        (MaxPool2D(2), "MaxPool2D(window=(2, 2), stride=(2, 2))"),
        (Dense(2, bias=False), "Dense(outputs=2, initializer='he', bias=False)"),
        (MaxPool2D(3, padding="same"), "MaxPool2D(window=(3, 3), stride=(3, 3), padding=(1, 1))"),
    ],
)
def test_the_repr_of_a_layer_is_the_call_that_makes_it(layer: Layer, expected: str) -> None:
    """Here and in model files, arguments that older versions do not know are left out if they have their default."""
    assert repr(layer) == expected


@pytest.mark.parametrize(
    ("make", "shape", "sentence"),
    [
        (lambda: Dense(0), (5,), "at least one output"),
        (lambda: Dense(1), (2, 3), "put a flatten before it"),
        (lambda: Dense(1, bias="hee"), (5,), "no initializer 'hee'"),
        (lambda: Conv2D(0), (5, 5, 1), "at least one output channel"),
        (lambda: Conv2D(1, (1, 2, 3)), (5, 5, 1), "window is one or two whole numbers"),  # type: ignore[arg-type]
        (lambda: Conv2D(1, padding=-1), (5, 5, 1), "at least 0, not -1"),
        (lambda: Conv2D(1, stride=0), (5, 5, 1), "stride is"),
        (lambda: Conv2D(1, initializer="hee"), (5, 5, 1), "no initializer 'hee'"),
        (lambda: Conv2D(1), (784,), "takes images"),
        (lambda: Conv2D(1), (2, 5, 1), "3x3 does not fit into images of 2x5"),
        (lambda: Conv2D(1, (3, 2), padding="same"), (5, 5, 1), "a pixel in its middle, not 3x2"),
        (lambda: MaxPool2D(0), (5, 5, 1), "window is one or two whole numbers of at least 1"),
        (lambda: MaxPool2D(3), (5, 2, 1), "does not fit"),
        (lambda: MaxPool2D(2, padding=2), (5, 5, 1), "max_pool layer is smaller than its window"),
        (lambda: nn.Maxout(0), (5,), "at least one number"),
        (lambda: nn.Maxout(2), (5,), "cannot be taken 2 at a time"),
        (lambda: nn.DensePerChannel(0), (5, 5, 1), "at least one output"),
        (lambda: nn.LayerNorm(0.0), (5,), "epsilon"),
        (nn.LayerNorm, (), "at least one number"),
        (lambda: nn.BatchNorm(1.01), (5,), "Momentum"),
        (lambda: Residual([Dense(4)]), (5,), r"turn shape \(5,\) into \(4,\)"),
        (lambda: Residual([Residual([nn.ReLU()]).layers[0]]), (5,), "already belongs to a network or to another"),
        (lambda: Dropout(1.0), (5,), "below 1"),
        (lambda: nn.Reshape((-2, -3)), (6,), "cannot be laid out"),
        (lambda: nn.LeakyReLU(1.0), (5,), "slope"),
    ],
)
def test_what_does_not_fit_gets_one_sentence(make: Callable[[], Layer], shape: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        make().build(shape)
    assert "\n" not in str(caught.value)


def test_a_layer_that_would_be_saved_or_trained_wrongly_is_refused() -> None:
    with pytest.raises(TypeError, match="WithInit needs no __init__: its arguments are fields"):

        class WithInit(Layer):
            """Arguments that no file would keep."""

            def __init__(self, scale: float) -> None:
                self.scale = scale

    class Rebinding(Layer):
        """An array that is not the one of the network."""

        kind = "rebinding"

        def build(self, input_shape: Shape) -> Shape:
            self.parameter_shapes = {"beta": input_shape}
            return input_shape

        def initialize(self, rng: np.random.Generator) -> None:
            self.beta = np.ones(3)

    with pytest.raises(ValueError, match=r"Rebinding\(\) must fill its arrays, self.beta\[...\] = "):
        Network([Rebinding()], (3,), "abc").initialize(np.random.default_rng(0))


def test_a_layer_is_frozen_by_its_name() -> None:
    network = mlp((4,))
    network.freeze("dense_1")
    assert network.frozen == ("dense_1",)
