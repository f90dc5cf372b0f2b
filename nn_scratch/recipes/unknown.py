"""What is not a digit, and what is not one character: the drawings that the rejectors learn to refuse.

A rejector is as good as what it was shown. Shown invented symbols alone, it takes half of all real ones for digits. So
most of these drawings come from the hands of hundreds of people: symbols and letters that they wrote, two characters
beside each other or one over the other, mirrored ones, and strokes of several characters anywhere.
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
from nn_scratch.recipes import doodles
from nn_scratch.recipes.doodles import DOODLES, SCRIBBLES, SYMBOLS
from nn_scratch.recipes.strokes import PenData, Rows, Strokes, bounding_box, path_lengths, rotation
from nn_scratch.recipes.variants import deform

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
FLIPS = np.array([[-1, 1], [1, -1], [-1, -1]])  # left and right, top and bottom, or both change places


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
        symbols: symbols that are not like digits; `signs`: those that are not like letters, either.
        letters: letters that look like no digit; `either_way`: those that, flipped, look like no digit either.
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

    def characters_or_symbols(self, rng: np.random.Generator) -> Source:
        """The characters or the symbols."""
        return self.characters if rng.random() < 0.5 else self.symbols


def is_bar(strokes: Strokes) -> bool:
    """Whether this is one straight stroke that is not level: what is left of a symbol that was cut wrongly."""
    if len(strokes) > 1:
        return False
    across, down = np.abs(strokes[0][-1] - strokes[0][0])
    return bool(np.hypot(across, down) > STRAIGHT * path_lengths(strokes[0])[-1] and down > STEEP * across)


def side_by_side(left: Strokes, right: Strokes, rng: np.random.Generator) -> Strokes:
    """Two characters of about the same height beside each other, with a gap or overlapping a little."""
    gap = rng.uniform(-0.15, 0.4)
    strokes: Strokes = []
    edge = 0.0
    for character in (left, right):
        corner, size = bounding_box(character)
        scale = rng.uniform(0.85, 1.15) / size[1] if size[1] > 0.3 * size[0] else 1 / size[0]
        place = np.array([edge, rng.uniform(-0.1, 0.1)])
        strokes += [((stroke - corner) * scale + place).astype(np.float32) for stroke in character]
        edge = float(size[0]) * scale + gap
    return strokes


def flip(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """`strokes` mirrored, upside down or both."""
    way = FLIPS[rng.integers(len(FLIPS))]
    return [(stroke * way).astype(np.float32) for stroke in strokes]


def overlay(characters: Sequence[Strokes], rng: np.random.Generator, most: float = 0.25) -> Strokes:
    """`characters` of about the same size, one over the other, moved by up to `most` of their size."""
    strokes: Strokes = []
    for character in characters:
        corner, size = bounding_box(character)
        scale, place = rng.uniform(0.7, 1.2) / size.max(), rng.uniform(-most, most, 2)
        strokes += [((stroke - corner - size / 2) * scale + place).astype(np.float32) for stroke in character]
    return strokes


def collage(characters: Sequence[Strokes], rng: np.random.Generator) -> Strokes:
    """One stroke of each of `characters`, turned by any angle and put anywhere."""
    turned: list[Strokes] = []
    for character in characters:
        turn = rotation(rng.uniform(-np.pi, np.pi))
        turned.append([character[rng.integers(len(character))] @ turn])
    return overlay(turned, rng, most=0.5)


def draw_pair_with_symbol(writing: Writing, rng: np.random.Generator) -> Strokes:
    """A symbol beside a character or another symbol."""
    other = writing.characters_or_symbols(rng)
    pair = [writing.symbols.draw(rng), other.draw(rng)]
    first = int(rng.integers(2))
    return side_by_side(pair[first], pair[1 - first], rng)


def draw_overlay(writing: Writing, rng: np.random.Generator) -> Strokes:
    """A character or a symbol over a character."""
    other = writing.characters_or_symbols(rng)
    return overlay([writing.characters.draw(rng), other.draw(rng)], rng)


def draw_collage(writing: Writing, rng: np.random.Generator) -> Strokes:
    """Strokes of two to four characters and symbols."""
    sources = [writing.characters, writing.symbols]
    return collage([sources[rng.integers(2)].draw(rng) for _ in range(rng.integers(2, 5))], rng)


Draw: TypeAlias = Callable[[Writing, np.random.Generator], Strokes]
Kinds: TypeAlias = Mapping[str, tuple[float, Draw]]  # fraction of all, how it is drawn


def invent(kinds: Iterable[str], but: Collection[str] = ()) -> Draw:
    """What draws any of `kinds` of invented drawings that is not one of `but`."""
    names = [kind for kind in kinds if kind not in but]
    return lambda writing, rng: doodles.draw(str(rng.choice(names)), rng)


NO_DIGIT: Kinds = {
    "symbols": (0.36, lambda writing, rng: writing.symbols.draw_deformed(rng)),
    "flipped symbols": (0.05, lambda writing, rng: flip(writing.symbols.draw_deformed(rng), rng)),
    "letters": (0.16, lambda writing, rng: writing.letters.draw_deformed(rng)),
    "flipped letters": (0.04, lambda writing, rng: flip(writing.either_way.draw_deformed(rng), rng)),
    "pairs of digits": (0.07, lambda w, rng: side_by_side(w.digits.draw(rng), w.digits.draw(rng), rng)),
    "pairs with symbols": (0.04, draw_pair_with_symbol),
    "overlays": (0.04, draw_overlay),
    "collages": (0.03, draw_collage),
    "invented symbols": (0.06, invent(SYMBOLS)),
    "doodles": (0.10, invent(DOODLES)),
    "scribbles": (0.05, invent(SCRIBBLES)),
}
NO_CHARACTER: Kinds = {  # two characters in one image may look like a third one, as I and C like a K
    "pairs of characters": (0.50, lambda w, rng: side_by_side(w.everything.draw(rng), w.everything.draw(rng), rng)),
    "pairs with symbols": (0.04, draw_pair_with_symbol),
    "symbols": (0.20, lambda writing, rng: writing.signs.draw_deformed(rng)),
    "overlays": (0.05, draw_overlay),
    "collages": (0.03, draw_collage),
    "invented symbols": (0.05, invent(SYMBOLS, but=INVENTED_LIKE_LETTERS)),
    "doodles": (0.09, invent(DOODLES, but=INVENTED_LIKE_LETTERS)),
    "scribbles": (0.04, invent(SCRIBBLES, but=INVENTED_LIKE_LETTERS)),
}


def draw_unknown(kinds: Kinds, writing: Writing, count: int, rng: np.random.Generator) -> Images:
    """`count` drawings of all `kinds`, as a network sees them: (count, 28, 28)."""
    fractions = np.array([fraction for fraction, _ in kinds.values()])
    names = rng.choice(list(kinds), count, p=fractions / fractions.sum())
    return ink.render_all(kinds[name][1](writing, rng) for name in names)
