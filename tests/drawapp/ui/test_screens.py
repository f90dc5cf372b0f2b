"""The screens: pixels and cells agree, everything fits at any size, and the bars say what was read."""

from __future__ import annotations

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import CELLS, Canvas
from drawapp.drawing.geometry import Bounds, Box, Point
from drawapp.reading.prediction import Character, Prediction
from drawapp.ui.layout import DEFAULT, MINIMUM, layout_for
from drawapp.ui.pen import Brush
from drawapp.ui.screens.draw.bars import SHOWN_OF_MANY, caption_of, ordinal, percent, rows_of
from drawapp.ui.screens.draw.header import Choices
from drawapp.ui.screens.draw.screen import DrawScreen
from drawapp.ui.screens.draw.seen import frames

anywhere = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
sizes = st.tuples(st.integers(1, 6000), st.integers(1, 4000))


def predicted(*characters: tuple[str | None, dict[str, float]]) -> Prediction:
    """A prediction of characters side by side, each with a label and its probabilities."""
    step = CELLS / len(characters)
    read = [
        Character(label, values, np.full((28, 28), 99, np.uint8), Bounds(k * step + 1, 4, (k + 1) * step - 1, 20))
        for k, (label, values) in enumerate(characters)
    ]
    return Prediction(tuple(read), tuple(characters[0][1]))


@given(window=sizes, point=anywhere)
def test_pixels_to_cells_and_back(window: tuple[int, int], point: Point) -> None:
    viewport = layout_for(window).viewport
    assert viewport.to_screen(*viewport.to_cells(*point)) == pytest.approx(point, abs=1e-6)
    assert viewport.to_cells(*viewport.to_screen(*point)) == pytest.approx(point, abs=1e-6)


@given(window=sizes)
def test_everything_fits_and_nothing_overlaps(window: tuple[int, int]) -> None:
    layout = layout_for(window)
    boxes = [layout.sheet, layout.header, layout.answer, layout.seen, layout.bars, layout.keys]
    for box in boxes:
        assert box.width > 0
        assert box.height > 0
        assert Box(0, 0, *layout.window).shrunk(8).contains(box.left, box.top)
        assert box.right <= layout.window[0] - 8
        assert box.bottom <= layout.window[1] - 8
    for index, one in enumerate(boxes):
        for other in boxes[:index]:
            apart_across = one.right <= other.left or other.right <= one.left
            assert apart_across or one.bottom <= other.top or other.bottom <= one.top
    grid = layout.viewport.grid
    assert grid.width == grid.height
    assert grid.width % CELLS == 0
    assert layout.bars.height >= layout.answer.height


def test_the_grid_takes_the_corners_of_the_canvas_to_its_own() -> None:
    viewport = layout_for(DEFAULT).viewport
    assert viewport.to_cells(viewport.grid.left, viewport.grid.top) == (0, 0)
    assert viewport.to_cells(viewport.grid.right, viewport.grid.bottom) == (CELLS, CELLS)
    assert layout_for((1, 1)).window == MINIMUM


def test_many_classes_show_the_best_and_the_rest_together() -> None:
    classes = tuple("0123456789ABCDEFGHIJ")
    values = {name: (index + 1) / 210 for index, name in enumerate(classes)}
    rows = rows_of(predicted(("J", values)), classes)
    assert len(rows) == SHOWN_OF_MANY + 1
    assert rows[0].label == "J"
    assert rows[-1].label == "others"
    assert sum(row.value for row in rows) == pytest.approx(1)
    assert {row.value for row in rows_of(None, classes)} == {0.0}


def test_bars_without_a_prediction_are_empty_and_in_order() -> None:
    rows = rows_of(None, tuple("0123456789"))
    assert [row.label for row in rows] == list("0123456789")
    assert not any(row.value for row in rows)


@pytest.mark.parametrize(("value", "words"), [(0.0, "0.0 %"), (0.5, "50.0 %"), (0.99999, "99.9 %"), (1.0, "99.9 %")])
def test_percentages_are_rounded_down_and_never_certain(value: float, words: str) -> None:
    assert percent(value) == words


@pytest.mark.parametrize("classes", ["0123456789", "W1234M6789ABCDEFGHIJ"])
@pytest.mark.parametrize("best", ["label", "rejection"])
@pytest.mark.parametrize("size", [MINIMUM, (1100, 720), (2400, 1500)])
def test_answers_and_rejections_are_drawn_at_any_size(classes: str, best: str, size: tuple[int, int]) -> None:
    pygame.font.init()
    values = {name: 0.6 if index == 0 else 0.3 if index == 5 else 0.01 for index, name in enumerate(classes)}
    label = classes[0] if best == "label" else None
    canvas, blank = Canvas(), pygame.Surface(size)
    sample_digits.draw("3", canvas)
    screen = DrawScreen(layout_for(size), tuple(values), Choices())
    screen.draw(blank, canvas, None, Brush())
    surface = pygame.Surface(size)
    screen.draw(surface, canvas, predicted((label, values)), Brush())
    changed = (pygame.surfarray.array3d(surface) != pygame.surfarray.array3d(blank)).any(axis=2)
    for box in (screen.layout.answer, screen.layout.seen, screen.layout.bars):
        assert changed[box.left : box.right, box.top : box.bottom].any()
        changed[box.left : box.right, box.top : box.bottom] = False
    assert not changed.any()  # everything stays in its panel


@pytest.mark.parametrize("count", [2, 3, 5, 12])
@pytest.mark.parametrize("rejected", [False, True])
@pytest.mark.parametrize("size", [MINIMUM, (1100, 720), (2400, 1500)])
def test_several_characters_are_drawn_at_any_size(count: int, rejected: bool, size: tuple[int, int]) -> None:
    pygame.font.init()
    values = {name: 0.6 if name == "8" else 0.35 if name == "3" else 0.01 for name in "0123456789"}
    canvas, blank = Canvas(), pygame.Surface(size)
    sample_digits.draw("3", canvas)
    screen = DrawScreen(layout_for(size), tuple(values), Choices())
    screen.draw(blank, canvas, None, Brush())
    surface = pygame.Surface(size)
    screen.draw(
        surface, canvas, predicted(*[("8", values)] * (count - 1), (None if rejected else "8", values)), Brush()
    )
    changed = (pygame.surfarray.array3d(surface) != pygame.surfarray.array3d(blank)).any(axis=2)
    for box in (screen.layout.viewport.grid, screen.layout.answer, screen.layout.seen, screen.layout.bars):
        assert changed[box.left : box.right, box.top : box.bottom].any()
        changed[box.left : box.right, box.top : box.bottom] = False
    assert not changed.any()


def test_of_several_characters_the_bars_are_those_of_the_least_sure() -> None:
    sure, unsure = {"1": 0.9, "2": 0.1}, {"1": 0.4, "2": 0.6}
    several = predicted(("1", sure), ("2", unsure), ("1", sure))
    assert [row.value for row in rows_of(several, ("1", "2"))] == [0.4, 0.6]
    assert caption_of(several) == "2nd character, the least sure"
    assert caption_of(predicted(("1", sure), ("2", unsure), (None, sure))) == "3rd character, not recognized"
    assert caption_of(predicted(("2", unsure))) == ""
    assert caption_of(None) == ""


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (22, "22nd")]
)
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words


@given(count=st.integers(1, 12), side=st.integers(56, 600))
def test_the_images_of_several_characters_fit_their_square(count: int, side: int) -> None:
    square = Box(10, 20, side, side)
    places = frames(square, count, 4)
    assert len(places) == count
    for index, place in enumerate(places):
        assert place.width == place.height > 0
        assert square.left <= place.left
        assert place.right <= square.right
        assert square.top <= place.top
        assert place.bottom <= square.bottom
        for other in places[:index]:
            assert other.right < place.left or other.bottom < place.top
