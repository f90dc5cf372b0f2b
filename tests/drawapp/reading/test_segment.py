"""Several characters on one sheet: which strokes belong together, and where one character ends."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Bounds, around
from drawapp.reading import resources
from drawapp.reading.catalog import load_recognizer
from drawapp.reading.from_raster import RasterDrawing
from drawapp.reading.from_strokes import StrokeDrawing
from drawapp.reading.grouping import MOST_GROUPS, Span, grouped
from drawapp.reading.lines import Line
from drawapp.reading.recognizer import Recognizer
from drawapp.reading.segment import CUT, LONGEST, OVER, TOUCH, best_path, candidates, gaps, largest_extent, unlike
from nn_scratch import ink

bounds = st.builds(lambda x, y, w, h: Bounds(x, y, x + w, y + h), *[st.floats(0, 28)] * 2, *[st.floats(0.0, 9)] * 2)


def written(number: str, size: float = 0.5) -> Canvas:
    """`number` on a canvas, its digits side by side and `size` of a digit that fills it."""
    canvas = Canvas()
    for place, digit in enumerate(number):
        for line in sample_digits.STROKES[digit]:
            points = [(1 + (x - 7 + place * 16) * size, 8 + (y - 4) * size) for x, y in line]
            canvas.draw(points, 1)
    return canvas


def stroke(*points: tuple[float, float]) -> ink.Stroke:
    return np.array(points, np.float32)


@pytest.mark.parametrize("number", ["42", "57", "10", "345", "900"])
def test_a_number_is_read_from_left_to_right(digits_recognizer: Recognizer, number: str) -> None:
    canvas = written(number)
    for read in (digits_recognizer.read(canvas), digits_recognizer.read_raster(canvas.ink)):
        assert read.best == number
        assert [character.best for character in read.characters] == list(number)
        assert all(a.bounds.right < b.bounds.left for a, b in itertools.pairwise(read.characters))


LETTERS = {  # strokes in a box 10 high
    "H": [[(0, 0), (0, 10)], [(7, 0), (7, 10)], [(0, 5), (7, 5)]],
    "A": [[(0, 10), (4, 0), (8, 10)], [(2, 6), (6, 6)]],
    "T": [[(0, 0), (8, 0)], [(4, 0), (4, 10)]],
    "E": [[(6, 0), (0, 0), (0, 10), (6, 10)], [(0, 5), (5, 5)]],
    "M": [[(0, 10), (1, 0), (4, 7), (7, 0), (8, 10)]],
    "X": [[(0, 0), (7, 10)], [(7, 0), (0, 10)]],
    "N": [[(0, 10), (0, 0), (6, 10), (6, 0)]],
    "K": [[(0, 0), (0, 10)], [(6, 0), (0, 5), (6, 10)]],
}


@pytest.mark.parametrize("word", ["HAT", "TEA", "MAX", "NET", "H", "K", "M", "N"])
@pytest.mark.parametrize("file", ["letters.npy", "letters-convnet.npy"])
def test_a_word_is_read_like_a_number(word: str, file: str) -> None:
    """Strokes of one letter stay together, and letters side by side do not become a third."""
    path = resources.resource(f"models/{file}")
    if not path.is_file():
        pytest.skip(f"there is no models/{file}")
    canvas, left = Canvas(), 1.0
    for letter in word:
        for line in LETTERS[letter]:
            canvas.draw([(left + x * 0.9, 8 + y * 0.9) for x, y in line], 1)
        left += 0.9 * max(x for line in LETTERS[letter] for x, _ in line) + 2
    assert load_recognizer(path).read(canvas).label == word


def test_the_order_of_drawing_does_not_matter(digits_recognizer: Recognizer) -> None:
    canvas, backwards = written("42"), Canvas()
    for line in reversed(canvas.strokes()):
        backwards.draw([(float(x), float(y)) for x, y in line], 1)
    assert digits_recognizer.read(backwards).best == "42"


def test_strokes_that_cross_or_nearly_meet_are_one_group() -> None:
    cross = [stroke((0, 5), (10, 5)), stroke((5, 0), (5, 10))]
    corner = [stroke((0, 0), (0, 10)), stroke((0.3, 0), (8, 0))]
    apart = [stroke((0, 0), (0, 10)), stroke((3, 0), (8, 10))]
    assert [len(Line(StrokeDrawing(strokes)).groups) for strokes in (cross, corner, apart)] == [1, 1, 2]


def test_the_bar_over_a_five_belongs_to_it() -> None:
    body, bar = stroke((2, 4), (2, 10), (8, 13), (6, 18), (1, 18)), stroke((3, 2), (9, 2))
    assert len(Line(StrokeDrawing([body, bar])).groups) == 1


def test_a_speck_belongs_to_its_neighbour_or_to_nothing() -> None:
    one, near, far = stroke((5, 0), (5, 10)), stroke((6, 10)), stroke((20, 3))
    assert Line(StrokeDrawing([one, near])).groups == [Bounds(5, 0, 6, 10)]
    assert Line(StrokeDrawing([one, far])).groups == [Bounds(5, 0, 5, 10)]
    alone = Line(StrokeDrawing([one])).image(Span(0, 1))
    np.testing.assert_array_equal(Line(StrokeDrawing([one, far])).image(Span(0, 1)), alone)
    raster = np.zeros((40, 40), np.float32)
    raster[5:35, 10:13] = 1
    clean = Line(RasterDrawing(raster.copy())).image(Span(0, 1))
    raster[3, 38] = 1
    np.testing.assert_array_equal(Line(RasterDrawing(raster)).image(Span(0, 1)), clean)


def test_a_group_is_rendered_without_its_neighbours() -> None:
    four, two = (written(digit).strokes() for digit in "42")
    both = Line(StrokeDrawing([*four, *(line + np.array([9, 0], np.float32) for line in two)]))
    assert len(both.groups) == 2
    for number, strokes in enumerate((four, two)):
        expected = ink.render(strokes)
        assert expected is not None
        difference = both.image(Span(number, number + 1)).astype(int) - expected
        assert np.abs(difference).mean() < 3


@pytest.mark.parametrize("side", [60, 256, 700])
def test_a_group_of_a_raster_is_cropped_without_its_neighbours(side: int) -> None:
    raster = np.zeros((side, side), np.float32)
    unit = side // 20
    raster[2 * unit : 18 * unit, 2 * unit : 4 * unit] = 1
    raster[2 * unit : 4 * unit, 2 * unit : 8 * unit] = 1
    right = raster[:, ::-1].copy()
    drawing = Line(RasterDrawing(raster + right))
    assert len(drawing.groups) == 2
    for number, alone in enumerate((raster, right)):
        np.testing.assert_array_equal(drawing.image(Span(number, number + 1)), ink.normalize(alone))


@given(st.lists(bounds, min_size=1, max_size=30))
def test_no_component_is_in_two_groups_and_the_groups_are_few(components: list[Bounds]) -> None:
    groups = grouped(components)
    members = [number for group in groups for number in group.components]
    assert 1 <= len(groups) <= MOST_GROUPS
    assert len(members) == len(set(members))
    assert max(range(len(components)), key=lambda number: components[number].extent) in members
    assert [group.bounds.middle for group in groups] == sorted(group.bounds.middle for group in groups)
    for group in groups:
        assert group.bounds == around(components[number] for number in group.components)


def all_paths(spans: list[Span], first: int, end: int) -> Iterator[tuple[int, ...]]:
    """Every way to cover the groups from `first` to `end` with spans, as their numbers."""
    if first == end:
        yield ()
    for number, span in enumerate(spans):
        if span.first == first:
            yield from ((number, *rest) for rest in all_paths(spans, span.last, end))


@given(st.lists(st.floats(-1, 1.5), min_size=0, max_size=6), st.integers(0, 1000))
def test_the_best_path_is_the_best_of_all(steps: list[float], seed: int) -> None:
    lefts = np.append(0, np.cumsum([1 + step for step in steps]))
    groups = [Bounds(left, 0, left + 1, 1) for left in lefts]
    spans = candidates(groups)
    scores = -np.random.default_rng(seed).random(len(spans)).astype(np.float32) * 5
    touching = (np.random.default_rng(seed).random(len(steps)) < 0.3).tolist()
    places = zip(gaps(groups), touching, strict=True)
    cuts = [*(TOUCH if touches else CUT * max(gap, 0) + OVER * max(-gap, 0) for gap, touches in places), 0.0]
    unit = largest_extent(groups)
    totals = {
        path: sum(
            float(scores[number])
            + cuts[spans[number].last - 1]
            - unlike(around(groups[spans[number].first : spans[number].last]), unit)
            for number in path
        )
        for path in all_paths(spans, 0, len(groups))
    }
    score, path = best_path(groups, spans, scores, touching)
    assert totals[tuple(path)] == pytest.approx(max(totals.values()))
    assert score == pytest.approx(totals[tuple(path)])
    assert all(span.last - span.first <= LONGEST for span in spans)


def test_groups_far_apart_are_never_one_character_and_of_others_the_reading_decides() -> None:
    far = [Bounds(0, 0, 5, 10), Bounds(15, 0, 20, 10)]
    assert candidates(far) == [Span(0, 1), Span(1, 2)]
    near = [Bounds(0, 0, 5, 10), Bounds(5.5, 0, 10, 10)]
    spans = candidates(near)
    one = np.array([0.0 if span == (0, 2) else -5.0 for span in spans], np.float32)
    two = np.array([-5.0 if span == (0, 2) else 0.0 for span in spans], np.float32)
    assert [spans[k] for k in best_path(near, spans, one)[1]] == [Span(0, 2)]
    assert [spans[k] for k in best_path(near, spans, two)[1]] == [Span(0, 1), Span(1, 2)]


def test_neighbours_that_are_wider_together_than_any_character_are_not_one() -> None:
    flat = [Bounds(place, 0, place + 4, 3) for place in (0, 5, 10)]
    assert Span(0, 2) in candidates(flat)
    assert Span(0, 3) not in candidates(flat)
    assert candidates([Bounds(0, 0, 20, 1)]) == [Span(0, 1)]  # a level bar
