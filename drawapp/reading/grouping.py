"""Parts: the pieces of a drawing that may be characters, or pieces of one, from left to right.

Before anybody asks what a piece shows, its size and place tell a good deal. A speck is no character: it belongs to the
piece beside it, or to nothing. Pieces that lie over each other (the bar of a 5 and its body) are one part. All lengths
are compared with the largest piece, so that a drawing of any size is treated alike. The numbers below were measured on
pen digits of two and more strokes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

SPECK = 0.12  # of the largest piece: smaller than 99.5 % of the strokes of digits
REACH = 0.25  # of the largest piece: a speck farther from everything is ignored
OVER = 0.3  # of the largest piece: pieces that would have to be moved farther to stand side by side are one
MOST = 12  # parts that are told apart


class Bounds(NamedTuple):
    """A box in the units of its drawing."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def extent(self) -> float:
        """The longer side."""
        return max(self.right - self.left, self.bottom - self.top)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def around(boxes: Iterable[Bounds]) -> Bounds:
    """The smallest box around `boxes`."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Bounds(min(lefts), min(tops), max(rights), max(bottoms))


def overlap(one: Bounds, other: Bounds) -> float:
    """How far the boxes would have to be moved to stand side by side; less than 0 is the gap between them."""
    return min(one.right - other.left, other.right - one.left)


def distance(one: Bounds, other: Bounds) -> float:
    """Between the nearest points of two boxes, along the longer way of across and down."""
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return max(-overlap(one, other), down, 0.0)


def settle(pieces: Sequence[Bounds]) -> list[list[int]]:
    """The numbers of the `pieces` of each part, the parts from left to right, at most `MOST`."""
    unit = max(box.extent for box in pieces)
    specks = [i for i, box in enumerate(pieces) if box.extent < SPECK * unit]
    parts = _laid_over([i for i in range(len(pieces)) if i not in set(specks)], pieces, unit)
    boxes = [around(pieces[i] for i in part) for part in parts]
    for speck in specks:
        nearest = min(range(len(parts)), key=lambda k: distance(pieces[speck], boxes[k]))
        if distance(pieces[speck], boxes[nearest]) <= REACH * unit:
            parts[nearest].append(speck)
    parts.sort(key=lambda part: around(pieces[i] for i in part).middle)
    while len(parts) > MOST:
        _join_nearest(parts, pieces)
    return parts


def _laid_over(numbers: list[int], pieces: Sequence[Bounds], unit: float) -> list[list[int]]:
    """The pieces called `numbers`, those together that lie over each other."""
    parts: list[tuple[list[int], Bounds]] = []
    for i in sorted(numbers, key=lambda i: -pieces[i].extent):
        members, box = [i], pieces[i]
        for part in [part for part in parts if overlap(part[1], pieces[i]) >= OVER * unit]:
            parts.remove(part)
            members, box = part[0] + members, around([part[1], box])
        parts.append((members, box))
    return [members for members, _ in parts]


def _join_nearest(parts: list[list[int]], pieces: Sequence[Bounds]) -> None:
    """Make one part of the two neighbours with the narrowest gap."""
    boxes = [around(pieces[i] for i in part) for part in parts]
    first = max(range(len(parts) - 1), key=lambda k: overlap(boxes[k], boxes[k + 1]))
    parts[first] += parts.pop(first + 1)
