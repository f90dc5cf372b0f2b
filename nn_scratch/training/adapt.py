"""Adapting: a copy of a network learns from a few corrections, and does not forget the rest.

A network that misreads how one person writes a 9 can be told so. It has to learn from two or three images how this
person writes, and to go on reading what everybody else writes. What it learns from are the corrections, moved and bent
at random, each time anew. There are two ways to keep the rest:

Rehearsal. Most examples of each batch are such as the network learned from before; `training.rehearsal` explains it.

Proximity. Where there is nothing to rehearse, what the network knew is kept in its parameters alone, theta_0. So the
    loss has one more term, which holds theta near them:

        L' = L + lambda / 2 |theta - theta_0|^2 = L + lambda / 2 sum_i (theta_i - theta_0i)^2
        dL'/dtheta_i = dL/dtheta_i + lambda (theta_i - theta_0i)

    Source: Li, Grandvalet and Davoine, "Explicit Inductive Bias for Transfer Learning with Convolutional Networks"
    (2018), who call it L2-SP.

Some corrections contradict what everybody else writes, such as a 1 that is another person's 7. So the examples that
are rehearsed judge at the end: if too many of them are read wrongly, the parameters go back along the straight line to
where they came from, until few enough are, but no further than the corrections allow. On that way, what was learned
stays longer than the harm (Wortsman et al., "Robust Fine-Tuning of Zero-Shot Models", 2022).

The network adapts as it reads: batch normalization keeps its running averages, and dropout leaves nothing out. A batch
with many variations of one drawing has other averages than what will be read afterwards.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks import COUNT, NOT_NEGATIVE, POSITIVE, Range
from nn_scratch.dataset import Dataset, concatenate
from nn_scratch.explain.trace import trace
from nn_scratch.losses import SoftTargets
from nn_scratch.metrics import check_fit, evaluate
from nn_scratch.network import Network
from nn_scratch.optimizers import Adam
from nn_scratch.schedules import cosine
from nn_scratch.training.batches import Rows, image_source
from nn_scratch.training.rehearsal import Rehearsal, RehearsedExamples

LIMITS = {  # of the numbers in an `AdaptConfig`
    "steps": Range(1, 10**9, whole=True),
    "corrections": COUNT,
    "rehearsed": COUNT,
    "learning_rate": POSITIVE,
    "proximity": NOT_NEGATIVE,
    "forgotten": Range(0, 1),
}
WAYS = (1.0, 0.85, 0.7, 0.55, 0.4)  # fractions of the way from the old parameters to the learned ones
MOST_JUDGES = 4000  # rehearsed examples that tell what was forgotten
VARIATIONS = 100  # of corrections that tell what was learned, about
STILL_READ = 0.5  # fraction of those that are read without going back


@dataclass(frozen=True)
class AdaptConfig:
    """How to adapt; the defaults were chosen on writers that no bundled network is tested on.

    Raises:
        ValueError: a number is beyond its `LIMITS`.
    """

    steps: int = 200
    corrections: int = 26  # of each batch
    rehearsed: int = 115  # of each batch, beside them
    learning_rate: float = 0.002  # of Adam; it falls to 0 along half a cosine
    proximity: float = 30.0  # lambda, where nothing is rehearsed
    forgotten: float = 0.002  # of what is rehearsed, at most: more are read correctly before than afterwards

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

    `network` itself does not change, and may be used meanwhile, also by another thread. Whoever asks for no further
    report has stopped it. The same network, data and `rng` state give the same numbers, bit by bit.

    Args:
        corrections: images with the labels that they should have had. They may be few; other images of the same
            drawings may be among them.
        rehearsal: examples such as `network` learned from; None where there are none.

    Raises:
        ValueError: the network and a set do not fit together, or the images cannot be moved.
    """
    config = config or AdaptConfig()
    check_fit(network, corrections)
    before, data, judges = copy.deepcopy(network), corrections, None
    turns = [in_turns(0, len(corrections), config.corrections, rng)]
    if rehearsal is not None:
        check_fit(network, rehearsal)
        rehearsal = rehearsal.take(rng.permutation(len(rehearsal))[: config.steps * config.rehearsed])
        data = concatenate([corrections, rehearsal])
        moved = variations(corrections, -(-VARIATIONS // len(corrections)), rng)
        judges = Judges(moved, rehearsal.take(np.arange(len(rehearsal))[:MOST_JUDGES]))
        turns.append(in_turns(len(corrections), len(rehearsal), config.rehearsed, rng))
    images = image_source(data, augment=True, rng=rng)
    examples = RehearsedExamples(data, images, Rehearsal(before, first=len(corrections)))
    return steps_from(before, examples, turns, judges, config)


class Judges(NamedTuple):
    """What decides at the end how far the network goes back: variations of the corrections, and rehearsed examples."""

    corrected: Dataset
    rehearsed: Dataset


def steps_from(
    before: Network,
    examples: RehearsedExamples,
    turns: Sequence[Iterator[Rows]],
    judges: Judges | None,
    config: AdaptConfig,
) -> Iterator[AdaptReport]:
    """Take the steps of `config` with a copy of `before`; each batch has the examples whose turn it is."""
    learner, loss = copy.deepcopy(before), SoftTargets()
    learning = learner.learning
    optimizer = Adam(learner.parameters[learning], learner.gradients[learning])
    for step in range(config.steps):
        images, y = examples(0, np.concatenate([next(rows) for rows in turns]))
        value, dz = loss.value_and_gradient(trace(learner, images).logits, y)
        learner.backward(dz)
        if judges is None:
            add_proximity(learner.parameters, before.parameters, learner.gradients, config.proximity)
        optimizer.step(config.learning_rate * cosine(step / config.steps))
        if judges is not None and step + 1 == config.steps:
            go_back(learner, before, judges, config.forgotten)
        yield AdaptReport(step + 1, config.steps, value, learner)


def add_proximity(parameters: Array, start: Array, gradients: Array, strength: float) -> None:
    """Add the gradient of `strength` / 2 |parameters - start|^2, which is `strength` (parameters - start), in place."""
    gradients += strength * (parameters - start)


def go_back(learner: Network, before: Network, judges: Judges, forgotten: float) -> None:
    """Take `learner` back towards `before` until it has forgotten no more than this fraction of what is rehearsed.

    It stays on the straight line between the parameters of both, at the first of `WAYS` that is good enough, but goes
    back no further than where it still reads half as much of what is `corrected`.
    """
    needed = evaluate(before, judges.rehearsed).accuracy - forgotten
    learned = evaluate(learner, judges.corrected).accuracy
    change = learner.parameters - before.parameters
    kept = learner.parameters.copy()
    for way in WAYS:
        learner.parameters[...] = before.parameters + way * change
        if evaluate(learner, judges.corrected).accuracy < STILL_READ * learned:
            break
        kept[...] = learner.parameters
        if evaluate(learner, judges.rehearsed).accuracy >= needed:
            break
    learner.parameters[...] = kept


def in_turns(first: int, size: int, count: int, rng: np.random.Generator) -> Iterator[Rows]:
    """`count` of the `size` numbers from `first` on at a time, without end: all of them before any comes again."""
    waiting = np.empty(0, np.int64)
    while True:
        while len(waiting) < count:
            waiting = np.append(waiting, first + rng.permutation(size))
        yield waiting[:count]
        waiting = waiting[count:]


def variations(corrections: Dataset, count: int, rng: np.random.Generator) -> Dataset:
    """`count` copies of each of `corrections`, each moved at random: what the same person might write next.

    Raises:
        ValueError: the images cannot be moved, because they are not square grey images of bytes.
    """
    rows = rng.permutation(np.repeat(np.arange(len(corrections)), count))
    moved = image_source(corrections, augment=True, rng=rng)(rows)
    images = moved.reshape(len(rows), *corrections.images.shape[1:])
    return Dataset(images, corrections.labels[rows], corrections.classes)


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
