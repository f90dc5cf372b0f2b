"""Characters: which parts of a drawing make up each character, so that "42" is read as a 4 and a 2.

Where one character ends and the next begins is not to be seen before they are read. So the drawing is cut more often
than needed, all groups of neighbouring parts are read, and the best way through them is found by dynamic programming:
over-segmentation and best path, as in Matan, Burges, LeCun and Denker, "Multi-digit recognition using a space
displacement neural network" (1992), and LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
recognition" (1998), section V.

A way's score is the sum of the log-probabilities of its characters; a cut through a gap is a little likelier than one
through what overlaps, and a character much smaller than the others is not likely to be one. How much that counts was
chosen on the digits of training writers; it is little, because reading tells most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from drawapp.reading.grouping import Bounds, around
from nn_scratch.arrays import Array, Images

LONGEST = 4  # parts of a character
APART = 0.4  # of the largest part: a wider gap always ends a character
CUT = 2.0  # log-odds of a cut, for each unit of gap
SMALL, LESS_LIKELY = 0.5, 2.0  # a character smaller than this part of the largest is less likely by this log-odds


class Span(NamedTuple):
    """The parts first ... last - 1."""

    first: int
    last: int


class Drawn(Protocol):
    """A drawing in parts, from left to right."""

    @property
    def parts(self) -> Sequence[Bounds]: ...

    def image(self, span: Span, /) -> Images:
        """The parts of `span` as the network reads them: uint8 (28, 28)."""
        ...


def gaps(parts: Sequence[Bounds]) -> list[float]:
    """The gap after each part but the last, in units of the largest part; less than 0 where the sides overlap."""
    unit = _unit(parts)
    return [
        (min(box.left for box in parts[cut:]) - max(box.right for box in parts[:cut])) / unit
        for cut in range(1, len(parts))
    ]


def _unit(parts: Sequence[Bounds]) -> float:
    return max(max(box.extent for box in parts), 1e-9)  # a dot has no size


def candidates(parts: Sequence[Bounds]) -> list[Span]:
    """All groups of neighbouring `parts` that may be a character."""
    ends = [cut for cut, gap in enumerate(gaps(parts), 1) if gap > APART] + [len(parts)]
    spans = []
    for first in range(len(parts)):
        end = next(end for end in ends if end > first)
        spans += [Span(first, last) for last in range(first + 1, min(first + LONGEST, end) + 1)]
    return spans


def best_split(parts: Sequence[Bounds], spans: Sequence[Span], scores: Array) -> list[int]:
    """The numbers of the `spans`, from left to right, that together cover `parts` with the highest score.

    `scores` (C,) has the log-probability of each span.
    """
    cuts = [CUT * gap for gap in gaps(parts)] + [0.0]
    small = SMALL * _unit(parts)
    best: list[tuple[float, list[int]]] = [(0.0, [])]  # of the first 0, 1, 2 ... parts
    for last in range(1, len(parts) + 1):
        ways = []
        for number, span in enumerate(spans):
            if span.last == last:
                before, way = best[span.first]
                size = LESS_LIKELY if around(parts[span.first : last]).extent < small else 0.0
                ways.append((before + float(scores[number]) + cuts[last - 1] - size, [*way, number]))
        best.append(max(ways))
    return best[-1][1]
