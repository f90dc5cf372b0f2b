"""The screens: pixels and cells agree, everything fits at any size, and the bars say what was read."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import CELLS, Canvas
from drawapp.drawing.geometry import Bounds, Box, Point
from drawapp.reading.charset import Charset
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.wording import percent
from drawapp.session.settings import Preferences
from drawapp.ui.layout import DEFAULT, MINIMUM, TARGET, Look, layout_for
from drawapp.ui.screens.draw.bars import SHOWN_OF_MANY, caption_of, rows_of
from drawapp.ui.screens.draw.screen import DrawScreen
from drawapp.ui.screens.draw.seen import frames
from drawapp.ui.theme import THEMES, Colour, Theme
from drawapp.ui.view import View

anywhere = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
sizes = st.tuples(st.integers(1, 6000), st.integers(1, 4000))
looks = st.builds(Look, st.sampled_from([1.0, 1.25, 2.0]), st.sampled_from([1.0, 1.25, 1.5]), st.booleans())
SIZES = [MINIMUM, (1100, 720), (900, 1000), (2400, 1500)]


def predicted(*characters: tuple[str | None, dict[str, float]]) -> Prediction:
    """A prediction of characters side by side, each with a label and its probabilities."""
    step = CELLS / len(characters)
    read = [
        Character(label, values, np.full((28, 28), 99, np.uint8), Bounds(k * step + 1, 4, (k + 1) * step - 1, 20))
        for k, (label, values) in enumerate(characters)
    ]
    return Prediction(tuple(read), tuple(characters[0][1]))


def shown(prediction: Prediction, selected: int | None = None, theme: str = "dark") -> View:
    """A view of a drawn 3 for which `prediction` was made."""
    canvas = Canvas()
    sample_digits.draw("3", canvas)
    preferences = Preferences(theme=theme)
    return View(canvas, prediction.classes, prediction, selected=selected, preferences=preferences)


def drawn(view: View, size: tuple[int, int] = DEFAULT) -> tuple[DrawScreen, NDArray[np.uint8]]:
    """The screen that shows `view`, and its pixels (width, height, 3)."""
    pygame.font.init()
    screen = DrawScreen(layout_for(size), view)
    screen.glide(math.inf)
    surface = pygame.Surface(size)
    screen.draw(surface)
    return screen, pygame.surfarray.array3d(surface)


@cache
def unread(classes: str, size: tuple[int, int]) -> NDArray[np.uint8]:
    """The pixels of the screen that shows a drawn 3 before it is read, (width, height, 3)."""
    return drawn(replace(shown(predicted((None, dict.fromkeys(classes, 0.0)))), prediction=None), size)[1]


def within(pixels: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    return pixels[box.left : box.right, box.top : box.bottom]


def count(pixels: NDArray[np.uint8], colour: Colour) -> int:
    """How many pixels have just this colour."""
    return int((pixels == np.array(colour)).all(axis=2).sum())


@given(window=sizes, point=anywhere)
def test_pixels_to_cells_and_back(window: tuple[int, int], point: Point) -> None:
    viewport = layout_for(window).viewport
    assert viewport.to_screen(*viewport.to_cells(*point)) == pytest.approx(point, abs=1e-6)
    assert viewport.to_cells(*viewport.to_screen(*point)) == pytest.approx(point, abs=1e-6)


@given(window=sizes, look=looks)
def test_everything_fits_and_nothing_overlaps(window: tuple[int, int], look: Look) -> None:
    layout = layout_for(window, look)
    boxes = [layout.sheet, layout.header, layout.answer, layout.seen, layout.bars, layout.tools]
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
    assert layout.sheet.left < grid.left
    assert grid.bottom < layout.sheet.bottom
    assert layout.tools.height >= TARGET
    assert layout.header.height >= TARGET


@given(window=sizes, look=looks)
def test_controls_are_large_enough_and_lie_apart(window: tuple[int, int], look: Look) -> None:
    pygame.font.init()
    layout = layout_for(window, look)
    screen = DrawScreen(layout, View(Canvas(), tuple("0123456789A"), charset=Charset.ALL))
    above = (screen.answer.offer, screen.labels)  # they lie on a card
    beside = [control for control in screen.controls if control not in above]
    for controls in (beside, screen.help.controls[1:]):
        for index, one in enumerate(controls):
            assert min(one.box.width, one.box.height) >= TARGET
            assert one.box.left >= 0
            assert one.box.top >= 0
            assert one.box.right <= layout.window[0]
            assert one.box.bottom <= layout.window[1]
            for other in controls[:index]:
                assert not pygame.Rect(one.box).colliderect(other.box), f"{one.name} lies on {other.name}"


@given(window=sizes)
def test_the_left_handed_layout_is_a_mirror(window: tuple[int, int]) -> None:
    right, left = layout_for(window), layout_for(window, Look(left_handed=True))
    if right.sheet.right <= right.bars.left:
        assert left.bars.right <= left.sheet.left
    assert left.sheet.width == right.sheet.width


def test_the_grid_takes_the_corners_of_the_canvas_to_its_own() -> None:
    viewport = layout_for(DEFAULT).viewport
    assert viewport.to_cells(viewport.grid.left, viewport.grid.top) == (0, 0)
    assert viewport.to_cells(viewport.grid.right, viewport.grid.bottom) == (CELLS, CELLS)
    assert layout_for((1, 1)).window == MINIMUM


def test_many_classes_show_the_best_and_the_rest_together() -> None:
    classes = tuple("0123456789ABCDEFGHIJ")
    values = {name: (index + 1) / 210 for index, name in enumerate(classes)}
    rows = rows_of(shown(predicted(("J", values))))
    assert len(rows) == SHOWN_OF_MANY + 1
    assert rows[0].label == "J"
    assert rows[-1].label == "others"
    assert sum(row.value for row in rows) == pytest.approx(1)
    assert rows_of(View(Canvas(), classes)) == []  # at rest the card shows what can be read


def test_bars_without_a_prediction_are_empty_and_in_order() -> None:
    rows = rows_of(View(Canvas(), tuple("0123456789")))
    assert [row.label for row in rows] == list("0123456789")
    assert not any(row.value for row in rows)


@pytest.mark.parametrize(("value", "words"), [(0.0, "0.0 %"), (0.5, "50.0 %"), (0.99999, "99.9 %"), (1.0, "99.9 %")])
def test_percentages_are_rounded_down_and_never_certain(value: float, words: str) -> None:
    assert percent(value) == words


@pytest.mark.parametrize("classes", ["0123456789", "W1234M6789ABCDEFGHIJ"])
@pytest.mark.parametrize("best", ["label", "rejection"])
@pytest.mark.parametrize("size", SIZES)
def test_answers_and_rejections_are_drawn_at_any_size(classes: str, best: str, size: tuple[int, int]) -> None:
    values = {name: 0.6 if index == 0 else 0.3 if index == 5 else 0.01 for index, name in enumerate(classes)}
    screen, pixels = drawn(shown(predicted((classes[0] if best == "label" else None, values))), size)
    assert_changed_within(pixels, unread(classes, size), [screen.layout.answer, screen.layout.seen, screen.layout.bars])


@pytest.mark.parametrize("number", [2, 5, 12])
@pytest.mark.parametrize("rejected", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_several_characters_are_drawn_at_any_size(number: int, rejected: bool, size: tuple[int, int]) -> None:
    values = {name: 0.6 if name == "8" else 0.35 if name == "3" else 0.01 for name in "0123456789"}
    screen, pixels = drawn(shown(predicted(*[("8", values)] * (number - 1), (None if rejected else "8", values))), size)
    boxes = [screen.layout.viewport.grid, screen.layout.answer, screen.layout.seen, screen.layout.bars]
    assert_changed_within(pixels, unread("0123456789", size), boxes)


def assert_changed_within(pixels: NDArray[np.uint8], blank: NDArray[np.uint8], boxes: list[Box]) -> None:
    """Each of the boxes has changed, and nothing else."""
    changed = (pixels != blank).any(axis=2)
    for box in boxes:
        assert changed[box.left : box.right, box.top : box.bottom].any()
        changed[box.left : box.right, box.top : box.bottom] = False
    assert not changed.any()


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("label", "probability"), [("3", 0.49), (None, 0.99), (None, 0.3)])
def test_doubt_has_no_colour_of_an_answer_in_the_card(theme: Theme, label: str | None, probability: float) -> None:
    values = {"3": probability, "8": (1 - probability) * 0.9, "1": (1 - probability) * 0.1}
    screen, pixels = drawn(shown(predicted((label, values)), theme=theme.name))
    assert count(within(pixels, screen.layout.answer), theme.answer) == 0
    assert count(within(pixels, screen.layout.answer), theme.unsure) > 50
    assert count(within(pixels, screen.layout.bars), theme.answer) == 0


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_an_answer_of_half_or_more_has_its_colour(theme: Theme) -> None:
    screen, pixels = drawn(shown(predicted(("3", {"3": 0.5, "8": 0.4, "1": 0.1})), theme=theme.name))
    assert count(within(pixels, screen.layout.answer), theme.answer) > 200
    assert count(within(pixels, screen.layout.answer), theme.unsure) == 0


def test_several_that_are_unsure_together_have_no_colour_of_an_answer() -> None:
    values = {"1": 0.7, "2": 0.3}
    screen, pixels = drawn(shown(predicted(("1", values), ("1", values))))
    assert count(within(pixels, screen.layout.answer), THEMES["dark"].answer) == 0


def test_doubt_is_told_without_colour_too() -> None:
    values = {"3": 0.45, "8": 0.4, "1": 0.15}
    sure = {**values, "3": 0.55}
    fills = []
    for each in (values, sure):
        screen, pixels = drawn(shown(predicted(("3", each))))
        background = np.array(THEMES["dark"].panel)
        fills.append(int((within(pixels, screen.layout.answer.shrunk(60)) != background).any(axis=2).sum()))
    assert fills[0] < 0.7 * fills[1]  # an outline in place of a full figure


def test_the_percentage_stands_at_the_same_place_for_one_and_for_several() -> None:
    values = {"1": 0.999, "2": 0.001}
    corners = []
    for number in (1, 3):
        screen, pixels = drawn(shown(predicted(*[("1", values)] * number)))
        card = within(pixels, screen.layout.answer)[100:, :60]
        corners.append(np.argwhere((card == np.array(THEMES["dark"].text)).all(axis=2)))
    assert abs(corners[0][:, 1].min() - corners[1][:, 1].min()) <= 1
    assert corners[0][:, 0].max() == pytest.approx(corners[1][:, 0].max(), abs=2)


def test_of_several_characters_the_bars_are_those_of_the_least_sure_or_the_selected_one() -> None:
    sure, unsure = {"1": 0.9, "2": 0.1}, {"1": 0.4, "2": 0.6}
    several = predicted(("1", sure), ("2", unsure), ("1", sure))
    assert [row.value for row in rows_of(shown(several))] == [0.4, 0.6]
    assert caption_of(shown(several)) == "character 2, the least sure"
    assert [row.value for row in rows_of(shown(several, selected=2))] == [0.9, 0.1]
    assert caption_of(shown(several, selected=2)) == "character 3"
    assert caption_of(shown(predicted(("1", sure), ("2", unsure), (None, sure)))) == "character 3, not recognized"
    assert caption_of(shown(predicted(("2", unsure)))) == ""
    assert caption_of(View(Canvas(), ("1", "2"))) == ""


def test_brackets_do_not_lie_on_the_ink() -> None:
    canvas = Canvas()
    for x in (7, 20):
        canvas.draw([(x, 6), (x, 16)], width=4)
    ink = canvas.ink > 0
    values = {"1": 0.9, "2": 0.1}
    read = [Character("1", values, np.zeros((28, 28), np.uint8), Bounds(x, 6, x, 16)) for x in (7, 20)]
    view = View(canvas, ("1", "2"), Prediction(tuple(read), ("1", "2")))
    screen, pixels = drawn(view)
    _, without = drawn(replace(view, prediction=None))
    grid = screen.layout.viewport.grid
    changed = (within(pixels, grid) != within(without, grid)).any(axis=2).T
    assert changed.any()
    rows = np.flatnonzero(changed.any(axis=1)) * len(ink) // grid.height
    assert not ink[rows].any()


@given(number=st.integers(1, 12), side=st.integers(56, 600))
def test_the_images_of_several_characters_fit_their_square(number: int, side: int) -> None:
    square = Box(10, 20, side, side)
    places = frames(square, number, 4)
    assert len(places) == number
    for index, place in enumerate(places):
        assert place.width == place.height > 0
        assert square.left <= place.left
        assert place.right <= square.right
        assert square.top <= place.top
        assert place.bottom <= square.bottom
        for other in places[:index]:
            assert other.right < place.left or other.bottom < place.top
