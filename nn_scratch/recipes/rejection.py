"""The data sets that a rejector learns from: what a network can read against what it cannot, in two classes.

A network trained on digits answers with a digit whatever it is shown. A rejector is a second network beside it that
gives `p_known`, the probability that an image is of the kind that the first one knows: low for a star or a letter, and
for two characters in one image.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nn_scratch.dataset import Dataset, concatenate
from nn_scratch.recipes.datasets import load_pen_characters
from nn_scratch.recipes.strokes import load_pen_data
from nn_scratch.recipes.unknown import NO_CHARACTER, NO_DIGIT, Kinds, Writing, draw_unknown

UNKNOWN, KNOWN = 0, 1  # labels
DIGIT_OR_NOT = ("no digit", "digit")
CHARACTER_OR_NOT = ("no character", "character")
OUTLIERS = 60_000  # drawings that are not digits in the training set of digit-or-not; the test set has a tenth
NO_CHARACTERS = 90_000  # the same of character-or-not
CHARACTER_COPIES = 2  # deformed copies of each character: symbols are deformed, too, and that must not tell them apart


def load_digit_or_not(
    digit_sets: Sequence[tuple[Dataset, Dataset]], weights: Sequence[float], folder: Path | None = None
) -> tuple[Dataset, Dataset]:
    """The digits of `digit_sets`, each set shown as often as its weight says, against what is not a digit.

    Drawings that are not digits are those of `unknown`; together they are shown as often as the digits. Each of them
    counts as drawn by a different person.

    Args:
        digit_sets: pairs of a training set and a test set.
        weights: one for each pair.
        folder: where pen.npz and symbols.npz are, if not in the data folder.

    Raises:
        UserError: as for `load_pen_data`.
    """
    known = [concatenate([pair[i] for pair in digit_sets], weights) for i in range(2)]
    return against_unknown(known, NO_DIGIT, OUTLIERS, DIGIT_OR_NOT, folder)


def load_character_or_not(folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """The characters of `load_pen_characters`, deformed copies among them, against what is not one, shown as often.

    `folder` is where pen.npz and symbols.npz are, if not in the data folder.

    Raises:
        UserError: as for `load_pen_data`.
    """
    known = load_pen_characters(folder / "pen.npz" if folder else None, CHARACTER_COPIES)
    return against_unknown(known, NO_CHARACTER, NO_CHARACTERS, CHARACTER_OR_NOT, folder)


def against_unknown(
    known: Sequence[Dataset], kinds: Kinds, count: int, classes: tuple[str, str], folder: Path | None
) -> tuple[Dataset, Dataset]:
    """The training and the test set of `known` against drawings of `kinds`, `count` of them for training."""
    pen, symbols = (load_pen_data(folder / name if folder else None, name) for name in ("pen.npz", "symbols.npz"))
    sets = []
    for i, number in enumerate((count, count // 10)):
        images = draw_unknown(kinds, Writing(pen, symbols, test=bool(i)), number, np.random.default_rng(i))
        unknown = Dataset(images, np.zeros(number, np.int64), ("",))
        sets.append(two_class_set(unknown, known[i], classes))
    return sets[0], sets[1]


def two_class_set(unknown: Dataset, known: Dataset, classes: tuple[str, str]) -> Dataset:
    """`unknown` and `known` as the two `classes` of one set, shown equally often."""
    balance = float(known.shown().sum() / unknown.shown().sum())
    return concatenate(
        [
            replace(unknown, labels=np.full(len(unknown), UNKNOWN), classes=classes),
            replace(known, labels=np.full(len(known), KNOWN), classes=classes),
        ],
        [balance, 1],
    )
