"""Layers and optimizers of the tensor engine against PyTorch and the derivations; networks that learn with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch import optimizers
from nn_scratch.autograd import (
    SGD,
    Adam,
    BatchNorm,
    Conv2D,
    Dropout,
    Linear,
    Module,
    Sequential,
    Tensor,
    cross_entropy,
    flatten,
    load,
    mlp,
    save,
)
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import mlp as network_by_hand
from tests.helpers import ROOT


def agree(ours: Tensor, theirs: Any, leaves: list[Tensor], others: list[Any]) -> None:
    """The same values, and from a gradient of one's own the same gradients."""
    np.testing.assert_allclose(ours.data, theirs.detach().numpy(), rtol=1e-9, atol=1e-9)
    dy = np.random.default_rng(5).standard_normal(ours.shape)
    ours.backward(dy)
    theirs.backward(theirs.new_tensor(dy))
    for leaf, other in zip(leaves, others, strict=True):
        assert leaf.grad is not None
        np.testing.assert_allclose(leaf.grad.reshape(other.shape), other.grad.numpy(), rtol=1e-8, atol=1e-8)


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


class Doubled(Module):
    """A module of one's own, with a layer that it uses twice."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.scale, self.layer, self.dropout = Tensor([1.0], requires_grad=True), Linear(2, 2, rng), Dropout(0.5, rng)
        self.again = self.layer

    def __call__(self, x: Tensor) -> Tensor:
        return self.again(self.dropout(self.layer(x))) * self.scale


def test_modules_know_what_is_in_them(rng: np.random.Generator) -> None:
    inner = Doubled(rng)
    model = Sequential(Linear(3, 2, rng), Tensor.tanh, inner, BatchNorm(2))
    assert [p.shape for p in model.parameters()] == [(3, 2), (2,), (1,), (2, 2), (2,), (2,), (2,)]
    assert list(model.arrays())[:4] == ["0.W", "0.b", "2.scale", "2.layer.W"]
    assert list(model.arrays())[-4:] == ["3.gamma", "3.beta", "3.mean", "3.variance"]
    assert model(Tensor(np.ones((5, 3), np.float32))).shape == (5, 2)
    model.train(False)
    assert not any((model.training, inner.training, inner.dropout.training))


START, TARGET = np.array([1.0, -2.0, 0.5]), np.array([0.3, 0.1, -1.0])


@pytest.mark.parametrize(
    ("ours", "settings", "name", "their_settings"),
    [
        (SGD, (), "SGD", {"momentum": 0.9}),
        (SGD, (0.0,), "SGD", {}),
        (Adam, (), "Adam", {}),
        (Adam, ((0.8, 0.95), 1e-6), "Adam", {"betas": (0.8, 0.95), "eps": 1e-6}),
    ],
)
def test_steps_are_those_of_pytorch(ours: Any, settings: Any, name: str, their_settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    w, unused, other = Tensor(START, True), Tensor(START, True), torch.tensor(START, requires_grad=True)
    optimizer = ours([w, unused], *settings)
    referee = getattr(torch.optim, name)([other], lr=0.05, **their_settings)
    for _ in range(20):
        for each, x, target in ((optimizer, w, TARGET), (referee, other, torch.tensor(TARGET))):
            each.zero_grad()
            ((x - target) ** 2).sum().backward()
        optimizer.step(0.05)
        referee.step()
        np.testing.assert_allclose(w.data, other.detach().numpy(), rtol=1e-10)
    np.testing.assert_array_equal(unused.data, START)


def batches(data: Dataset, size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(1)
    for _ in range(100):
        rows = rng.choice(len(data), size, replace=False)
        yield data.images[rows].reshape(size, -1) * np.float32(1 / 255), data.labels[rows]


def losses_by_hand(data: Dataset, size: int) -> Iterator[float]:
    network, loss = network_by_hand().initialize(np.random.default_rng(0)), SoftmaxCrossEntropy()
    optimizer = optimizers.SGD(0.05, weight_decay=0).attach(network.parameters, network.gradients)
    for x, labels in batches(data, size):
        value, dz = loss.value_and_gradient(network.forward(x, training=True), labels)
        network.backward(dz)
        optimizer.step()
        yield value


def losses_by_tensors(data: Dataset, size: int) -> Iterator[float]:
    model = mlp((784, 50, 25, 10), np.random.default_rng(0))
    optimizer = SGD(model.parameters())
    for x, labels in batches(data, size):
        loss = cross_entropy(model(Tensor(x)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step(0.05)
        yield loss.item()


@pytest.mark.parametrize("size", [128, 100])
def test_a_hundred_steps_take_the_same_course(small_digits: tuple[Dataset, Dataset], size: int) -> None:
    """With 128 examples every operation rounds alike, because division by 128 is exact; with 100, nearly so."""
    ours, by_hand = (list(losses(small_digits[0], size)) for losses in (losses_by_tensors, losses_by_hand))
    assert by_hand[-1] < 0.2 * by_hand[0]
    np.testing.assert_allclose(ours, by_hand, rtol=0, atol=1e-6 if size == 128 else 1e-4)


def test_a_convolutional_network_learns_digits(small_digits: tuple[Dataset, Dataset], rng: np.random.Generator) -> None:
    training, test = small_digits
    model = Sequential(
        *(Conv2D((4, 1, 3, 3), rng), BatchNorm(4), Tensor.relu, Tensor.max_pool2d),  # 28 x 28 -> 4 of 13 x 13
        *(Conv2D((8, 4, 3, 3), rng), Tensor.relu, Tensor.max_pool2d),  # -> 8 of 5 x 5
        *(flatten, Dropout(0.1, rng), Linear(200, 10, rng)),
    )
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


def small_model(seed: int) -> Sequential:
    rng = np.random.default_rng(seed)
    model = Sequential(Sequential(Conv2D((2, 1, 3, 3), rng), BatchNorm(2), Tensor.relu), flatten, Linear(72, 3, rng))
    model(Tensor(rng.standard_normal((4, 1, 8, 8)).astype(np.float32)))  # moves the averages
    model.train(False)
    return model


def test_a_model_comes_back_with_its_state(tmp_path: Path, rng: np.random.Generator) -> None:
    first, second, path = small_model(0), small_model(1), tmp_path / "model.npz"
    save(first, path)
    assert sorted(np.load(path)) == [
        *("0.0.W", "0.0.b", "0.1.beta", "0.1.gamma", "0.1.mean", "0.1.variance"),
        *("2.W", "2.b"),
    ]
    x = Tensor(rng.standard_normal((5, 1, 8, 8)).astype(np.float32))
    assert (first(x) != second(x)).any()
    load(second, path)
    assert (first(x) == second(x)).all()
    assert [file.name for file in tmp_path.iterdir()] == ["model.npz"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"2.c": np.zeros(3)},
            r"2\.c is float64 \(3,\) there and missing in the model; build the model that was saved",
        ),
        ({"2.b": None}, r"2\.b is missing there and float32 \(3,\) in the model"),
        ({"2.b": np.zeros(4, np.float32)}, r"2\.b is float32 \(4,\) there and float32 \(3,\) in the model"),
        ({"2.b": np.zeros(3)}, r"2\.b is float64 \(3,\) there and float32 \(3,\) in the model"),
        ({"2.b": np.full(3, np.nan, np.float32)}, r"numbers in 2\.b that are not finite"),
        ({"2.b": np.array([None] * 3)}, r"not an \.npz file of plain arrays"),
    ],
)
def test_what_does_not_fit_changes_nothing(changes: dict[str, Any], sentence: str, tmp_path: Path) -> None:
    content = small_model(0).arrays() | changes
    np.savez(tmp_path / "other.npz", **{name: array for name, array in content.items() if array is not None})
    model = small_model(1)
    before = {name: array.copy() for name, array in model.arrays().items()}
    with pytest.raises(UserError, match=sentence):
        load(model, tmp_path / "other.npz")
    assert all((array == before[name]).all() for name, array in model.arrays().items())


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    with pytest.raises(UserError, match="There is no file of a model"):
        load(small_model(0), path)
    with pytest.raises(UserError, match="Cannot write"):
        save(small_model(0), tmp_path / "nowhere" / "model.npz")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda rng: Linear(0, 3, rng), "at least one input and one output, not 0 and 3"),
        (lambda rng: mlp([784], rng), "at least two sizes"),
        (lambda rng: cross_entropy(Tensor(np.zeros((2, 3))), np.array([0, -1])), "from 0, not -1"),
        (lambda rng: Conv2D((4, 0, 3, 3), rng), r"each at least 1, not \(4, 0, 3, 3\)"),
        (lambda rng: Dropout(1.0, rng), "from 0 to below 1, not 1.0"),
    ],
)
def test_what_does_not_fit_is_refused(make: Callable[[np.random.Generator], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        make(np.random.default_rng(0))


def test_the_engines_and_the_library_do_not_use_each_other() -> None:
    """They could not check the library if it used them: only what compares or exchanges gradients imports them."""
    users = {
        path.relative_to(ROOT).as_posix()
        for package in ("nn_scratch", "drawapp")
        for path in (ROOT / package).rglob("*.py")
        if "from nn_scratch.autograd" in path.read_text(encoding="utf-8")
    }
    outside = {user for user in users if not user.startswith("nn_scratch/autograd/")}
    assert outside == {"nn_scratch/gradients.py", "nn_scratch/engines.py"}
    engines = [path.read_text(encoding="utf-8") for path in (ROOT / "nn_scratch" / "autograd").glob("*.py")]
    imported = {line.split()[1].split(".")[1] for text in engines for line in text.splitlines() if "from nn_s" in line}
    assert imported == {"arrays", "autograd", "errors", "files"}
