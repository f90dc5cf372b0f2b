"""The network: the gradient of all its parameters, what it accepts, and how it describes itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nn_scratch import Network, mlp
from nn_scratch.layers import Dense
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.presets import preset

CLASSES = ("a", "b", "c", "d")


def small_problem(rng: np.random.Generator) -> tuple[Network, np.ndarray, np.ndarray]:
    """A small network in float64, inputs (B, 784) and labels (B,)."""
    network = mlp((7, 5), CLASSES, np.float64).initialize(rng)
    network.parameters += 0.05 * rng.standard_normal(network.parameters.shape)  # biases off zero
    return network, rng.uniform(0, 1, (6, 784)), rng.integers(0, 4, 6)


def loss_of(network: Network, x: np.ndarray, labels: np.ndarray) -> float:
    return SoftmaxCrossEntropy().value(network.forward(x), labels)


def test_every_gradient_matches_central_differences(rng: np.random.Generator) -> None:
    network, x, labels = small_problem(rng)
    _, dz = SoftmaxCrossEntropy().value_and_gradient(network.forward(x, training=True), labels)
    network.backward(dz)
    step = 1e-6
    for i in range(network.parameters.size):
        kept = network.parameters[i]
        network.parameters[i] = kept + step
        above = loss_of(network, x, labels)
        network.parameters[i] = kept - step
        below = loss_of(network, x, labels)
        network.parameters[i] = kept
        assert network.gradients[i] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-8), i


def test_backward_gives_the_gradient_of_the_input_too(rng: np.random.Generator) -> None:
    network, x, labels = small_problem(rng)
    _, dx = SoftmaxCrossEntropy().value_and_gradient(network.forward(x, training=True), labels)
    for layer in reversed(network.layers):
        dx = layer.backward(dx)
    direction = rng.standard_normal(x.shape)
    step = 1e-6
    above, below = (loss_of(network, x + change * direction, labels) for change in (step, -step))
    assert float((dx * direction).sum()) == pytest.approx((above - below) / (2 * step), rel=1e-6)


def test_loss_and_gradients_agree_with_pytorch(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    network, x, labels = small_problem(rng)
    loss, dz = SoftmaxCrossEntropy().value_and_gradient(network.forward(x, training=True), labels)
    network.backward(dz)
    weights: list[Any] = [
        torch.tensor(array, requires_grad=True)
        for layer in network.layers
        if isinstance(layer, Dense)
        for array in (layer.W, layer.b)
    ]
    signal = torch.tensor(x)
    for W, b in zip(weights[::2], weights[1::2], strict=True):
        signal = (signal.relu() if W is not weights[0] else signal) @ W + b
    referee = torch.nn.functional.cross_entropy(signal, torch.tensor(labels))
    referee.backward()
    assert loss == pytest.approx(referee.item(), rel=1e-12)
    theirs = np.concatenate([tensor.grad.numpy().ravel() for tensor in weights])
    assert np.abs(network.gradients - theirs).max() < 1e-12


def test_images_in_bytes_and_rows_in_floats_give_the_same(rng: np.random.Generator) -> None:
    network = mlp().initialize(rng)
    images = rng.integers(0, 256, (2500, 28, 28), dtype=np.uint8)
    p = network.predict_proba(images)
    assert p.shape == (2500, 10)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(network.predict_proba(images.reshape(-1, 784) / np.float32(255)), p, atol=1e-5)
    assert network.predict_proba(images[:0]).shape == (0, 10)
    wrong: Any
    for wrong in (images[0, 0], images[0, :, :27], images[:, :27], images.astype(np.int64)):
        with pytest.raises(ValueError, match=r"batch|Images"):
            network.predict_proba(wrong)


def test_one_image_needs_no_axis_of_its_own(rng: np.random.Generator) -> None:
    for network, shape in ((mlp(), (28, 28)), (preset("convnet", (9, 8, 3)), (9, 8, 3))):
        network.initialize(rng)
        images = rng.integers(0, 256, (2, *shape), dtype=np.uint8)
        both = network.predict_proba(images)
        for image in (images[0], images[0].ravel(), images[0] / 255):
            np.testing.assert_allclose(network.predict_proba(image), both[0], atol=1e-6)
            assert network.predict(image) == network.predict(images)[0]
            assert network.logits(image).shape == (10,)


def test_layers_that_do_not_fit_are_named() -> None:
    with pytest.raises(ValueError, match=r"dense_1.*shape \(28, 28\)"):
        Network([Dense(2)], (28, 28), "ab")
    with pytest.raises(ValueError, match="10 classes"):
        Network([Dense(2)], (784,), "0123456789")
    layer = Dense(2)
    with pytest.raises(ValueError, match="separate object"):
        Network([layer, layer], (784,), "ab")


def test_a_summary_shows_every_layer() -> None:
    lines = preset("convnet").summary().splitlines()
    assert lines[0].split() == ["layer", "output", "shape", "parameters"]
    assert lines[1].split() == ["conv_1", "28", "x", "28", "x", "16", "160"]
    assert lines[-1].split() == ["20,490"]
    assert len(lines) == 10
    assert len({len(line) for line in lines}) == 1


def test_the_repr_of_a_network_has_its_summary() -> None:
    network = preset("convnet")
    shown = repr(network)
    assert shown.startswith("Network with inputs of shape (28, 28, 1) and 10 classes:\n")
    assert shown.endswith(network.summary())
