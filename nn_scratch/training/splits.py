"""Splits: what is learned from, what chooses the best epoch, and what tests the result.

A score on what was learned says little, so some examples are held out from learning. Where old examples are rehearsed
beside new ones, both must be held out: a network that has learned the new ones and forgotten the rest is not the best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nn_scratch.data.mixture import VALIDATION_EVERY, Mixture
from nn_scratch.dataset import Dataset, concatenate
from nn_scratch.errors import UserError

NEW_FRACTION = 0.1  # of the examples that an epoch shows, at least: new ones, where others are rehearsed


@dataclass(frozen=True)
class Splits:
    """Training set, validation set, and the test sets by name.

    Attributes:
        first_rehearsed: the number of the training example from which on all are rehearsed; None without rehearsal.
    """

    training: Dataset
    validation: Dataset
    tests: dict[str, Dataset]
    first_rehearsed: int | None = None


def split(data: Mixture, rng: np.random.Generator) -> Splits:
    """Hold out examples of `data` for validation.

    Raises:
        UserError: none would be left for it.
    """
    training, validation = data.split(rng)
    if not len(validation):
        raise UserError(
            f"No example is left for validation: one of {VALIDATION_EVERY} of each set is held out, or whole writers "
            f"where they are known, and there are {len(training)} examples; add more."
        )
    return Splits(training, validation, data.test)


def split_with_rehearsed(new: Mixture, old: Mixture, rng: np.random.Generator) -> Splits:
    """Hold out examples of both `new` and `old` data, which have the same classes; the old ones are rehearsed.

    An epoch shows old examples as often as their weights say. It shows new ones as often as theirs say, or more often
    if they would be less than `NEW_FRACTION` of all. The validation set has as many new as old examples, some of them
    several times; where there are too few new ones to hold any out, those are in it that are learned.
    """
    (learned, checked), kept = new.split(rng), split(old, rng)
    checked = checked if len(checked) else learned
    ratio = NEW_FRACTION / (1 - NEW_FRACTION) * float(kept.training.shown().sum() / learned.shown().sum())
    count = max(len(checked), len(kept.validation))
    halves = [data.take(np.resize(np.arange(len(data)), count)) for data in (checked, kept.validation)]
    return Splits(
        concatenate([learned, kept.training], [max(1.0, ratio), 1.0]),
        concatenate(halves),
        {name: test for name, test in (old.test | new.test).items() if len(test)},
        first_rehearsed=len(learned),
    )
