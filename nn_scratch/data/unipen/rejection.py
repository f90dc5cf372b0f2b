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
from nn_scratch.data.unipen.datasets import load_pen_characters
from nn_scratch.data.unipen.strokes import PenData, Rows, load_pen_data
from nn_scratch.images import ink
from nn_scratch.nn.network import DIGITS

UNKNOWN, KNOWN = 0, 1  # labels
DIGIT_OR_NOT = ("no digit", "digit")
CHARACTER_OR_NOT = ("no character", "character")
OUTLIERS = 30_000  # symbols and scribbles in the training set of digit-or-not; the test set has a tenth
PAIRS = 60_000  # pairs of characters in the training set of character-or-not; the test set has a tenth
LIKE_LETTERS = {  # symbols and scribbles that may be taken for letters, so they are not examples of "no character"
    *("plus", "cross", "minus", "tilde", "check mark", "triangle", "euro", "ampersand like an E", "note"),
    *("zigzag", "lines"),
}


def load_digit_or_not(
    digit_sets: Sequence[tuple[Dataset, Dataset]], weights: Sequence[float], path: Path | None = None
) -> tuple[Dataset, Dataset]:
    """The digits of `digit_sets`, each set shown as often as its weight says, against what is not a digit.

    That is letters, pairs of digits, symbols and scribbles; together they are shown as often as the digits.

    Raises:
        UserError: as for `load_pen_data`.
    """
    pen = load_pen_data(path)
    is_letter, is_digit = np.isin(pen.labels, outliers.LETTERS), np.isin(pen.labels, DIGITS)
    is_test = pen.of_test_writers()
    kinds = np.array([*outliers.SYMBOLS, *outliers.SCRIBBLES])
    sets = []
    for i, allowed, count in ((0, ~is_test, OUTLIERS), (1, is_test, OUTLIERS // 10)):  # the training and the test set
        rng = np.random.default_rng(i)
        pairs = rng.choice(np.flatnonzero(is_digit & allowed), (count // 3, 2))
        unknown = unknown_set(pen, np.flatnonzero(is_letter & allowed), pairs, rng.choice(kinds, count), rng)
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
    kinds = np.array([kind for kind in (*outliers.SYMBOLS, *outliers.SCRIBBLES) if kind not in LIKE_LETTERS])
    no_letters = np.zeros(0, np.int64)
    sets = []
    for i, allowed, count in ((0, ~is_test, PAIRS), (1, is_test, PAIRS // 10)):  # the training and the test set
        rng = np.random.default_rng(i)
        pairs = rng.choice(np.flatnonzero(allowed), (count, 2))
        unknown = unknown_set(pen, no_letters, pairs, rng.choice(kinds, count // 4), rng)
        sets.append(two_class_set(unknown, characters[i], CHARACTER_OR_NOT))
    return sets[0], sets[1]


def unknown_set(
    pen: PenData, letters: Rows, pairs: NDArray[np.int64], kinds: NDArray[np.str_], rng: np.random.Generator
) -> Dataset:
    """What a rejector must refuse.

    Args:
        pen: the characters.
        letters: (L,) characters that are shown as they are.
        pairs: (M, 2) characters of which two are shown in one image.
        kinds: (N,) symbols and scribbles; each counts as drawn by a different person.
        rng: makes the pairs, the symbols and the scribbles.
    """
    symbols_and_scribbles = outliers.draw_images(kinds, rng)
    pair_images = ink.render_all(outliers.side_by_side(pen.strokes(int(a)), pen.strokes(int(b)), rng) for a, b in pairs)
    images = np.concatenate([pen.images(letters), pair_images, symbols_and_scribbles])
    known_writers = pen.writer_numbers(np.concatenate([letters, pairs[:, 0]]))
    writers = np.concatenate([known_writers, np.arange(len(symbols_and_scribbles)) + len(known_writers)])
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
