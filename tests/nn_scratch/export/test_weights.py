"""PyTorch's layout: PyTorch itself computes the same with it, and what it learned comes back."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

import nn_scratch as nn
from nn_scratch import BatchNorm, Conv2D, Dense, Flatten, Layer, Network, Reshape, Residual, Shape, mlp, softmax
from nn_scratch.arrays import Array
from nn_scratch.export import load_state_dict, state_dict
from tests.helpers.layer_cases import images_for, random_network


def convolutional() -> Network:
    layers: list[Layer] = [Conv2D(4, (2, 3), stride=(1, 2), padding=1), BatchNorm(), nn.ReLU(), nn.MaxPool2D(2)]
    layers += [Conv2D(5, 2), nn.Tanh(), nn.MeanPool2D((1, 2)), Flatten(), BatchNorm(), Dense(6), nn.ReLU(), Dense(3)]
    return random_network(layers, (9, 20, 2))


def in_torch(torch: Any, network: Network) -> Any:
    """The same layers as those of `convolutional`, under the same names, by PyTorch."""
    their = torch.nn
    model = [
        *(their.Conv2d(2, 4, (2, 3), stride=(1, 2), padding=1), their.BatchNorm2d(4), their.ReLU(), their.MaxPool2d(2)),
        *(their.Conv2d(4, 5, 2), their.Tanh(), their.AvgPool2d((1, 2)), their.Flatten()),
        *(their.BatchNorm1d(40), their.Linear(40, 6), their.ReLU(), their.Linear(6, 3)),
    ]
    return their.Sequential(OrderedDict(zip(network.names, model, strict=True)))


def agree(torch: Any, model: Any, network: Network) -> None:
    """Both read the same images, with the channels first and last, in the same way."""
    images = images_for(network)
    logits = model.eval()(torch.from_numpy(images.transpose(0, 3, 1, 2))).detach().numpy()
    np.testing.assert_allclose(softmax(logits), network.predict_proba(images), rtol=0, atol=1e-5)


def given(torch: Any, network: Network) -> dict[str, Any]:
    """The numbers of `network`, as a model of PyTorch takes them."""
    return {name: torch.from_numpy(array) for name, array in state_dict(network).items()}


def test_pytorch_computes_the_same_and_what_it_has_comes_back() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    network = convolutional()
    ours, theirs = in_torch(torch, network), in_torch(torch, network)
    ours.load_state_dict(given(torch, network))
    agree(torch, ours, network)
    load_state_dict(network, {name: array.numpy() for name, array in theirs.state_dict().items()})
    agree(torch, theirs, network)


@pytest.mark.parametrize(
    ("layers", "shape"),
    [
        ([nn.Deslant(), Flatten(), Dense(3)], (4, 5, 1)),
        ([Reshape((4, 5, 1)), nn.UntiedConv2D(2, 3), Flatten(), Dense(3)], (20,)),
        ([Flatten(), Reshape((20,)), Dense(3)], (2, 5, 2)),
        ([Flatten()], (1, 1, 3)),
        ([Conv2D(1, 1), Flatten()], (1, 3, 2)),
    ],
)
def test_what_is_written_is_read_back(layers: list[Layer], shape: Shape) -> None:
    network = random_network(layers, shape)
    again = Network([layer.fresh() for layer in layers], shape, "abc")
    load_state_dict(again, state_dict(network))
    np.testing.assert_array_equal(again.parameters, network.parameters)
    np.testing.assert_array_equal(again.state, network.state)


@pytest.mark.parametrize(
    ("layers", "shape", "sentence"),
    [
        ([Reshape((2, 5, 2)), Flatten(), Dense(3)], (20,), "The layer reshape_1 cannot be laid out as in PyTorch"),
        ([Flatten(), Reshape((20, 1, 1)), Flatten(), Dense(3)], (2, 5, 2), "The layer reshape_1 cannot be laid out"),
        ([Flatten(), nn.Maxout(2), Dense(3)], (2, 3, 2), r"maxout_1 cannot .* flattened image of \(2, 3, 2\)"),
    ],
)
def test_what_depends_on_the_order_of_numbers_is_refused(layers: list[Layer], shape: Shape, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        state_dict(random_network(layers, shape))
    with pytest.raises(ValueError, match="The last layer gives a flattened image"):
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
        (broken("dense_1.bias", None), r"not those of this network \(missing: dense_1\.bias\)\.$"),
        (broken("dense_7.bias", np.zeros(3)), r"\(not in the network: dense_7\.bias\)\.$"),
        (
            {"0.weight": np.zeros((4, 3)), "0.bias": np.zeros(4)},
            r"\(missing: dense_1\.weight, dense_1\.bias, .*; not in the network: 0\.weight, 0\.bias\)\.$",
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


class Scaled(nn.layers.Activation):
    """An activation of a user that learns something."""

    kind = "scaled_of_a_test"

    def build(self, input_shape: Shape) -> Shape:
        self.parameter_shapes = {"alpha": (1,)}
        return input_shape


def test_a_layer_that_pytorch_does_not_have_keeps_its_names() -> None:
    layers: list[Layer] = [nn.Standardize(), nn.DensePerChannel(2), Flatten(), Dense(3, bias=False), Scaled()]
    own = ["standardize_1.mean", "standardize_1.deviation", "dense_per_channel_1.W", "dense_per_channel_1.b"]
    network = random_network(layers, (2, 3, 2))
    assert list(state_dict(network)) == [*own, "dense_1.weight", "scaled_of_a_test_1.alpha"]


def test_a_residual_layer_is_a_module_of_pytorch() -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")

    class Skip(torch.nn.Sequential):  # type: ignore[misc,name-defined]
        def forward(self, x: Any) -> Any:
            return x + super().forward(x)

    skipped = nn.Residual([Conv2D(2, 3, padding="same", bias=False)])
    network = random_network([skipped, Flatten(), nn.LayerNorm(), nn.GELU(), Dense(3)], (4, 3, 2))
    model = torch.nn.Sequential(
        OrderedDict(
            residual_1=Skip(OrderedDict(conv_1=torch.nn.Conv2d(2, 2, 3, padding=1, bias=False))),
            flatten_1=torch.nn.Flatten(),
            layer_norm_1=torch.nn.LayerNorm(24),
            gelu_1=torch.nn.GELU("tanh"),
            dense_1=torch.nn.Linear(24, 3),
        )
    )
    model.load_state_dict(given(torch, network))
    agree(torch, model, network)


def test_a_residual_layer_behind_a_flattened_image_is_refused(rng: np.random.Generator) -> None:
    network = Network([Flatten(), Residual([BatchNorm()]), Dense(2)], (4, 4, 2), "ab").initialize(rng)
    with pytest.raises(ValueError, match="The layer residual_1 cannot be laid out as in PyTorch"):
        state_dict(network)
