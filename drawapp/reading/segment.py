"""Segmentation: which groups of a drawing make up each character, so that "42" is read as a 4 and a 2.

Where one character ends and the next begins cannot be seen before they are read. So the drawing is cut more often than
needed, all spans of neighbouring groups are read, and the best path through them is found by dynamic programming:
over-segmentation and best path, as in Matan, Burges, LeCun and Denker, "Multi-digit recognition using a space
displacement neural network" (1992), and LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document
recognition" (1998), section V.

The score of a path is the sum of the log-probabilities of its characters. A cut through a gap is likelier than a cut
between groups whose sides overlap, and a character is less likely that is much smaller than the largest group or wider
than characters are. For a cut between strokes that touch it counts almost alone whether cutting reads better
than not. How much all this counts was chosen on the validation writers of the bundled models.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from drawapp.drawing.geometry import Bounds, around
from drawapp.reading.grouping import Span
from nn_scratch.arrays import Array

LONGEST = 4  # groups of a character
APART = 0.4  # of the largest group: a wider gap always ends a character
CUT = 8.0  # log-odds of a cut, for each unit of gap
OVER = 1.0  # log-odds of a cut between groups that do not touch, for each unit by which their sides overlap
TOUCH = 0.1  # log-odds of a cut through ink that touches
SMALL, LESS = 0.8, 4.0  # a character below this fraction of the largest group is less likely, by so much for each unit
WIDE, LESS_WIDE = 1.1, 3.0  # a character wider than so many heights is less likely, by so much for each e-fold
WIDEST = 3.0  # heights: several groups are no character that is wider, and a level bar is not less likely than this


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
    return [span for span in spans if span.last - span.first == 1 or not is_too_wide(around(groups[slice(*span)]))]


def is_too_wide(bounds: Bounds) -> bool:
    """Whether several groups within `bounds` are wider than any character."""
    return bounds.width > WIDEST * bounds.height


def best_path(
    groups: Sequence[Bounds], spans: Sequence[Span], scores: Array, touching: Sequence[bool] = ()
) -> tuple[float, list[int]]:
    """The score and the numbers of the `spans`, from left to right, that cover `groups` with the highest score.

    `scores` (C,) has the log-probability of each span; `touching` tells of each place for a cut whether ink touches
    there, nowhere unless it is given.
    """
    unit = largest_extent(groups)
    places = zip(gaps(groups), touching or [False] * (len(groups) - 1), strict=True)
    cuts = [TOUCH if touches else CUT * max(gap, 0.0) + OVER * max(-gap, 0.0) for gap, touches in places]
    cuts.append(0.0)  # after the last group
    best: list[tuple[float, list[int]]] = [(0.0, [])]  # score and path through the first 0, 1, 2 ... groups
    for last in range(1, len(groups) + 1):
        paths = []
        for number, span in enumerate(spans):
            if span.last == last:
                score, path = best[span.first]
                bounds = around(groups[span.first : last])
                paths.append((score + float(scores[number]) + cuts[last - 1] - unlike(bounds, unit), [*path, number]))
        best.append(max(paths))
    return best[-1]


def unlike(bounds: Bounds, unit: float) -> float:
    """By how much a character within `bounds` is less likely than others, for its size; the `unit` is that of sizes."""
    wide = min(bounds.width / max(bounds.height, 1e-9), WIDEST)
    return LESS * max(SMALL - bounds.extent / unit, 0.0) + LESS_WIDE * math.log(max(wide / WIDE, 1.0))
