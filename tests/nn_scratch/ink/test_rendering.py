"""Ink: the network sees the same image wherever and however large a digit is drawn, and each step is what one computes
by hand for drawings that are simple enough.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nn_scratch.arrays import Array, Images
from nn_scratch.dataset import Dataset
from nn_scratch.ink import rendering as ink

SEVEN = [np.array([[0, 0], [10, 0], [4, 16]], np.float32)]


def drawn(scale: float, at: tuple[float, float], size: int = 300) -> Array:
    """The seven, scaled and moved, drawn on a raster with a pen of the same scale."""
    raster = np.zeros((size, size), np.float32)
    for start, end in itertools.pairwise(SEVEN[0] * scale + at):
        ink.stamp(raster, tuple(start), tuple(end), scale)
    return raster


def bar(height: int, width: int) -> Array:
    """A bar of full ink with blank paper around it."""
    return np.pad(np.ones((height, width), np.float32), 7)


def test_mnist_itself_is_left_as_it_is(mnist_data: tuple[Dataset, Dataset]) -> None:
    images = mnist_data[1].images[:1000]
    again = np.array([ink.normalize(image) for image in images])
    assert np.abs(again.astype(float) - images).mean() / 255 <= 0.03


@given(scale=st.floats(3, 14), x=st.floats(20, 120), y=st.floats(20, 60))
def test_size_and_place_make_no_difference(scale: float, x: float, y: float) -> None:
    """The difference is at most what a fraction of a pixel in a small drawing becomes in the box of 20 pixels."""
    image, reference = (np.asarray(ink.normalize(drawn(*each)), float) for each in ((scale, (x, y)), (10, (50, 50))))
    moved = [np.roll(image, shift, (0, 1)) for shift in itertools.product((-1, 0, 1), repeat=2)]
    assert min(np.abs(each - reference).mean() for each in moved) < 0.04 * 255


@given(scale=st.floats(0.001, 1e5), x=st.floats(-1e5, 1e5), y=st.floats(-1e5, 1e5))
def test_strokes_of_any_unit_give_one_image(scale: float, x: float, y: float) -> None:
    moved = [(stroke * scale + (x * scale / 100, y * scale / 100)).astype(np.float32) for stroke in SEVEN]
    image, reference = (np.asarray(ink.render(each), float) for each in (moved, SEVEN))
    assert np.abs(image - reference).mean() < 2


@given(raster=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_any_raster_gives_an_image_unless_it_is_blank(raster: Images) -> None:
    image = ink.normalize(raster)
    assert (image is not None and bool(image.any())) == raster.any()


def test_a_drawing_without_ink_gives_no_image() -> None:
    for strokes in ([], [np.zeros((0, 2))], [np.full((3, 2), np.nan)]):
        assert ink.render(strokes) is None
    for raster in (np.zeros((5, 9), np.float32), np.zeros((0, 9), np.uint8), np.full((4, 4), np.nan)):
        assert ink.normalize(raster) is None


@pytest.mark.parametrize("stroke", [[[5, 5]], [[7, 7]] * 4])
def test_a_dot_becomes_a_dot_in_the_middle(stroke: list[list[float]]) -> None:
    image = np.asarray(ink.render([np.array(stroke, np.float32)]))
    assert image[14, 14] == 255
    assert 3 <= np.count_nonzero(image) <= 25


def test_many_drawings_are_rendered_with_blanks_for_those_without_ink() -> None:
    np.testing.assert_array_equal(ink.render_all([SEVEN, []]), [ink.render(SEVEN), np.zeros((28, 28), np.uint8)])
    assert ink.render_all([]).shape == (0, 28, 28)


@given(ends=st.tuples(*[st.floats(-80, 80, width=32)] * 4), radius=st.floats(0.5, 9), erase=st.booleans())
def test_a_line_is_a_capsule_without_gaps(ends: tuple[float, float, float, float], radius: float, erase: bool) -> None:
    """Each pixel is compared with the definition: its distance to the nearest of many points along the line.
    A nearest of such points is at most half a step further than the line."""
    raster = np.full((40, 50), float(erase), np.float32)
    for _ in range(2):  # ink does not add up
        ink.stamp(raster, ends[:2], ends[2:], radius, erase)
    t = np.linspace(0, 1, 1000)[:, None]
    path = np.array(ends[:2]) * (1 - t) + np.array(ends[2:]) * t  # (1000, 2)
    y, x = np.mgrid[:40, :50] + 0.5
    away = np.sqrt((x[..., None] - path[:, 0]) ** 2 + (y[..., None] - path[:, 1]) ** 2).min(axis=-1)
    half_step = np.hypot(*(path[1] - path[0])) / 2
    covered = np.clip(radius + 0.5 - away, 0, 1)
    assert np.abs(raster - (1 - covered if erase else covered)).max() < half_step + 0.01


@pytest.mark.parametrize(
    ("start", "end", "radius"),
    [
        *[((5.5, 5.5), (5.5, 5.5), radius) for radius in (0.0, -1.0, np.nan)],
        *[((bad, 2.0), (5.0, 2.0), 1.0) for bad in (np.nan, np.inf, -np.inf, 1e300, 1e6)],
        ((-50.0, 5.0), (-40.0, 5.0), 2.0),
        ((5.0, 50.0), (5.0, 40.0), 2.0),
        ((5.0, 5.0), (-1e6, 5.0), 2.0),
    ],
)
def test_a_stamp_without_ink_or_too_far_away_changes_nothing(
    start: tuple[float, float], end: tuple[float, float], radius: float
) -> None:
    raster = np.zeros((10, 10), np.float32)
    ink.stamp(raster, start, end, radius)
    assert not raster.any()


def test_a_line_from_far_away_is_drawn_up_to_the_edge() -> None:
    raster = np.zeros((10, 10), np.float32)
    ink.stamp(raster, (-9e5, 5.0), (9e5, 5.0), 2.0)
    assert (raster[4:6] == 1).all()
    assert not raster[[0, 1, 2, 7, 8, 9]].any()


def test_strokes_become_the_lines_between_their_points() -> None:
    nan = float("nan")
    strokes = [[[0, 1], [2, 3], [4, 5]], [[6, 7]], [], [[nan, 0]], [[8, 9], [nan, 1], [10, 11]]]
    segments = ink.segments_of([np.array(stroke, np.float32).reshape(-1, 2) for stroke in strokes])
    assert segments.tolist() == [[0, 1, 2, 3], [2, 3, 4, 5], [6, 7, 6, 7], [8, 9, 10, 11]]


@pytest.mark.parametrize("pen", [ink.PEN, 4.0])
@pytest.mark.parametrize("length", [0.01, 300])
def test_a_rendered_line_is_20_pixels_long_and_as_wide_as_the_pen(length: float, pen: float) -> None:
    image = np.asarray(ink.render([np.array([[0, 0], [0, length]], np.float32)], pen))
    rows = image.sum(axis=1) / 255
    assert rows[8:20] == pytest.approx(np.full(12, pen), abs=0.01)  # in the middle, away from the round ends
    assert rows.sum() == pytest.approx((20 - pen) * pen + np.pi * (pen / 2) ** 2, abs=1)
    assert np.flatnonzero(rows > pen / 2)[[0, -1]] == pytest.approx([4.5, 23.5], abs=1)


def test_the_centre_of_a_rendered_drawing_is_that_of_its_ink() -> None:
    """A stroke that is twice as long weighs twice: 2 parts at x = 0, 1 part at x = 12."""
    left, right = np.array([[0, 0], [0, 16]], np.float32), np.array([[12, 0], [12, 8]], np.float32)
    ridges = np.flatnonzero(np.asarray(ink.render([left, right]))[14] > 200) + 0.5
    scale = (20 - ink.PEN) / 16
    assert ridges.min() == pytest.approx(14.5 - 4 * scale, abs=1.2)
    assert ridges.max() == pytest.approx(14.5 + 8 * scale, abs=1.2)


def beyond_the_limits() -> Array:
    raster = bar(20, 3) * 7
    raster[0, :2] = -3, np.nan
    return raster


@pytest.mark.parametrize(
    ("raster", "level"),
    [
        ((bar(20, 3) * 255).astype(np.uint8), 255),
        (bar(20, 3), 255),
        (bar(20, 3) / 2, 128),
        (beyond_the_limits(), 255),
    ],
)
def test_a_bar_of_mnist_size_is_only_moved(raster: Array | Images, level: int) -> None:
    """20 pixels high and 3 wide is what MNIST has: its middle goes to 14.5, by whole pixels."""
    expected = np.zeros((28, 28), np.uint8)
    expected[4:24, 13:16] = level
    np.testing.assert_array_equal(ink.normalize(raster), expected)


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [
        (20, 9, 6.25),  # 80x36 in the fine box is 24.8 wide: 8 steps from each side leave 64x20
        (60, 40, 10.8),  # 80x53.3 is 32 wide: 11 steps leave 58x31.3
        (60, 50, 15.2),  # 80x66.7 is 36 wide, and no more than 12 steps are taken: 56x42.7
        (200, 2, 2.05),  # 80x0.8, sharpened to 80x1: 4 steps make 88x9
        (60, 2, 2.42),  # 80x2.7: 4 steps make 88x10.7
    ],
)
def test_lines_of_unusual_width_come_nearer_to_the_usual_one(height: int, width: int, expected: float) -> None:
    rows = np.asarray(ink.normalize(bar(height, width))).sum(axis=1) / 255
    assert np.median(rows[8:20]) == pytest.approx(expected, abs=0.1)
    assert np.count_nonzero(rows > 0.5) == pytest.approx(20, abs=1)


def test_thickened_lines_have_rounded_ends() -> None:
    """Two of four steps go along the diagonals too: the end of a line of 1 pixel becomes 1 + 2 2 wide, not 9 or 1."""
    thick = ink.with_usual_lines(np.ones((200, 2), np.float32))
    assert thick.shape == (88, 9)
    assert np.count_nonzero(thick, axis=1)[:5].tolist() == [5, 7, 9, 9, 9]


def test_lines_are_thinned_only_until_they_would_vanish() -> None:
    pale = np.full((20, 20), 0.3, np.float32)
    pale[9, 9] = 1
    assert ink.with_usual_lines(pale).max() > 0.5


@pytest.mark.parametrize(
    ("height", "width", "kept"),
    [(200, 15, False), (200, 17, True), (200, 49, True), (200, 52, False), (1, 1, True), (2, 1, True), (3, 1, False)],
)
def test_only_lines_of_usual_width_and_tiny_ones_keep_it(height: int, width: int, kept: bool) -> None:
    """A bar of 200 by w is 2 200 w / (400 + 2 w) wide: from 15 to 40 for w from 16.2 to 50."""
    cropped = ink.cropped(bar(height, width))
    np.testing.assert_array_equal(cropped, np.ones((height, width)))
    assert (ink.with_usual_lines(cropped) is cropped) == kept


def test_pixels_are_shared_among_those_that_they_cover() -> None:
    square = np.array([[1.0, 0.0], [0.5, 0.5]])
    np.testing.assert_array_equal(ink.resized(square, 2), np.kron(square, np.ones((2, 2))))
    assert ink.resized(square, 0.5).tolist() == [[0.5]]


@pytest.mark.parametrize(
    ("heavy", "first"),
    [(None, 4), (0, 8), (19, 0)],  # a heavy end would go to the middle, and the other end out of the image
)
def test_the_centre_of_mass_is_moved_to_the_middle_but_not_out_of_the_image(heavy: int | None, first: int) -> None:
    mass = np.ones(20)
    if heavy is not None:
        mass[heavy] = 1e6
    assert np.flatnonzero(ink.area_weights(mass, 1.0).sum(axis=1)).tolist() == list(range(first, first + 20))


def test_ink_is_rounded_to_the_nearest_byte() -> None:
    assert ink.to_bytes(np.array([0, 0.49 / 255, 0.51 / 255, 127.6 / 255, 1])).tolist() == [0, 0, 1, 128, 255]
