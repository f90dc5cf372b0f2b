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
from numpy.typing import NDArray

from nn_scratch.data.dataset import Dataset, concatenate
from nn_scratch.data.unipen import outliers
from nn_scratch.data.unipen.combinations import side_by_side
from nn_scratch.data.unipen.datasets import load_pen_characters
from nn_scratch.data.unipen.strokes import PenData, load_pen_data
from nn_scratch.data.unipen.unknown import Writing, draw_unknown
from nn_scratch.images import ink

UNKNOWN, KNOWN = 0, 1  # labels
DIGIT_OR_NOT = ("no digit", "digit")
CHARACTER_OR_NOT = ("no character", "character")
OUTLIERS = 60_000  # drawings that are not digits in the training set of digit-or-not; the test set has a tenth
PAIRS = 60_000  # pairs of characters in the training set of character-or-not; the test set has a tenth
LIKE_LETTERS = {  # symbols and scribbles that may be taken for letters, so they are not examples of "no character"
    *("plus", "cross", "minus", "tilde", "check mark", "triangle", "euro", "ampersand like an E", "note", "bracket"),
    *("brace", "less than", "dollar", "pound", "yen", "section", "root", "pi", "sum", "omega", "arrow up", "lightning"),
    *("moon", "female", "male", "bird", "mountains", "chair", "zigzag", "lines", "anything"),
}


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
    pen, symbols = (load_pen_data(folder / name if folder else None, name) for name in ("pen.npz", "symbols.npz"))
    sets = []
    for i, count in enumerate((OUTLIERS, OUTLIERS // 10)):  # the training and the test set
        images = draw_unknown(Writing(pen, symbols, test=bool(i)), count, np.random.default_rng(i))
        unknown = Dataset(images, np.zeros(len(images), np.int64), ("",))
        known = concatenate([pair[i] for pair in digit_sets], weights)
        sets.append(two_class_set(unknown, known, DIGIT_OR_NOT))
    return sets[0], sets[1]


def load_character_or_not(path: Path | None = None) -> tuple[Dataset, Dataset]:
    """The characters of `load_pen_characters`, against pairs of characters, symbols and scribbles, shown as often.

    Two letters in one image may look like a third one: I and C like a K. How often they do is what the rejector learns.

    Raises:
        UserError: as for `load_pen_data`.
    """
    pen = load_pen_data(path)
    is_test, characters = pen.of_test_writers(), load_pen_characters(path)
    kinds = np.array([kind for kind in (*outliers.TABLES, *outliers.SCRIBBLES) if kind not in LIKE_LETTERS])
    sets = []
    for i, allowed, count in ((0, ~is_test, PAIRS), (1, is_test, PAIRS // 10)):  # the training and the test set
        rng = np.random.default_rng(i)
        pairs = rng.choice(np.flatnonzero(allowed), (count, 2))
        unknown = pairs_and_outliers(pen, pairs, rng.choice(kinds, count // 4), rng)
        sets.append(two_class_set(unknown, characters[i], CHARACTER_OR_NOT))
    return sets[0], sets[1]


def pairs_and_outliers(
    pen: PenData, pairs: NDArray[np.int64], kinds: NDArray[np.str_], rng: np.random.Generator
) -> Dataset:
    """What a rejector of characters must refuse.

    Args:
        pen: the characters.
        pairs: (M, 2) characters of which two are shown in one image.
        kinds: (N,) symbols, doodles and scribbles; each counts as drawn by a different person.
        rng: makes the pairs and the others.
    """
    drawn = outliers.draw_images(kinds, rng)
    together = ink.render_all(side_by_side(pen.strokes(int(a)), pen.strokes(int(b)), rng) for a, b in pairs)
    writers = pen.writer_numbers(pairs[:, 0])
    writers = np.concatenate([writers, np.arange(len(drawn)) + len(writers)])
    images = np.concatenate([together, drawn])
    return Dataset(images, np.zeros(len(images), np.int64), ("",), writers)


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
