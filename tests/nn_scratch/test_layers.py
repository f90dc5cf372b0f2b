"""Every layer: its derivatives against central differences and PyTorch over odd shapes, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.layers import (
    LAYERS,
    BatchNorm,
    Conv2D,
    Dense,
    DensePerChannel,
    Dropout,
    Layer,
    LayerNorm,
    Maxout,
    MaxPool2D,
    MeanPool2D,
    ReLU,
    Residual,
    Standardize,
)
from tests.helpers.layer_cases import CASES, bound
from tests.helpers.layers_by_pytorch import by_pytorch

TOLERANCE = {np.float32: 1e-5, np.float64: 1e-8}  # of the largest number


def slope(f: Callable[[], Array], moved: Array, direction: Array, dy: Array) -> float:
    """d/dt of sum(dy f) where `moved` goes along `direction`, by central differences."""
    step, kept = 1e-6, moved.copy()
    moved += step * direction
    above = f().copy()  # because a reshape gives a view of what is moved
    moved[...] = kept - step * direction
    below = f().copy()
    moved[...] = kept
    return float((dy * (above - below)).sum() / (2 * step))


@pytest.mark.parametrize("name", CASES)
def test_derivatives_match_central_differences(name: str, rng: np.random.Generator) -> None:
    """Projected on random directions: a wrong number anywhere shows in the sum."""
    make, shape = CASES[name]
    layer = make()
    arrays = bound(layer, shape[1:], rng, np.float64)
    x = rng.standard_normal(shape)

    def forward() -> Array:
        layer.reseed(np.random.default_rng(7))  # the same dropout each time
        return layer.forward(x, training=True)

    y = forward()
    assert layer.build(shape[1:]) == y.shape[1:]
    dy = rng.standard_normal(y.shape)
    layer.backward_parameters(dy)
    dx = layer.backward(dy)
    assert dx.shape == x.shape
    for moved, gradient in [(x, dx), *((arrays["parameters"][p], g) for p, g in arrays["gradients"].items())]:
        direction = rng.standard_normal(moved.shape)
        expected = slope(forward, moved, direction, dy)
        assert float((gradient * direction).sum()) == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_every_kind_of_layer_is_among_the_cases() -> None:
    assert {make().kind for make, _ in CASES.values()} == set(LAYERS)


@pytest.mark.parametrize(
    ("layer", "expected"),
    [
        (Dense(50), "Dense(outputs=50, initializer='he')"),
        (Dense(3, ("gaussian", 0.1)), "Dense(outputs=3, initializer=('gaussian', 0.1))"),
        (ReLU(), "ReLU()"),
        (MaxPool2D(2), "MaxPool2D(window=(2, 2), stride=(2, 2))"),
        (Dense(2, bias=False), "Dense(outputs=2, initializer='he', bias=False)"),
        (MaxPool2D(3, padding="same"), "MaxPool2D(window=(3, 3), stride=(3, 3), padding=(1, 1))"),
    ],
)
def test_the_repr_of_a_layer_is_the_call_that_makes_it(layer: Layer, expected: str) -> None:
    assert repr(layer) == expected


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", CASES)
def test_layers_agree_with_pytorch(name: str, dtype: Any, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    make, shape = CASES[name]
    layer = make()
    arrays = bound(layer, shape[1:], rng, dtype)
    x = rng.standard_normal(shape).astype(dtype)
    y = layer.forward(x, training=True)
    dy = rng.standard_normal(y.shape).astype(dtype)
    layer.backward_parameters(dy)
    dx = layer.backward(dy)
    assert y.dtype == dx.dtype == dtype

    their_x = torch.tensor(x, requires_grad=True)
    theirs = {p: torch.tensor(array, requires_grad=True) for p, array in arrays["parameters"].items()}
    their_y = by_pytorch(layer, their_x, theirs)
    their_y.backward(torch.tensor(dy))
    pairs = [(y, their_y.detach()), (dx, their_x.grad), *((g, theirs[p].grad) for p, g in arrays["gradients"].items())]
    for ours, referee in pairs:
        scale = max(1e-3, float(np.abs(referee.numpy()).max()))
        np.testing.assert_allclose(ours, referee.numpy(), rtol=0, atol=TOLERANCE[dtype] * scale)


@pytest.mark.parametrize("shape", [(6, 4), (2, 3, 4, 5)])
def test_batch_norm_averages_and_normalizes_as_pytorch_does(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    layer = BatchNorm(momentum=0.3)
    arrays = bound(layer, shape[1:], rng, np.float64)
    mean, variance = torch.zeros(shape[-1]).double(), torch.ones(shape[-1]).double()
    weights = {p: torch.tensor(array) for p, array in arrays["parameters"].items()}
    for training in (True, True, False):
        x = rng.standard_normal(shape) * 2 + 1
        rows = torch.tensor(x.reshape(-1, shape[-1]))
        referee = torch.nn.functional.batch_norm(
            rows, mean, variance, weights["gamma"], weights["beta"], training, 0.3, layer.epsilon
        )
        np.testing.assert_allclose(layer.forward(x, training), referee.reshape(shape).numpy(), rtol=1e-8)
    np.testing.assert_allclose(arrays["state"]["mean"], mean.numpy(), rtol=1e-8)
    np.testing.assert_allclose(arrays["state"]["variance"], variance.numpy(), rtol=1e-8)


def test_a_convolution_sees_what_four_loops_see(rng: np.random.Generator) -> None:
    """Without any other library: the definition, place by place."""
    layer = Conv2D(3, (2, 3), stride=(2, 1), padding=1)
    arrays = bound(layer, (4, 5, 2), rng, np.float64)
    x = rng.standard_normal((2, 4, 5, 2))
    framed = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    W, b = arrays["parameters"]["W"].reshape(2, 3, 2, 3), arrays["parameters"]["b"]
    z = np.empty((2, 3, 5, 3))
    for n, row, column, channel in np.ndindex(z.shape):
        seen = framed[n, 2 * row : 2 * row + 2, column : column + 3]  # (kh, kw, C)
        z[n, row, column, channel] = (seen * W[..., channel]).sum() + b[channel]
    np.testing.assert_allclose(layer.forward(x), z, rtol=1e-12)


@pytest.mark.parametrize("layer", [Conv2D(32, 3, padding=1), Conv2D(2, 3, stride=2), MaxPool2D(2), MaxPool2D(3, 2)])
def test_a_batch_beyond_the_cache_is_its_images_one_by_one(layer: Conv2D | MaxPool2D, rng: np.random.Generator) -> None:
    """A large batch is read a few images at a time, in training and in backward."""
    gradients = bound(layer, (30, 30, 16), rng, np.float64)["gradients"]
    x = rng.standard_normal((40, 30, 30, 16))
    y = layer.forward(x, training=True)
    dy = rng.standard_normal(y.shape)
    layer.backward_parameters(dy)
    dx, sums = layer.backward(dy), {name: gradient.copy() for name, gradient in gradients.items()}
    for n in range(len(x)):
        np.testing.assert_allclose(layer.forward(x[n : n + 1], training=True), y[n : n + 1])
        np.testing.assert_allclose(layer.backward(dy[n : n + 1]), dx[n : n + 1])
        layer.backward_parameters(dy[n : n + 1])
        for name, gradient in gradients.items():
            sums[name] -= gradient
    for rest in sums.values():
        np.testing.assert_allclose(rest, 0, atol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_a_prediction_between_forward_and_backward_changes_nothing(name: str, rng: np.random.Generator) -> None:
    make, shape = CASES[name]
    layer = make()
    arrays = bound(layer, shape[1:], rng, np.float64)
    x = rng.standard_normal(shape)
    dy = rng.standard_normal(layer.forward(x, training=True).shape)
    layer.backward_parameters(dy)
    expected = [layer.backward(dy), *(gradient.copy() for gradient in arrays["gradients"].values())]
    layer.forward(rng.standard_normal(shape))
    layer.backward_parameters(dy)
    for got, wanted in zip([layer.backward(dy), *arrays["gradients"].values()], expected, strict=True):
        assert (got == wanted).all()


def test_the_first_of_equal_pixels_gets_the_whole_gradient() -> None:
    layer = MaxPool2D(2)
    layer.build((2, 2, 1))
    layer.forward(np.zeros((1, 2, 2, 1), np.float32), training=True)
    dx = layer.backward(np.full((1, 1, 1, 1), 3, np.float32))
    assert dx.ravel().tolist() == [3, 0, 0, 0]


def test_dropout_keeps_the_mean_and_leaves_predictions_alone(rng: np.random.Generator) -> None:
    layer = Dropout(0.25)
    layer.reseed(rng)
    x = np.ones((100, 1000), np.float32)
    y = layer.forward(x, training=True)
    assert y.mean() == pytest.approx(1, abs=0.01)
    assert (y == 0).mean() == pytest.approx(0.25, abs=0.01)
    assert layer.forward(x) is x
    layer.reseed(np.random.default_rng(0))
    assert (y == layer.forward(x, training=True)).all()


@pytest.mark.parametrize(
    ("make", "shape", "sentence"),
    [
        (lambda: Conv2D(0), (5, 5, 1), "at least one output channel"),
        (lambda: Conv2D(1, (1, 2, 3)), (5, 5, 1), "window is one or two whole numbers"),  # type: ignore[arg-type]
        (lambda: Conv2D(1, 0), (5, 5, 1), "at least 1, not 0"),
        (lambda: Conv2D(1, padding=-1), (5, 5, 1), "at least 0, not -1"),
        (lambda: Conv2D(1, stride=0), (5, 5, 1), "stride is"),
        (lambda: Conv2D(1, initializer="hee"), (5, 5, 1), "no initializer 'hee'"),
        (lambda: Conv2D(1), (784,), "takes images"),
        (lambda: Conv2D(1), (2, 5, 1), "3x3 does not fit into images of 2x5"),
        (lambda: MaxPool2D(3), (5, 2, 1), "does not fit"),
        (lambda: MeanPool2D(2), (5, 2), "takes images"),
        (lambda: Conv2D(1, (3, 2), padding="same"), (5, 5, 1), "a pixel in its middle, not 3x2"),
        (lambda: Conv2D(1, bias="hee"), (5, 5, 1), "no initializer 'hee'"),
        (lambda: MaxPool2D(2, padding=2), (5, 5, 1), "max_pool layer is smaller than its window"),
        (lambda: Maxout(0), (5,), "at least one number"),
        (lambda: Maxout(2), (5,), "cannot be taken 2 at a time"),
        (lambda: DensePerChannel(0), (5, 5, 1), "at least one output"),
        (lambda: DensePerChannel(1), (5,), "takes images"),
        (lambda: LayerNorm(0.0), (5,), "epsilon"),
        (LayerNorm, (), "at least one feature"),
        (Standardize, (), "at least one number"),
        (lambda: Residual([Dense(4)]), (5,), r"turn shape \(5,\) into \(4,\)"),
        (lambda: Residual([Residual([ReLU()]).layers[0]]), (5,), "already belongs to a network or to another"),
        (lambda: Dropout(1.0), (5,), "below 1"),
        (lambda: LAYERS["reshape"]((2, 3)), (5,), "cannot be laid out"),  # type: ignore[call-arg]
        (lambda: LAYERS["leaky_relu"](2.0), (5,), "slope"),  # type: ignore[call-arg]
        (lambda: BatchNorm(0.0), (5,), "Momentum"),
    ],
)
def test_what_does_not_fit_gets_one_sentence(make: Callable[[], Layer], shape: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        make().build(shape)
    assert "\n" not in str(caught.value)
