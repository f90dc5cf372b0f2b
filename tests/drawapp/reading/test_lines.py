"""Lines of writing: 73 over 56 is two lines, and no character is torn apart."""

from __future__ import annotations

import json

import pytest

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Point
from drawapp.headless import json_line, sentence
from drawapp.reading.from_strokes import StrokeDrawing
from drawapp.reading.lines import stacked
from drawapp.reading.recognizer import Recognizer


def page(*lines: str, size: float = 0.5, gap: float = 3.0, indent: float = 0.0) -> Canvas:
    """A canvas with `lines` of digits, one below the other."""
    canvas = Canvas()
    for row, line in enumerate(lines):
        for place, digit in enumerate(line):
            for stroke in sample_digits.STROKES[digit]:
                left, top = 1 + place * 16 * size + row * indent, 1 + row * (20 * size + gap)
                canvas.draw([(left + (x - 7) * size, top + (y - 4) * size) for x, y in stroke], 1)
    return canvas


@pytest.mark.parametrize("lines", [("73", "56"), ("42", "10"), ("900", "345"), ("7", "56"), ("5", "7"), ("12", "8")])
def test_numbers_below_each_other_are_lines(digits_recognizer: Recognizer, lines: tuple[str, ...]) -> None:
    canvas = page(*lines)
    for read in (digits_recognizer.read(canvas), digits_recognizer.read_raster(canvas.ink)):
        assert read.label == read.best == "\n".join(lines)
        assert ["".join(character.best for character in line) for line in read.lines] == list(lines)
        assert [character.line for character in read.characters] == [k for k, line in enumerate(lines) for _ in line]


def test_three_lines_are_three(digits_recognizer: Recognizer) -> None:
    assert digits_recognizer.read(page("73", "56", "42", size=0.35, gap=2)).best == "73\n56\n42"


def test_lines_are_told_on_one_line_and_as_a_list(digits_recognizer: Recognizer) -> None:
    read = digits_recognizer.read(page("73", "56"))
    assert sentence(read).startswith("73 / 56 (")
    answer = json.loads(json_line("x.png", read))
    assert (answer["label"], answer["lines"], answer["sure"]) == ("73\n56", ["73", "56"], True)


def test_a_word_that_rises_or_falls_is_one_line(digits_recognizer: Recognizer) -> None:
    falling = page("4", "2", size=0.4, gap=1, indent=10)
    assert digits_recognizer.read(falling).label == "42"
    tilted = Canvas()
    for place, digit in enumerate("345"):
        for stroke in sample_digits.STROKES[digit]:
            tilted.draw([(1 + (x - 7) * 0.4 + place * 8, 2 + (y - 4) * 0.4 + place * 4) for x, y in stroke], 1)
    assert digits_recognizer.read(tilted).label == "345"


def test_an_eight_of_two_circles_is_one_character(digits_recognizer: Recognizer) -> None:
    canvas = Canvas()
    canvas.draw(sample_digits.arc((14, 9), (4, 4.2), 0, 360), 1)
    canvas.draw(sample_digits.arc((14, 18.6), (5, 4.8), 0, 360), 1)
    read = digits_recognizer.read(canvas)
    assert len(stacked(StrokeDrawing(canvas.strokes()))) == 2  # it might be two lines, so reading decides
    assert (read.label, len(read.lines)) == ("8", 1)


def lines_of(*strokes: list[Point]) -> list[list[int]]:
    canvas = Canvas()
    for stroke in strokes:
        canvas.draw(stroke, 1)
    return stacked(StrokeDrawing(canvas.strokes(), 1.0))


def test_bars_and_dots_are_not_lines_of_their_own() -> None:
    body: list[Point] = [(10, 8), (10, 14), (15, 16), (14, 22), (9, 22)]
    assert len(lines_of(body, [(11, 6), (18, 6)])) == 1
    assert len(lines_of([(14, 10), (14, 22)], [(14, 5)])) == 1
    assert len(lines_of([(6, 10), (22, 11)], [(6, 18), (22, 17)])) == 1
    assert len(lines_of([(6, 6)], [(6, 20)])) == 1


def test_the_bar_of_a_five_in_the_second_line_stays_in_it() -> None:
    seven: list[Point] = [(8, 2), (14, 2), (11, 11)]
    body: list[Point] = [(8, 16), (8, 20), (12, 22), (11, 25), (8, 25)]
    assert lines_of(seven, body, [(8.5, 14.8), (13, 14.8)]) == [[0], [1, 2]]
