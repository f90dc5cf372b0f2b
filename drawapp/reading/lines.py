"""Lines of writing: which components stand beside each other, and which below.

People write 73 over 56 on one sheet. From left to right, the 7 and the 5 would be one character. Components that lie on
the same height are one line, and so are those too small to be a character, with what is nearest: the bar of a 5, the
dot of an i. Some characters are drawn as two components one above the other, such as an 8 of two circles, so geometry
only says what is possible, and reading decides (see `Recognizer`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np

from drawapp.drawing.geometry import Bounds, around, distance, overlap
from drawapp.reading.grouping import Numbers, Span, connected, grouped
from drawapp.reading.shapes import Kind, Shape, shape_of
from nn_scratch.arrays import Images

TALL = 0.4  # of the tallest component: a lower one makes no line of its own
FLAT = 0.25  # of its width: a component that is lower is a bar
BESIDE = 0.25  # of the lower component: those whose heights overlap by more stand in one line
COMPARABLE = 0.5  # of the highest line: a lower one is not a line
BELOW = 0.3  # of the narrower line: lines that overlap less, from side to side, are one that rises or falls


class Drawing(Protocol):
    """What a line is made of: the connected components of a drawing."""

    @property
    def components(self) -> Sequence[Bounds]: ...

    @property
    def kinds(self) -> Sequence[Kind | None]:
        """What each component shows by its geometry alone."""
        ...

    def image(self, numbers: Sequence[int], /) -> Images:
        """The components `numbers` as a network reads them: uint8 (28, 28)."""
        ...


class Line:
    """A line of writing in `drawing`, made of the components `numbers`: all of them unless others are named.

    `groups` has the bounds of its groups, from left to right, between which it may be cut.
    """

    def __init__(self, drawing: Drawing, numbers: Sequence[int] | None = None) -> None:
        numbers = range(len(drawing.components)) if numbers is None else numbers
        groups = grouped([drawing.components[number] for number in numbers])
        self.groups = [group.bounds for group in groups]
        self._drawing = drawing
        self._numbers = [[numbers[k] for k in group.components] for group in groups]

    def image(self, span: Span) -> Images:
        """The groups of `span` as a network reads them: uint8 (28, 28)."""
        return self._drawing.image(self._components(span))

    def shape(self, span: Span) -> Shape | None:
        """What the groups of `span` show by their geometry alone."""
        return shape_of([self._drawing.kinds[number] for number in self._components(span)])

    def _components(self, span: Span) -> list[int]:
        return [number for numbers in self._numbers[span.first : span.last] for number in numbers]


def stacked(components: Sequence[Bounds]) -> list[list[int]]:
    """The numbers of the `components` of each line, from the top down. It is one line where nothing speaks for more."""
    whole = [list(range(len(components)))]
    highest = max(bounds.height for bounds in components)
    tall = [n for n, bounds in enumerate(components) if bounds.height >= max(TALL * highest, FLAT * bounds.width)]
    lines = beside(components, tall)
    if len(lines) < 2:
        return whole
    extents = [around(components[number] for number in line) for line in lines]
    order = sorted(range(len(lines)), key=lambda k: extents[k].top + extents[k].bottom)
    if not all(are_lines(extents[upper], extents[lower]) for upper, lower in pairwise(order)):
        return whole
    for number in set(whole[0]).difference(tall):
        nearest = min(lines, key=lambda line: min(distance(components[number], components[k]) for k in line))
        nearest.append(number)
    return [sorted(lines[k]) for k in order]


def beside(components: Sequence[Bounds], tall: Sequence[int]) -> list[list[int]]:
    """The `tall` ones of `components` in lines: those whose heights overlap stand beside each other."""
    pairs = [
        (i, k)
        for i, one in enumerate(tall)
        for k, other in enumerate(tall[:i])
        if are_level(components[one], components[other])
    ]
    line_of: Numbers = connected(len(tall), np.array(pairs, np.intp))
    return [[tall[i] for i in np.flatnonzero(line_of == number)] for number in np.unique(line_of)]


def are_level(one: Bounds, other: Bounds) -> bool:
    """Whether the heights of two components overlap enough to stand in one line."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > BESIDE * min(one.height, other.height)


def are_lines(upper: Bounds, lower: Bounds) -> bool:
    """Whether the extents of two neighbouring lines are about equally high, and one lies below the other."""
    lowest, highest = sorted([upper.height, lower.height])
    narrower = min(upper.width, lower.width)
    return lowest >= COMPARABLE * highest and overlap(upper, lower) > BELOW * narrower
