"""Presets of other projects: their configurations are used where nothing else is asked for, and reach their figures."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.dataset import Dataset
from nn_scratch.layers import Standardize
from nn_scratch.metrics import evaluate
from nn_scratch.presets import PRESETS, preset
from nn_scratch.training.arguments import parse_arguments
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import fit, train_network
from nn_scratch.training.preset_configs import PRESET_CONFIGS, preset_config


def test_every_configuration_belongs_to_a_preset() -> None:
    assert set(PRESET_CONFIGS) <= set(PRESETS)
    assert preset_config("mlp") == TrainConfig()


def test_a_preset_brings_its_configuration_to_the_command_line() -> None:
    args = parse_arguments(["--preset", "numpy-ml-basic"])
    names = "optimizer", "momentum", "learning_rate", "batch_size", "l2"
    told = {name: getattr(args, name) for name in names}
    config = PRESET_CONFIGS["numpy-ml-basic"]
    assert told == {name: getattr(config, name) for name in told}
    assert (args.epochs, args.weight_decay, args.schedule) == (5, 0, "constant")


def test_what_is_asked_for_comes_before_what_a_preset_brings() -> None:
    args = parse_arguments(["--preset", "numpy-ml-basic", "--learning-rate", "0.2", "--epochs", "3"])
    assert (args.learning_rate, args.epochs, args.momentum) == (0.2, 3, 0.0)
    other = parse_arguments(["--preset", "numpy-ml-basic", "--optimizer", "adam"])
    assert (other.optimizer, other.learning_rate, other.momentum, other.batch_size) == ("adam", None, None, 10)
    assert parse_arguments(["--preset", "simple-convnet", "--loss", "binary"]).loss == "binary"
    assert parse_arguments([]).optimizer == "adam"


FIGURES = [  # of NumPy-ML: accuracy on test examples after each of so many epochs
    ("numpy-ml-basic", {5: 0.9332}),
    ("numpy-ml-network", {1: 0.9292, 2: 0.9522}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "figures"), FIGURES)
def test_the_figures_of_the_project_are_reached(
    name: str, figures: dict[int, float], mnist_data: tuple[Dataset, Dataset]
) -> None:
    training, test = mnist_data
    rng = np.random.default_rng(0)
    training, validation = training.split(10_000, rng)
    network = preset(name).initialize(rng)
    for report in fit(network, training, validation, preset_config(name), rng):
        if report.epoch in figures:
            assert evaluate(network, test).accuracy >= figures[report.epoch]


def test_a_network_for_photographs_learns_from_varied_ones(rng: np.random.Generator) -> None:
    """CIFAR-10 is large, so these are stripes: level ones or upright ones, of any colour, at any place."""
    count = 240
    labels = np.arange(count) % 2
    wave = np.sin(np.arange(32) + rng.uniform(0, 6, (count, 1)))[:, :, None] * np.ones((1, 1, 32))
    stripes = np.where(labels[:, None, None] == 1, wave, wave.transpose(0, 2, 1))
    images = (127 + 60 * stripes[..., None] * rng.random((count, 1, 1, 3))).astype(np.uint8)
    data = Dataset(images, labels, ("level", "upright"))
    network = preset("simple-convnet", (32, 32, 3), data.classes).initialize(rng)
    assert isinstance(network.layers[0], Standardize)
    network.layers[0].fit(images)
    config = TrainConfig(8, 16, "sgd", 0.02, 0.001, flip=True, crop=4)
    assert train_network(network, data[:160], data[160:], config, rng)[-1].validation_accuracy > 0.9
