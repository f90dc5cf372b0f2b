"""The data sets made of pen strokes: digits, characters of 47 classes, and what a rejector learns from.

The pen data is what many people happened to write: a few of them very much, some letters rarely, and not everything as
it is written in other countries. Here it is balanced, so that a network learns from all of it.

A network trained on digits answers with a digit whatever it is shown. A rejector is a second network beside it that
gives `p_known`, the probability that an image is of the kind that the first one knows: low for a star or a letter, and
for two characters in one image. It learns two classes, what the network can read against what it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch import ink
from nn_scratch.data.emnist import EMNIST_CLASSES
from nn_scratch.dataset import Dataset, concatenate
from nn_scratch.network import DIGITS
from nn_scratch.recipes.strokes import Strokes, load_pen_data
from nn_scratch.recipes.unknown import NO_CHARACTER, NO_DIGIT, Kinds, Writing, draw_unknown
from nn_scratch.recipes.variants import USUAL, VARIANTS, Proportions, deform, make_variant

EXAMPLES_PER_VARIANT = 800
COPIES = 4  # deformed copies of each digit
MILD = Proportions(height=0.27, taper=0.27, aspect=0.15, bow=0.09)  # among 47 classes, more would look like another one
MOST_PER_WRITER = 60  # examples shown in an epoch
CHARACTERS = EMNIST_CLASSES["balanced"]

UNKNOWN, KNOWN = 0, 1  # labels
DIGIT_OR_NOT = ("no digit", "digit")
CHARACTER_OR_NOT = ("no character", "character")
OUTLIERS = 60_000  # drawings that are not digits in the training set of digit-or-not; the test set has a tenth
NO_CHARACTERS = 90_000  # the same of character-or-not
CHARACTER_COPIES = 2  # deformed copies of each character: symbols are deformed, too, and that must not tell them apart


def load_pen_digits(path: Path | None = None, copies: int = COPIES) -> tuple[Dataset, Dataset]:
    """The digits: (those of the training writers, those of the test writers).

    The training set has variants that are rare in this data, and `copies` deformed copies of all. An original and its
    copies together are shown as often as one example. No more than `MOST_PER_WRITER` examples of one writer are shown
    in an epoch: otherwise a quarter of the set would be the writing of five people. UserError as for `load_pen_data`.
    """
    pen, rng = load_pen_data(path), np.random.default_rng(0)
    is_digit, is_test = np.isin(pen.labels, DIGITS), pen.of_test_writers()
    training = np.flatnonzero(is_digit & ~is_test)
    drawings = [pen.strokes(int(i)) for i in training]
    labels, rows = [pen.labels[training].astype(np.int64)], [training]
    for variant in VARIANTS.values():
        made, sources = make_variant(pen, training, variant, EXAMPLES_PER_VARIANT, rng)
        drawings += made
        labels.append(np.full(len(made), int(variant.label)))
        rows.append(sources)
    writers = pen.writer_numbers(np.concatenate(rows))
    weights = np.minimum(1, MOST_PER_WRITER / np.bincount(writers)[writers]).astype(np.float32)
    originals = Dataset(ink.render_all(drawings), np.concatenate(labels), DIGITS, writers, weights)
    test = np.flatnonzero(is_digit & is_test)
    return (
        with_deformed(originals, drawings, copies, USUAL, rng),
        Dataset(pen.images(test), pen.labels[test].astype(np.int64), DIGITS, pen.writer_numbers(test)),
    )


def load_pen_characters(path: Path | None = None, copies: int = 0) -> tuple[Dataset, Dataset]:
    """Digits and letters in the 47 classes of EMNIST Balanced: (those of training writers, those of test writers).

    Rare classes are shown more often, by the square root of how rare they are. Shown as often as all others, the few
    examples of some classes would count for too much. The training set has `copies` deformed copies of each character.
    They help a rejector, and do not help a network that reads. UserError as for `load_pen_data`.
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
    drawings = [pen.strokes(int(row)) for row in training_rows]
    return with_deformed(originals, drawings, copies, MILD, np.random.default_rng(0)), test


def classes_of(characters: NDArray[np.str_]) -> NDArray[np.str_]:
    """The class of each of `characters` (N,): itself, or its capital where both share a class. (N,)"""
    return np.where(np.isin(characters, CHARACTERS), characters, np.char.upper(characters))


def with_deformed(
    originals: Dataset, drawings: Sequence[Strokes], copies: int, most: Proportions, rng: np.random.Generator
) -> Dataset:
    """`originals`, the images of `drawings`, and that many deformed copies of each, which share its weight."""
    if not copies:
        return originals
    assert originals.writers is not None
    deformed = [ink.render_all(deform(strokes, rng, most) for strokes in drawings) for _ in range(copies)]
    times = copies + 1
    return Dataset(
        np.concatenate([originals.images, *deformed]),
        np.tile(originals.labels, times),
        originals.classes,
        np.tile(originals.writers, times),
        np.tile(originals.shown() / np.float32(times), times),
        np.repeat([False, True], [len(drawings), copies * len(drawings)]),
    )


def load_digit_or_not(
    digit_sets: Sequence[tuple[Dataset, Dataset]], weights: Sequence[float], folder: Path | None = None
) -> tuple[Dataset, Dataset]:
    """The digits of `digit_sets`, each pair of sets shown as often as its weight says, against what is not a digit.

    Drawings that are not digits are those of `unknown`; together they are shown as often as the digits. Each of them
    counts as drawn by a different person. `folder` is where pen.npz and symbols.npz are, if not in the data folder.
    UserError as for `load_pen_data`.
    """
    known = [concatenate([pair[i] for pair in digit_sets], weights) for i in range(2)]
    return against_unknown(known, NO_DIGIT, OUTLIERS, DIGIT_OR_NOT, folder)


def load_character_or_not(folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """The characters of `load_pen_characters`, deformed copies among them, against what is not one; else as above."""
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
        unknown = Dataset(images, np.full(number, UNKNOWN), classes)
        labelled = replace(known[i], labels=np.full(len(known[i]), KNOWN), classes=classes)
        sets.append(concatenate([unknown, labelled], [float(labelled.shown().sum() / number), 1]))
    return sets[0], sets[1]
