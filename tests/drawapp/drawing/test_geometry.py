"""Geometry: gaps and overlaps have the right sign, and a box ends where its neighbour begins."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drawapp.drawing.geometry import Bounds, Box, around, distance, overlap

lengths = st.floats(0, 100)
extents = st.builds(lambda x, y, w, h: Bounds(x, y, x + w, y + h), lengths, lengths, lengths, lengths)


def test_a_gap_is_a_negative_overlap() -> None:
    left, right = Bounds(0, 0, 5, 10), Bounds(8, 0, 12, 10)
    assert overlap(left, right) == overlap(right, left) == -3
    assert overlap(left, Bounds(4, 20, 9, 30)) == 1  # only from side to side


def test_the_distance_is_the_larger_gap_and_0_where_bounds_overlap() -> None:
    corner = Bounds(0, 0, 5, 10)
    assert distance(corner, Bounds(8, 0, 12, 10)) == 3
    assert distance(corner, Bounds(8, 17, 12, 20)) == 7
    assert distance(corner, Bounds(4, 9, 6, 20)) == 0


@given(one=extents, other=extents)
def test_what_lies_around_two_contains_both(one: Bounds, other: Bounds) -> None:
    both = around([one, other])
    assert around([both, one]) == around([both, other]) == both
    assert both.extent >= max(one.extent, other.extent)
    assert distance(one, other) == distance(other, one) >= 0


def test_a_box_contains_its_left_and_top_edge_alone() -> None:
    box = Box(10, 20, 4, 6)
    assert (box.right, box.bottom, box.centre) == (14, 26, (12, 23))
    assert box.contains(10, 20)
    assert not box.contains(14, 20)
    assert not box.contains(10, 26)
    assert box.shrunk(1) == Box(11, 21, 2, 4)
    assert box.without_top(2) == Box(10, 22, 4, 4)
