"""The start of a training: what the user has chosen becomes data, a network and its training.

The same choices give the same network as the command line does with them, bit by bit: what is drawn at random is drawn
here in the same order as for `python -m nn_scratch.train`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from drawapp.learning.sources import SOURCES, Source
from nn_scratch.data.custom import VALIDATION_EVERY
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.network import Network
from nn_scratch.optimizers import Adam
from nn_scratch.training import EpochReport, StepReport, steps
from nn_scratch.zoo.presets import preset


@dataclass(frozen=True)
class Choices:
    """What the user chooses before a training."""

    network: str = "mlp"
    source: Source = field(default=SOURCES[0])
    learning_rate: float = Adam.learning_rate
    batch_size: int = 128
    epochs: int = 10
    seed: int = 0

    @property
    def recipe(self) -> dict[str, object]:
        """How the network is trained, for its metadata."""
        optimizer = Adam(self.learning_rate)
        return {
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "optimizer": "adam",
            "learning_rate": self.learning_rate,
            "weight_decay": optimizer.weight_decay,
            "schedule": "one-cycle",
        }


@dataclass(frozen=True)
class Start:
    """All that the first step needs."""

    network: Network
    training: Dataset
    validation: Dataset
    choices: Choices
    rng: np.random.Generator

    def reports(self) -> Iterator[StepReport | EpochReport]:
        """The training: takes a step each time that it is asked for the next report."""
        return steps(
            *(self.network, self.training, self.validation, self.rng),
            epochs=self.choices.epochs,
            batch_size=self.choices.batch_size,
            optimizer=Adam(self.choices.learning_rate),
        )

    @property
    def steps_per_epoch(self) -> int:
        """How many batches show every example once."""
        return math.ceil(len(self.training) / self.choices.batch_size)


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
        "recipe": choices.recipe,
    }
    return Start(network, training, validation, choices, rng)
