"""Grouping: from the connected components of a drawing to groups, between which it may be cut into characters.

A component is connected ink, or connected strokes. Many characters have several (the bar of a 5 and its body), and ink
that nobody meant is one too. Before anyone asks what a component shows, its size and place tell a good deal. A speck is
not a character: it belongs to the component beside it, or to nothing. Components that lie over each other are one
group. All lengths are compared with the largest component, so that a drawing of any size is treated alike. The numbers
below were measured on pen digits of two and more strokes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from drawapp.drawing.geometry import Bounds, around, distance, overlap

SPECK = 0.12  # of the largest component: smaller than 99.5 % of the strokes of digits
REACH = 0.25  # of the largest component: a speck farther from everything is ignored
OVER = 0.3  # of the largest component: components that overlap by more, from side to side, are one group
MOST_GROUPS = 12  # that are told apart


class Group(NamedTuple):
    """Components that lie over each other: their numbers, and the bounds around them all."""

    components: list[int]
    bounds: Bounds


class Span(NamedTuple):
    """Neighbouring groups that may be one character, from left to right: `first` to `last` - 1."""

    first: int
    last: int


def grouped(components: Sequence[Bounds], over: float = OVER) -> list[Group]:
    """The groups of `components` from left to right, at most `MOST_GROUPS`. A speck far from everything is in none.

    Components that overlap by more than `over`, a fraction of the largest, are one group.
    """
    unit = max(bounds.extent for bounds in components)
    singles = [Group([number], bounds) for number, bounds in enumerate(components)]
    groups = laid_over([single for single in singles if single.bounds.extent >= SPECK * unit], over * unit)
    places = [group.bounds for group in groups]  # before any speck widens them
    for speck in [single for single in singles if single.bounds.extent < SPECK * unit]:
        gaps = [distance(speck.bounds, place) for place in places]
        nearest = gaps.index(min(gaps))
        if gaps[nearest] <= REACH * unit:
            groups[nearest] = joined([groups[nearest], speck])
    groups.sort(key=lambda group: group.bounds.middle)
    while len(groups) > MOST_GROUPS:
        first = max(range(len(groups) - 1), key=lambda k: overlap(groups[k].bounds, groups[k + 1].bounds))
        groups[first : first + 2] = [joined(groups[first : first + 2])]
    return groups


def laid_over(groups: Sequence[Group], least: float) -> list[Group]:
    """`groups`, those joined that overlap from side to side by `least` or more."""
    kept: list[Group] = []
    for group in sorted(groups, key=lambda group: -group.bounds.extent):
        below = [other for other in kept if overlap(other.bounds, group.bounds) >= least]
        kept = [other for other in kept if other not in below] + [joined([*reversed(below), group])]
    return kept


def joined(groups: Sequence[Group]) -> Group:
    """One group of all the components in `groups`."""
    numbers = [number for group in groups for number in group.components]
    return Group(numbers, around(group.bounds for group in groups))
