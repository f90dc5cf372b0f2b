"""What is not a digit, and what is not one character: the drawings that the rejectors learn to refuse.

A rejector is as good as what it was shown. Shown invented symbols alone, it takes half of all real ones for digits. So
most of these drawings come from real hands: symbols and letters that people wrote, and combinations of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from nn_scratch import ink
from nn_scratch.arrays import Images
from nn_scratch.network import DIGITS
from nn_scratch.recipes import combinations, outliers
from nn_scratch.recipes.deformations import deform, path_lengths
from nn_scratch.recipes.doodles import DOODLES
from nn_scratch.recipes.outliers import SCRIBBLES
from nn_scratch.recipes.strokes import PenData, Rows, Strokes
from nn_scratch.recipes.symbols import SYMBOLS

LETTERS = tuple("AEFHKMNRWXaefhkmnrwx")  # not O, I, Z, S, B, G, q and others, which may be digits from their looks
LETTERS_EITHER_WAY = tuple("AFKMNRWkmnwx")  # of these, those that look like no digit when they are flipped either
LIKE_DIGITS = {  # symbols that many would read as a digit, and why: on neither side, in training and in tests
    "!": "a bar over a dot is a hasty 1",
    "|": "a bar is a 1",
    "/": "a leaning bar is a leaning 1",
    "\\": "a leaning bar is a leaning 1",
    ";": "its comma is a small 1 or 9, and its dot a speck",
}
LIKE_CHARACTERS = {  # the same for digits and letters
    **LIKE_DIGITS,
    "+": "a plus is a t",
    "~": "a wave is a flat N",
    "]": "a bracket is a J, or an I with serifs",
    "{": "a brace is an E, or an f",
    "}": "a brace is a 3",
}
INVENTED_LIKE_LETTERS = {  # invented symbols, doodles and scribbles of which the same is true
    *("plus", "cross", "minus", "tilde", "check mark", "triangle", "euro", "ampersand like an E", "note", "bracket"),
    *("brace", "less than", "dollar", "pound", "yen", "section", "root", "pi", "sum", "omega", "arrow up", "lightning"),
    *("moon", "female", "male", "bird", "mountains", "chair", "zigzag", "lines", "anything"),
}
BARS = tuple("1IlijJL")  # drawn over another character, they leave it what it is
DEFORMED = 0.75  # fraction of real symbols and letters that are deformed
STRAIGHT = 0.93  # a stroke of this length from end to end, as a fraction of its path, is straight
STEEP = 0.6  # height for each width: a bar that rises less is level


@dataclass(frozen=True)
class Source:
    """Some characters of pen data: those of `pen` that are numbered `rows`."""

    pen: PenData
    rows: Rows

    @cached_property
    def rows_by_label(self) -> list[Rows]:
        """The rows of each label."""
        labels = self.pen.labels[self.rows]
        return [self.rows[labels == label] for label in np.unique(labels)]

    def draw(self, rng: np.random.Generator) -> Strokes:
        """The strokes of one of the characters; those of a rare label are drawn as often as others."""
        return self.pen.strokes(int(rng.choice(self.rows_by_label[rng.integers(len(self.rows_by_label))])))

    def draw_deformed(self, rng: np.random.Generator) -> Strokes:
        """The strokes of one of the characters, most often deformed."""
        strokes = self.draw(rng)
        return deform(strokes, rng) if rng.random() < DEFORMED else strokes


class Writing:
    """What some writers wrote, from which drawings are made that are not digits.

    Attributes:
        symbols: symbols that are not like digits.
        signs: symbols that are not like letters, either.
        letters: letters that look like no digit.
        either_way: letters that look like no digit when they are flipped, either.
        digits: digits.
        characters: digits and letters that are more than a bar.
        everything: digits and letters.
    """

    def __init__(self, pen: PenData, symbols: PenData, test: bool) -> None:
        """The writing of test writers, or of all others, in `pen` and in `symbols`."""
        of_writers = pen.of_test_writers() == test

        def among(labels: Sequence[str]) -> Source:
            return Source(pen, np.flatnonzero(of_writers & np.isin(pen.labels, labels)))

        self.letters, self.either_way, self.digits = among(LETTERS), among(LETTERS_EITHER_WAY), among(DIGITS)
        self.characters = Source(pen, np.flatnonzero(of_writers & ~np.isin(pen.labels, BARS)))
        self.everything = Source(pen, np.flatnonzero(of_writers))
        rows = np.flatnonzero(symbols.of_test_writers() == test)
        rows = rows[[not is_bar(symbols.strokes(int(i))) for i in rows]]

        def unlike(like: Collection[str]) -> Source:
            return Source(symbols, rows[~np.isin(symbols.labels[rows], list(like))])

        self.symbols, self.signs = unlike(LIKE_DIGITS), unlike(LIKE_CHARACTERS)


Draw: TypeAlias = Callable[[Writing, np.random.Generator], Strokes]


def is_bar(strokes: Strokes) -> bool:
    """Whether this is one straight stroke that is not level: what is left of a symbol that was cut wrongly."""
    if len(strokes) > 1:
        return False
    across, down = np.abs(strokes[0][-1] - strokes[0][0])
    return bool(np.hypot(across, down) > STRAIGHT * path_lengths(strokes[0])[-1] and down > STEEP * across)


def invent(kinds: Iterable[str], but: Collection[str] = ()) -> Draw:
    """What draws any of `kinds` of outliers that is not one of `but`."""
    names = [kind for kind in kinds if kind not in but]
    return lambda writing, rng: outliers.draw(str(rng.choice(names)), rng)


def pair_of_digits(writing: Writing, rng: np.random.Generator) -> Strokes:
    """Two digits beside each other."""
    return combinations.side_by_side(writing.digits.draw(rng), writing.digits.draw(rng), rng)


def pair_of_characters(writing: Writing, rng: np.random.Generator) -> Strokes:
    """Two digits or letters beside each other. They may look like a third one, as I and C like a K."""
    return combinations.side_by_side(writing.everything.draw(rng), writing.everything.draw(rng), rng)


def pair_with_symbol(writing: Writing, rng: np.random.Generator) -> Strokes:
    """A symbol beside a character or another symbol."""
    other = writing.characters if rng.random() < 0.5 else writing.symbols
    pair = [writing.symbols.draw(rng), other.draw(rng)]
    first = int(rng.integers(2))
    return combinations.side_by_side(pair[first], pair[1 - first], rng)


def overlay(writing: Writing, rng: np.random.Generator) -> Strokes:
    """A character or a symbol over a character."""
    other = writing.characters if rng.random() < 0.5 else writing.symbols
    return combinations.overlay([writing.characters.draw(rng), other.draw(rng)], rng)


def collage(writing: Writing, rng: np.random.Generator) -> Strokes:
    """Strokes of two to four characters and symbols."""
    sources = [writing.characters, writing.symbols]
    return combinations.collage([sources[rng.integers(2)].draw(rng) for _ in range(rng.integers(2, 5))], rng)


Kinds: TypeAlias = Mapping[str, tuple[float, Draw]]  # fraction of all, how it is drawn

NO_DIGIT: Kinds = {
    "symbols": (0.36, lambda writing, rng: writing.symbols.draw_deformed(rng)),
    "flipped symbols": (0.05, lambda writing, rng: combinations.flip(writing.symbols.draw_deformed(rng), rng)),
    "letters": (0.16, lambda writing, rng: writing.letters.draw_deformed(rng)),
    "flipped letters": (0.04, lambda writing, rng: combinations.flip(writing.either_way.draw_deformed(rng), rng)),
    "pairs of digits": (0.07, pair_of_digits),
    "pairs with symbols": (0.04, pair_with_symbol),
    "overlays": (0.04, overlay),
    "collages": (0.03, collage),
    "invented symbols": (0.06, invent(SYMBOLS)),
    "doodles": (0.10, invent(DOODLES)),
    "scribbles": (0.05, invent(SCRIBBLES)),
}
NO_CHARACTER: Kinds = {
    "pairs of characters": (0.50, pair_of_characters),
    "pairs with symbols": (0.04, pair_with_symbol),
    "symbols": (0.20, lambda writing, rng: writing.signs.draw_deformed(rng)),
    "overlays": (0.05, overlay),
    "collages": (0.03, collage),
    "invented symbols": (0.05, invent(SYMBOLS, but=INVENTED_LIKE_LETTERS)),
    "doodles": (0.09, invent(DOODLES, but=INVENTED_LIKE_LETTERS)),
    "scribbles": (0.04, invent(SCRIBBLES, but=INVENTED_LIKE_LETTERS)),
}


def draw_unknown(kinds: Kinds, writing: Writing, count: int, rng: np.random.Generator) -> Images:
    """`count` drawings of all `kinds`, as a network sees them: (count, 28, 28)."""
    fractions = np.array([fraction for fraction, _ in kinds.values()])
    names = rng.choice(list(kinds), count, p=fractions / fractions.sum())
    return ink.render_all(kinds[name][1](writing, rng) for name in names)
