"""Shapes: dots and bars are known by their geometry, whatever the network says of them, and characters are not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Point
from drawapp.reading.from_raster import RasterDrawing
from drawapp.reading.from_strokes import StrokeDrawing
from drawapp.reading.prediction import Prediction
from drawapp.reading.recognizer import DOT, Recognizer
from drawapp.reading.shapes import Kind, Shape, kind_of_ink, kind_of_line, shape_of

SMALL_CIRCLE = [(14 + 1.5 * np.cos(a), 14 + 1.5 * np.sin(a)) for a in np.linspace(0, 6.3, 20)]


def canvas_with(*strokes: list[Point], width: float = 2.0) -> Canvas:
    canvas = Canvas()
    for stroke in strokes:
        canvas.draw(stroke, width)
    return canvas


def both_ways(recognizer: Recognizer, canvas: Canvas) -> tuple[Prediction, Prediction]:
    """What is read of the strokes, and of the ink alone."""
    return recognizer.read(canvas), recognizer.read_raster(canvas.ink)


@pytest.mark.parametrize("width", [1.0, 2.0, 4.0])
@pytest.mark.parametrize("stroke", [[(14.0, 14.0)], [(3.0, 25.0), (3.4, 25.2)], [(9.0, 9.0), (9.3, 9.3), (9.0, 9.5)]])
def test_a_click_is_a_dot_with_any_pen(digits_recognizer: Recognizer, stroke: list[Point], width: float) -> None:
    for read in both_ways(digits_recognizer, canvas_with(stroke, width=width)):
        assert (read.label, read.answer, read.alternatives) == (None, None, ())
        assert read.remark == "a dot"


def test_several_clicks_are_dots(digits_recognizer: Recognizer) -> None:
    for read in both_ways(digits_recognizer, canvas_with([(9.0, 14.0)], [(19.0, 14.0)])):
        assert read.remark == "dots"
    assert digits_recognizer.read(canvas_with([(14.0, 9.0)], [(14.0, 19.0)])).remark == "dots"


def test_a_character_in_many_dots_may_be_one() -> None:
    assert shape_of([Kind.DOT] * 3, [0.0] * 3, 20.0) == Shape(Kind.DOT, 3)
    assert shape_of([Kind.DOT] * 9, [0.0] * 9, 20.0) is None


def test_components_much_smaller_than_what_they_make_are_dots() -> None:
    assert shape_of([None, None], [2.0, 2.0], 10.0) == Shape(Kind.DOT, 2)
    assert shape_of([None, None], [4.0, 2.0], 10.0) is None


def test_what_is_nearly_a_bar_is_one_beside_others() -> None:
    assert shape_of([Kind.FLAT], [10.0], 10.0) is None
    assert shape_of([Kind.FLAT, Kind.LEVEL_BAR], [10.0, 9.0], 10.0) == Shape(Kind.LEVEL_BAR, 2)


@pytest.mark.parametrize("tilt", [-3.0, 0.0, 3.0])
@pytest.mark.parametrize("apart", [3.0, 6.0, 10.0])
@pytest.mark.parametrize("left", [4.0, 9.0])
def test_an_equals_sign_is_two_lines(digits_recognizer: Recognizer, tilt: float, apart: float, left: float) -> None:
    bars = [[(left, y + tilt), (14.0, y + 0.6), (24.0, y - tilt)] for y in (14 - apart / 2, 14 + apart / 2)]
    for read in both_ways(digits_recognizer, canvas_with(*bars, width=1.5)):
        assert read.label is None
        assert read.remark == "two lines"


def test_a_minus_is_a_line_and_three_bars_are_lines(digits_recognizer: Recognizer) -> None:
    bars: list[list[Point]] = [[(6.0, y), (22.0, y)] for y in (7.0, 14.0, 21.0)]
    for read in both_ways(digits_recognizer, canvas_with(bars[0])):
        assert read.remark == "a line"
    for read in both_ways(digits_recognizer, canvas_with(*bars)):
        assert read.remark == "lines"


def test_digits_are_none_of_the_shapes_but_for_the_one() -> None:
    for digit in sample_digits.STROKES:
        canvas = Canvas()
        sample_digits.draw(digit, canvas)
        for drawing in (StrokeDrawing(canvas.strokes(), DOT), RasterDrawing(canvas.ink)):
            assert drawing.kinds == [Kind.UPRIGHT_BAR if digit == "1" else None]


@pytest.mark.parametrize(
    ("points", "kind"),
    [
        ([(0, 0), (10, 3)], Kind.LEVEL_BAR),
        ([(0, 0), (10, 7)], None),
        ([(0, 0), (3, 10)], Kind.UPRIGHT_BAR),
        ([(0, 0), (0, 10), (3, 10)], None),  # an L has a foot
        ([(0, 2), (2, 0), (2, 10)], None),  # a 1 with a flag is for the network
        ([(0, 0), (0.5, 0.5)], Kind.DOT),
    ],
)
def test_bars_are_straight_and_level_or_upright(points: list[Point], kind: Kind | None) -> None:
    evenly = np.concatenate([np.linspace(a, b, 30) for a, b in itertools.pairwise(points)])
    assert kind_of_line(evenly.astype(np.float32), dot=1.0) is kind


@pytest.mark.parametrize("radius", [3, 20])
@pytest.mark.parametrize("stretch", [1.0, 1.4])
def test_a_solid_blob_is_a_dot_and_a_ring_is_none(radius: int, stretch: float) -> None:
    y, x = np.mgrid[-40:41, -40:41]
    away = np.hypot(x / stretch, y)
    assert kind_of_ink(np.argwhere(away <= radius)) is Kind.DOT
    if radius > 3:
        assert kind_of_ink(np.argwhere((away <= radius) & (away > radius / 3))) is None


def test_a_small_circle_is_read(digits_recognizer: Recognizer) -> None:
    canvas = canvas_with([(float(x), float(y)) for x, y in SMALL_CIRCLE], width=1.0)
    assert digits_recognizer.read(canvas).label == "0"


def test_a_point_beside_digits_is_not_read(digits_recognizer: Recognizer) -> None:
    canvas = Canvas()
    for digit, left in (("3", -5.0), ("5", 8.0)):
        for line in sample_digits.STROKES[digit]:
            canvas.draw([(left + x * 0.7, 4 + y * 0.7) for x, y in line], 1)
    canvas.draw([(12.5, 19.5)], 1)
    assert digits_recognizer.read(canvas).label == "35"
