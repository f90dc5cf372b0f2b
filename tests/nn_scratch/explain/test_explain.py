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
from nn_scratch.explain.layers import features, first_weights, gradient_sizes, nearest
from nn_scratch.explain.trace import connections, contributions, direction, gradients, is_exact, trace
from nn_scratch.gradcheck import numerical_gradient
from nn_scratch.layers import Activation, Dense, Flatten
from nn_scratch.losses import LOSSES
from nn_scratch.network import DIGITS, Network, mlp
from nn_scratch.normalization import BatchNorm
from nn_scratch.zoo.presets import PRESETS, preset, upright
from tests.helpers.layer_cases import CASES, images_for, network_with, random_network

CLASSES = tuple("abc")


def small_network(rng: np.random.Generator) -> Network:
    """One of every kind of layer that acts differently in training and after it."""
    layers = [nn_scratch.Deslant(), nn_scratch.Conv2D(3), BatchNorm(), nn_scratch.ReLU(), nn_scratch.MaxPool2D(2)]
    layers += [Flatten(), Dense(6), nn_scratch.Tanh(), nn_scratch.Dropout(), Dense(3)]
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
    for loss in LOSSES.values():
        network.loss = loss()
        np.testing.assert_allclose(trace(network, images).probabilities, network.predict_proba(images), rtol=1e-12)
    for number, layer in enumerate(network.layers):
        np.testing.assert_allclose(layer.forward(traced.input_of(number)), traced.activations[number], rtol=1e-12)
    assert (network.state == before).all()  # to look is not to train


def test_gradients_are_the_slopes_of_the_score(rng: np.random.Generator) -> None:
    network, image = small_network(rng), rng.random((1, 6, 6, 1))
    dz = direction(network, [2], against=[0])
    network.forward(image, training=True)
    network.backward(dz)  # a training before leaves nothing out here
    trace(network, image)
    found = gradients(network, dz)[0]

    def score() -> float:
        return float((network.forward(image) * dz).sum())

    np.testing.assert_allclose(found, numerical_gradient(score, image), atol=1e-7)


class Square(Activation):
    """A layer of a user, of which nobody knows that it bends."""

    kind = "square_of_a_test"

    def f(self, x: Array) -> Array:
        return x * x

    def backward(self, dy: Array) -> Array:
        return dy * 2 * self.a**0.5


CURVED = {"gelu", "sigmoid", "tanh", "softmax", "layer norm", "residual"}  # the cases that bend everywhere


@pytest.mark.parametrize("case", [*CASES, "unknown", "deslant in residual"])
def test_contributions_and_biases_add_up_to_the_logit_where_that_is_claimed(case: str) -> None:
    """Between its bends a network is linear: sum of x dz/dx over the pixels, and of b dz/db over all biases."""
    if case == "unknown":
        network = random_network([Dense(4), Square(), Dense(3)], (5,))
    elif case == "deslant in residual":
        network = random_network([nn_scratch.Residual([nn_scratch.Deslant()]), Flatten(), Dense(3)], (5, 6, 1))
    else:
        network = network_with(case)
    arrays = [(name, key, array) for name, own in network.arrays.items() for key, array in own.items()]
    for _, key, array in arrays:
        if key.endswith("mean"):
            array[...] = 0  # it is a bias, too, but has no gradient
    rest = []
    for image in images_for(network)[2:7, None]:
        ink = contributions(network, image, 1).sum()
        biases = sum(
            float((array * gradient_of(network, name, key)).sum())
            for name, key, array in arrays
            if key.split(".")[-1] in ("b", "beta")
        )
        rest.append(float(trace(network, image).logits[0, 1] - ink) - biases)
    adds_up = np.allclose(rest, 0, atol=1e-3)
    assert is_exact(network) == adds_up == (case not in {*CURVED, "unknown", "deslant in residual"})


def gradient_of(network: Network, name: str, key: str) -> Array:
    """dz/d(array) of the last score that went backward."""
    layer = network.layers[network.names.index(name)]
    *inner, own = key.split(".")
    for part in inner:
        assert isinstance(layer, nn_scratch.Residual)
        layer = layer.layers[layer.names.index(part)]
    return vars(layer)[f"d{own}"]


def test_contributions_against_a_class_are_the_difference_of_two(bundled: Path, rng: np.random.Generator) -> None:
    network, images = nn_scratch.load(bundled), rng.random((2, 28, 28)).astype(np.float32)
    difference = contributions(network, images, 4) - contributions(network, images, 9)
    np.testing.assert_allclose(contributions(network, images, 4, against=9), difference, atol=1e-4)


def test_connections_are_the_largest_terms_of_the_sum(rng: np.random.Generator) -> None:
    network = mlp((4,), CLASSES, inputs=6).initialize(rng)
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
    for start in (None, next(itertools.islice(dream(network, 4), 60, None))):  # from nothing, and from a 4
        images = list(dream(network, label, start))
        assert network.predict_proba(images[-1][None])[0, label] >= 0.99
        assert all(image.min() >= 0 and image.max() <= 1 for image in images)
        assert 0 < np.abs(images[0] - (0 if start is None else start)).max() <= 0.15


@pytest.mark.parametrize("loss", ["binary", "quadratic", "cross-entropy"])
def test_a_dream_of_any_network_climbs(loss: str, rng: np.random.Generator) -> None:
    """As the loss reads the outputs, and also where the inputs are no square."""
    network = Network([Dense(3)], (7,), CLASSES).initialize(rng)
    network.loss = LOSSES[loss]()
    images = np.stack([np.full(7, 0.5), *dream(network, 1, np.full(7, 0.5), steps=4)])
    values = [network.loss.value(network.logits(image[None]), np.array([1])) for image in images]
    assert min(values[1:]) < 0.9 * values[0]


def test_the_slope_of_the_total_variation_is_its_derivative(rng: np.random.Generator) -> None:
    image = rng.random((5, 4, 2))

    def variation() -> float:
        down, right = np.diff(image, axis=0, append=image[-1:]), np.diff(image, axis=1, append=image[:, -1:])
        return float(np.sqrt(down**2 + right**2 + EDGE**2).sum())

    np.testing.assert_allclose(variation_slope(image), numerical_gradient(variation, image), atol=1e-6)


def test_the_answer_to_test_digits_is_changed_by_little(bundled: Path, mnist_data: tuple[Dataset, Dataset]) -> None:
    network, test = nn_scratch.load(bundled), mnist_data[1]
    found = [fool(network, network.inputs(image[None])[0]) for image in test.images[:30]]
    assert all(each.changed for each in found)
    for image, each in zip(test.images, found, strict=False):
        assert network.predict(each.image[None])[0] == each.label != network.predict(image[None])[0]
        assert each.distance == pytest.approx(np.linalg.norm(each.image - network.inputs(image[None])[0]), rel=1e-5)
    assert np.median([each.distance for each in found]) < 1.5  # an image of MNIST is about 9 long
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


def test_each_layer_that_learns_has_the_size_of_its_gradient() -> None:
    network = mlp((5, 3))
    network.layers[2].dW[...], network.layers[2].db[...] = 2.0, 2.0
    assert gradient_sizes(network) == {"dense_1": 0.0, "dense_2": 2.0, "dense_3": 0.0}
    network.freeze(["dense_1"])
    network.layers[2].dW[...], network.layers[2].db[...], network.layers[4].dW[...] = 1.0, 1.0, 0.0
    assert gradient_sizes(network)["dense_2"] == 1.0
    assert "dense_1" not in gradient_sizes(network)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_shows_what_its_first_layer_looks_for(name: str, rng: np.random.Generator) -> None:
    images = first_weights(preset(name).initialize(rng))
    assert images.ndim == 3
    assert len(images) > 1
    assert images.std() > 0


def test_an_image_has_the_weights_of_one_unit() -> None:
    network = upright(mlp((4,)))
    weights = next(layer for layer in network.layers if isinstance(layer, Dense)).W
    weights[28 * 3 + 5, 2] = 1.0
    images = first_weights(network)
    assert images.shape == (4, 28, 28)
    assert np.argwhere(images).tolist() == [[2, 3, 5]]


def test_a_kernel_has_the_sum_of_its_colours() -> None:
    network = preset("convnet", (8, 8, 3))
    network.parameters[:] = 1.0
    assert (first_weights(network) == np.full((16, 3, 3), 3.0)).all()


def test_other_first_layers_have_no_images() -> None:
    assert first_weights(mlp((4,), inputs=783)).shape == (0, 1, 1)
    normed = Network([BatchNorm(), Flatten(), Dense(10)], (28, 28, 1), DIGITS)
    assert len(first_weights(normed)) == 0
