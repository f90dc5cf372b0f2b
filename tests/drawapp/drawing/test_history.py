"""Undo and redo: whatever was done comes back, byte for byte, and the memory for it is bounded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawapp.drawing.canvas import CELLS, LONGEST_PATH, MOST_PATHS, UNDO_STEPS, Canvas
from drawapp.drawing.history import History
from drawapp.drawing.placed_image import FRACTION

Change = Callable[[Canvas], None]

places = st.tuples(st.floats(-10, CELLS + 10), st.floats(-10, CELLS + 10))
strokes = st.lists(places, min_size=1, max_size=5)


def stroke_of(points: list[tuple[float, float]], erase: bool) -> Change:
    return lambda canvas: canvas.draw(points, 2, erase)


changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(stroke_of, strokes, st.booleans()),
    st.just(Canvas.clear),
    st.sampled_from([np.eye(5, dtype=np.float32), np.zeros((3, 4), np.float32)]).map(
        lambda image: lambda canvas: canvas.place_image(image)
    ),
)


def state(canvas: Canvas) -> tuple[bytes, bool, list[bytes]]:
    return canvas.ink.tobytes(), canvas.has_image, [stroke.tobytes() for stroke in canvas.strokes()]


@given(done=st.lists(changes, max_size=8), back=st.integers(0, 8))
def test_undo_then_redo_brings_back_the_same_bytes(done: list[Change], back: int) -> None:
    canvas = Canvas()
    for change in done:
        change(canvas)
    before = state(canvas)
    count = 0
    while canvas.can_undo and count < back:
        canvas.undo()
        count += 1
    for _ in range(count):
        assert canvas.can_redo
        canvas.redo()
    assert state(canvas) == before
    assert not canvas.can_redo


@given(done=st.lists(changes, max_size=8))
def test_every_step_is_seen_and_all_of_them_lead_back_to_the_blank_sheet(done: list[Change]) -> None:
    canvas = Canvas()
    for change in done:
        change(canvas)
    while canvas.can_undo:
        before = state(canvas)
        canvas.undo()
        assert state(canvas) != before
    assert not canvas.ink.any()
    assert canvas.strokes() == []
    assert not canvas.has_image


def test_four_strokes_three_steps_back_and_three_forth() -> None:
    canvas = Canvas()
    for row in (4, 10, 16, 22):
        canvas.draw([(4, row), (24, row)])
    before = canvas.ink.tobytes()
    for _ in range(3):
        canvas.undo()
    assert len(canvas.strokes()) == 1
    for _ in range(3):
        canvas.redo()
    assert canvas.ink.tobytes() == before


def test_what_was_taken_back_is_gone_once_something_new_is_drawn_but_not_before() -> None:
    canvas = Canvas()
    canvas.draw([(4, 4), (24, 4)])
    canvas.undo()
    canvas.draw([(4, 14), (24, 14)], erase=True)
    canvas.draw([(-9, 14), (-5, 14)])
    assert canvas.can_redo
    assert not canvas.can_undo
    canvas.draw([(4, 14), (24, 14)])
    assert not canvas.can_redo


def test_a_stroke_that_begins_outside_and_enters_draws() -> None:
    canvas = Canvas()
    canvas.draw([(-6, 14), (14, 14)])
    assert canvas.grid()[14, 0:13].min() == 255
    (stroke,) = canvas.strokes()
    assert stroke[0, 0] < 0.6
    canvas.undo()
    assert not canvas.ink.any()


def test_clearing_in_the_middle_of_a_stroke_leaves_a_blank_sheet_and_a_pen_that_draws_on() -> None:
    canvas = Canvas()
    canvas.pen_down((4, 4))
    canvas.pen_move((14, 4))
    canvas.clear()
    assert not canvas.ink.any()
    assert canvas.strokes() == []
    canvas.pen_move((14, 20))
    canvas.pen_up()
    (stroke,) = canvas.strokes()
    assert (stroke[:, 0] == 14).all()
    assert stroke[:, 1].min() == 4
    canvas.undo()
    assert not canvas.ink.any()
    canvas.undo()
    assert canvas.grid()[4, 10] == 255
    canvas.undo()
    assert not canvas.can_undo


def test_clearing_with_the_eraser_down_leaves_an_eraser() -> None:
    canvas = Canvas()
    canvas.draw([(4, 4), (24, 4)])
    canvas.pen_down((4, 14), erase=True)
    canvas.clear()
    canvas.pen_move((24, 14))
    assert not canvas.ink.any()
    assert canvas.strokes() == []


def test_an_image_becomes_ink_that_can_be_taken_back_and_erased() -> None:
    canvas = Canvas()
    canvas.draw([(2, 2), (2, 26)])
    page = np.zeros((300, 600), np.float32)
    page[50:150, 200:400] = 1
    canvas.place_image(page)
    assert canvas.has_image
    assert len(canvas.strokes()) == 1
    canvas.undo()
    assert not canvas.has_image
    canvas.clear()
    canvas.place_image(page)
    rows, columns = (np.flatnonzero(canvas.ink.any(axis=axis)) for axis in (1, 0))
    assert 0.98 * FRACTION < len(columns) / 224 <= FRACTION
    assert len(columns) / len(rows) == pytest.approx(2, abs=0.05)
    assert abs(columns[0] + columns[-1] - 223) <= 1
    for row in range(CELLS):
        canvas.draw([(0, row), (28, row)], 4, erase=True)
    assert canvas.is_empty
    assert not canvas.has_image


@pytest.mark.parametrize("shape", [(1, 1), (1, 1000), (1000, 1), (28, 28), (1024, 700)])
def test_images_of_any_shape_are_placed(shape: tuple[int, int]) -> None:
    canvas = Canvas()
    image = np.zeros(shape, np.float32)
    image[shape[0] // 2, shape[1] // 2] = 0.3
    canvas.place_image(image)
    assert canvas.ink.max() == 1
    assert canvas.has_image
    canvas.place_image(np.full(shape, np.nan, np.float32))
    canvas.undo()
    assert not canvas.ink.any()


def test_a_dot_on_a_page_stays_a_dot() -> None:
    canvas, page = Canvas(), np.zeros((400, 400), np.float32)
    page[200:208, 200:208] = 1
    canvas.place_image(page)
    assert canvas.ink.any(axis=0).sum() <= 20


def test_a_scribble_without_end_keeps_its_paths_bounded() -> None:
    canvas = Canvas()
    canvas.pen_down((1, 1))
    for turn in range(200):
        canvas.pen_move((27, 27) if turn % 2 == 0 else (1, 1))
    canvas.pen_up()
    assert max(len(stroke) for stroke in canvas.strokes()) < LONGEST_PATH + 100
    for _ in range(MOST_PATHS + 5):
        canvas.draw([(14, 3)])
    assert len(canvas.strokes()) == MOST_PATHS
    assert canvas.has_image  # ink whose path is forgotten
    canvas.clear()
    assert not canvas.has_image


def test_the_history_is_bounded() -> None:
    history: History[int] = History(UNDO_STEPS)
    for step in range(UNDO_STEPS + 10):
        history.remember(step)
    current = UNDO_STEPS + 10
    while history.can_undo:
        current = history.undo(current)
    assert current == 10
    while history.can_redo:
        current = history.redo(current)
    assert current == UNDO_STEPS + 10
