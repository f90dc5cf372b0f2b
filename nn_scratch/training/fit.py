"""Training: batches, forward, loss, backward, step, until the epochs are over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array
from nn_scratch.data.dataset import Dataset
from nn_scratch.nn.losses import SoftmaxCrossEntropy
from nn_scratch.nn.network import Network
from nn_scratch.nn.optimizers import OPTIMIZERS, Optimizer, add_l2, clip_norm
from nn_scratch.nn.schedules import SCHEDULES
from nn_scratch.training.batches import Labelled, Lessons, Taught, images_of, prepare
from nn_scratch.training.distillation import Teachers
from nn_scratch.training.metrics import evaluate


class Loss(Protocol):
    """Judges logits (B, K) by what is wanted, labels (B,) or probabilities (B, K): the loss and dL/dz (B, K)."""

    def value_and_gradient(self, logits: Array, wanted: Any, /) -> tuple[float, Array]: ...


@dataclass(frozen=True)
class TrainConfig:
    """How to train; the defaults were chosen on validation examples of MNIST."""

    epochs: int = 10
    batch_size: int = 128
    optimizer: str = "adam"
    learning_rate: float = 0.008
    weight_decay: float = 0.1
    schedule: str = "one-cycle"
    augment: bool = False
    label_smoothing: float = 0.0
    clip_norm: float | None = None
    l2: float = 0.0
    views: int | None = None  # of each image, about which teachers are asked once; None: a new one each epoch
    temperature: float = 2.0  # that softens what teachers think


@dataclass(frozen=True)
class EpochReport:
    """What one epoch came to; losses are means over examples, accuracies are parts of 1."""

    epoch: int
    train_loss: float
    validation_loss: float
    validation_accuracy: float
    seconds: float
    images_per_second: float

    def quality(self) -> tuple[float, float]:
        """What makes an epoch better than another: the higher accuracy, the lower loss among equals."""
        return self.validation_accuracy, -self.validation_loss


def fit(
    network: Network,
    training: Dataset,
    validation: Dataset,
    config: TrainConfig,
    rng: np.random.Generator,
    *,
    teachers: Sequence[Network] = (),
    optimizer: Optimizer | None = None,
    epochs_done: int = 0,
    progress: Callable[[int], object] = lambda seen: None,
) -> Iterator[EpochReport]:
    """Train `network` in place by `recipe`, and yield a report after each epoch.

    Each epoch shows every example once, or as often as its weight says, in a new order; the last batch is as long as
    what is left. The same network and `rng` state give the same numbers, bit by bit, with the same NumPy on the same
    machine.

    Args:
        teachers: networks whose opinion of each image is learned instead of its label.
        optimizer: what `optimizer_of` gave, for a caller who saves it; else one is made.
        epochs_done: where to go on, with network, optimizer and `rng` as `training.checkpoint` restored them.
        progress: called after each batch, also of views that are prepared, with its number of examples.
    """
    if epochs_done >= config.epochs:
        return  # before teachers are asked for nothing
    optimizer = optimizer or optimizer_of(network, config)
    network.reseed(rng)
    schedule = SCHEDULES[config.schedule]
    lessons, loss = lessons_of(training, config, teachers, rng, progress)
    batch_input = InputBuffer(network, config.batch_size)
    for epoch in range(epochs_done, config.epochs):
        start = time.perf_counter()
        order = shuffled(training, rng)
        total = 0.0
        for first in range(0, len(order), config.batch_size):
            rows = order[first : first + config.batch_size]
            images, wanted = lessons(epoch, rows)
            logits = network.forward(batch_input(images), training=True)
            batch_loss, dz = loss.value_and_gradient(logits, wanted)
            network.backward(dz)
            adjust_gradients(network, config)
            optimizer.step(config.learning_rate * schedule((epoch + first / len(order)) / config.epochs))
            total += batch_loss * len(rows)
            progress(len(rows))
        seconds = time.perf_counter() - start
        score = evaluate(network, validation)
        yield EpochReport(epoch + 1, total / len(order), score.loss, score.accuracy, seconds, len(order) / seconds)


def lessons_of(
    training: Dataset,
    config: TrainConfig,
    teachers: Sequence[Network],
    rng: np.random.Generator,
    progress: Callable[[int], object],
) -> tuple[Lessons, Loss]:
    """What is shown and what is to be answered, from the teachers where there are any, and how answers are judged."""
    if not teachers:
        images = images_of(training, config.augment, rng)
        return Labelled(images, training.labels), SoftmaxCrossEntropy(config.label_smoothing)
    wise = Teachers(teachers, config.temperature)
    if config.views:
        return prepare(training, wise, config.views, config.augment, progress), wise.loss
    return Taught(images_of(training, config.augment, rng), wise), wise.loss


def adjust_gradients(network: Network, config: TrainConfig) -> None:
    """Do to the gradients what `recipe` asks for before a step is taken along them."""
    if config.l2:
        add_l2(network.parameters, network.gradients, config.l2)
    if config.clip_norm:
        clip_norm(network.gradients, config.clip_norm)


def optimizer_of(network: Network, config: TrainConfig) -> Optimizer:
    """The optimizer that `recipe` names, for all parameters of `network`."""
    make = OPTIMIZERS[config.optimizer]
    return make(network.parameters, network.gradients, weight_decay=config.weight_decay)


def shuffled(training: Dataset, rng: np.random.Generator) -> NDArray[np.int64]:
    """The rows of one epoch in random order.

    An example of weight 2.3 is in it twice, and in three of ten epochs a third time.
    """
    if training.weights is None:
        return rng.permutation(len(training))
    times = np.floor(training.weights + rng.random(len(training))).astype(np.int64)
    return rng.permutation(np.repeat(np.arange(len(training)), times))


class InputBuffer:
    """Turns bytes into network inputs from 0 to 1, always in the same memory: fresh pages for each batch cost more."""

    def __init__(self, network: Network, batch_size: int) -> None:
        self.buffer: Array = np.empty((batch_size, *network.input_shape), network.parameters.dtype)

    def __call__(self, images: NDArray[np.uint8]) -> Array:
        """`images` (B, S S) as (B, *input_shape)."""
        inputs = self.buffer[: len(images)]
        np.multiply(images.reshape(inputs.shape), inputs.dtype.type(1 / 255), out=inputs)
        return inputs
