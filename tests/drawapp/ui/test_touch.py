"""Touch: one finger draws and presses, two erase, and mouse events made of touch count once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from drawapp.drawing.geometry import Point
from tests.helpers.user import Chooser, opened

DOWN, MOTION, UP = pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chooser]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(Chooser(tmp_path)) as user:
        user.app.canvas.clear()
        yield user


def touch(user: Chooser, kind: int, finger: int, at: Point) -> None:
    """A finger at a place in pixels."""
    width, height = user.app.screen.size
    user.post(kind, finger_id=finger, touch_id=1, x=at[0] / width, y=at[1] / height, dx=0, dy=0, pressure=1)


def test_one_finger_draws(user: Chooser) -> None:
    touch(user, DOWN, 3, user.pixel((5, 14)))
    touch(user, MOTION, 3, user.pixel((20, 14)))
    touch(user, UP, 3, user.pixel((20, 14)))
    assert user.app.canvas.grid()[14, 12] > 200
    assert not user.app.pen.is_down
    assert user.app.pen.at is None


def test_two_fingers_erase_and_leave_no_spot(user: Chooser) -> None:
    user.app.canvas.draw([(5, 14), (23, 14)])
    user.turn()
    touch(user, DOWN, 1, user.pixel((13, 6)))
    touch(user, DOWN, 2, user.pixel((15, 6)))
    for y in (10, 14, 20):
        touch(user, MOTION, 1, user.pixel((13, y)))
        touch(user, MOTION, 2, user.pixel((15, y)))
    touch(user, UP, 1, user.pixel((13, 20)))
    touch(user, MOTION, 2, user.pixel((7, 14)))  # the finger that is still down does not draw
    touch(user, UP, 2, user.pixel((7, 14)))
    grid = user.app.canvas.grid()
    assert grid[14, 14] == 0
    assert grid[14, 7] > 200
    assert grid[:10].max() == 0
    touch(user, DOWN, 1, user.pixel((5, 20)))
    touch(user, MOTION, 1, user.pixel((9, 20)))
    touch(user, UP, 1, user.pixel((9, 20)))
    assert user.app.canvas.grid()[20, 7] > 200


def test_a_second_finger_after_a_stroke_keeps_the_stroke(user: Chooser) -> None:
    touch(user, DOWN, 1, user.pixel((5, 5)))
    touch(user, MOTION, 1, user.pixel((20, 5)))
    touch(user, DOWN, 2, user.pixel((20, 24)))
    touch(user, UP, 2, user.pixel((20, 24)))
    touch(user, UP, 1, user.pixel((20, 5)))
    assert user.app.canvas.grid()[5, 10] > 200


def test_a_finger_presses_buttons(user: Chooser) -> None:
    user.drag((5, 14), (20, 14))
    at = user.control("clear").box.centre
    touch(user, DOWN, 1, at)
    touch(user, UP, 1, at)
    assert user.app.canvas.is_empty


def test_mouse_events_made_of_touch_do_nothing(user: Chooser) -> None:
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEMOTION, pygame.MOUSEBUTTONUP):
        user.post(kind, pos=user.pixel((14, 14)), button=1, buttons=(1, 0, 0), rel=(0, 0), touch=True)
    assert user.app.canvas.is_empty
    assert user.app.pen.at is None
