"""Networks trained with the tensor engine take the same course as those trained with the derivations."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from nn_scratch import optimizers
from nn_scratch.autograd import SGD, Linear, Sequential, Tensor, cross_entropy, mlp, no_grad
from nn_scratch.dataset import Dataset
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import mlp as network_by_hand
from tests.helpers import ROOT


def batches(data: Dataset, steps: int, size: int = 128) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(1)
    for _ in range(steps):
        rows = rng.choice(len(data), size, replace=False)
        yield data.images[rows].reshape(size, -1) * np.float32(1 / 255), data.labels[rows]


def course_by_hand(data: Dataset, steps: int, size: int = 128) -> list[float]:
    network, loss = network_by_hand().initialize(np.random.default_rng(0)), SoftmaxCrossEntropy()
    optimizer = optimizers.SGD(network.parameters, network.gradients)
    losses = []
    for x, labels in batches(data, steps, size):
        value, dz = loss.value_and_gradient(network.forward(x, training=True), labels)
        network.backward(dz)
        optimizer.step(0.05)
        losses.append(value)
    return losses


def course_by_tensors(data: Dataset, steps: int, size: int = 128) -> list[float]:
    model = mlp((784, 50, 25, 10), np.random.default_rng(0))
    optimizer = SGD(model.parameters())
    losses = []
    for x, labels in batches(data, steps, size):
        loss = cross_entropy(model(Tensor(x)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step(0.05)
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("size", [128, 100])
def test_a_hundred_steps_take_the_same_course(small_digits: tuple[Dataset, Dataset], size: int) -> None:
    """With 128 examples every operation rounds alike, because division by 128 is exact; with 100, nearly so."""
    ours, by_hand = (course(small_digits[0], 100, size) for course in (course_by_tensors, course_by_hand))
    assert by_hand[-1] < 0.2 * by_hand[0]
    np.testing.assert_allclose(ours, by_hand, rtol=0, atol=1e-6 if size == 128 else 1e-4)


def test_real_digits_take_the_same_course(mnist_data: tuple[Dataset, Dataset]) -> None:
    ours, by_hand = (course(mnist_data[0], 100) for course in (course_by_tensors, course_by_hand))
    np.testing.assert_allclose(ours, by_hand, rtol=0, atol=1e-6)


def test_forty_seven_classes_are_learned(rng: np.random.Generator) -> None:
    """784-128-47, the network for letters, learns 47 blurred patterns under noise."""
    patterns = rng.uniform(0, 1, (47, 784)).astype(np.float32)
    model = mlp((784, 128, 47), rng)
    optimizer = SGD(model.parameters())
    for _ in range(80):
        labels = rng.integers(0, 47, 128)
        x = patterns[labels] + rng.normal(0, 0.3, (128, 784)).astype(np.float32)
        optimizer.zero_grad()
        loss = cross_entropy(model(Tensor(x)), labels)
        loss.backward()
        optimizer.step(0.05)
    with no_grad():
        assert (model(Tensor(patterns)).data.argmax(axis=1) == np.arange(47)).all()


def test_a_sequence_lists_the_parameters_of_its_layers_in_order(rng: np.random.Generator) -> None:
    inner = Sequential(Linear(3, 2, rng), Tensor.tanh)
    last = Linear(2, 4, rng)
    model = Sequential(inner, last)
    assert [parameter.shape for parameter in model.parameters()] == [(3, 2), (2,), (2, 4), (4,)]
    assert model.parameters()[2] is last.W
    assert model(Tensor(np.ones((5, 3), np.float32))).shape == (5, 4)


def test_what_does_not_fit_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="at least one input and one output, not 0 and 3"):
        Linear(0, 3, rng)
    with pytest.raises(ValueError, match="at least two sizes"):
        mlp([784], rng)
    with pytest.raises(ValueError, match="from 0, not -1"):
        cross_entropy(Tensor(np.zeros((2, 3))), np.array([0, -1]))


def test_momentum_and_plain_descent() -> None:
    w = Tensor([1.0], requires_grad=True)
    unused = Tensor([1.0], requires_grad=True)
    for momentum, expected in ((0.0, 0.64), (0.9, 0.46)):
        w.data[...] = 1
        optimizer = SGD([w, unused], momentum)
        for _ in range(2):
            optimizer.zero_grad()
            (w * w).sum().backward()
            optimizer.step(0.1)
        assert w.item() == pytest.approx(expected)
    assert unused.item() == 1


def test_the_library_does_not_use_the_engines() -> None:
    """They could not check the library if it used them: only what compares or exchanges gradients imports them."""
    users = {
        path.relative_to(ROOT).as_posix()
        for package in ("nn_scratch", "drawapp")
        for path in (ROOT / package).rglob("*.py")
        if "from nn_scratch.autograd" in path.read_text(encoding="utf-8")
    }
    outside = {user for user in users if not user.startswith("nn_scratch/autograd/")}
    assert outside == {"nn_scratch/gradients.py", "nn_scratch/training/engines.py"}
