"""The network: the gradient of all its parameters, what it accepts, and how it describes itself."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch import Adam, Dataset, Network, fit, load, mlp, preset, save, upright
from nn_scratch.arrays import to_inputs
from nn_scratch.convolution import Conv2D
from nn_scratch.layers import Dense, Dropout, Flatten, ReLU
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import DIGITS
from nn_scratch.normalization import BatchNorm

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
        layer.needs_dx = True
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
        with pytest.raises(ValueError, match=r"batch|Inputs"):
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


COPIES: list[Callable[[Network], Network]] = [copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))]


def everything() -> Network:
    """Parameters, state and random decisions."""
    layers = [Conv2D(2, 5, stride=3, padding=1), BatchNorm(), ReLU(), Flatten(), Dropout(0.2), Dense(10)]
    return Network(layers, (28, 28, 1), DIGITS).initialize(np.random.default_rng(3))


def trained(network: Network, data: tuple[Dataset, Dataset]) -> bytes:
    """Two epochs; returns all the numbers of the network."""
    fit(network, *data, np.random.default_rng(0), epochs=2, batch_size=50, optimizer=Adam(0.004))
    return network.parameters.tobytes() + network.state.tobytes()


@pytest.mark.parametrize("copied", COPIES, ids=["deepcopy", "pickle"])
def test_a_copy_trains_like_the_original_and_apart_from_it(
    copied: Callable[[Network], Network], small_digits: tuple[Dataset, Dataset]
) -> None:
    network = everything()
    network.metadata = {"data": ["small"]}
    trained(network, small_digits)
    other = copied(network)
    assert (other.names, other.shapes, other.classes) == (network.names, network.shapes, network.classes)
    assert other.metadata == network.metadata
    images = small_digits[1].images
    before = network.parameters.copy()
    assert (other.logits(images) == network.logits(images)).all()
    after = trained(other, small_digits)
    assert (network.parameters == before).all()
    assert after == trained(network, small_digits)
    for array in (array for arrays in other.arrays.values() for array in arrays.values()):
        assert np.shares_memory(array, other.parameters) or np.shares_memory(array, other.state)


def test_a_layer_of_one_network_is_refused_by_another() -> None:
    network = mlp((5,)).initialize(np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"Dense\(outputs=5.*already belongs to a network"):
        Network([*network.layers[:2], Dense(3)], (784,), "abc")
    for copied in COPIES:
        with pytest.raises(ValueError, match="already belongs"):
            Network(copied(network).layers, (784,), DIGITS)
    layer = Dense(3)
    with pytest.raises(ValueError, match="4 classes"):
        Network([layer], (784,), "abcd")
    assert Network([layer], (784,), "abc").parameters.size == 784 * 3 + 3  # it was still free


def test_setting_images_upright_leaves_the_network_whole(rng: np.random.Generator) -> None:
    network = mlp((5,)).initialize(rng)
    images = rng.integers(0, 256, (3, 28, 28), dtype=np.uint8)
    before = network.logits(images)
    upright(network).initialize(rng)
    assert (network.logits(images) == before).all()


@pytest.mark.parametrize("names", [("dense_1",), ("dense_2",), ("dense_1", "dense_2"), ("dense_1", "dense_3")])
def test_any_layer_can_be_frozen_and_stays_frozen_in_a_file(
    names: tuple[str, ...], small_digits: tuple[Dataset, Dataset], tmp_path: Path
) -> None:
    network = Network([Flatten(), Dense(9), BatchNorm(), ReLU(), Dense(8), ReLU(), Dense(10)], (28, 28), DIGITS)
    network.initialize(np.random.default_rng(0))
    answers = network.logits(small_digits[1].images)
    network.freeze(names)
    assert (network.logits(small_digits[1].images) == answers).all()
    before = {name: {key: array.copy() for key, array in arrays.items()} for name, arrays in network.arrays.items()}
    for _ in range(2):
        trained(network, small_digits)
        for name, arrays in before.items():
            for key, array in arrays.items():
                assert (network.arrays[name][key] == array).all() == (name in names), (name, key)
        save(network, tmp_path / "frozen.npy")
        network = load(tmp_path / "frozen.npy")
        assert network.frozen == names
    network.freeze()
    assert network.parameters[network.learning].size == network.parameters.size


def test_only_layers_that_are_there_are_frozen_and_not_all() -> None:
    for wrong in (["dense_4"], ["relu_1"], ["dense_1", "dense_2", "dense_3"]):
        with pytest.raises(ValueError, match="can be frozen are dense_1, dense_2, dense_3"):
            mlp().freeze(wrong)


def test_a_network_that_was_never_initialized_does_not_answer() -> None:
    for ask in (mlp().predict, mlp().predict_proba, mlp().logits):
        with pytest.raises(ValueError, match=r"never initialized.*initialize\(rng\)"):
            ask(np.zeros((2, 784)))


def test_bytes_and_floats_of_any_precision_become_the_same_inputs(rng: np.random.Generator) -> None:
    images = rng.integers(0, 256, (3, 4, 5), dtype=np.uint8)
    expected = np.float32(images / 255).reshape(3, 20)
    for dtype in (np.float16, np.float32, np.float64):
        inputs = np.empty((3, 20), np.float32)
        assert to_inputs((images / 255).astype(dtype), inputs) is inputs
        np.testing.assert_allclose(inputs, expected, atol=1e-3 if dtype == np.float16 else 1e-7)
    np.testing.assert_allclose(to_inputs(images, np.empty((3, 20), np.float64)), images.reshape(3, 20) / 255)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_inputs_that_are_not_finite_are_refused_with_the_number_of_the_example(wrong: float) -> None:
    images = np.full((300, 28, 28), 0.5, np.float32)
    images[217:, 3, 4] = wrong
    for use in (mlp().initialize(np.random.default_rng(0)).predict, lambda x: Dataset(x, np.zeros(300, np.int64))):
        with pytest.raises(ValueError, match="example 217 has"):
            use(images)


def test_inputs_on_another_scale_are_refused(rng: np.random.Generator) -> None:
    network = preset("convnet", (8, 8, 3)).initialize(rng)
    images = rng.integers(0, 256, (2, 8, 8, 3))
    for wrong, sentence in (
        (images.astype(np.float32), r"whole numbers, as bytes are: images / 25\d, or use uint8"),
        (images, "uint8 from 0 to 255 or floats, not int64"),
        (
            np.zeros((2, 3, 8, 8)),
            r"Images are \(height, width, channels\), not \(3, 8, 8\): images.transpose\(0, 2, 3, 1\)",
        ),
        ([["a"]], "uint8"),
    ):
        with pytest.raises(ValueError, match=sentence):
            network.predict(wrong)
