"""The modules of the tensor engine against PyTorch's, and a small convolutional network that learns with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nn_scratch.autograd import Adam, BatchNorm, Conv2D, Dropout, Linear, Sequential, Tensor, cross_entropy, flatten
from nn_scratch.autograd.nn import Module
from nn_scratch.dataset import Dataset


def agree(ours: Tensor, theirs: Any, leaves: list[Tensor], others: list[Any]) -> None:
    """The same values, and from a gradient of one's own the same gradients."""
    np.testing.assert_allclose(ours.data, theirs.detach().numpy(), rtol=1e-9, atol=1e-9)
    dy = np.random.default_rng(5).standard_normal(ours.shape)
    ours.backward(dy)
    theirs.backward(theirs.new_tensor(dy))
    for leaf, other in zip(leaves, others, strict=True):
        assert leaf.grad is not None
        np.testing.assert_allclose(leaf.grad.reshape(other.shape), other.grad.numpy(), rtol=1e-8, atol=1e-8)


def test_a_convolution_agrees_with_pytorch(rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    numbers = rng.standard_normal((2, 3, 6, 5))
    layer = Conv2D((4, 3, 3, 2), rng, stride=2, padding=1, dtype=np.float64)
    layer.b.data[...] = rng.standard_normal(layer.b.shape)
    x, their_x = Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True)
    W, b = (torch.tensor(p.data, requires_grad=True) for p in layer.parameters())
    theirs = torch.nn.functional.conv2d(their_x, W, b.reshape(-1), stride=2, padding=1)
    agree(layer(x), theirs, [x, *layer.parameters()], [their_x, W, b])


@pytest.mark.parametrize("shape", [(8, 3), (4, 3, 5, 2)])
def test_batch_normalization_agrees_with_pytorch(shape: tuple[int, ...], rng: np.random.Generator) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    layer = BatchNorm(3, dtype=np.float64)
    layer.gamma.data[...], layer.beta.data[...] = rng.uniform(0.5, 2, 3), rng.standard_normal(3)
    other = (torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d)(3).double()
    other.weight.data, other.bias.data = torch.tensor(layer.gamma.data), torch.tensor(layer.beta.data)
    for _ in range(2):
        numbers = rng.normal(2, 3, shape)
        x, their_x = Tensor(numbers, requires_grad=True), torch.tensor(numbers, requires_grad=True)
        other.zero_grad()
        for parameter in layer.parameters():
            parameter.zero_grad()
        agree(layer(x), other(their_x), [x, *layer.parameters()], [their_x, other.weight, other.bias])
    np.testing.assert_allclose(layer.mean, other.running_mean.numpy())
    np.testing.assert_allclose(layer.variance, other.running_var.numpy())
    layer.train(False)
    other.eval()
    np.testing.assert_allclose(layer(Tensor(numbers)).data, other(torch.tensor(numbers)).detach().numpy())


def test_dropout_keeps_the_mean_and_passes_gradients_where_it_passes_numbers(rng: np.random.Generator) -> None:
    layer, x = Dropout(0.25, rng), Tensor(np.ones((100, 100), np.float32), requires_grad=True)
    y = layer(x)
    assert y.dtype == np.float32
    assert set(np.unique(y.data)) == {0, np.float32(1 / 0.75)}
    assert y.data.mean() == pytest.approx(1, abs=0.02)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.data)
    layer.train(False)
    assert layer(x) is x


def test_a_sequence_tells_its_modules_whether_they_are_trained(rng: np.random.Generator) -> None:
    inner = Sequential(Dropout(0.5, rng), Tensor.tanh)
    model = Sequential(inner, BatchNorm(2))
    model.train(False)
    assert [each.training for each in (model, inner, *inner.modules().values(), *model.modules().values())] == [
        False
    ] * 5
    assert list(model.arrays()) == ["1.gamma", "1.beta", "1.mean", "1.variance"]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda rng: Conv2D((4, 0, 3, 3), rng), r"each at least 1, not \(4, 0, 3, 3\)"),
        (lambda rng: Dropout(1.0, rng), "from 0 to below 1, not 1.0"),
        (lambda rng: Tensor(np.ones((1, 1, 3, 3))).max_pool2d(4), "kernel of 4 pixels is longer"),
        (lambda rng: Tensor(np.ones((1, 1, 3, 3))).max_pool2d(2, 0), "stride of 0 does not move"),
        (lambda rng: Tensor(np.ones((3, 3))).max_pool2d(2), r"images are \(B, K, H, W\)"),
        (lambda rng: Tensor(np.ones((1, 1, 3, 3))).max_pool2d(0), "at least one pixel"),
    ],
)
def test_what_does_not_fit_is_refused(make: Callable[[np.random.Generator], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        make(np.random.default_rng(0))


def convnet(rng: np.random.Generator) -> Module:
    return Sequential(
        *(Conv2D((4, 1, 3, 3), rng), BatchNorm(4), Tensor.relu, Tensor.max_pool2d),  # 28 x 28 -> 4 of 13 x 13
        *(Conv2D((8, 4, 3, 3), rng), Tensor.relu, Tensor.max_pool2d),  # -> 8 of 5 x 5
        *(flatten, Dropout(0.1, rng), Linear(200, 10, rng)),
    )


def test_a_convolutional_network_learns_digits(small_digits: tuple[Dataset, Dataset], rng: np.random.Generator) -> None:
    training, test = small_digits
    model = convnet(rng)
    optimizer = Adam(model.parameters())
    for _ in range(40):
        rows = rng.choice(len(training), 64, replace=False)
        x = Tensor(training.images[rows][:, None] * np.float32(1 / 255))
        optimizer.zero_grad()
        cross_entropy(model(x), training.labels[rows]).backward()
        optimizer.step(0.01)
    model.train(False)
    answers = model(Tensor(test.images[:, None] * np.float32(1 / 255))).data.argmax(axis=1)
    assert (answers == test.labels).mean() > 0.85
