"""The canvas: what is drawn is there, what is erased is gone, and any hand may hold the pen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawapp.drawing.canvas import CELLS, FINE_CELLS, UNDO_STEPS, Canvas
from drawapp.drawing.geometry import Point

on_canvas = st.tuples(st.floats(0, CELLS), st.floats(0, CELLS))
anything = st.tuples(st.floats(), st.floats())
widths = st.floats(1, 4)


@given(start=on_canvas, end=on_canvas, width=widths)
def test_one_fast_move_leaves_no_gap(start: Point, end: Point, width: float) -> None:
    canvas = Canvas()
    canvas.draw([start, end], width)
    fraction = np.linspace(0, 1, 200)[:, None]
    points = np.array(start) * (1 - fraction) + np.array(end) * fraction
    column, row = np.clip(points * FINE_CELLS / CELLS, 0, FINE_CELLS - 1).astype(int).T
    assert canvas.ink[row, column].min() > 0.9


@given(start=on_canvas, middle=on_canvas, end=on_canvas)
def test_a_line_in_many_moves_is_the_line_in_one(start: Point, middle: Point, end: Point) -> None:
    bent, in_two = Canvas(), Canvas()
    bent.draw([start, middle, end])
    in_two.draw([start, middle])
    in_two.draw([middle, end])
    np.testing.assert_array_equal(bent.ink, in_two.ink)


@given(points=st.lists(anything, max_size=6), erase=st.booleans(), width=widths)
def test_any_coordinates_leave_sane_ink(points: list[Point], erase: bool, width: float) -> None:
    canvas = Canvas()
    canvas.draw([(10, 10), (20, 20)])
    canvas.draw(points, width, erase)
    assert np.isfinite(canvas.ink).all()
    assert 0 <= canvas.ink.min() <= canvas.ink.max() <= 1
    for stroke in canvas.strokes():
        assert np.isfinite(stroke).all()
        assert 0 <= stroke.min() <= stroke.max() <= CELLS


@given(points=st.lists(on_canvas, min_size=1, max_size=5), width=widths)
def test_erasing_along_the_line_with_a_wider_brush_leaves_nothing(points: list[Point], width: float) -> None:
    canvas = Canvas()
    canvas.draw(points, width)
    canvas.draw(points, width + 0.5, erase=True)
    assert canvas.is_empty
    assert canvas.ink.max() == 0
    assert canvas.strokes() == []
    assert not canvas.grid().any()


@given(points=st.lists(on_canvas, min_size=1, max_size=4), rubbed=st.lists(on_canvas, min_size=1, max_size=3))
def test_centre_lines_have_ink_below_them(points: list[Point], rubbed: list[Point]) -> None:
    canvas = Canvas()
    canvas.draw(points)
    canvas.draw(rubbed, 3, erase=True)
    for x, y in np.concatenate([*canvas.strokes(), np.zeros((0, 2))]):
        assert canvas.ink[min(int(y * 8), 223), min(int(x * 8), 223)] >= 0.5


def test_the_grid_is_the_area_average_of_the_ink() -> None:
    canvas = Canvas()
    canvas.draw([(4, 10), (20, 10)], width=2)
    grid = canvas.grid()
    assert grid.dtype == np.uint8
    assert grid.shape == (CELLS, CELLS)
    assert grid[9, 10] == grid[10, 10] == 255
    assert grid[7, 10] == grid[12, 10] == 0
    average = canvas.ink.reshape(28, 8, 28, 8).mean(axis=(1, 3)) * 255
    np.testing.assert_allclose(grid, average, atol=0.51)


def test_erasing_the_middle_splits_the_stroke_for_good() -> None:
    canvas = Canvas()
    canvas.draw([(4, 14), (24, 14)])
    canvas.draw([(14, 10), (14, 18)], erase=True)
    left, right = canvas.strokes()
    assert left[:, 0].max() < 13.1
    assert right[:, 0].min() > 14.9
    canvas.draw([(14, 12), (14, 16)])
    assert len(canvas.strokes()) == 3


def test_a_stroke_off_the_canvas_and_back_is_two_strokes() -> None:
    canvas = Canvas()
    canvas.draw([(14, 5), (40, 5), (40, 20), (14, 20)])
    first, second = canvas.strokes()
    assert (first[:, 1] == 5).all()
    assert (second[:, 1] == 20).all()
    assert canvas.grid()[4, 27] == 255
    assert canvas.grid()[12, 27] == 0


def test_undo_takes_back_strokes_erasures_and_clearing() -> None:
    canvas = Canvas()
    images = [canvas.grid()]
    canvas.draw([(5, 5), (20, 5)])
    images.append(canvas.grid())
    canvas.draw([(10, 2), (10, 8)], erase=True)
    images.append(canvas.grid())
    canvas.clear()
    assert canvas.is_empty
    while images:
        canvas.undo()
        np.testing.assert_array_equal(canvas.grid(), images.pop())
        if len(images) == 1:
            assert len(canvas.strokes()) == 1
    canvas.undo()
    assert canvas.is_empty


def test_undo_has_a_bound_and_does_not_mind() -> None:
    canvas = Canvas()
    for row in range(UNDO_STEPS + 10):
        canvas.draw([(5, row % CELLS)])
    for _ in range(UNDO_STEPS + 20):
        canvas.undo()
    assert not canvas.is_empty


def test_fifty_steps_can_be_undone_and_no_more() -> None:
    canvas = Canvas()
    for row in range(53):
        canvas.draw([(5, row / 2)], width=0.5)
    for _ in range(49):
        canvas.undo()
    assert len(canvas.strokes()) == 4
    for _ in range(3):
        canvas.undo()
    assert len(canvas.strokes()) == 3


def test_after_clearing_in_the_middle_of_a_stroke_the_pen_goes_on() -> None:
    canvas = Canvas()
    canvas.draw([(5, 20), (9, 20)])
    canvas.pen_down((5, 5))
    canvas.clear()
    assert canvas.is_empty
    canvas.pen_move((20, 20))
    assert canvas.is_drawing
    assert canvas.grid()[12, 12] > 0
    assert canvas.grid()[20, 7] == 0


def test_a_second_pen_down_begins_a_second_stroke() -> None:
    canvas = Canvas()
    canvas.pen_down((5, 5))
    canvas.pen_down((20, 20))
    canvas.undo()
    assert len(canvas.strokes()) == 1
    assert canvas.grid()[5, 5] > 0


def test_clearing_an_empty_canvas_is_no_step() -> None:
    canvas = Canvas()
    canvas.draw([(5, 5), (9, 9)])
    canvas.undo()
    revision = canvas.revision
    canvas.clear()
    canvas.undo()
    assert canvas.is_empty
    assert canvas.revision == revision


def test_the_usual_brush_is_two_cells_wide() -> None:
    canvas = Canvas()
    canvas.draw([(4, 14), (24, 14)])
    assert not canvas.is_drawing
    across = canvas.ink[:, 112]  # at the middle of the line
    assert across.sum() / 8 == pytest.approx(2, abs=0.01)
    assert not Canvas().ink.any()


def test_a_pen_far_away_is_followed_in_its_direction() -> None:
    """From the middle to far beyond the right edge, one cell lower for every five to the right."""
    canvas = Canvas()
    canvas.draw([(14, 14), (114, 34)])
    (stroke,) = canvas.strokes()
    right, lower = stroke[-1] - 14
    assert right > 13.5
    assert lower == pytest.approx(right / 5, abs=0.05)


def test_undo_in_the_middle_of_a_stroke_ends_it() -> None:
    canvas = Canvas()
    canvas.pen_down((5, 5))
    canvas.pen_move((10, 10))
    canvas.undo()
    canvas.pen_move((20, 20))
    assert canvas.is_empty
    assert not canvas.is_drawing


def test_every_change_raises_the_revision() -> None:
    canvas = Canvas()
    seen = [canvas.revision]
    canvas.pen_down((5, 5))
    seen.append(canvas.revision)
    canvas.pen_move((6, 6))
    seen.append(canvas.revision)
    canvas.undo()
    seen.append(canvas.revision)
    canvas.draw([(5, 5)])
    seen.append(canvas.revision)
    canvas.clear()
    seen.append(canvas.revision)
    assert seen == sorted(set(seen))


@pytest.mark.parametrize("bad", [(math.nan, 5.0), (5.0, math.inf), (-math.inf, math.nan)])
def test_a_pen_that_is_nowhere_draws_nothing(bad: Point) -> None:
    canvas = Canvas()
    canvas.pen_down(bad)
    canvas.pen_move((5, 5))
    assert canvas.is_empty
    canvas.draw([(5, 5), bad, (5, 9)])
    assert canvas.grid()[6, 4] == 255


def test_an_image_of_cells_takes_the_place_of_the_drawing_pixel_by_pixel(rng: np.random.Generator) -> None:
    canvas = Canvas()
    canvas.draw([(4, 10), (20, 10)])
    image = rng.integers(0, 256, (CELLS, CELLS), dtype=np.uint8)
    canvas.replace(image / 255)
    np.testing.assert_array_equal(canvas.grid(), image)
    assert canvas.has_image
    assert canvas.strokes() == []
    canvas.undo()
    assert len(canvas.strokes()) == 1
    canvas.replace(np.zeros((CELLS, CELLS)))
    assert canvas.is_empty
    assert not canvas.has_image
