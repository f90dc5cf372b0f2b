"""What is said of a network is true of it: activations, gradients, contributions, neighbours, dreams, fooling."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.explain.images import EDGE, dream, fool, variation_slope
from nn_scratch.explain.layers import features, nearest
from nn_scratch.explain.trace import connections, contributions, direction, gradients, trace
from nn_scratch.gradcheck import numerical_gradient
from nn_scratch.layers import BatchNorm, Conv2D, Dense, Deslant, Dropout, Flatten, MaxPool2D, ReLU, Tanh
from nn_scratch.network import Network

CLASSES = tuple("abc")


def small_network(rng: np.random.Generator) -> Network:
    """One of every kind of layer that acts differently in training and after it."""
    layers = [
        Deslant(),
        Conv2D(3, 3),
        BatchNorm(),
        ReLU(),
        MaxPool2D(2),
        Flatten(),
        Dense(6),
        Tanh(),
        Dropout(),
        Dense(3),
    ]
    network = Network(layers, (6, 6, 1), CLASSES, np.float64).initialize(rng)
    network.parameters += 0.1 * rng.standard_normal(network.parameters.shape)
    for _ in range(3):
        network.forward(rng.random((8, 6, 6, 1)), training=True)  # running averages that are not those of the image
    return network


def test_a_trace_is_what_prediction_does_layer_by_layer(rng: np.random.Generator) -> None:
    network, images = small_network(rng), rng.random((4, 6, 6))
    before = network.state.copy()
    traced = trace(network, images)
    np.testing.assert_allclose(traced.logits, network.logits(images), rtol=1e-12)
    np.testing.assert_allclose(traced.probabilities, network.predict_proba(images), rtol=1e-12)
    assert traced.names == tuple(network.names)
    for number, layer in enumerate(network.layers):
        np.testing.assert_allclose(layer.forward(traced.input_of(number)), traced.activations[number], rtol=1e-12)
    assert (network.state == before).all()  # to look is not to train


def test_gradients_are_the_slopes_of_the_score(rng: np.random.Generator) -> None:
    network, image = small_network(rng), rng.random((1, 6, 6, 1))
    dz = direction(network, [2], against=[0])
    trace(network, image)
    found = gradients(network, dz)[0]

    def score() -> float:
        return float((network.forward(image) * dz).sum())

    np.testing.assert_allclose(found, numerical_gradient(score, image), atol=1e-7)


def test_gradients_agree_with_pytorch(bundled: Path, rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    network = nn_scratch.mlp((50, 25)).initialize(rng)
    images = rng.random((5, 784)).astype(np.float32)
    traced = trace(network, images)
    found = gradients(network, direction(network, [1, 2, 3, 4, 5]))
    x = torch.tensor(images, requires_grad=True)
    signal, kept = x, []
    for layer in network.layers:
        signal = signal @ torch.tensor(layer.W) + torch.tensor(layer.b) if isinstance(layer, Dense) else signal.relu()
        signal.retain_grad()
        kept.append(signal)
    signal[torch.arange(5), torch.arange(1, 6)].sum().backward()
    for ours, theirs in zip(found, [x, *kept], strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), atol=1e-5)
    np.testing.assert_allclose(traced.activations[0], kept[0].detach().numpy(), atol=1e-5)


def test_contributions_and_biases_add_up_to_the_logit(bundled: Path, rng: np.random.Generator) -> None:
    """Between its bends the network is linear: sum of x dz/dx over the pixels, and of b dz/d(layer) over the biases."""
    network = nn_scratch.load(bundled)
    images = rng.random((3, 28, 28)).astype(np.float32) ** 4
    terms = contributions(network, images, 7).reshape(3, -1).sum(axis=1)
    logits = trace(network, images).logits[:, 7]
    slopes = gradients(network, direction(network, [7, 7, 7]))
    for number, layer in enumerate(network.layers):
        if isinstance(layer, Dense):
            terms = terms + slopes[number + 1] @ layer.b
    np.testing.assert_allclose(terms, logits, rtol=1e-4)


def test_contributions_against_a_class_are_the_difference_of_two(bundled: Path, rng: np.random.Generator) -> None:
    network, images = nn_scratch.load(bundled), rng.random((2, 28, 28)).astype(np.float32)
    difference = contributions(network, images, 4) - contributions(network, images, 9)
    np.testing.assert_allclose(contributions(network, images, 4, against=9), difference, atol=1e-4)


def test_connections_are_the_largest_terms_of_the_sum(rng: np.random.Generator) -> None:
    network = nn_scratch.mlp((4,), CLASSES, inputs=6).initialize(rng)
    layer = network.layers[0]
    assert isinstance(layer, Dense)
    x, dy = rng.random(6).astype(np.float32), rng.standard_normal(4).astype(np.float32)
    terms = {(i, j): x[i] * layer.W[i, j] * dy[j] for i in range(6) for j in range(4)}
    expected = sorted(terms, key=lambda place: -abs(terms[place]))[:5]
    found = connections(layer, x, dy, 5)
    assert [(c.source, c.target) for c in found] == expected
    assert [c.value for c in found] == pytest.approx([terms[place] for place in expected])


def test_the_nearest_example_of_an_example_is_itself(bundled: Path, small_digits: tuple[Dataset, Dataset]) -> None:
    network, training = nn_scratch.load(bundled), small_digits[0]
    known = features(network, training.images)
    assert known.shape == (len(training), 25)
    rows, distances = nearest(known, known[17], 5)
    assert rows[0] == 17
    assert distances[0] == 0
    assert (np.diff(distances) >= 0).all()
    labels = [
        training.labels[nearest(known, query, 5)[0][1:]] == label
        for query, label in zip(known, training.labels, strict=True)
    ]
    assert np.mean(labels) > 0.9  # neighbours are of the same class


@pytest.mark.parametrize("label", range(10))
def test_a_dream_of_a_digit_is_read_as_that_digit(bundled: Path, label: int) -> None:
    network = nn_scratch.load(bundled)
    for start in (None, next(itertools.islice(dream(network, 4), 60, None))):
        images = list(dream(network, label, start))
        assert network.predict_proba(images[-1][None])[0, label] >= 0.99
        assert all(image.min() >= 0 and image.max() <= 1 for image in images)


def test_the_slope_of_the_total_variation_is_its_derivative(rng: np.random.Generator) -> None:
    image = rng.random((5, 4, 2))

    def variation() -> float:
        down, right = np.diff(image, axis=0, append=image[-1:]), np.diff(image, axis=1, append=image[:, -1:])
        return float(np.sqrt(down**2 + right**2 + EDGE**2).sum())

    np.testing.assert_allclose(variation_slope(image), numerical_gradient(variation, image), atol=1e-6)
    assert not variation_slope(rng.random(7)).any()  # it is no image
    square = rng.random(9)
    np.testing.assert_array_equal(variation_slope(square), variation_slope(square.reshape(3, 3, 1)).ravel())


def test_a_dream_can_begin_with_an_image(bundled: Path, small_digits: tuple[Dataset, Dataset]) -> None:
    network, image = nn_scratch.load(bundled), small_digits[0].images[:1]
    start: Array = network.inputs(image)[0]
    first = next(dream(network, 8, start))
    assert 0 < np.abs(first - start).max() <= 0.15


def test_the_answer_to_test_digits_is_changed_by_little(bundled: Path, mnist_data: tuple[Dataset, Dataset]) -> None:
    network, test = nn_scratch.load(bundled), mnist_data[1]
    found = [fool(network, network.inputs(image[None])[0]) for image in test.images[:30]]
    assert all(each.changed for each in found)
    for image, each in zip(test.images, found, strict=False):
        assert network.predict(each.image[None])[0] == each.label != network.predict(image[None])[0]
        assert each.distance == pytest.approx(np.linalg.norm(each.image - network.inputs(image[None])[0]), rel=1e-5)
    assert np.median([each.distance for each in found]) < 1.5  # an image of MNIST is about 9 long


def test_digits_whose_ink_is_in_the_way_are_changed_within_its_range(
    bundled: Path, mnist_data: tuple[Dataset, Dataset]
) -> None:
    network, test = nn_scratch.load(bundled), mnist_data[1]
    for row in (137, 178, 190, 287):  # without holding the pixels at an end of their range, no step leads across
        each = fool(network, network.inputs(test.images[row][None])[0])
        assert each.changed
        assert each.image.min() >= 0
        assert each.image.max() <= 1
        assert each.distance < 2


def test_on_a_linear_network_the_step_is_the_way_to_the_plane(rng: np.random.Generator) -> None:
    network = Network([Dense(2)], (3,), ("a", "b"), np.float64).initialize(rng)
    layer = network.layers[0]
    assert isinstance(layer, Dense)
    layer.W[...] = [[1, 0], [0, 1], [0, 0]]
    layer.b[...] = 0
    image = np.array([0.6, 0.4, 0.5])
    each = fool(network, image)
    assert each.changed
    assert each.distance == pytest.approx(np.sqrt(2) * 0.1, rel=0.05)  # half of the difference, in both
    assert each.image[2] == 0.5
