"""The data sets made of pen strokes: digits, and characters of 47 classes.

The pen data is what many people happened to write: a few of them very much, some letters rarely, and not everything as
it is written in other countries. Here it is balanced, so that a network learns from all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch import ink
from nn_scratch.data.emnist import EMNIST_CLASSES
from nn_scratch.dataset import Dataset
from nn_scratch.network import DIGITS
from nn_scratch.recipes.deformations import USUAL, Proportions, deform
from nn_scratch.recipes.strokes import PenData, Strokes, load_pen_data
from nn_scratch.recipes.variants import VARIANTS, make_variant

EXAMPLES_PER_VARIANT = 800
COPIES = 4  # deformed copies of each digit
MILD = Proportions(height=0.27, taper=0.27, aspect=0.15, bow=0.09)  # among 47 classes, more would look like another one
MOST_PER_WRITER = 60  # examples shown in an epoch
CHARACTERS = EMNIST_CLASSES["balanced"]


def load_pen_digits(path: Path | None = None) -> tuple[Dataset, Dataset]:
    """The digits: (those of the training writers, those of the test writers).

    Raises:
        UserError: as for `load_pen_data`.
    """
    pen = load_pen_data(path)
    return training_digits(pen), test_digits(pen)


def test_digits(pen: PenData) -> Dataset:
    """The digits of the test writers."""
    rows = np.flatnonzero(np.isin(pen.labels, DIGITS) & pen.of_test_writers())
    return Dataset(pen.images(rows), pen.labels[rows].astype(np.int64), DIGITS, pen.writer_numbers(rows))


def training_digits(pen: PenData) -> Dataset:
    """The digits of the training writers, with variants that are rare in this data, and deformed copies of all.

    An original and its copies together are shown as often as one example. No more than `MOST_PER_WRITER` examples of
    one writer are shown in an epoch: otherwise a quarter of the set would be the writing of five people.
    """
    training = np.flatnonzero(np.isin(pen.labels, DIGITS) & ~pen.of_test_writers())
    rng = np.random.default_rng(0)
    drawings, labels, rows = (
        [pen.strokes(int(i)) for i in training],
        [pen.labels[training].astype(np.int64)],
        [training],
    )
    for variant in VARIANTS.values():
        made, sources = make_variant(pen, training, variant, EXAMPLES_PER_VARIANT, rng)
        drawings += made
        labels.append(np.full(len(made), int(variant.label)))
        rows.append(sources)
    writers = pen.writer_numbers(np.concatenate(rows))
    weights = np.minimum(1, MOST_PER_WRITER / np.bincount(writers)[writers]).astype(np.float32)
    originals = Dataset(ink.render_all(drawings), np.concatenate(labels), DIGITS, writers, weights)
    return with_deformed(originals, drawings, COPIES, USUAL, rng)


def with_deformed(
    originals: Dataset, drawings: Sequence[Strokes], copies: int, most: Proportions, rng: np.random.Generator
) -> Dataset:
    """`originals`, the images of `drawings`, and that many deformed copies of each, which share its weight."""
    assert originals.writers is not None
    assert originals.weights is not None
    deformed = [ink.render_all(deform(strokes, rng, most) for strokes in drawings) for _ in range(copies)]
    times = copies + 1
    return Dataset(
        np.concatenate([originals.images, *deformed]),
        np.tile(originals.labels, times),
        originals.classes,
        np.tile(originals.writers, times),
        np.tile(originals.weights / np.float32(times), times),
        np.repeat([False, True], [len(drawings), copies * len(drawings)]),
    )


def load_pen_characters(path: Path | None = None, copies: int = 0) -> tuple[Dataset, Dataset]:
    """Digits and letters in the 47 classes of EMNIST Balanced: (those of training writers, those of test writers).

    Rare classes are shown more often, by the square root of how rare they are. Shown as often as all others, the few
    examples of some classes would count for too much. The training set has `copies` deformed copies of each character.
    They help a rejector, and do not help a network that reads.

    Raises:
        UserError: as for `load_pen_data`.
    """
    pen = load_pen_data(path)
    order = np.argsort(CHARACTERS)
    labels = order[np.searchsorted(np.array(CHARACTERS)[order], classes_of(pen.labels))].astype(np.int64)
    counts = np.bincount(labels, minlength=len(CHARACTERS))
    rarity = np.sqrt(counts.mean() / np.maximum(counts, 1))[labels].astype(np.float32)
    is_test = pen.of_test_writers()
    training_rows = np.flatnonzero(~is_test)
    originals, test = (
        Dataset(pen.images(rows), labels[rows], CHARACTERS, pen.writer_numbers(rows), rarity[rows])
        for rows in (training_rows, np.flatnonzero(is_test))
    )
    if not copies:
        return originals, test
    drawings = [pen.strokes(int(row)) for row in training_rows]
    return with_deformed(originals, drawings, copies, MILD, np.random.default_rng(0)), test


def classes_of(characters: NDArray[np.str_]) -> NDArray[np.str_]:
    """The class of each of `characters` (N,): itself, or its capital where both share a class. (N,)"""
    return np.where(np.isin(characters, CHARACTERS), characters, np.char.upper(characters))
