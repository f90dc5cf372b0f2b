"""A replay shows the finished ink, in the order in which the pen left it."""

from __future__ import annotations

import numpy as np

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.drawing.replay import MOST_POINTS, Replay


def drawn(digit: str = "4", width: float = 2.0) -> Canvas:
    canvas = Canvas()
    for stroke in sample_digits.STROKES[digit]:
        canvas.draw(stroke, width)
    return canvas


def test_ink_grows_to_the_drawing_itself() -> None:
    for width in (1.0, 2.0, 4.0):
        canvas = drawn(width=width)
        replay = Replay(canvas.snapshot())
        before = np.zeros_like(canvas.ink)
        for count in range(1, len(replay.points) + 1):
            ink = replay.after(count).ink
            assert (ink >= before).all()
            assert ((ink == 0) | (ink == canvas.ink)).all()
            before = ink
        np.testing.assert_array_equal(before, canvas.ink)
        assert replay.after(1).ink.sum() < 0.15 * canvas.ink.sum()


def test_halfway_it_is_nearly_what_the_canvas_was_then() -> None:
    first, *others = sample_digits.STROKES["4"]
    half, whole = Canvas(), Canvas()
    half.draw(first)
    for stroke in (first, *others):
        whole.draw(stroke)
    replay, samples = Replay(whole.snapshot()), sum(len(stroke) for stroke in half.strokes())
    found = replay.after(samples)
    assert np.abs(found.ink - half.ink).mean() < 0.1 * half.ink.mean()
    assert len(found.paths) == len(half.snapshot().paths)
    restored = Canvas()
    restored.restore(found)
    np.testing.assert_array_equal(np.concatenate(restored.strokes()), np.concatenate(half.strokes()))
    np.testing.assert_allclose(replay.pen(samples), first[-1], atol=1e-5)


def test_an_image_is_there_from_the_beginning() -> None:
    canvas = Canvas()
    assert len(Replay(canvas.snapshot()).points) == 0
    image = np.zeros((40, 40), np.float32)
    image[5:35, 30:34] = 1
    canvas.place_image(image)
    ink = canvas.ink.copy()
    replay = Replay(canvas.snapshot())
    assert len(replay.points) == 0
    np.testing.assert_array_equal(replay.after(0).ink, ink)
    canvas.draw([(3, 4), (3, 20)], 1.0)
    begun = Replay(canvas.snapshot()).after(1)
    np.testing.assert_array_equal(begun.ink[ink > 0], ink[ink > 0])
    assert begun.ink.sum() < canvas.ink.sum() - 50


def test_erased_points_are_left_out_and_long_drawings_are_thinned() -> None:
    canvas = drawn()
    canvas.draw([(0, 14), (28, 14)], 4.0, erase=True)
    replay = Replay(canvas.snapshot())
    assert len(replay.points) == sum(len(stroke) for stroke in canvas.strokes())
    np.testing.assert_array_equal(replay.after(len(replay.points)).ink, canvas.ink)
    for k in range(40):
        canvas.draw([(2, 2 + k / 2), (26, 2 + k / 2)])
    assert len(Replay(canvas.snapshot()).points) == MOST_POINTS
