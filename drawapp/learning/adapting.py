"""Adapting: a copy of the chosen network learns the user's corrections, and one sees what that changes.

Whether a network has learned is not told by what it was shown, so three accuracies are compared, each before and after:
on the corrections, on variations of them that were not trained on, and on digits that have nothing to do with them. The
last one tells what was forgotten. This takes a second, so it yields its progress, and whoever no longer asks has
stopped it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nn_scratch.data.sample import load_sample
from nn_scratch.dataset import Dataset, concatenate
from nn_scratch.errors import UserError
from nn_scratch.network import Network
from nn_scratch.transfer.adapting import Comparison, adapt, compare, variations

COPIES, MOST_VARIATIONS = 20, 1000  # variations of each correction that are tested, and of all together
LEARNING = 0.9  # of the whole time; the rest is for comparing


@dataclass(frozen=True, eq=False)
class Lesson:
    """What a copy, `network`, has learned: accuracies before and after, on so many examples of each kind.

    `others` are digits that it has neither learned nor rehearsed, None without the sample.
    """

    network: Network
    count: int  # corrections
    corrections: Comparison
    varied: int  # variations
    variations: Comparison
    tested: int  # others
    others: Comparison | None


def learn(
    network: Network, corrections: Dataset, warped: Dataset | None, rng: np.random.Generator
) -> Iterator[float | Lesson]:
    """Let a copy of `network` learn `corrections`, and `warped` copies of them.

    Yields the fraction that is done, and at the end the lesson.
    """
    rehearsal, others = rehearsed(network.classes)
    learner = network
    learned = concatenate([corrections, warped]) if warped else corrections
    for report in adapt(network, learned, rehearsal, rng):
        learner = report.network
        yield LEARNING * report.step / report.steps
    copies = max(1, min(COPIES, MOST_VARIATIONS // len(corrections)))
    varied = variations(corrections, copies, rng)
    yield Lesson(
        learner,
        len(corrections),
        compare(network, learner, corrections),
        len(varied),
        compare(network, learner, varied),
        len(others) if others else 0,
        compare(network, learner, others) if others else None,
    )


def rehearsed(classes: tuple[str, ...]) -> tuple[Dataset | None, Dataset | None]:
    """What a network with these `classes` rehearses, and what it is tested on: of the bundled sample of digits.

    A network that reads letters, too, would forget them over digits alone: it rehearses nothing, and stays near its
    parameters instead. Without the sample, or where a digit is not a class, there is neither.
    """
    try:
        sets = load_sample()
    except UserError:
        return None, None
    if not set(sets[0].classes) <= set(classes):
        return None, None
    place = np.array([classes.index(label) for label in sets[0].classes], np.int64)
    training, others = (Dataset(data.images, place[data.labels], classes) for data in sets)
    return (training if len(classes) == len(place) else None), others
