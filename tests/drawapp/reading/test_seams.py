"""Seams, and digits that touch."""

from __future__ import annotations

import numpy as np
import pytest

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading.from_raster import RasterDrawing
from drawapp.reading.from_strokes import StrokeDrawing
from drawapp.reading.lines import Line
from drawapp.reading.recognizer import Recognizer
from drawapp.reading.seams import cut_along_seams, fragments, seams


def side_by_side(number: str, step: float) -> Canvas:
    """The digits of `number`, each begun `step` to the right of the one before."""
    canvas = Canvas()
    for place, digit in enumerate(number):
        for line in sample_digits.STROKES[digit]:
            canvas.draw([((x - 6) * 0.7 + 1 + place * step, (y - 4) * 0.7 + 6) for x, y in line], 1)
    return canvas


def two_bars(width: int = 60, at: int = 30) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Two upright bars joined by a thin bridge between columns `at` - 12 and `at` + 12."""
    ink = np.zeros((60, width), np.bool_)
    ink[:, at - 20 : at - 12] = ink[:, at + 12 : at + 20] = True
    ink[30:33, at - 12 : at + 12] = True
    return ink


def test_a_seam_crosses_the_bridge_and_not_the_bars() -> None:
    ink = two_bars()
    paths = seams(ink.astype(np.float32))
    assert any((paths[0] > 17) & (paths[0] < 42))
    number = fragments(ink)
    assert number[5, 12] < number[5, 45]
    assert len(np.unique(number[5, 10:18])) == 1


def test_what_is_narrow_has_no_seam() -> None:
    assert seams(np.ones((40, 6), np.float32)) == []


def test_every_pixel_of_ink_is_in_one_fragment_of_its_component() -> None:
    component_at = np.where(two_bars(), 0, -1)
    component_at[:4, 55:] = 1
    found = cut_along_seams(component_at, [0, 1])
    assert ((found.number_at >= 0) == (component_at >= 0)).all()
    assert set(found.wholes) == {0, 1}
    for number, (bounds, whole) in enumerate(zip(found.bounds, found.wholes, strict=True)):
        rows, columns = np.nonzero(found.number_at == number)
        assert (component_at[rows, columns] == whole).all()
        assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == bounds


def test_all_fragments_together_are_the_component() -> None:
    drawing = RasterDrawing(two_bars().astype(np.float32))
    cut = drawing.cut([0])
    assert cut is not None
    assert len(cut.components) > 1
    np.testing.assert_array_equal(cut.image(range(len(cut.components))), drawing.image([0]))
    assert drawing.strokes([0]) == cut.strokes([0]) == ()


def test_the_fragments_of_strokes_are_strokes() -> None:
    cross = [np.array([(0, 5), (10, 5)], np.float32), np.array([(5, 0), (5, 10)], np.float32)]
    drawing = StrokeDrawing([*cross, cross[1] + np.array([15, 0], np.float32)])
    cut = drawing.cut([0, 1])
    assert cut is not None
    assert list(cut.wholes) == [0, 0, 1]
    assert drawing.cut([1]) is None
    line = Line(drawing).cut()
    assert line is not None
    assert line.touching.count(True) == len(line.groups) - 2


@pytest.mark.parametrize("number", ["35", "23", "535"])
def test_digits_that_touch_are_cut_apart(digits_recognizer: Recognizer, number: str) -> None:
    apart = digits_recognizer.read(side_by_side(number, 11 if len(number) == 2 else 9))
    assert apart.best == number
    for step in (7.6, 8.0):
        canvas = side_by_side(number, step)
        assert digits_recognizer.read(canvas).best == number


@pytest.mark.parametrize("digit", "0123456789")
def test_a_single_digit_is_not_cut(digits_recognizer: Recognizer, digit: str) -> None:
    canvas = Canvas()
    for line in sample_digits.STROKES[digit]:
        canvas.draw(line, 1)
    for read in (digits_recognizer.read(canvas), digits_recognizer.read_raster(canvas.ink)):
        assert read.best == digit
