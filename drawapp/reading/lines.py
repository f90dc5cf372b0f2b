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
from drawapp.reading.grouping import OVER, Span, grouped
from drawapp.reading.shapes import Kind, Shape, shape_of
from nn_scratch.arrays import Images
from nn_scratch.ink.components import Numbers, connected
from nn_scratch.ink.rendering import Stroke

TALL = 0.4  # of the tallest component: a lower one makes no line of its own
BESIDE = 0.25  # of the lower component: those whose heights overlap by more stand in one line
COMPARABLE = 0.5  # of the highest line: a lower one is not a line
CUT_OVER = 0.8  # of the largest fragment: fragments that overlap by more, from side to side, are not cut apart
BELOW = 0.3  # of the narrower line: lines that overlap less, from side to side, are one that rises or falls


class Drawing(Protocol):
    """What a line is made of: the connected components of a drawing."""

    @property
    def components(self) -> Sequence[Bounds]: ...

    @property
    def kinds(self) -> Sequence[Kind | None]:
        """What each component shows by its geometry alone."""
        ...

    @property
    def wholes(self) -> Sequence[int]:
        """Which component was cut to get each of these; in a drawing that is not cut, all numbers differ."""
        ...

    @property
    def cut_cost(self) -> float:
        """By how much better, in log-probability, each character that is cut off has to make the reading."""
        ...

    def cut(self, numbers: Sequence[int], /) -> Drawing | None:
        """The components `numbers` cut into fragments wherever characters may touch; None where they nowhere may."""
        ...

    def image(self, numbers: Sequence[int], /) -> Images:
        """The components `numbers` as a network reads them: uint8 (28, 28)."""
        ...

    def strokes(self, numbers: Sequence[int], /) -> tuple[Stroke, ...]:
        """The strokes of the components `numbers`, none where only the ink is known."""
        ...


class Line:
    """A line of writing in `drawing`, made of the components `numbers`: all of them unless others are named.

    `groups` has the bounds of its groups, from left to right, between which it may be cut. `touching` tells of each
    place between two of them whether ink touches there. Groups overlap by at most `over` from side to side.
    """

    def __init__(self, drawing: Drawing, numbers: Sequence[int] | None = None, over: float = OVER) -> None:
        self._drawing = drawing
        self._all = range(len(drawing.components)) if numbers is None else numbers
        self.cut_cost = drawing.cut_cost
        groups = grouped([drawing.components[number] for number in self._all], over)
        self.groups = [group.bounds for group in groups]
        self._numbers = [[self._all[k] for k in group.components] for group in groups]
        wholes = [{drawing.wholes[number] for number in numbers} for numbers in self._numbers]
        cuts = range(1, len(groups))
        self.touching = [bool(set().union(*wholes[:cut]) & set().union(*wholes[cut:])) for cut in cuts]

    def cut(self) -> Line | None:
        """This line, its components cut wherever characters may touch; None where they nowhere may."""
        fragments = self._drawing.cut(self._all)
        return Line(fragments, over=CUT_OVER) if fragments is not None else None

    def image(self, span: Span) -> Images:
        """The groups of `span` as a network reads them: uint8 (28, 28)."""
        return self._drawing.image(self._components(span))

    def strokes(self, span: Span) -> tuple[Stroke, ...]:
        """The strokes of the groups of `span`, none where only the ink is known."""
        return self._drawing.strokes(self._components(span))

    def shape(self, span: Span) -> Shape | None:
        """What the groups of `span` show by their geometry alone."""
        numbers = self._components(span)
        bounds = [self._drawing.components[number] for number in numbers]
        kinds = [self._drawing.kinds[number] for number in numbers]
        return shape_of(kinds, [each.extent for each in bounds], around(bounds).extent)

    def _components(self, span: Span) -> list[int]:
        return [number for numbers in self._numbers[span.first : span.last] for number in numbers]


def stacked(drawing: Drawing) -> list[list[int]]:
    """The numbers of the components of each line of `drawing`, from the top; one line where nothing speaks for more."""
    components = drawing.components
    whole = list(range(len(components)))
    may_stand = [n for n in whole if drawing.kinds[n] not in (Kind.DOT, Kind.LEVEL_BAR)]
    highest = max((components[number].height for number in may_stand), default=0.0)
    tall = [number for number in may_stand if components[number].height >= TALL * highest]
    lines = beside(components, tall)
    if len(lines) < 2:
        return [whole]
    extents = [around(components[number] for number in line) for line in lines]
    order = sorted(range(len(lines)), key=lambda k: extents[k].top + extents[k].bottom)
    if not all(are_lines(extents[upper], extents[lower]) for upper, lower in pairwise(order)):
        return [whole]
    for number in sorted(set(whole).difference(tall)):
        away = [distance(components[number], extent) for extent in extents]
        lines[away.index(min(away))].append(number)
    return [sorted(lines[k]) for k in order]


def beside(components: Sequence[Bounds], tall: Sequence[int]) -> list[list[int]]:
    """The `tall` ones of `components` in lines: those whose heights overlap stand beside each other."""
    top, bottom = np.array([(components[number].top, components[number].bottom) for number in tall]).reshape(-1, 2).T
    height = bottom - top
    shared = np.minimum(bottom, bottom[:, None]) - np.maximum(top, top[:, None])  # (T, T)
    pairs = np.argwhere(shared > BESIDE * np.minimum(height, height[:, None]))  # (E, 2)
    line_of: Numbers = connected(len(tall), pairs)  # (T,)
    return [[tall[int(i)] for i in np.flatnonzero(line_of == number)] for number in np.unique(line_of)]


def are_lines(upper: Bounds, lower: Bounds) -> bool:
    """Whether the extents of two neighbouring lines are about equally high, and one lies below the other."""
    lowest, highest = sorted([upper.height, lower.height])
    narrower = min(upper.width, lower.width)
    return lowest >= COMPARABLE * highest and overlap(upper, lower) > BELOW * narrower
