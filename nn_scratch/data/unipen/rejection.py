"""The data sets of doubt: what a reader knows, against what it does not, in two classes.

A network that learns these two is a guard beside the reader: of a star it says that it is no digit, and of two letters
in one image that they are no character.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Labels
from nn_scratch.data.dataset import Dataset, concatenate
from nn_scratch.data.unipen import datasets as drawn
from nn_scratch.data.unipen import outliers
from nn_scratch.data.unipen import strokes as pen_data
from nn_scratch.data.unipen.strokes import PenData
from nn_scratch.data.unipen.variants import side_by_side
from nn_scratch.images import ink
from nn_scratch.nn.network import DIGITS

UNKNOWN, KNOWN = 0, 1
DIGIT_OR_NOT = ("no digit", "digit")
CHARACTER_OR_NOT = ("no character", "character")
OUTLIERS = 30_000  # symbols and scribbles
PAIRS = 60_000  # of characters
LIKE_LETTERS = {  # what is no character has none of these
    *("plus", "cross", "minus", "tilde", "check mark", "triangle", "euro", "ampersand like an E", "note"),
    *("zigzag", "lines"),
}


def digit_or_not(
    digit_sets: Sequence[tuple[Dataset, Dataset]], weights: Sequence[float], path: Path | None = None
) -> tuple[Dataset, Dataset]:
    """The digits of `digit_sets`, shown by `weights`, and as often letters, pairs of digits, symbols and scribbles.

    Raises:
        UserError: as `pen.load`.
    """
    pen = pen_data.load(path)
    is_letter, is_digit, test = np.isin(pen.labels, outliers.LETTERS), np.isin(pen.labels, DIGITS), pen.test_writers()
    kinds = [*outliers.SYMBOLS, *outliers.SCRIBBLES]
    sets = []
    for part, chosen, count in ((0, ~test, OUTLIERS), (1, test, OUTLIERS // 10)):
        rng = np.random.default_rng(part)
        pairs = rng.choice(np.flatnonzero(is_digit & chosen), (count // 3, 2))
        nothing = unknown(pen, np.flatnonzero(is_letter & chosen), pairs, rng.choice(np.array(kinds), count), rng)
        digits = concatenate([pair[part] for pair in digit_sets], weights)
        sets.append(in_two_classes(nothing, digits, DIGIT_OR_NOT))
    return sets[0], sets[1]


def character_or_not(path: Path | None = None) -> tuple[Dataset, Dataset]:
    """The characters of `drawn.characters`, and as often pairs of them, symbols and scribbles.

    Two letters in one image may look like a third: I and C like a K. How often they do is part of the answer.

    Raises:
        UserError: as `pen.load`.
    """
    pen = pen_data.load(path)
    test, characters = pen.test_writers(), drawn.characters(path)
    kinds = [kind for kind in (*outliers.SYMBOLS, *outliers.SCRIBBLES) if kind not in LIKE_LETTERS]
    sets = []
    for part, chosen, count in ((0, ~test, PAIRS), (1, test, PAIRS // 10)):
        rng = np.random.default_rng(part)
        pairs = rng.choice(np.flatnonzero(chosen), (count, 2))
        nothing = unknown(pen, np.zeros(0, np.int64), pairs, rng.choice(np.array(kinds), count // 4), rng)
        sets.append(in_two_classes(nothing, characters[part], CHARACTER_OR_NOT))
    return sets[0], sets[1]


def unknown(pen: PenData, letters: Labels, pairs: Labels, kinds: NDArray[np.str_], rng: np.random.Generator) -> Dataset:
    """What a guard refuses: the characters of `pen` numbered `letters` (L,), two in one image, numbered `pairs`
    (M, 2), and symbols and scribbles of `kinds` (N,), each by a hand of its own.
    """
    invented = outliers.images(kinds, rng)
    two = ink.render_all(side_by_side(pen.strokes(int(a)), pen.strokes(int(b)), rng) for a, b in pairs)
    images = np.concatenate([pen_data.images_of(pen, letters), two, invented])
    known = pen_data.writer_numbers(pen, np.concatenate([letters, pairs[:, 0]]))
    writers = np.concatenate([known, np.arange(len(invented)) + len(known)])
    return Dataset(images, np.zeros(len(images), np.int64), ("",), writers)


def in_two_classes(nothing: Dataset, something: Dataset, classes: tuple[str, str]) -> Dataset:
    """`nothing` as the first class and `something` as the second, shown equally often."""
    balance = float(something.shown().sum() / nothing.shown().sum())
    return concatenate(
        [
            replace(nothing, labels=np.full(len(nothing), UNKNOWN), classes=classes),
            replace(something, labels=np.full(len(something), KNOWN), classes=classes),
        ],
        [balance, 1],
    )
