"""What is not a digit: the drawings that the digits' rejector learns to refuse.

A rejector is as good as what it was shown. Shown invented symbols alone, it takes half of all real ones for digits. So
most of these drawings come from real hands: symbols and letters that people wrote, and combinations of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from nn_scratch.arrays import Images
from nn_scratch.data.unipen import combinations, outliers
from nn_scratch.data.unipen.deformations import deform, path_lengths
from nn_scratch.data.unipen.doodles import DOODLES
from nn_scratch.data.unipen.outliers import SCRIBBLES
from nn_scratch.data.unipen.strokes import PenData, Rows, Strokes
from nn_scratch.data.unipen.symbols import SYMBOLS
from nn_scratch.images import ink
from nn_scratch.nn.network import DIGITS

LETTERS = tuple("AEFHKMNRWXaefhkmnrwx")  # not O, I, Z, S, B, G, q and others, which may be digits from their looks
LETTERS_EITHER_WAY = tuple("AFKMNRWkmnwx")  # of these, those that look like no digit when they are flipped either
LIKE_DIGITS = {  # symbols that many would read as a digit, and why: on neither side, in training and in tests
    "!": "a bar over a dot is a hasty 1",
    "|": "a bar is a 1",
    "/": "a leaning bar is a leaning 1",
    "\\": "a leaning bar is a leaning 1",
    ";": "its comma is a small 1 or 9, and its dot a speck",
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

    def draw(self, rng: np.random.Generator) -> Strokes:
        """The strokes of one of the characters."""
        return self.pen.strokes(int(rng.choice(self.rows)))

    def draw_deformed(self, rng: np.random.Generator) -> Strokes:
        """The strokes of one of the characters, most often deformed."""
        strokes = self.draw(rng)
        return deform(strokes, rng) if rng.random() < DEFORMED else strokes


class Writing:
    """What some writers wrote, from which drawings are made that are not digits.

    Attributes:
        symbols: symbols that are not like digits.
        letters: letters that look like no digit.
        either_way: letters that look like no digit when they are flipped, either.
        digits: digits.
        characters: digits and letters that are more than a bar.
    """

    def __init__(self, pen: PenData, symbols: PenData, test: bool) -> None:
        """The writing of test writers, or of all others, in `pen` and in `symbols`."""
        of_writers = pen.of_test_writers() == test

        def among(labels: Sequence[str]) -> Source:
            return Source(pen, np.flatnonzero(of_writers & np.isin(pen.labels, labels)))

        self.letters, self.either_way, self.digits = among(LETTERS), among(LETTERS_EITHER_WAY), among(DIGITS)
        self.characters = Source(pen, np.flatnonzero(of_writers & ~np.isin(pen.labels, BARS)))
        rows = np.flatnonzero((symbols.of_test_writers() == test) & ~np.isin(symbols.labels, list(LIKE_DIGITS)))
        self.symbols = Source(symbols, rows[[not is_bar(symbols.strokes(int(i))) for i in rows]])


Draw: TypeAlias = Callable[[Writing, np.random.Generator], Strokes]


def is_bar(strokes: Strokes) -> bool:
    """Whether this is one straight stroke that is not level: what is left of a symbol that was cut wrongly."""
    if len(strokes) > 1:
        return False
    across, down = np.abs(strokes[0][-1] - strokes[0][0])
    return bool(np.hypot(across, down) > STRAIGHT * path_lengths(strokes[0])[-1] and down > STEEP * across)


def invent(kinds: Iterable[str]) -> Draw:
    """What draws any of `kinds` of outliers."""
    names = list(kinds)
    return lambda writing, rng: outliers.draw(str(rng.choice(names)), rng)


def pair_of_digits(writing: Writing, rng: np.random.Generator) -> Strokes:
    """Two digits beside each other."""
    return combinations.side_by_side(writing.digits.draw(rng), writing.digits.draw(rng), rng)


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


KINDS: dict[str, tuple[float, Draw]] = {  # fraction of all, how it is drawn
    "symbols": (0.30, lambda writing, rng: writing.symbols.draw_deformed(rng)),
    "flipped symbols": (0.05, lambda writing, rng: combinations.flip(writing.symbols.draw_deformed(rng), rng)),
    "letters": (0.18, lambda writing, rng: writing.letters.draw_deformed(rng)),
    "flipped letters": (0.04, lambda writing, rng: combinations.flip(writing.either_way.draw_deformed(rng), rng)),
    "pairs of digits": (0.09, pair_of_digits),
    "pairs with symbols": (0.04, pair_with_symbol),
    "overlays": (0.05, overlay),
    "collages": (0.03, collage),
    "invented symbols": (0.07, invent(SYMBOLS)),
    "doodles": (0.10, invent(DOODLES)),
    "scribbles": (0.05, invent(SCRIBBLES)),
}


def draw_unknown(writing: Writing, count: int, rng: np.random.Generator) -> Images:
    """`count` drawings that are not digits, of all `KINDS`, as a network sees them: (count, 28, 28)."""
    fractions = np.array([fraction for fraction, _ in KINDS.values()])
    kinds = rng.choice(list(KINDS), count, p=fractions / fractions.sum())
    return ink.render_all(KINDS[kind][1](writing, rng) for kind in kinds)
