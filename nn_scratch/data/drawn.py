"""The data sets made of pen strokes: drawn digits, and drawings that are digits or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from nn_scratch import ink
from nn_scratch.arrays import Labels
from nn_scratch.data import outliers
from nn_scratch.data import pen as pen_data
from nn_scratch.data.dataset import Dataset, concatenate
from nn_scratch.data.emnist import EMNIST_CLASSES
from nn_scratch.data.pen import PenData
from nn_scratch.data.styles import STYLES, side_by_side, styled
from nn_scratch.network import DIGITS

STYLED = 800  # examples of each style
MOST_OF_A_WRITER = 60
OUTLIERS = 30_000  # symbols and scribbles
NO_DIGIT, DIGIT = 0, 1
DOUBT = ("no digit", "digit")
CHARACTERS = EMNIST_CLASSES["balanced"]


def digits(path: Path | None = None) -> tuple[Dataset, Dataset]:
    """The digits, as (those of the training writers, those of the test writers).

    The training set has some in styles that are rare in this data, and shows no more than `MOST_OF_A_WRITER` of anybody
    in an epoch, or five people's writing would be a quarter of it.

    Raises:
        UserError: as `pen.load`.
    """
    pen = pen_data.load(path)
    is_digit, test = np.isin(pen.labels, DIGITS), pen.test_writers()
    training, testing = np.flatnonzero(is_digit & ~test), np.flatnonzero(is_digit & test)
    rng = np.random.default_rng(0)
    pictures, labels, rows = [pen_data.pictures_of(pen, training)], [pen.labels[training].astype(np.int64)], [training]
    for style in STYLES.values():
        made, made_of = styled(pen, training, style, STYLED, rng)
        pictures.append(made)
        labels.append(np.full(STYLED, int(style.label)))
        rows.append(made_of)
    writers = pen_data.writer_numbers(pen, np.concatenate(rows))
    weights = np.minimum(1, MOST_OF_A_WRITER / np.bincount(writers)[writers]).astype(np.float32)
    return (
        Dataset(np.concatenate(pictures), np.concatenate(labels), DIGITS, writers, weights),
        Dataset(
            pen_data.pictures_of(pen, testing),
            pen.labels[testing].astype(np.int64),
            DIGITS,
            pen_data.writer_numbers(pen, testing),
        ),
    )


def characters(path: Path | None = None) -> tuple[Dataset, Dataset]:
    """Digits and letters in the 47 classes of EMNIST Balanced: a small letter that looks like its capital is that one.

    Rare classes are shown more often, by the square root of how rare they are: as often as all others would make the
    few examples of some count for too much.

    Raises:
        UserError: as `pen.load`.
    """
    pen = pen_data.load(path)
    upper = np.char.upper(pen.labels)
    names = np.where(np.isin(pen.labels, CHARACTERS), pen.labels, upper)
    order = np.argsort(CHARACTERS)
    labels = order[np.searchsorted(np.array(CHARACTERS)[order], names)].astype(np.int64)
    counts = np.bincount(labels, minlength=len(CHARACTERS))
    rarity = np.sqrt(counts.mean() / np.maximum(counts, 1))[labels].astype(np.float32)
    test = pen.test_writers()
    sets = []
    for rows in (np.flatnonzero(~test), np.flatnonzero(test)):
        writers = pen_data.writer_numbers(pen, rows)
        sets.append(Dataset(pen_data.pictures_of(pen, rows), labels[rows], CHARACTERS, writers, rarity[rows]))
    return sets[0], sets[1]


def digit_or_not(
    digit_sets: Sequence[tuple[Dataset, Dataset]], weights: Sequence[float], path: Path | None = None
) -> tuple[Dataset, Dataset]:
    """Drawings of two classes, "no digit" and "digit": letters, symbols and scribbles, and those of `digit_sets`.

    The digit sets are shown by `weights`, the two classes equally often.

    Raises:
        UserError: as `pen.load`.
    """
    pen = pen_data.load(path)
    is_letter, test = np.isin(pen.labels, outliers.LETTERS), pen.test_writers()
    sets = []
    for part, chosen, count in ((0, ~test, OUTLIERS), (1, test, OUTLIERS // 10)):
        rng = np.random.default_rng(part)
        pairs = rng.choice(np.flatnonzero(np.isin(pen.labels, DIGITS) & chosen), (count // 3, 2))
        nothing = outlier_set(pen, np.flatnonzero(is_letter & chosen), pairs, count, rng)
        digits = concatenate([pair[part] for pair in digit_sets], weights)
        something = replace(digits, labels=np.full(len(digits), DIGIT), classes=DOUBT)
        balance = float(digits.shown().sum() / len(nothing))
        sets.append(concatenate([nothing, something], [balance, 1]))
    return sets[0], sets[1]


def outlier_set(pen: PenData, letters: Labels, pairs: Labels, count: int, rng: np.random.Generator) -> Dataset:
    """What is no digit: the characters of `pen` numbered `letters` (L,), two digits in one picture, numbered `pairs`
    (M, 2), and `count` symbols and scribbles.
    """
    drawn = outliers.pictures(count, np.array([*outliers.SYMBOLS, *outliers.SCRIBBLES]), rng)
    two = ink.render_all(side_by_side(pen.strokes(int(a)), pen.strokes(int(b)), rng) for a, b in pairs)
    pictures = np.concatenate([pen_data.pictures_of(pen, letters), two, drawn])
    known = pen_data.writer_numbers(pen, np.concatenate([letters, pairs[:, 0]]))
    writers = np.concatenate([known, np.arange(count) + len(known)])
    return Dataset(pictures, np.full(len(pictures), NO_DIGIT), DOUBT, writers)
