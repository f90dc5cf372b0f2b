"""The data sets made of pen strokes: digits, and characters of 47 classes.

The pen data is what many people happened to write: a few of them very much, some letters rarely, and not everything as
it is written in other countries. Here it is balanced, so that a network learns from all of it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data.dataset import Dataset
from nn_scratch.data.emnist import EMNIST_CLASSES
from nn_scratch.data.unipen.strokes import load_pen_data
from nn_scratch.data.unipen.variants import VARIANTS, draw_variant
from nn_scratch.nn.network import DIGITS

EXAMPLES_PER_VARIANT = 800
MOST_PER_WRITER = 60  # examples shown in an epoch
CHARACTERS = EMNIST_CLASSES["balanced"]


def load_pen_digits(path: Path | None = None) -> tuple[Dataset, Dataset]:
    """The digits: (those of the training writers, those of the test writers).

    The training set also has variants that are rare in this data. It shows no more than `MOST_PER_WRITER` examples of
    one writer in an epoch: otherwise a quarter of it would be the writing of five people.

    Raises:
        UserError: as for `load_pen_data`.
    """
    pen = load_pen_data(path)
    is_digit, is_test = np.isin(pen.labels, DIGITS), pen.of_test_writers()
    training, test = np.flatnonzero(is_digit & ~is_test), np.flatnonzero(is_digit & is_test)
    rng = np.random.default_rng(0)
    images, labels, rows = [pen.images(training)], [pen.labels[training].astype(np.int64)], [training]
    for variant in VARIANTS.values():
        drawn, sources = draw_variant(pen, training, variant, EXAMPLES_PER_VARIANT, rng)
        images.append(drawn)
        labels.append(np.full(len(drawn), int(variant.label)))
        rows.append(sources)
    writers = pen.writer_numbers(np.concatenate(rows))
    weights = np.minimum(1, MOST_PER_WRITER / np.bincount(writers)[writers]).astype(np.float32)
    return (
        Dataset(np.concatenate(images), np.concatenate(labels), DIGITS, writers, weights),
        Dataset(pen.images(test), pen.labels[test].astype(np.int64), DIGITS, pen.writer_numbers(test)),
    )


def load_pen_characters(path: Path | None = None) -> tuple[Dataset, Dataset]:
    """Digits and letters in the 47 classes of EMNIST Balanced: (those of training writers, those of test writers).

    Rare classes are shown more often, by the square root of how rare they are. Shown as often as all others, the few
    examples of some classes would count for too much.

    Raises:
        UserError: as for `load_pen_data`.
    """
    pen = load_pen_data(path)
    order = np.argsort(CHARACTERS)
    labels = order[np.searchsorted(np.array(CHARACTERS)[order], classes_of(pen.labels))].astype(np.int64)
    counts = np.bincount(labels, minlength=len(CHARACTERS))
    rarity = np.sqrt(counts.mean() / np.maximum(counts, 1))[labels].astype(np.float32)
    is_test = pen.of_test_writers()
    training, test = (
        Dataset(pen.images(rows), labels[rows], CHARACTERS, pen.writer_numbers(rows), rarity[rows])
        for rows in (np.flatnonzero(~is_test), np.flatnonzero(is_test))
    )
    return training, test


def classes_of(characters: NDArray[np.str_]) -> NDArray[np.str_]:
    """The class of each of `characters` (N,): itself, or its capital where both share a class. (N,)"""
    return np.where(np.isin(characters, CHARACTERS), characters, np.char.upper(characters))
