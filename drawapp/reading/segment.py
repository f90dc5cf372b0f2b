"""Segmentation: which groups of a drawing make up each character, so that "42" is read as a 4 and a 2.

Where one character ends and the next begins cannot be seen before they are read. So the drawing is cut more often than
needed, all spans of neighbouring groups are read, and the best path through them is found by dynamic programming:
over-segmentation and best path, as in Matan, Burges, LeCun and Denker, "Multi-digit recognition using a space
displacement neural network" (1992), and LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
recognition" (1998), section V.

The score of a path is the sum of the log-probabilities of its characters. A cut through a gap is a little likelier than
a cut between groups that overlap, and a character much smaller than the others is a little less likely. How much that
counts was chosen on the digits of training writers; it is little, because reading tells most.
"""

from __future__ import annotations

from collections.abc import Sequence

from drawapp.drawing.geometry import Bounds, around
from drawapp.reading.grouping import Span
from nn_scratch.arrays import Array

LONGEST = 4  # groups of a character
APART = 0.4  # of the largest group: a wider gap always ends a character
CUT = 2.0  # log-odds of a cut, for each unit of gap
SMALL, LESS_LIKELY = 0.5, 2.0  # a character below this fraction of the largest group is less likely by this log-odds


def largest_extent(groups: Sequence[Bounds]) -> float:
    """The extent of the largest of `groups`, the unit of gaps and sizes."""
    return max(max(group.extent for group in groups), 1e-9)  # a dot has no size


def gaps(groups: Sequence[Bounds]) -> list[float]:
    """The gap after each group but the last, in units of the largest group; less than 0 where the sides overlap."""
    unit = largest_extent(groups)
    return [
        (min(group.left for group in groups[cut:]) - max(group.right for group in groups[:cut])) / unit
        for cut in range(1, len(groups))
    ]


def candidates(groups: Sequence[Bounds]) -> list[Span]:
    """All spans of neighbouring `groups` that may be a character."""
    ends = [cut for cut, gap in enumerate(gaps(groups), 1) if gap > APART] + [len(groups)]
    spans = []
    for first in range(len(groups)):
        end = next(end for end in ends if end > first)
        spans += [Span(first, last) for last in range(first + 1, min(first + LONGEST, end) + 1)]
    return spans


def best_path(groups: Sequence[Bounds], spans: Sequence[Span], scores: Array) -> list[int]:
    """The numbers of the `spans`, from left to right, that together cover `groups` with the highest score.

    `scores` (C,) has the log-probability of each span.
    """
    cuts = [CUT * gap for gap in gaps(groups)] + [0.0]  # after each group
    small = SMALL * largest_extent(groups)
    best: list[tuple[float, list[int]]] = [(0.0, [])]  # score and path through the first 0, 1, 2 ... groups
    for last in range(1, len(groups) + 1):
        paths = []
        for number, span in enumerate(spans):
            if span.last == last:
                score, path = best[span.first]
                penalty = LESS_LIKELY if around(groups[span.first : last]).extent < small else 0.0
                paths.append((score + float(scores[number]) + cuts[last - 1] - penalty, [*path, number]))
        best.append(max(paths))
    return best[-1][1]
