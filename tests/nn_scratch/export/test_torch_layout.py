"""PyTorch's layout: PyTorch itself computes the same with it, and what it learned comes back."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from nn_scratch import (
    GELU,
    Array,
    BatchNorm,
    Conv2D,
    Dense,
    DensePerChannel,
    Deslant,
    Flatten,
    Layer,
    LayerNorm,
    Maxout,
    MaxPool2D,
    MeanPool2D,
    Network,
    ReLU,
    Reshape,
    Residual,
    Shape,
    Standardize,
    Tanh,
    UntiedConv2D,
    mlp,
    softmax,
)
from nn_scratch.export import load_state_dict, state_dict
from tests.helpers.exporting import images_for


def random_network(layers: list[Layer], shape: Shape) -> Network:
    network = Network(layers, shape, "abc").initialize(np.random.default_rng(0))
    network.parameters[...] = np.random.default_rng(1).normal(0, 0.5, network.parameters.size)
    network.state[...] = np.random.default_rng(2).uniform(0.5, 2, network.state.size)
    return network


def convolutional() -> Network:
    layers: list[Layer] = [Conv2D(4, (2, 3), stride=(1, 2), padding=1), BatchNorm(), ReLU(), MaxPool2D(2)]
    layers += [Conv2D(5, 2), Tanh(), MeanPool2D((1, 2)), Flatten(), BatchNorm(), Dense(6), ReLU(), Dense(3)]
    return random_network(layers, (9, 20, 2))


def in_torch(torch: Any) -> Any:
    """The same layers as those of `convolutional`, by PyTorch."""
    nn = torch.nn
    return nn.Sequential(
        *(nn.Conv2d(2, 4, (2, 3), stride=(1, 2), padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(4, 5, 2), nn.Tanh(), nn.AvgPool2d((1, 2)), nn.Flatten()),
        *(nn.BatchNorm1d(40), nn.Linear(40, 6), nn.ReLU(), nn.Linear(6, 3)),
    )


def renamed(model: Any, network: Network) -> Any:
    """`model` with the names of the layers of `network`."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    return torch.nn.Sequential(OrderedDict(zip(network.names, model, strict=True)))


def test_pytorch_computes_the_same() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    network = convolutional()
    model = renamed(in_torch(torch), network)
    model.load_state_dict({name: torch.from_numpy(array) for name, array in state_dict(network).items()})
    images = images_for(network)
    logits = model.eval()(torch.from_numpy(images.transpose(0, 3, 1, 2))).detach().numpy()
    np.testing.assert_allclose(softmax(logits), network.predict_proba(images), rtol=0, atol=1e-5)


def test_what_pytorch_has_comes_back() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    network = convolutional()
    model = renamed(in_torch(torch), network)
    load_state_dict(network, {name: array.numpy() for name, array in model.state_dict().items()})
    images = images_for(network)
    logits = model.eval()(torch.from_numpy(images.transpose(0, 3, 1, 2))).detach().numpy()
    np.testing.assert_allclose(softmax(logits), network.predict_proba(images), rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([Deslant(), Flatten(), Dense(3)], (4, 5, 1)),
        ([Reshape((4, 5, 1)), UntiedConv2D(2, 3), Flatten(), Dense(3)], (20,)),
        ([Flatten(), Reshape((20,)), Dense(3)], (2, 5, 2)),
        ([Dense(3)], (4,)),
    ],
)
def test_what_is_written_is_read_back(layers: list[Layer], shape: Shape) -> None:
    network = random_network(layers, shape)
    again = Network([layer.fresh() for layer in layers], shape, "abc")
    load_state_dict(again, state_dict(network))
    np.testing.assert_array_equal(again.parameters, network.parameters)
    np.testing.assert_array_equal(again.state, network.state)


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([Flatten()], (1, 1, 3)),
        ([Reshape((2, 5, 2)), Flatten(), Dense(3)], (20,)),
        ([Flatten(), Reshape((20, 1, 1)), Flatten(), Dense(3)], (2, 5, 2)),
        ([Conv2D(1, 1), Flatten()], (1, 3, 2)),
    ],
)
def test_only_what_has_the_same_order_is_written(layers: list[Layer], shape: Shape) -> None:
    network = random_network(layers, shape)
    if shape[-1] == 20 or shape == (2, 5, 2):
        with pytest.raises(ValueError, match="cannot be laid out as in PyTorch"):
            state_dict(network)
    else:
        assert isinstance(state_dict(network), dict)


def test_a_flattened_image_at_the_end_has_another_order() -> None:
    with pytest.raises(ValueError, match="another order"):
        state_dict(Network([Flatten()], (2, 1, 2), "abcd"))


def broken(name: str, value: Array | None) -> dict[str, Array]:
    """The weights of `mlp((4,), "ab", inputs=3)` with one array replaced or, for None, left out."""
    arrays = state_dict(mlp((4,), "ab", inputs=3))
    if value is None:
        del arrays[name]
    else:
        arrays[name] = value
    return arrays


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (broken("dense_1.bias", None), r"not those of this network \(missing: dense_1\.bias\)$"),
        (broken("dense_7.bias", np.zeros(3)), r"\(not in the network: dense_7\.bias\)$"),
        (
            {"0.weight": np.zeros((4, 3)), "0.bias": np.zeros(4)},
            r"\(missing: dense_1\.bias, dense_1\.weight, .*; not in the network: 0\.bias, 0\.weight\)$",
        ),
        (
            broken("dense_1.weight", np.zeros((3, 4))),
            r"dense_1\.weight has shape \(3, 4\), but in this network its shape is \(4, 3\)",
        ),
        (broken("dense_1.bias", np.full(4, np.nan)), r"dense_1\.bias has other numbers"),
        (broken("dense_1.bias", np.array(list("abcd"))), r"dense_1\.bias has other numbers"),
    ],
)
def test_weights_that_do_not_fit_change_nothing(arrays: dict[str, Array], message: str) -> None:
    network = mlp((4,), "ab", inputs=3).initialize(np.random.default_rng(0))
    before = network.parameters.copy()
    with pytest.raises(ValueError, match=message):
        load_state_dict(network, arrays)
    np.testing.assert_array_equal(network.parameters, before)


def test_a_layer_that_pytorch_does_not_have_keeps_its_names() -> None:
    network = random_network([Standardize(), DensePerChannel(2), Flatten(), Dense(3, bias=False)], (2, 3, 2))
    assert set(state_dict(network)) == {"standardize_1.mean", "standardize_1.deviation"} | {
        "dense_per_channel_1.W",
        "dense_per_channel_1.b",
        "dense_1.weight",
    }


def test_what_depends_on_the_order_of_a_flattened_image_is_refused() -> None:
    with pytest.raises(ValueError, match=r"The layer maxout_1 cannot be laid out .* flattened image of \(2, 3, 2\)"):
        state_dict(Network([Flatten(), Maxout(2), Dense(3)], (2, 3, 2), "abc"))


def test_a_residual_layer_is_a_module_of_pytorch() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    class Skip(torch.nn.Sequential):  # type: ignore[misc,name-defined]
        def forward(self, x: Any) -> Any:
            return x + super().forward(x)

    skipped = Residual([Conv2D(2, 3, padding="same", bias=False)])
    network = random_network([skipped, Flatten(), LayerNorm(), GELU(), Dense(3)], (4, 3, 2))
    model = torch.nn.Sequential(
        OrderedDict(
            residual_1=Skip(OrderedDict(conv_1=torch.nn.Conv2d(2, 2, 3, padding=1, bias=False))),
            flatten_1=torch.nn.Flatten(),
            layer_norm_1=torch.nn.LayerNorm(24),
            gelu_1=torch.nn.GELU("tanh"),
            dense_1=torch.nn.Linear(24, 3),
        )
    )
    model.load_state_dict({name: torch.from_numpy(array) for name, array in state_dict(network).items()})
    images = images_for(network)
    logits = model(torch.from_numpy(images.transpose(0, 3, 1, 2))).detach().numpy()
    np.testing.assert_allclose(softmax(logits), network.predict_proba(images), rtol=0, atol=1e-5)
