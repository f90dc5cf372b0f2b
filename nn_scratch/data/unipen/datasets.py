"""The data sets made of pen strokes: digits, and characters of 47 classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data.dataset import Dataset
from nn_scratch.data.emnist import EMNIST_CLASSES
from nn_scratch.data.unipen import strokes as pen_data
from nn_scratch.data.unipen.variants import VARIANTS, as_variant
from nn_scratch.nn.network import DIGITS

VARIANTS_EACH = 800  # examples of each style
MOST_OF_A_WRITER = 60
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
    images, labels, rows = [pen_data.images_of(pen, training)], [pen.labels[training].astype(np.int64)], [training]
    for variant in VARIANTS.values():
        made, made_of = as_variant(pen, training, variant, VARIANTS_EACH, rng)
        images.append(made)
        labels.append(np.full(len(made), int(variant.label)))
        rows.append(made_of)
    writers = pen_data.writer_numbers(pen, np.concatenate(rows))
    weights = np.minimum(1, MOST_OF_A_WRITER / np.bincount(writers)[writers]).astype(np.float32)
    return (
        Dataset(np.concatenate(images), np.concatenate(labels), DIGITS, writers, weights),
        Dataset(
            pen_data.images_of(pen, testing),
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
    order = np.argsort(CHARACTERS)
    labels = order[np.searchsorted(np.array(CHARACTERS)[order], names_of(pen.labels))].astype(np.int64)
    counts = np.bincount(labels, minlength=len(CHARACTERS))
    rarity = np.sqrt(counts.mean() / np.maximum(counts, 1))[labels].astype(np.float32)
    test = pen.test_writers()
    sets = []
    for rows in (np.flatnonzero(~test), np.flatnonzero(test)):
        writers = pen_data.writer_numbers(pen, rows)
        sets.append(Dataset(pen_data.images_of(pen, rows), labels[rows], CHARACTERS, writers, rarity[rows]))
    return sets[0], sets[1]


def names_of(characters: NDArray[np.str_]) -> NDArray[np.str_]:
    """The class that each of `characters` (N,) falls into: (N,)."""
    return np.where(np.isin(characters, CHARACTERS), characters, np.char.upper(characters))
