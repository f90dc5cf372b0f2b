"""Adapting: a copy of a network learns from a few corrections, and does not forget the rest.

A network that misreads how one person writes a 9 can be told so. But a network that learns only from two nines soon
reads nines everywhere: each step for the new examples moves parameters on which all that it knew depended. This is
catastrophic forgetting (McCloskey and Cohen, "Catastrophic Interference in Connectionist Networks", 1989). Two remedies
are here.

Rehearsal. Most of each batch are examples such as the network learned from before (Robins, "Catastrophic Forgetting,
    Rehearsal and Pseudorehearsal", 1995). Their targets are the probabilities that the network itself gave before it
    began to adapt, not their labels: it should stay as it was, also where it is in doubt or wrong, and spend nothing
    on what is new to it in these examples (Li and Hoiem, "Learning without Forgetting", 2016).

Proximity. Where there is nothing to rehearse, what the network knew is kept in its parameters alone, theta_0. So the
    loss has one more term, which holds theta near them (Li, Grandvalet and Davoine, "Explicit Inductive Bias for
    Transfer Learning with Convolutional Networks", 2018, who call it L2-SP):

        L' = L + lambda / 2 |theta - theta_0|^2 = L + lambda / 2 sum_i (theta_i - theta_0i)^2
        dL'/dtheta_i = dL/dtheta_i + lambda (theta_i - theta_0i)

The corrections are moved at random, each time anew. So the network learns how this person writes, not two images.

It adapts as it reads: batch normalization keeps its running averages, and dropout leaves nothing out. A batch with many
variations of one drawing has other averages than what will be read afterwards.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks.ranges import COUNT, NOT_NEGATIVE, POSITIVE, Range
from nn_scratch.data.dataset import Dataset
from nn_scratch.inspect.trace import trace
from nn_scratch.nn.losses import SoftTargets
from nn_scratch.nn.network import Network
from nn_scratch.nn.optimizers import Adam
from nn_scratch.nn.schedules import cosine
from nn_scratch.training.batches import ImageRows, TakeImages, image_source
from nn_scratch.training.metrics import check_fit, evaluate

LIMITS = {  # of the numbers in an `AdaptConfig`
    "steps": Range(1, 10**9, whole=True),
    "corrections": COUNT,
    "rehearsed": COUNT,
    "learning_rate": POSITIVE,
    "proximity": NOT_NEGATIVE,
}


@dataclass(frozen=True)
class AdaptConfig:
    """How to adapt; the defaults were chosen on writers that no network here is tested on.

    Raises:
        ValueError: a number is beyond its `LIMITS`.
    """

    steps: int = 200
    corrections: int = 13  # of each batch
    rehearsed: int = 115  # of each batch, beside them
    learning_rate: float = 0.002  # of Adam; it falls to 0 along half a cosine
    proximity: float = 1.0  # lambda, where nothing is rehearsed

    def __post_init__(self) -> None:
        for name, limits in LIMITS.items():
            limits.check(name, getattr(self, name))


@dataclass(frozen=True)
class AdaptReport:
    """What one step has done.

    Attributes:
        step, steps: its number, from 1, and how many there will be.
        loss: of its batch, before the step.
        network: the copy that adapts: one object from the first report to the last, when it is finished.
    """

    step: int
    steps: int
    loss: float
    network: Network


def adapt(
    network: Network,
    corrections: Dataset,
    rehearsal: Dataset | None,
    rng: np.random.Generator,
    config: AdaptConfig | None = None,
) -> Iterator[AdaptReport]:
    """Let a copy of `network` learn `corrections`, and yield a report after each step.

    `network` itself does not change, and may be used meanwhile, also by another thread. Whoever no longer asks for
    reports has ended it. The same network, data and `rng` state give the same numbers, bit by bit.

    Args:
        corrections: images with the labels that they should have had. They may be few; variations may be among them.
        rehearsal: examples such as `network` learned from; None where there are none.

    Raises:
        ValueError: the network and a set do not fit together, or the images cannot be moved.
    """
    config = config or AdaptConfig()
    check_fit(network, corrections)
    drawn = image_source(corrections, augment=True, rng=rng)
    sources: list[Examples] = [Examples(config.corrections, corrections, drawn, None, rng)]
    if rehearsal is not None:
        check_fit(network, rehearsal)
        kept = image_source(rehearsal, augment=False, rng=rng)
        sources.append(Examples(config.rehearsed, rehearsal, kept, copy.deepcopy(network), rng))
    proximity = config.proximity if rehearsal is None else 0.0
    return steps_of(copy.deepcopy(network), sources, config, proximity)


def steps_of(
    learner: Network, sources: Sequence[Examples], config: AdaptConfig, proximity: float
) -> Iterator[AdaptReport]:
    """Take the steps of `config`, each for a batch with some examples from each of `sources`."""
    loss, start = SoftTargets(), learner.parameters.copy()
    optimizer = Adam(learner.parameters, learner.gradients)
    for step in range(config.steps):
        images, targets = zip(*(source.some() for source in sources), strict=True)
        logits = trace(learner, np.concatenate(images)).logits  # (B, K)
        value, dz = loss.value_and_gradient(logits, np.concatenate(targets))
        learner.backward(dz)
        if proximity:
            add_proximity(learner.parameters, start, learner.gradients, proximity)
        optimizer.step(config.learning_rate * cosine(step / config.steps))
        yield AdaptReport(step + 1, config.steps, value, learner)


def add_proximity(parameters: Array, start: Array, gradients: Array, strength: float) -> None:
    """Add the gradient of `strength` / 2 |parameters - start|^2, which is `strength` (parameters - start), in place."""
    gradients += strength * (parameters - start)


class Examples:
    """Gives some examples of a data set for each batch, all of them in random order before any comes again.

    Their targets are their labels or, where there is a network `before`, the probabilities that it gives to them.
    """

    def __init__(
        self, count: int, data: Dataset, images: TakeImages, before: Network | None, rng: np.random.Generator
    ) -> None:
        self.count = count
        self.images = images
        self.targets = np.eye(len(data.classes), dtype=np.float32)[data.labels]  # (N, K)
        self.before = before
        self.rng = rng
        self.waiting = np.empty(0, np.int64)  # the examples whose turn is still to come

    def some(self) -> tuple[ImageRows, Array]:
        """The next images (count, n) and their targets (count, K)."""
        while len(self.waiting) < self.count:
            self.waiting = np.append(self.waiting, self.rng.permutation(len(self.targets)))
        rows, self.waiting = np.split(self.waiting, [self.count])
        images = self.images(rows)
        return images, self.targets[rows] if self.before is None else self.before.predict_proba(images)


def variations(corrections: Dataset, count: int, rng: np.random.Generator) -> Dataset:
    """`count` copies of each of `corrections`, each moved at random: what the same person might write next.

    Raises:
        ValueError: the images cannot be moved, because they are not square grey images of bytes.
    """
    rows = rng.permutation(np.repeat(np.arange(len(corrections)), count))
    moved = image_source(corrections, augment=True, rng=rng)(rows)
    return Dataset(
        moved.reshape(len(rows), *corrections.images.shape[1:]), corrections.labels[rows], corrections.classes
    )


@dataclass(frozen=True)
class Comparison:
    """The accuracy on one data set, from 0 to 1, before and after a network has adapted."""

    before: float
    after: float


def compare(before: Network, after: Network, data: Dataset) -> Comparison:
    """How the networks `before` and `after` read `data`.

    Raises:
        ValueError: as for `evaluate`.
    """
    return Comparison(evaluate(before, data).accuracy, evaluate(after, data).accuracy)
