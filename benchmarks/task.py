"""The task of the training benchmark: what all competitors train, so that their times can be compared.

A time means something beside another time only if both stand for the same work: the same network, examples, batches,
optimizer and learning rates.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array, Labels
from nn_scratch.dataset import Dataset
from nn_scratch.optimizers import Adam, one_cycle

SIZES = (784, 50, 25, 10)
RATE, DECAY = Adam.learning_rate, Adam.weight_decay

Predict = Callable[[Array], Labels]  # images (N, 784), floats from 0 to 1 -> class numbers (N,)


@dataclass(frozen=True)
class Task:
    """Train 784-50-25-10 with AdamW and one cycle of learning rates."""

    training: Dataset
    epochs: int
    batch: int
    threads: int

    @property
    def x(self) -> Array:
        """(N, 784) all images of training, as floats from 0 to 1."""
        return as_floats(self.training)

    @property
    def steps(self) -> int:
        """How many steps an epoch has."""
        return -(-len(self.training) // self.batch)

    @property
    def rates(self) -> list[float]:
        """The learning rate of every step of the training."""
        count = self.epochs * self.steps
        return [RATE * one_cycle(step / count) for step in range(count)]

    def batches(self, rng: np.random.Generator) -> list[Labels]:
        """The rows of each batch of an epoch, in a new order."""
        order = rng.permutation(len(self.training))
        return [order[first : first + self.batch] for first in range(0, len(order), self.batch)]


# Prepares outside of the clock: converts the images, compiles. What is returned trains, one epoch for each function
# that it yields, which then predicts. None is yielded where nothing is learned.
Competitor = Callable[[Task], Iterator[Predict | None]]


def as_floats(data: Dataset) -> Array:
    """(N, 784) the images of `data` as floats from 0 to 1."""
    return data.images.reshape(len(data), -1) / np.float32(255)


def initial_parameters(rng: np.random.Generator) -> list[Array]:
    """W (inputs, outputs) and b (outputs,) of each layer, as He, Zhang, Ren and Sun (2015) start them."""
    parameters: list[Array] = []
    for inputs, outputs in itertools.pairwise(SIZES):
        scale = np.float32(np.sqrt(2 / inputs))
        parameters += [rng.standard_normal((inputs, outputs), dtype=np.float32) * scale, np.zeros(outputs, np.float32)]
    return parameters
