"""Geometry: points, extents and boxes.

The drawing, what is read of it and the window that shows it all ask where something lies. They share these words, so
that nobody has to guess whether a rectangle means corners or a size, in cells or in pixels: a `Bounds` is an extent in
any unit and has two corners; a `Box` is a place in the window, in whole pixels, and has a corner and a size.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

Point = tuple[float, float]  # x to the right, y down


class Bounds(NamedTuple):
    """The extent of some ink, in any unit: cells of the canvas, pixels of an image, units of a tablet."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def extent(self) -> float:
        """The longer side."""
        return max(self.width, self.height)

    @property
    def middle(self) -> float:
        """Halfway from left to right."""
        return (self.left + self.right) / 2


def around(several: Iterable[Bounds]) -> Bounds:
    """The smallest bounds around `several`, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*several, strict=True)
    return Bounds(min(lefts), min(tops), max(rights), max(bottoms))


def overlap(one: Bounds, other: Bounds) -> float:
    """How far one would have to move to the side until it stands beside the other; below 0 it is the gap between."""
    return min(one.right - other.left, other.right - one.left)


def distance(one: Bounds, other: Bounds) -> float:
    """The gap between two bounds, the larger of those across and down; 0 where they touch or overlap."""
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    return max(-overlap(one, other), down, 0.0)


class Box(NamedTuple):
    """A rectangle in whole pixels of the window. Pygame takes it wherever it takes a rectangle."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def centre(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2

    def shrunk(self, by: int) -> Box:
        """The same box with a margin of `by` inside."""
        return Box(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)

    def without_top(self, height: int) -> Box:
        """The same box without a strip of `height` at the top."""
        return self._replace(top=self.top + height, height=self.height - height)

    def without_bottom(self, height: int) -> Box:
        """The same box without a strip of `height` at the bottom."""
        return self._replace(height=self.height - height)

    def without_left(self, width: int) -> Box:
        """The same box without a strip of `width` on the left."""
        return self._replace(left=self.left + width, width=self.width - width)

    def without_right(self, width: int) -> Box:
        """The same box without a strip of `width` on the right."""
        return self._replace(width=self.width - width)

    def contains(self, x: float, y: float) -> bool:
        """Whether the point (x, y) lies in the box; its right and bottom edges do not belong to it."""
        return self.left <= x < self.right and self.top <= y < self.bottom
