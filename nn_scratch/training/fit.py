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
from typing import TypedDict, Unpack

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.losses import LOSSES, Loss, SoftmaxCrossEntropy, SoftTargets
from nn_scratch.metrics import check_fit, evaluate
from nn_scratch.network import Network
from nn_scratch.optimizers import OPTIMIZERS, Optimizer, add_l2, clip_norm
from nn_scratch.schedules import SCHEDULES, Schedule
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
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.divergence import LARGEST_LOSS, check_loss, told_if_diverged
from nn_scratch.training.rehearsal import Rehearsal, RehearsedExamples
from nn_scratch.training.reports import EpochReport, EpochResult, StepReport, Tally, count_right


class FitOptions(TypedDict, total=False):
    """What `fit`, `steps` and `train_network` may be given by name.

    Attributes:
        loss: what is made smaller, in place of the loss that `config` names. It gets what the batches have as targets:
            labels (B,), or soft targets (B, K) with teachers or a rehearsal.
        schedule: the factor of the learning rate as a function of the fraction of the training that is done, in place
            of the schedule that `config` names.
        teachers: networks whose soft targets are learned in place of the labels.
        rehearsal: which examples of the training set are rehearsed; not together with teachers.
        optimizer: from `optimizer_for`, for a caller who saves its state, or another; otherwise one is made.
        epochs_done: where to go on, with network, optimizer and `rng` as `training.checkpoint` restored them.
    """

    loss: Loss | None
    schedule: Schedule | None
    teachers: Sequence[Network]
    rehearsal: Rehearsal | None
    optimizer: Optimizer | None
    epochs_done: int


@dataclass(frozen=True)
class Descent:
    """How the gradient of a batch becomes a step of a training with `config`."""

    loss: Loss
    optimizer: Optimizer
    config: TrainConfig
    schedule: Schedule

    def step(self, epochs: float) -> None:
        """Take the next step when so many epochs are over; 2.5 is in the middle of the third."""
        adjust_gradients(self.optimizer, self.config)
        self.optimizer.step(self.config.learning_rate * self.schedule(epochs / self.config.epochs))


def fit(
    network: Network,
    training: Dataset,
    validation: Dataset,
    config: TrainConfig,
    rng: np.random.Generator,
    *,
    progress: Callable[[int], object] = lambda seen: None,
    **options: Unpack[FitOptions],
) -> Iterator[EpochReport]:
    """Train `network` in place as `config` says, and yield a report after each epoch.

    Nothing happens until a report is asked for; `train_network` runs to the end by itself. An epoch shows every example
    once, or as often as its weight says, in a new order. The same network and `rng` state give the same numbers, bit by
    bit, with the same NumPy on the same machine.

    Args:
        progress: called after each batch, and as cached views are prepared, with the number of examples.
        options: those of `FitOptions`.

    Raises:
        ValueError: the network was never initialized, or a network and a set do not fit together.
        DivergedError: the loss is no longer finite, or far above that of guessing.
    """
    for result in steps(network, training, validation, config, rng, preparing=progress, **options):
        if isinstance(result, EpochResult):
            yield result.report
        else:
            progress(result.examples)


def train_network(
    network: Network,
    training: Dataset,
    validation: Dataset,
    config: TrainConfig,
    rng: np.random.Generator,
    *,
    patience: int | None = None,
    **options: Unpack[FitOptions],
) -> list[EpochReport]:
    """Train `network` as `fit` does, to the end, and leave it as it was after its best epoch; returns all reports.

    With `patience`, training stops after so many epochs in a row that were not better than the best one (early
    stopping; Prechelt 1998).

    Raises:
        ValueError, DivergedError: as for `fit`.
    """
    reports: list[EpochReport] = []
    best: EpochReport | None = None
    for report in fit(network, training, validation, config, rng, **options):
        reports.append(report)
        if best is None or report.quality() > best.quality():
            best, kept = report, (network.parameters.copy(), network.state.copy())
        elif patience and report.epoch - best.epoch >= patience:
            break
    if best is not None:
        network.parameters[...], network.state[...] = kept
    return reports


def steps(
    network: Network,
    training: Dataset,
    validation: Dataset,
    config: TrainConfig,
    rng: np.random.Generator,
    *,
    preparing: Callable[[int], object] = lambda prepared: None,
    **options: Unpack[FitOptions],
) -> Iterator[StepReport | EpochResult]:
    """Train as `fit` does, and yield after each step; and after the last step of an epoch, what it ends with.

    Between two steps the network may be read and evaluated. A training that is not asked for the next step waits.
    `preparing` is called with the number of examples as cached views are prepared; all else is as for `fit`.
    """
    teachers, epochs_done = options.get("teachers", ()), options.get("epochs_done", 0)
    check_ready(network, training, validation, teachers)
    check_class_weights(config, training)
    if epochs_done >= config.epochs:
        return  # so that no views are prepared in vain
    optimizer = options.get("optimizer") or optimizer_for(network, config)
    network.reseed(rng)
    examples, loss = examples_and_loss(training, config, options.get("rehearsal") or teachers, rng, preparing)
    schedule = options.get("schedule") or SCHEDULES[config.schedule]
    descent = Descent(options.get("loss") or loss, optimizer, config, schedule)
    buffer = buffer_for(network, config, training)
    for epoch in range(epochs_done, config.epochs):
        batches = Batches(examples, epoch, shuffled(training, rng), buffer)
        tally = Tally()
        yield from epoch_steps(network, batches, descent, tally)
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


def check_class_weights(config: TrainConfig, training: Dataset) -> None:
    """ValueError unless `config` has one weight for each class of `training`, or none at all."""
    count = len(config.class_weights or training.classes)
    if count != len(training.classes):
        raise ValueError(f"There are {len(training.classes)} classes and {count} class weights; give one for each.")


def epoch_steps(network: Network, batches: Batches, descent: Descent, tally: Tally) -> Iterator[StepReport]:
    """Take one step for each of `batches` and yield its report, counted in `tally`; DivergedError where none can be."""
    pairs, count, rate = iter(batches), len(batches), descent.config.learning_rate
    while tally.seen < count:
        with told_if_diverged(batches.epoch + 1, rate):  # around each step: a caller has its own errors
            start = time.perf_counter()
            x, y = next(pairs)
            logits = network.forward(x, training=True)  # (B, K)
            right = count_right(logits, y)
            batch_loss, dz = descent.loss.value_and_gradient(logits, y)  # dz = dL/d(logits), (B, K)
            check_loss(batch_loss)
            network.backward(dz)
            descent.step(batches.epoch + tally.seen / count)
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
    vectors = network.parameters[learning], network.gradients[learning]
    return make(*vectors, weight_decay=config.weight_decay, **config.optimizer_arguments)


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
        images = image_source(training, config.variation, rng)
        return RehearsedExamples(training, images, source, config.label_smoothing), SoftTargets()
    if not source:
        images = image_source(training, config.variation, rng)
        return LabelledExamples(images, training.labels), loss_for(config)
    teachers, loss = Teachers(source, config.temperature), SoftTargets(config.temperature)
    if config.views:
        return cache_views(training, teachers, config.views, config.variation, progress), loss
    return DistilledExamples(image_source(training, config.variation, rng), teachers), loss


def loss_for(config: TrainConfig) -> Loss:
    """The loss that `config` names."""
    if config.loss == "cross-entropy":
        return SoftmaxCrossEntropy(config.label_smoothing, config.class_weights)
    return LOSSES[config.loss]()


def balanced_class_weights(data: Dataset) -> tuple[float, ...]:
    """Weights with which all classes of `data` count the same in total: N / (K n_k), for n_k of N examples.

    An example counts 1 on average. A class without examples has the weight 1.
    Source: King and Zeng, "Logistic Regression in Rare Events Data" (2001).
    """
    counts = np.bincount(data.labels, data.shown(), minlength=len(data.classes))  # (K,)
    return tuple(float(counts.sum() / (len(counts) * count)) if count else 1.0 for count in counts)
