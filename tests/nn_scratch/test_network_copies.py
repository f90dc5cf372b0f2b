"""Copies of a network are whole networks, and no layer serves two of them."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from nn_scratch import Dataset, Network, TrainConfig, fit, mlp
from nn_scratch.layers import BatchNorm, Conv2D, Dense, Dropout, Flatten, ReLU
from nn_scratch.network import DIGITS
from nn_scratch.presets import upright

COPIES: list[Callable[[Network], Network]] = [copy.deepcopy, lambda network: pickle.loads(pickle.dumps(network))]


def network_with_everything() -> Network:
    """Parameters, state and random decisions."""
    layers = [Conv2D(2, 5, stride=3, padding=1), BatchNorm(), ReLU(), Flatten(), Dropout(0.2), Dense(10)]
    return Network(layers, (28, 28, 1), DIGITS).initialize(np.random.default_rng(3))


def train(network: Network, data: tuple[Dataset, Dataset]) -> bytes:
    """Two epochs; returns all the numbers of the network."""
    for _ in fit(network, *data, TrainConfig(2, 50, learning_rate=0.004), np.random.default_rng(0)):
        pass
    return network.parameters.tobytes() + network.state.tobytes()


@pytest.mark.parametrize("copied", COPIES, ids=["deepcopy", "pickle"])
def test_a_copy_trains_like_the_original_and_apart_from_it(
    copied: Callable[[Network], Network], small_digits: tuple[Dataset, Dataset]
) -> None:
    network = network_with_everything()
    network.metadata = {"data": ["small"]}
    train(network, small_digits)
    other = copied(network)
    assert (other.names, other.shapes, other.classes) == (network.names, network.shapes, network.classes)
    assert other.metadata == network.metadata
    images = small_digits[1].images
    before = network.parameters.copy()
    assert (other.logits(images) == network.logits(images)).all()
    trained = train(other, small_digits)
    assert (network.parameters == before).all()
    assert trained == train(network, small_digits)
    for arrays in other.arrays.values():
        for array in arrays.values():
            assert np.shares_memory(array, other.parameters) or np.shares_memory(array, other.state)


def test_a_layer_of_one_network_is_refused_by_another() -> None:
    network = mlp((5,)).initialize(np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"Dense\(outputs=5.*already belongs to a network"):
        Network([*network.layers[:2], Dense(3)], (784,), "abc")
    for copied in COPIES:
        with pytest.raises(ValueError, match="already belongs"):
            Network(copied(network).layers, (784,), DIGITS)


def test_a_layer_of_a_network_that_could_not_be_made_is_still_free() -> None:
    layer = Dense(3)
    with pytest.raises(ValueError, match="4 classes"):
        Network([layer], (784,), "abcd")
    assert Network([layer], (784,), "abc").parameters.size == 784 * 3 + 3


def test_setting_images_upright_leaves_the_network_whole(rng: np.random.Generator) -> None:
    network = mlp((5,)).initialize(rng)
    images = rng.integers(0, 256, (3, 28, 28), dtype=np.uint8)
    before = network.logits(images)
    upright(network).initialize(rng)
    assert (network.logits(images) == before).all()


def test_only_a_network_with_numbers_to_start_from_is_trained(small_digits: tuple[Dataset, Dataset]) -> None:
    with pytest.raises(ValueError, match=r"never initialized.*initialize\(rng\)"):
        train(mlp(), small_digits)
    from_zeros = Network([Flatten(), Dense(10, "zeros")], (28, 28), DIGITS).initialize(np.random.default_rng(0))
    train(from_zeros, small_digits)  # on purpose: one layer needs no random numbers
    set_by_hand = mlp()
    set_by_hand.parameters[...] = mlp().initialize(np.random.default_rng(0)).parameters
    train(set_by_hand, small_digits)
