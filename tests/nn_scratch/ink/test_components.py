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
    seen = np.full(mask.shape, -1)
    for number, start in enumerate(zip(*np.nonzero(mask), strict=True)):
        queue = [start] if seen[start] < 0 else []
        while queue:
            row, column = queue.pop()
            if 0 <= row < 7 and 0 <= column < 9 and mask[row, column] and seen[row, column] < 0:
                seen[row, column] = number
                queue += [(row + dy, column + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    assert ((component_at >= 0) == mask).all()
    assert len(boxes) == len(set(seen[mask]))
    ours, theirs = component_at[mask], seen[mask]
    assert ((ours[:, None] == ours) == (theirs[:, None] == theirs)).all()
    for number, box in enumerate(boxes.tolist()):
        rows, columns = np.nonzero(component_at == number)
        assert box == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
