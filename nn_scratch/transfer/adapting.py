"""Adapting: a copy of a network learns from a few corrections, and does not forget the rest.

A network that misreads how one person writes a 9 can be told so. It has to learn from two or three images how this
person writes, and to go on reading what everybody else writes. What it learns from are the corrections, moved and bent
at random, each time anew. There are two ways to keep the rest:

Rehearsal. A network that learns from new examples alone soon gives their answers everywhere, because each step moves
    parameters on which all that it knew depended: catastrophic forgetting (McCloskey and Cohen 1989). So most examples
    of each batch are such as it learned from before (Robins, "Catastrophic Forgetting, Rehearsal and Pseudorehearsal",
    1995). Their targets are not their labels but the probabilities that the network itself gave before: it should stay
    as it was, also where it is in doubt or wrong (Li and Hoiem, "Learning without Forgetting", 2016).

Proximity. Where there is nothing to rehearse, what the network knew is kept in its parameters alone, theta_0. So the
    loss has one more term, which holds theta near them:

        L' = L + lambda / 2 |theta - theta_0|^2 = L + lambda / 2 sum_i (theta_i - theta_0i)^2
        dL'/dtheta_i = dL/dtheta_i + lambda (theta_i - theta_0i)

    Source: Li, Grandvalet and Davoine, "Explicit Inductive Bias for Transfer Learning with Convolutional Networks"
    (2018), who call it L2-SP.

Some corrections contradict what everybody else writes, such as a 1 that is another person's 7. So the examples that
are rehearsed decide at the end: if too many of them are read wrongly, the parameters go back along the straight line to
where they came from, until few enough are, but no further than the corrections allow. On that way, what was learned
stays longer than the harm (Wortsman et al., "Robust Fine-Tuning of Zero-Shot Models", 2022).

The network adapts as it reads: batch normalization keeps its running averages, and dropout leaves nothing out. A batch
with many variations of one drawing has other averages than what will be read afterwards.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.checks import COUNT
from nn_scratch.data.variation import Augment
from nn_scratch.dataset import Dataset, Rows, concatenate
from nn_scratch.losses import Loss, SoftmaxCrossEntropy
from nn_scratch.metrics import check_fit, evaluate
from nn_scratch.network import Network
from nn_scratch.optimizers import Adam, cosine

# chosen on writers that no bundled network is tested on
STEPS = 200
CORRECTED, REHEARSED = 26, 115  # examples of each batch
LEARNING_RATE = 0.002  # of Adam; it falls to 0 along half a cosine
PROXIMITY = 30.0  # lambda, where nothing is rehearsed
FORGOTTEN = 0.002  # of what is rehearsed, at most: more are read correctly before than afterwards
WAYS = (1.0, 0.85, 0.7, 0.55, 0.4)  # fractions of the way from the old parameters to the learned ones
MOST_CHECKED = 4000  # rehearsed examples that tell what was forgotten
VARIATIONS = 100  # of corrections that tell what was learned, about
STILL_READ = 0.5  # fraction of those that are read without going back


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
    rng: np.random.Generator | int,
    *,
    steps: int = STEPS,
) -> Iterator[AdaptReport]:
    """Let a copy of `network` learn `corrections`, and yield a report after each step.

    `network` itself does not change, and may be used meanwhile, also by another thread. Whoever asks for no further
    report has stopped it. The same network, data and `rng` state give the same numbers, bit by bit.

    Args:
        corrections: images with the labels that they should have had. They may be few; other images of the same
            drawings may be among them.
        rehearsal: examples such as `network` learned from; None where there are none.

    Raises:
        ValueError: the network and a set do not fit together, or the images cannot be moved, or outputs are no classes
            that exclude each other.
    """
    COUNT.check("steps", steps)
    check_fit(network, corrections)
    if type(network.loss.reader()).probabilities is not Loss.probabilities:
        raise ValueError("Only a network whose classes exclude each other can adapt; train this one on by fit.")
    rng = np.random.default_rng(rng)
    before, learned, data = copy.deepcopy(network), len(corrections), corrections
    parts = [batches_of(0, learned, CORRECTED, rng)]
    varied = None
    if rehearsal is not None:
        check_fit(network, rehearsal)
        rehearsal = rehearsal.take(rng.permutation(len(rehearsal))[: steps * REHEARSED])
        data = concatenate([corrections, rehearsal])
        varied = variations(corrections, -(-VARIATIONS // learned), rng)
        parts.append(batches_of(learned, len(rehearsal), REHEARSED, rng))
    images = Augment().source(data.images, rng)
    targets = np.eye(len(data.classes), dtype=np.float32)[data.labels]  # (N, K)

    def batches() -> Iterator[tuple[Array, Array]]:
        """x, and the labels of new examples, or what `before` answers to the very image that is rehearsed."""
        for _ in range(steps):
            rows = np.concatenate([next(part) for part in parts])
            shown, y = images(rows), targets[rows]
            rehearsed = rows >= learned
            if rehearsed.any():
                y[rehearsed] = before.predict_proba(shown[rehearsed])
            yield before.inputs(shown), y

    return adapt_to(before, batches(), steps, varied, rehearsal)


def adapt_to(
    before: Network,
    batches: Iterator[tuple[Array, Array]],
    steps: int,
    varied: Dataset | None,
    rehearsal: Dataset | None,
) -> Iterator[AdaptReport]:
    """Take a step for each of `batches` with a copy of `before`; at the end it goes back as far as it has to."""
    learner, loss = copy.deepcopy(before), SoftmaxCrossEntropy()
    learning = learner.learning
    parameters, gradients, start = (
        learner.parameters[learning],
        learner.gradients[learning],
        before.parameters[learning],
    )
    optimizer = Adam(LEARNING_RATE, weight_decay=0.0).attach(parameters, gradients)
    for step, (x, y) in enumerate(batches):
        for layer in learner.layers:
            x = layer.trace(x)
        value, dz = loss.value_and_gradient(x, y)
        learner.backward(dz)
        if rehearsal is None:
            gradients += PROXIMITY * (parameters - start)
        optimizer.step(cosine(step / steps))
        if varied is not None and rehearsal is not None and step + 1 == steps:
            go_back(learner, before, varied, rehearsal[:MOST_CHECKED])
        yield AdaptReport(step + 1, steps, value, learner)


def go_back(learner: Network, before: Network, corrected: Dataset, rehearsed: Dataset) -> None:
    """Take `learner` back towards `before` until it has forgotten no more than `FORGOTTEN` of what is `rehearsed`.

    It stays on the straight line between the parameters of both, at the first of `WAYS` that is good enough, but goes
    back no further than where it still reads half as much of what is `corrected`.
    """
    needed = evaluate(before, rehearsed).accuracy - FORGOTTEN
    learned = evaluate(learner, corrected).accuracy
    change = learner.parameters - before.parameters
    kept = learner.parameters.copy()
    for way in WAYS:
        learner.parameters[...] = before.parameters + way * change
        if evaluate(learner, corrected).accuracy < STILL_READ * learned:
            break
        kept[...] = learner.parameters
        if evaluate(learner, rehearsed).accuracy >= needed:
            break
    learner.parameters[...] = kept


def batches_of(first: int, size: int, count: int, rng: np.random.Generator) -> Iterator[Rows]:
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
    moved = Augment().source(corrections.images, rng)(rows)
    return Dataset(
        moved.reshape(len(rows), *corrections.images.shape[1:]), corrections.labels[rows], corrections.classes
    )


@dataclass(frozen=True)
class Comparison:
    """The accuracy on one data set, from 0 to 1, before and after a network has adapted."""

    before: float
    after: float


def compare(before: Network, after: Network, data: Dataset) -> Comparison:
    """How the networks `before` and `after` read `data`; ValueError as for `evaluate`."""
    return Comparison(evaluate(before, data).accuracy, evaluate(after, data).accuracy)
