"""Ink, step by step: what each function does to drawings so simple that the result can be computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.ink import rendering as ink


def bar(height: int, width: int) -> Array:
    """A bar of full ink with blank paper around it."""
    return np.pad(np.ones((height, width), np.float32), 7)


def test_the_distance_to_a_line_is_to_its_nearest_point() -> None:
    x, y = np.array([0.0, 3.0, 8.0]), np.array([0.0, 4.0])
    line, dot = np.array([[1.0, 0.0, 5.0, 0.0]]), np.array([[0.0, 0.0, 0.0, 0.0]])
    np.testing.assert_allclose(ink.distance(x, y, line), np.array([[1, 0, 3], [np.sqrt(17), 4, 5]]))
    np.testing.assert_allclose(ink.distance(x, y, dot), np.array([[0, 3, 8], [4, 5, np.sqrt(80)]]))
    np.testing.assert_allclose(ink.distance(x, y, np.concatenate([line, dot])), [[0, 0, 3], [4, 4, 5]])
    slanted = np.array([[0.0, 0.0, 8.0, 8.0]])
    np.testing.assert_allclose(ink.distance(x, y, slanted)[1], np.sqrt([8, 0.5, 8]))


def test_ink_ends_in_a_ramp_one_pixel_wide() -> None:
    distances = np.array([0.0, 1.5, 1.75, 2.0, 2.25, 2.5, 9.0])
    assert ink.coverage(distances, 2.0).tolist() == [1, 1, 0.75, 0.5, 0.25, 0, 0]


def test_a_stamp_reaches_the_radius_around_its_line() -> None:
    raster = np.zeros((9, 12), np.float32)
    ink.stamp(raster, (3.5, 4.5), (8.5, 4.5), 1.0)
    row = [0, 0, 0.5, 1, 1, 1, 1, 1, 1, 0.5, 0, 0]
    np.testing.assert_allclose(raster[4], row, atol=1e-6)
    np.testing.assert_allclose(raster[:, 5], [0, 0, 0, 0.5, 1, 0.5, 0, 0, 0], atol=1e-6)
    again = raster.copy()
    ink.stamp(again, (3.5, 4.5), (8.5, 4.5), 1.0)
    np.testing.assert_array_equal(again, raster)  # ink does not add up
    ink.stamp(again, (5.5, 4.5), (5.5, 4.5), 1.0, erase=True)
    np.testing.assert_allclose(again[4], [0, 0, 0.5, 1, 0.5, 0, 0.5, 1, 1, 0.5, 0, 0], atol=1e-6)


@pytest.mark.parametrize(
    ("start", "end", "radius"),
    [
        ((5.5, 5.5), (5.5, 5.5), 0.0),
        ((5.5, 5.5), (5.5, 5.5), -1.0),
        ((-50.0, 5.0), (-40.0, 5.0), 2.0),
        ((5.0, 50.0), (5.0, 40.0), 2.0),
        ((1e6, 5.0), (5.0, 5.0), 2.0),
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


@pytest.mark.parametrize("length", [0.01, 300])
def test_a_rendered_line_is_20_pixels_long_and_as_wide_as_the_pen(length: float) -> None:
    for pen in (ink.PEN, 4.0):
        image = ink.render([np.array([[0, 0], [0, length]], np.float32)], pen)
        assert image is not None
        rows, columns = image.sum(axis=1) / 255, image.sum(axis=0) / 255
        assert rows[8:20] == pytest.approx(np.full(12, pen), abs=0.01)  # in the middle, away from the round ends
        area = (20 - pen) * pen + np.pi * (pen / 2) ** 2
        assert rows.sum() == pytest.approx(area, abs=1)
        assert rows @ (np.arange(28) + 0.5) / rows.sum() == pytest.approx(14.5, abs=0.02)
        assert columns @ (np.arange(28) + 0.5) / columns.sum() == pytest.approx(14.5, abs=0.02)
        assert np.flatnonzero(rows > pen / 2)[[0, -1]] == pytest.approx([4.5, 23.5], abs=1)


def test_the_centre_of_a_rendered_drawing_is_that_of_its_ink() -> None:
    """A stroke that is drawn over a second time weighs twice: 2 parts at x = 0, 1 part at x = 12."""
    left, right = np.array([[0, 0], [0, 12]], np.float32), np.array([[12, 0], [12, 12]], np.float32)
    image = ink.render([left, left, right])
    assert image is not None
    ridges = np.flatnonzero(image[14] > 200) + 0.5
    scale = (20 - ink.PEN) / 12
    assert ridges.min() == pytest.approx(14.5 - 4 * scale, abs=1.2)
    assert ridges.max() == pytest.approx(14.5 + 8 * scale, abs=1.2)


def test_many_drawings_are_rendered_with_blanks_for_those_without_ink() -> None:
    line = [np.array([[0, 0], [5, 9]], np.float32)]
    images = ink.render_all([line, [], line])
    assert images.shape == (3, 28, 28)
    assert not images[1].any()
    np.testing.assert_array_equal(images[0], ink.render(line))
    np.testing.assert_array_equal(images[2], images[0])
    assert ink.render_all([]).shape == (0, 28, 28)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_a_bar_of_mnist_size_is_only_moved(dtype: type) -> None:
    """20 pixels high and 3 wide is what MNIST has: its middle goes to 14.5, by whole pixels."""
    image = ink.normalize((bar(20, 3) * (255 if dtype is np.uint8 else 1)).astype(dtype))
    assert image is not None
    expected = np.zeros((28, 28), np.uint8)
    expected[4:24, 13:16] = 255
    np.testing.assert_array_equal(image, expected)


def test_half_of_the_ink_stays_half_of_the_ink() -> None:
    image = ink.normalize(bar(20, 3) * 0.5)
    assert image is not None
    assert np.unique(image).tolist() == [0, 128]


def test_ink_beyond_its_limits_counts_as_the_limit() -> None:
    raster = bar(20, 3)
    raster[raster == 1] = 7
    raster[0, 0] = -3
    raster[0, 1] = np.nan
    np.testing.assert_array_equal(ink.normalize(raster), ink.normalize(bar(20, 3)))


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
    image = ink.normalize(bar(height, width))
    assert image is not None
    rows = image.sum(axis=1) / 255
    assert np.median(rows[8:20]) == pytest.approx(expected, abs=0.1)
    assert np.count_nonzero(rows > 0.5) == pytest.approx(20, abs=1)


def test_thickened_lines_have_rounded_ends() -> None:
    """Two of four steps go along the diagonals too: the end of a line of 1 pixel becomes 1 + 2 2 wide, not 9 or 1."""
    thick = ink.with_usual_lines(np.ones((200, 2), np.float32))
    assert thick.shape == (88, 9)
    assert np.count_nonzero(thick, axis=1)[:5].tolist() == [5, 7, 9, 9, 9]


@pytest.mark.parametrize(("width", "kept"), [(15, False), (17, True), (49, True), (52, False)])
def test_only_lines_of_usual_width_keep_it(width: int, kept: bool) -> None:
    """A bar of 200 by w is 2 200 w / (400 + 2 w) wide: from 15 to 40 for w from 16.2 to 50."""
    raster = bar(200, width)
    cropped = ink.cropped(raster)
    assert (ink.with_usual_lines(cropped) is cropped) == kept
    image = ink.normalize(raster)
    assert image is not None
    assert (abs(image[14].sum() / 255 - width / 10) < 0.02) == kept


def test_a_drawing_of_two_pixels_is_left_as_it_is() -> None:
    for raster in (np.ones((1, 1)), np.ones((2, 1))):
        assert ink.with_usual_lines(raster) is raster
    assert ink.with_usual_lines(np.ones((3, 1))).shape != (3, 1)


def test_the_width_of_a_line_is_its_area_by_half_its_edge() -> None:
    for height, width in ((100, 4), (50, 10)):
        expected = 2 * height * width / (2 * height + 2 * width)
        assert ink.line_width(np.ones((height, width))) == pytest.approx(expected, rel=0.03)
    assert ink.line_width(np.full((50, 10), 0.5)) == pytest.approx(ink.line_width(np.ones((50, 10))))
    assert ink.line_width(np.zeros((3, 3))) == 0


def test_margins_are_cropped_and_nothing_else() -> None:
    raster = np.zeros((5, 7))
    raster[1, 2] = raster[3, 5] = 0.1
    assert ink.cropped(raster).shape == (3, 4)
    assert ink.cropped(np.zeros((5, 7))).shape == (0, 0)
    np.testing.assert_array_equal(ink.cropped(bar(3, 2)), np.ones((3, 2)))


def test_a_neighbourhood_has_four_or_eight_neighbours() -> None:
    dot = np.zeros((5, 5))
    dot[2, 2] = 1
    cross, square = ink.neighbourhood(dot, np.maximum, False), ink.neighbourhood(dot, np.maximum, True)
    assert (float(cross.sum()), float(square.sum())) == (5.0, 9.0)
    assert cross[1, 2] == cross[2, 1] == cross[3, 2] == cross[2, 3] == square[1, 1] == square[3, 3] == 1
    np.testing.assert_array_equal(ink.neighbourhood(square, np.minimum, True), dot)
    np.testing.assert_array_equal(ink.neighbourhood(cross, np.minimum, False), dot)


def test_pixels_are_shared_among_those_that_they_cover() -> None:
    assert ink.overlaps(np.array([0.0, 0.75, 1.5]), 0.75, 3).T.tolist() == [
        [0.75, 0, 0],
        [0.25, 0.5, 0],
        [0, 0.5, 0.25],
    ]
    resized = ink.resized(np.array([[1.0, 0.0], [0.5, 0.5]]), 2)
    assert resized.tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5]]
    assert ink.resized(np.array([[1.0, 0.0], [0.5, 0.5]]), 0.5).tolist() == [[0.5]]


def test_the_centre_of_mass_is_moved_to_the_middle_but_not_out_of_the_image() -> None:
    centred = ink.area_weights(np.ones(20), 1.0)
    assert np.flatnonzero(centred.sum(axis=1)).tolist() == list(range(4, 24))
    heavy_end = np.ones(20)
    heavy_end[0] = 1e6  # its centre is at the first pixel, which would go to the middle and the last one beyond 28
    assert np.flatnonzero(ink.area_weights(heavy_end, 1.0).sum(axis=1)).tolist() == list(range(8, 28))
    assert np.flatnonzero(ink.area_weights(heavy_end[::-1], 1.0).sum(axis=1)).tolist() == list(range(20))
    half = ink.area_weights(np.ones(40), 0.5)
    assert half[4, :2].tolist() == [0.5, 0.5]


def test_ink_is_rounded_to_the_nearest_byte() -> None:
    assert ink.to_bytes(np.array([0, 0.49 / 255, 0.51 / 255, 127.6 / 255, 1])).tolist() == [0, 0, 1, 128, 255]
