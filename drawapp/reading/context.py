"""Context: the characters of a word are read together, because a word is mostly all digits or all letters of one case.

An O and a 0 are often the same drawing, and so are an I, an l and a 1: only the characters beside them can tell. There
is no dictionary here, only five kinds of words: digits, capitals, small letters, a capital before small letters, and
words that mix them. Given its kind, the characters of a word are taken as independent. This is style-consistent
classification as in Sarkar and Nagy, "Style consistent classification of isogenous fields" (2005), with the kind as the
style. By Bayes' rule, for the kind k of a word with the images x_1 ... x_n, which wants the sort k_i of character i,

    P(k | x_1 ... x_n) ~ P(k) prod_i p(x_i | k_i) / p(x_i)        and    p(x_i | k_i) / p(x_i) = P(k_i | x_i) / P(k_i),

where the network gives P(k_i | x_i), the sum over the characters of that sort, and P(k_i) is how frequent the sort was
among the examples that it learned from (the scaled likelihoods of Bourlard and Morgan, 1994). A character of another
sort is possible in every word, with the probability `STRAY`. What is told of a character is the mean over the kinds,

    P(c | x_1 ... x_n) = sum_k P(k | x_1 ... x_n) P(c | x_i, k),

which stays as honest as the network's own probabilities. Where this would take a digit here and a letter there, the
likelier of digits and letters decides alone. Which ink makes up each character is decided with the kind as well: M is
not n and 1 where all others are capitals (see `Context.of_kinds`). The numbers below were chosen on the validation
writers of the bundled models, the fractions of capitals and small letters counted among the training writers.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.geometry import Bounds
from drawapp.reading.charset import BARS, forms, forms_of_bar, of_bare_bar
from nn_scratch.arrays import Array

DIGIT, CAPITAL, SMALL = range(3)  # the sorts of characters
FREQUENT = np.array([0.17, 0.28, 0.55])  # how frequent each sort is among the examples of the bundled models
KINDS = np.array([0.4, 0.2, 0.2, 0.15, 0.05])  # how probable: digits, capitals, small, a capital before small, mixed
NUMBER, MIXED = 0, 4  # two of the kinds
PURE = (1 - KINDS[MIXED]) / MIXED  # how probable each of the others is before it is known which ink is a character
STRAY = 0.01  # the probability that a character is of another sort than the kind of its word wants
SMALL_OF_BOTH = 0.64  # of the characters in a class that holds both cases
BARE = {"l": 0.51, "I": 0.17, "1": 0.32}  # what bare upright bars are
FOOT = (-1.2, -3.2)  # log-odds that a character in the class L is an l: FOOT[0] + FOOT[1] log(width / height)
ENOUGH = 0.75  # of the probability of a class: of its forms, those are named that have as much together

Told = tuple[Array, tuple[str, ...]]  # the probabilities (K,) of the classes, and what the best of them stands for


class Context:
    """Reads words of the characters that `classes` hold, as far as they are in `mask` (K,), which it keeps."""

    def __init__(self, classes: tuple[str, ...], mask: NDArray[np.bool_]) -> None:
        self._classes, self.mask = classes, mask
        allowed = [number for number in range(len(classes)) if mask[number]]
        held = [(number, form) for number in allowed for form in forms(classes[number], classes)]  # M characters
        self._class_of = np.array([number for number, _ in held])  # (M,)
        self._names = np.array([form for _, form in held])  # (M,)
        self._sort = np.array([sort_of(form) for form in self._names])  # (M,)
        self._is_useful = is_text(classes) and len(set(self._sort)) > 1
        holds = np.zeros((3, len(classes)), np.bool_)  # whether each class holds a character of each sort
        holds[self._sort, self._class_of] = True
        self._fits = np.where(holds, 1.0, STRAY).astype(np.float32) * mask  # (3, K)

    def of_kinds(self, probabilities: Array, is_first: NDArray[np.bool_]) -> tuple[Array, Array]:
        """How probably each of C spans of ink is one character, in each of the J kinds of words that are told apart.

        Args:
            probabilities: (C, K) of the classes.
            is_first: (C,) whether a word would begin with the span.

        Returns:
            (J, C) the probability of the best class, and (J,) the logarithms of how probable the kinds are.
        """
        any_class = (probabilities * self.mask).max(axis=1)  # (C,)
        if not self._is_useful:
            return any_class[None], np.zeros(1)
        digit, capital, small = (probabilities[None] * self._fits[:, None]).max(axis=2)  # (C,) each
        log_kinds = np.log([PURE] * MIXED + [KINDS[MIXED]])
        return np.stack([digit, capital, small, np.where(is_first, capital, small), any_class]), log_kinds

    def alone(self, row: Array, is_bar: bool) -> Told:
        """What is told of a character on its own, from the probabilities of the classes, a `row` (K,)."""
        row = of_bare_bar(row, self._classes, self.mask) if is_bar else row
        best = self._classes[int(row.argmax())]
        return row, forms_of_bar(self._classes, self.mask) if is_bar and best in BARS else forms(best, self._classes)

    def read(self, probabilities: Array, bounds: Sequence[Bounds], is_bar: Sequence[bool]) -> list[Told]:
        """What is told of each of n characters side by side.

        Args:
            probabilities: (n, K) of the classes; each row sums to 1 and is 0 outside of the mask.
            bounds: where the characters lie.
            is_bar: whether each is a bare upright bar.
        """
        if len(bounds) < 2 or not self._is_useful:
            return [self.alone(row, bar) for row, bar in zip(probabilities, is_bar, strict=True)]
        characters = in_context(self._by_form(probabilities, bounds, np.array(is_bar)), self._sort)  # (n, M)
        return [self._among_others(row, bar) for row, bar in zip(characters, is_bar, strict=True)]

    def _by_form(self, probabilities: Array, bounds: Sequence[Bounds], is_bar: NDArray[np.bool_]) -> Array:
        """The probabilities (n, M) of all characters, from those of the classes (n, K)."""
        shares = np.bincount(self._class_of)[self._class_of] == 2  # (M,)
        fraction = np.where(shares, np.where(self._sort == SMALL, SMALL_OF_BOTH, 1 - SMALL_OF_BOTH), 1.0)  # (M,)
        fractions = np.tile(fraction, (len(bounds), 1))  # (n, M)
        aspects = np.array([each.width / max(each.height, 1e-9) for each in bounds]).clip(0.05, 3.0)[:, None]  # (n, 1)
        without_foot = 1 / (1 + np.exp(-FOOT[0] - FOOT[1] * np.log(aspects)))
        fractions[:, shares & (self._names == "l")] = without_foot
        fractions[:, shares & (self._names == "L")] = 1 - without_foot
        characters: Array = probabilities[:, self._class_of] * fractions
        bare = np.array([BARE.get(name, 0.0) for name in self._names])  # (M,)
        if bare.any():
            alike = np.isin(np.array(self._classes)[self._class_of], list(BARS))  # (M,)
            together = characters[:, alike].sum(axis=1, keepdims=True) * bare / bare.sum()  # (n, M)
            characters = np.where(is_bar[:, None] & alike, together, characters)
        return characters

    def _among_others(self, row: Array, is_bar: bool) -> Told:
        """A character of a word, from the probabilities of all characters, a `row` (M,)."""
        probabilities = np.bincount(self._class_of, row, len(self._classes)).astype(np.float32)  # (K,)
        order = np.argsort(-row)
        bars = most_of([k for k in order if self._names[k] in ("l", "I")], row) if is_bar else []
        if len(bars) > 1:  # together, as where one stands alone
            probabilities[self._class_of[bars]] = 0
            probabilities[self._classes.index("I")] = row[bars].sum()
        best = int(probabilities.argmax())
        if len(bars) > 1 and self._classes[best] == "I":
            return probabilities, ("l", "I")
        held = most_of([k for k in order if self._class_of[k] == best], row)
        return probabilities, tuple(str(self._names[k]) for k in sorted(held))


def most_of(numbers: list[int], row: Array) -> list[int]:
    """The first of `numbers` that have `ENOUGH` of the probability in `row` (M,) that all of them have."""
    sums = np.cumsum(row[numbers])
    return numbers[: int(np.searchsorted(sums, ENOUGH * sums[-1])) + 1] if numbers else []


def sort_of(form: str) -> int:
    """Whether it is a digit, a capital or a small letter."""
    return DIGIT if form.isdigit() else CAPITAL if form.isupper() else SMALL


def is_text(classes: tuple[str, ...]) -> bool:
    """Whether each of `classes` is a digit or a letter."""
    return all(len(label) == 1 and label.isascii() and label.isalnum() for label in classes)


def in_context(characters: Array, sort: NDArray[np.intp]) -> Array:
    """The probabilities (n, M) of the characters of a word, from what each is on its own: `characters` (n, M).

    `sort` (M,) is the sort of each character.
    """
    count = len(characters)
    weights = (1 - STRAY) * (sort == np.arange(3)[:, None]) / FREQUENT[:, None] + STRAY  # (3, M)
    evidence = characters @ weights.T  # (n, 3)
    wanted = np.repeat([[DIGIT], [CAPITAL], [SMALL], [SMALL]], count, axis=1)  # (4, n)
    wanted[-1, 0] = CAPITAL
    log_kinds = np.append(np.log(evidence[np.arange(count), wanted]).sum(axis=1), 0.0) + np.log(KINDS)  # (5,)
    kinds = np.exp(log_kinds - log_kinds.max())
    given = np.concatenate([weights[wanted] * characters, characters[None]])  # (5, n, M)
    given /= given.sum(axis=2, keepdims=True)
    told = mean(given, kinds)
    are_digits = told[:, sort == DIGIT].sum(axis=1) > 0.5  # (n,)
    if kinds.argmax() != MIXED and len(set(are_digits)) == 2:
        is_number = kinds[NUMBER] > kinds[NUMBER + 1 : MIXED].sum()
        kinds[np.arange(NUMBER + 1, MIXED) if is_number else NUMBER] = 0
        told = mean(given, kinds)
    return told


def mean(given: Array, kinds: Array) -> Array:
    """The mean (n, M) over the kinds of what is `given` each kind (5, n, M), weighted with `kinds` (5,)."""
    return np.asarray(np.tensordot(kinds / kinds.sum(), given, 1), np.float32)
