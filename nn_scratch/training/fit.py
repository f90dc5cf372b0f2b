"""Training: forward, loss, backward, step, for all batches of an epoch, until the epochs are over.

Everything else in this library makes one step possible; training is the repetition of that step. It is a generator of
reports, one per step or one per epoch, so that whoever runs it decides what to print, to draw or to save in between,
when to wait and when to stop.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks.ranges import COUNT, FRACTION, NOT_NEGATIVE, POSITIVE, Range
from nn_scratch.data.dataset import Dataset
from nn_scratch.nn.losses import SoftmaxCrossEntropy, SoftTargets
from nn_scratch.nn.network import Network
from nn_scratch.nn.optimizers import OPTIMIZERS, Optimizer, add_l2, clip_norm
from nn_scratch.nn.schedules import SCHEDULES
from nn_scratch.training.batches import (
    Batches,
    DistilledExamples,
    Examples,
    LabelledExamples,
    Teachers,
    cache_views,
    image_source,
    shuffled,
)
from nn_scratch.training.divergence import LARGEST_LOSS, check_loss, told_if_diverged
from nn_scratch.training.metrics import check_fit, evaluate
from nn_scratch.training.rehearsal import Rehearsal, RehearsedExamples
from nn_scratch.training.reports import EpochReport, EpochResult, StepReport, Tally, count_right


class Loss(Protocol):
    """Compares logits (B, K) with targets, labels (B,) or probabilities (B, K): the loss and dL/dz (B, K)."""

    def value_and_gradient(self, logits: Array, y: Any, /) -> tuple[float, Array]: ...


LIMITS = {  # of the numbers in a `TrainConfig`
    "epochs": Range(1, 10**9, whole=True),
    "batch_size": COUNT,
    "learning_rate": POSITIVE,
    "weight_decay": NOT_NEGATIVE,
    "label_smoothing": FRACTION,
    "clip_norm": POSITIVE,
    "l2": NOT_NEGATIVE,
    "views": COUNT,
    "temperature": Range(0.01, 100),  # beyond these, float32 cannot tell the probabilities apart
}


@dataclass(frozen=True)
class TrainConfig:
    """How to train; the defaults were chosen on validation examples of MNIST.

    Raises:
        ValueError: a number is beyond its `LIMITS`, or there is no optimizer or schedule of that name.
    """

    epochs: int = 10
    batch_size: int = 128
    optimizer: str = "adam"
    learning_rate: float = 0.008
    weight_decay: float = 0.1  # of all parameters, biases too, as in PyTorch's optimizers
    schedule: str = "one-cycle"
    augment: bool = False
    label_smoothing: float = 0.0
    clip_norm: float | None = None
    l2: float = 0.0  # strength of the penalty |w|^2 / 2 of all parameters, biases too; reported losses leave it out
    views: int | None = None  # of each image that teachers are asked about, once; None: a new one in each epoch
    temperature: float = 2.0  # that softens the teachers' probabilities and the student's

    def __post_init__(self) -> None:
        for name, limits in LIMITS.items():
            value = getattr(self, name)
            if value is not None or getattr(TrainConfig, name) is not None:  # None only where it is the default
                limits.check(name, value)
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(f"There is no optimizer {self.optimizer!r}; choose one of {', '.join(OPTIMIZERS)}.")
        if self.schedule not in SCHEDULES:
            raise ValueError(f"There is no schedule {self.schedule!r}; choose one of {', '.join(SCHEDULES)}.")

    def learning_rate_after(self, epochs: float) -> float:
        """The learning rate of the next step when so many epochs are over; 2.5 is in the middle of the third."""
        return self.learning_rate * SCHEDULES[self.schedule](epochs / self.epochs)


def fit(
    network: Network,
    training: Dataset,
    validation: Dataset,
    config: TrainConfig,
    rng: np.random.Generator,
    *,
    teachers: Sequence[Network] = (),
    rehearsal: Rehearsal | None = None,
    optimizer: Optimizer | None = None,
    epochs_done: int = 0,
    progress: Callable[[int], object] = lambda seen: None,
) -> Iterator[EpochReport]:
    """Train `network` in place as `config` says, and yield a report after each epoch.

    An epoch shows every example once, or as often as its weight says, in a new order. The same network and `rng` state
    give the same numbers, bit by bit, with the same NumPy on the same machine.

    Args:
        teachers: networks whose soft targets are learned in place of the labels.
        rehearsal: which examples of `training` are rehearsed; not together with teachers.
        optimizer: from `optimizer_for`, for a caller who saves its state; otherwise one is made.
        epochs_done: where to go on, with network, optimizer and `rng` as `training.checkpoint` restored them.
        progress: called after each batch, and as cached views are prepared, with the number of examples.

    Raises:
        ValueError: the network was never initialized, or a network and a set do not fit together.
        DivergedError: the loss is no longer finite, or far above that of guessing.
    """
    options: dict[str, Any] = {"teachers": teachers, "rehearsal": rehearsal, "optimizer": optimizer}
    options |= {"epochs_done": epochs_done, "preparing": progress}
    for result in steps(network, training, validation, config, rng, **options):
        if isinstance(result, EpochResult):
            yield result.report
        else:
            progress(result.examples)


def steps(
    network: Network,
    training: Dataset,
    validation: Dataset,
    config: TrainConfig,
    rng: np.random.Generator,
    *,
    teachers: Sequence[Network] = (),
    rehearsal: Rehearsal | None = None,
    optimizer: Optimizer | None = None,
    epochs_done: int = 0,
    preparing: Callable[[int], object] = lambda prepared: None,
) -> Iterator[StepReport | EpochResult]:
    """Train as `fit` does, and yield after each step; and after the last step of an epoch, what it ends with.

    Between two steps the network may be read and evaluated. A training that is not asked for the next step waits.
    `preparing` is called with the number of examples as cached views are prepared; all else is as for `fit`.
    """
    check_ready(network, training, validation, teachers)
    if epochs_done >= config.epochs:
        return  # so that no views are prepared in vain
    optimizer = optimizer or optimizer_for(network, config)
    network.reseed(rng)
    examples, loss = examples_and_loss(training, config, rehearsal or teachers, rng, preparing)
    buffer = buffer_for(network, config, training)
    for epoch in range(epochs_done, config.epochs):
        batches = Batches(examples, epoch, shuffled(training, rng), buffer)
        tally = Tally()
        yield from epoch_steps(network, batches, loss, optimizer, config, tally)
        with told_if_diverged(epoch + 1, config.learning_rate):
            score = evaluate(network, validation)
            check_loss(score.loss, LARGEST_LOSS)
        yield EpochResult(tally.report(epoch + 1, score), score)


def buffer_for(network: Network, config: TrainConfig, training: Dataset) -> Array:
    """Memory (B, *input_shape) for the inputs of a batch; B is at most what an epoch can show."""
    most_shown = math.ceil(training.shown().sum()) + len(training)
    return np.empty((min(config.batch_size, most_shown), *network.input_shape), network.parameters.dtype)


def check_ready(network: Network, training: Dataset, validation: Dataset, teachers: Sequence[Network]) -> None:
    """ValueError unless `network` has numbers to start from, and all networks fit the sets that they read."""
    if not network.initialized:
        raise ValueError("The network was never initialized, so all its parameters are 0; call initialize(rng) first.")
    for reader, data in ((network, training), (network, validation), *((teacher, training) for teacher in teachers)):
        check_fit(reader, data)


def epoch_steps(
    network: Network, batches: Batches, loss: Loss, optimizer: Optimizer, config: TrainConfig, tally: Tally
) -> Iterator[StepReport]:
    """Take one step for each of `batches` and yield its report, counted in `tally`; DivergedError where none can be."""
    pairs, count = iter(batches), len(batches)
    while tally.seen < count:
        with told_if_diverged(batches.epoch + 1, config.learning_rate):  # around each step: a caller has its own errors
            start = time.perf_counter()
            x, y = next(pairs)
            logits = network.forward(x, training=True)  # (B, K)
            right = count_right(logits, y)
            batch_loss, dz = loss.value_and_gradient(logits, y)  # dz = dL/d(logits), (B, K)
            check_loss(batch_loss)
            network.backward(dz)
            adjust_gradients(optimizer, config)
            optimizer.step(config.learning_rate_after(batches.epoch + tally.seen / count))
            step = StepReport(batches.epoch + 1, len(x), batch_loss, right)
            tally.add(step, time.perf_counter() - start)
        yield step


def adjust_gradients(optimizer: Optimizer, config: TrainConfig) -> None:
    """Add the gradient of the penalty and limit the length of the sum, where `config` asks for it, before a step."""
    if config.l2:
        add_l2(optimizer.parameters, optimizer.gradients, config.l2)
    if config.clip_norm:
        clip_norm(optimizer.gradients, config.clip_norm)


def optimizer_for(network: Network, config: TrainConfig) -> Optimizer:
    """The optimizer that `config` names, for all parameters of `network` that are not frozen."""
    make, learning = OPTIMIZERS[config.optimizer], network.learning
    return make(network.parameters[learning], network.gradients[learning], weight_decay=config.weight_decay)


def examples_and_loss(
    training: Dataset,
    config: TrainConfig,
    source: Rehearsal | Sequence[Network],
    rng: np.random.Generator,
    progress: Callable[[int], object],
) -> tuple[Examples, Loss]:
    """Images with the targets that `source` asks for, networks that teach or a rehearsal, and the loss that suits them.

    Without either, the targets are labels.
    """
    if isinstance(source, Rehearsal):
        images = image_source(training, config.augment, rng)
        return RehearsedExamples(training, images, source, config.label_smoothing), SoftTargets()
    if not source:
        images = image_source(training, config.augment, rng)
        return LabelledExamples(images, training.labels), SoftmaxCrossEntropy(config.label_smoothing)
    teachers, loss = Teachers(source, config.temperature), SoftTargets(config.temperature)
    if config.views:
        return cache_views(training, teachers, config.views, config.augment, progress), loss
    return DistilledExamples(image_source(training, config.augment, rng), teachers), loss
