"""The start of a training: what the user has chosen becomes data, a network and a configuration.

The same choices give the same network as the command line does with them, bit by bit: what is drawn at random is drawn
here in the same order as for `python -m nn_scratch.train`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from drawapp.learning.sources import SOURCES, Source
from nn_scratch.data.custom import VALIDATION_EVERY
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.network import Network
from nn_scratch.presets import preset
from nn_scratch.training.config import TrainConfig


@dataclass(frozen=True)
class Choices:
    """What the user chooses before a training."""

    network: str = "mlp"
    source: Source = field(default=SOURCES[0])
    learning_rate: float = TrainConfig.learning_rate
    batch_size: int = TrainConfig.batch_size
    epochs: int = TrainConfig.epochs
    seed: int = 0

    @property
    def config(self) -> TrainConfig:
        """The training configuration."""
        return TrainConfig(epochs=self.epochs, batch_size=self.batch_size, learning_rate=self.learning_rate)


@dataclass(frozen=True)
class Start:
    """All that the first step needs."""

    network: Network
    training: Dataset
    validation: Dataset
    config: TrainConfig
    rng: np.random.Generator

    @property
    def steps_per_epoch(self) -> int:
        """How many batches show every example once."""
        return math.ceil(len(self.training) / self.config.batch_size)


def start_of(choices: Choices) -> Start:
    """Load the data and make the network.

    Raises:
        UserError: the data cannot be read, or does not suit the network.
    """
    data, _ = choices.source.load()
    rng = np.random.default_rng(choices.seed)
    training, validation = data.split(len(data) // VALIDATION_EVERY, rng)
    if not len(validation):
        raise UserError(f"{choices.source.words} has too few images to learn from.")
    try:
        network = preset(choices.network, training.images.shape[1:], training.classes)
    except ValueError as error:
        raise UserError(f"This network does not suit {choices.source.words}: {error}") from error
    network.initialize(rng)
    network.metadata = {
        "data": [choices.source.name],
        "network": choices.network,
        "seed": choices.seed,
        "recipe": choices.config.as_metadata(),
    }
    return Start(network, training, validation, choices.config, rng)
