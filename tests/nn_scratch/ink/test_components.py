"""Connected components are those that a slow and simple search finds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nn_scratch.ink.components import components_of, connected


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=30))
def test_components_are_those_of_walking_from_thing_to_thing(pairs: list[tuple[int, int]]) -> None:
    component = connected(20, np.array(pairs, np.intp).reshape(-1, 2))
    reach = np.eye(20, dtype=bool)
    for one, other in pairs:
        reach[one, other] = reach[other, one] = True
    for middle in range(20):
        reach |= reach[:, [middle]] & reach[[middle]]
    np.testing.assert_array_equal(component[:, None] == component, reach)


@given(seed=st.integers(0, 10_000), fraction=st.floats(0, 1))
def test_components_are_those_of_flooding_from_pixel_to_pixel(seed: int, fraction: float) -> None:
    mask = np.random.default_rng(seed).random((7, 9)) < fraction
    component_at, boxes = components_of(mask)
    ink = set(zip(*np.nonzero(mask), strict=True))
    assert {tuple(pixel) for pixel in np.argwhere(component_at >= 0)} == ink
    for number, box in enumerate(boxes.tolist()):
        pixels = [tuple(pixel) for pixel in np.argwhere(component_at == number)]
        queue, seen = pixels[:1], set(pixels[:1])
        while queue:
            row, column = queue.pop()
            around = {(row + dy, column + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)} & ink - seen
            queue += around
            seen |= around
        assert seen == set(pixels)
        rows, columns = np.array(pixels).T
        assert box == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    sizes = np.bincount(component_at[mask], minlength=len(boxes)) if mask.any() else np.zeros(0)
    assert (np.diff(sizes) <= 0).all()
