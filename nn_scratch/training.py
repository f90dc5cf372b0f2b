"""Training: forward, loss, backward, step, for all batches of an epoch, until the epochs are over.

The gradient over all examples points in the best direction, but costs a pass over the whole set for a single step. The
gradient over a random batch is right on average, costs a small fraction of that, and so buys hundreds of steps per pass
(Robbins and Monro, "A Stochastic Approximation Method", 1951). Everything else in this library makes one step possible;
training is the repetition of that step. `fit` runs to the end. `steps` is the loop itself, a generator of reports, for
whoever wants to print, to draw, to wait or to stop in between.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import to_inputs
from nn_scratch.checks import COUNT
from nn_scratch.dataset import Dataset, Rows, check_scale
from nn_scratch.errors import UserError
from nn_scratch.layers import measure_each
from nn_scratch.losses import BinaryCrossEntropy, Loss, QuadraticLoss, SoftmaxCrossEntropy, loss_of
from nn_scratch.metrics import Score, check_fit, classes_read, evaluate
from nn_scratch.network import Network
from nn_scratch.optimizers import SCHEDULES, Optimizer, Schedule, optimizer_of

LARGEST_LOSS = 1000.0  # nats, of validation; guessing costs log K, which is 7 for 1,000 classes

Examples = Callable[[int, Rows], tuple[NDArray[Any], Any]]  # epoch, rows (B,) -> images (B, n), and targets y


class Vary(Protocol):
    """How images are varied each time that they are shown, such as `data.variation.Augment()`."""

    def source(self, images: NDArray[Any], rng: np.random.Generator, /) -> Callable[[Rows], NDArray[Any]]:
        """What gives the images (B, n) of a training set by their numbers (B,), each time varied anew."""


class Targets(Protocol):
    """What is to be answered in place of the labels, such as what teachers answer, and the loss that suits it."""

    loss: Loss

    def examples(
        self, training: Dataset, vary: Vary | None, rng: np.random.Generator, progress: Callable[[int], object], /
    ) -> Examples: ...


@dataclass(frozen=True)
class StepReport:
    """The result of one step. The gradients that it took are in the network until the next step."""

    epoch: int  # counted from 1
    examples: int  # in the batch
    loss: float  # the mean over them, before the step
    right: int | None  # of them predicted correctly, before the step; None where y is not a label each


@dataclass(frozen=True)
class EpochReport:
    """The result of one epoch; losses are means over examples, accuracies are fractions from 0 to 1.

    What is told of training is the mean over the steps of the epoch, each measured before it was taken. What there is
    not, such as the accuracy of predicted numbers, is NaN.
    """

    epoch: int  # counted from 1
    train_loss: float
    validation_loss: float
    validation_accuracy: float
    seconds: float
    images_per_second: float
    train_accuracy: float | None = None  # None where soft targets are learned, and in the reports of older versions
    score: Score | None = field(default=None, repr=False)  # of validation, which knows more

    def numbers(self) -> dict[str, float | None]:
        """All but the score, for a file: None in place of NaN, which JSON does not know."""
        told = {name: value for name, value in vars(self).items() if name != "score"}
        return {name: None if value is None or math.isnan(value) else value for name, value in told.items()}

    def quality(self) -> tuple[float, float]:
        """What makes one epoch better than another: the higher accuracy; the lower loss; the later."""
        if math.isnan(self.validation_loss):
            return self.epoch, 0.0
        return 0.0 if math.isnan(self.validation_accuracy) else self.validation_accuracy, -self.validation_loss


class DivergedError(UserError):
    """A training has diverged; the network has lost all that it learned."""


def fit(
    network: Network,
    training: Dataset,
    validation: Dataset | None,
    rng: np.random.Generator | int,
    *,
    epochs: int = 10,
    schedule: Schedule | str = "one-cycle",
    patience: int | None = None,
    on_epoch: Callable[[EpochReport], object] = lambda report: None,
    **settings: Any,
) -> list[EpochReport]:
    """Train `network` in place as `steps` does, and leave it as it was after its best epoch; returns all reports.

    Args:
        patience: stop after so many epochs in a row that were not better than the best one (early stopping; Prechelt
            1998). While the schedule has still to lower the rate to a half, they do not count: small steps
            may still find better.
        on_epoch: called with the report of each epoch.
        epochs, schedule, settings: those of `steps`.

    Raises:
        TypeError: `steps` has no such setting.
        ValueError, DivergedError: as for `steps`.
    """
    COUNT.check("epochs", epochs)
    if patience and validation is None:
        raise ValueError("patience asks whether an epoch was better, and there is no validation set to tell; give one.")
    rates = [schedule_of(schedule)(epoch / epochs) for epoch in range(epochs)]
    large = [epoch + 1 for epoch in range(epochs) if rates[epoch] > 0.5 * max(rates)]
    lowered = max(large, default=0) % epochs  # 0 where the rate is large to the end, or as good as constant
    reports: list[EpochReport] = []
    for report in steps(network, training, validation, rng, epochs=epochs, schedule=schedule, **settings):
        if isinstance(report, StepReport):
            continue
        reports.append(report)
        on_epoch(report)
        best = max(reports, key=EpochReport.quality)
        if best is report:
            kept = network.parameters.copy(), network.state.copy()
        elif patience and report.epoch - max(best.epoch, lowered) >= patience:
            break
    if reports:
        network.parameters[...], network.state[...] = kept
    return reports


def steps(
    network: Network,
    training: Dataset,
    validation: Dataset | None,
    rng: np.random.Generator | int,
    *,
    epochs: int = 10,
    batch_size: int = 128,
    loss: Loss | str | None = None,
    optimizer: Optimizer | str | None = None,
    schedule: Schedule | str = "one-cycle",
    vary: Vary | None = None,
    targets: Targets | None = None,
    shard: Callable[[int], Iterable[int]] = range,
    epochs_done: int = 0,
    preparing: Callable[[int], object] = lambda prepared: None,
) -> Iterator[StepReport | EpochReport]:
    """Train `network` in place: yield a report after each step, and one after each epoch.

    Nothing happens until a report is asked for. Between two steps the network may be read and evaluated. An epoch shows
    every example once, or as often as its weight says, in a new order. The same network and `rng` give the same
    numbers, bit by bit, with the same NumPy on the same machine.

    Args:
        validation: what is scored after each epoch; None for nothing.
        rng: the random numbers, or a seed for them.
        loss: what is made smaller; by default what suits the targets and the data.
        optimizer: how steps are taken, or a name; Adam by default. The training attaches it to what learns.
        schedule: the factor of the learning rate as a function of the fraction of the training that is done, or a name.
        vary: how images are varied each time that they are shown.
        targets: what is learned in place of the labels, such as the soft targets of teachers.
        shard: which batches are taken, by their numbers, of so many in an epoch; processes that train together share
            them out.
        epochs_done: where to go on, with network, optimizer and `rng` as they were then.
        preparing: called with the number of examples as `targets` are prepared.

    Raises:
        ValueError: the network was never initialized, or it, the data and the settings do not fit together.
        DivergedError: the loss is no longer finite, or far above that of guessing.
    """
    rng, rate, optimizer = np.random.default_rng(rng), schedule_of(schedule), optimizer_of(optimizer)
    COUNT.check("epochs", epochs)
    COUNT.check("batch_size", batch_size)
    loss = loss_for(network, training, loss, targets)
    check_ready(network, training, validation, loss)
    if epochs_done >= epochs:
        return  # so that no targets are prepared in vain
    network.loss = loss
    network.reseed(rng)
    if not epochs_done:
        optimizer.attach(network.parameters[network.learning], network.gradients[network.learning])
        measure_each(network.layers, lambda: (network.inputs(batch.images) for batch in training.batches(1024)))
    examples = targets.examples(training, vary, rng, preparing) if targets else labelled(training, vary, rng)
    most = min(batch_size, math.ceil(training.shown().sum()) + len(training))  # that an epoch can show
    buffer = np.empty((most, *network.input_shape), network.parameters.dtype)
    for epoch in range(epochs_done, epochs):
        order, taken, seconds = shuffled(training, rng), list[StepReport](), 0.0
        for first in (number * batch_size for number in shard(-(-len(order) // batch_size))):
            with detect_divergence(epoch + 1, optimizer.learning_rate):  # around each step: a caller has its own errors
                start = time.perf_counter()
                images, y = examples(epoch, order[first : first + batch_size])
                x = to_inputs(images, buffer[: len(images)])  # (B, *input_shape)
                z = network.forward(x, training=True)  # (B, K)
                right = int(np.count_nonzero(classes_read(loss, z) == y)) if is_labels(y) else None
                value, dz = loss.value_and_gradient(z, y)  # dz = dL/dz, (B, K)
                check_loss(value)
                network.backward(dz)
                optimizer.step(rate((epoch + first / len(order)) / epochs))
                taken.append(StepReport(epoch + 1, len(x), value, right))
                seconds += time.perf_counter() - start
            yield taken[-1]
        with detect_divergence(epoch + 1, optimizer.learning_rate):
            score = scored(network, validation)
        yield epoch_report(epoch + 1, taken, seconds, score)


def scored(network: Network, validation: Dataset | None) -> Score | None:
    """How `network` does on `validation`, if there is one; FloatingPointError where that is far worse than guessing."""
    if validation is None:
        return None
    score = evaluate(network, validation)
    check_score(network, score)
    return score


def check_score(network: Network, score: Score) -> None:
    """Raise FloatingPointError if the loss is not finite or, where classes are told apart, far above guessing."""
    check_loss(score.loss, LARGEST_LOSS if isinstance(network.loss, SoftmaxCrossEntropy) else sys.float_info.max)


def epoch_report(epoch: int, taken: Sequence[StepReport], seconds: float, score: Score | None) -> EpochReport:
    """The report of an epoch whose steps were `taken` in so many seconds, with the `score` of validation."""
    seen, right = sum(step.examples for step in taken), [step.right for step in taken if step.right is not None]
    loss = sum(step.loss * step.examples for step in taken) / max(seen, 1)
    accuracy = sum(right) / max(seen, 1) if len(right) == len(taken) else None
    validation = (score.loss, score.accuracy) if score else (math.nan, math.nan)
    return EpochReport(epoch, loss, *validation, seconds, seen / max(seconds, 1e-9), accuracy, score)


def source_of(training: Dataset, vary: Vary | None, rng: np.random.Generator) -> Callable[[Rows], NDArray[Any]]:
    """What gives the images (B, n) of `training` by their numbers (B,), varied anew each time."""
    if vary is not None:
        return vary.source(training.images, rng)
    flat = training.images.reshape(len(training), -1)  # (N, n)
    return lambda rows: flat.take(rows, axis=0)


def labelled(training: Dataset, vary: Vary | None, rng: np.random.Generator) -> Examples:
    """The images of `training`, varied, with what its labels say."""
    images = source_of(training, vary, rng)
    return lambda epoch, rows: (images(rows), training.labels[rows])


def shuffled(training: Dataset, rng: np.random.Generator) -> Rows:
    """The numbers of the examples that one epoch shows, in random order.

    An example of weight 2.3 is shown twice, and in three of ten epochs a third time.
    """
    if training.weights is None:
        return rng.permutation(len(training))
    times = np.floor(training.weights + rng.random(len(training))).astype(np.int64)
    return rng.permutation(np.repeat(np.arange(len(training)), times))


def loss_for(network: Network, data: Dataset, loss: Loss | str | None, targets: Targets | None) -> Loss:
    """`loss`; where it is None, what suits `targets`, or the labels of `data` and what the network has learned with."""
    if loss is not None:
        return loss_of(loss)
    if targets is not None:
        return targets.loss
    if data.labels.dtype.kind == "f" and type(network.loss) is SoftmaxCrossEntropy:
        return QuadraticLoss()
    several = not data.has_classes or len(network.classes) == 1
    return BinaryCrossEntropy() if several and type(network.loss) is SoftmaxCrossEntropy else network.loss


def is_labels(y: NDArray[Any]) -> bool:
    """Whether the targets of a batch are the number of a class for each example."""
    return y.ndim == 1 and y.dtype.kind == "i"


def schedule_of(schedule: Schedule | str) -> Schedule:
    """`schedule` itself, or the one of that name; ValueError if there is none."""
    if isinstance(schedule, str) and schedule not in SCHEDULES:
        raise ValueError(f"There is no schedule {schedule!r}; choose one of {', '.join(SCHEDULES)}.")
    return SCHEDULES[schedule] if isinstance(schedule, str) else schedule


def check_ready(network: Network, training: Dataset, validation: Dataset | None, loss: Loss) -> None:
    """ValueError unless `network` has numbers to start from, and it, the sets that it reads and `loss` fit together."""
    if not network.initialized:
        raise ValueError("The network was never initialized: all its parameters are 0; call initialize(rng) first.")
    for data in (training, validation):
        if data is not None:
            check_fit(network, data)
    check_scale(training.images)
    if not training.shown().any():
        raise ValueError("All weights are 0, so that no example is shown; give at least one above 0.")
    kind, last = loss.kind, network.layers[-1].kind
    if (kind, last) in (("cross-entropy", "softmax"), ("binary", "softmax"), ("binary", "sigmoid")):
        raise ValueError(f"The loss {kind} contains the {last}; leave out the {last} layer, or use the loss quadratic.")


@contextmanager
def detect_divergence(epoch: int, learning_rate: float) -> Iterator[None]:
    """Turn a `FloatingPointError` within the block into a `DivergedError` that advises.

    Where the loss is curved more strongly than the learning rate allows, every step overshoots, and the next gradient
    is larger still. Nothing after that can be learned. NumPy's warnings of overflow are silent within the block,
    because the error says more.
    """
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            yield
    except FloatingPointError as error:
        raise DivergedError(
            f"The training diverged in epoch {epoch}: {error}. Choose a learning rate well below {learning_rate:g}.",
            exit_status=1,
        ) from error


def check_loss(loss: float, largest: float = sys.float_info.max) -> None:
    """Raise FloatingPointError if `loss` is above `largest`, infinite or NaN."""
    if not loss <= largest:
        raise FloatingPointError(f"the loss became {loss:.3g}")
