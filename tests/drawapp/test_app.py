"""The window, driven as a user drives it: real events, a real (unseen) window, and a clock that the test turns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pygame
import pytest

from drawapp.drawing.geometry import Point
from drawapp.ui.layout import MINIMUM
from drawapp.ui.view import View
from tests.helpers.user import LEFT, RIGHT, Drawer, opened


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawer]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(Drawer()) as user:
        yield user


def test_dragging_draws_all_that_the_mouse_did_between_two_frames(user: Drawer) -> None:
    user.drag((5, 5), (20, 5), (20, 20), (5, 20))
    grid = user.app.canvas.grid()
    for row, column in ((5, 12), (12, 20), (20, 12)):
        assert grid[row, column] > 200
    assert grid[12, 12] == 0


@pytest.mark.parametrize("button", [LEFT, RIGHT, None], ids=["draw", "erase", "finger"])
def test_all_moves_of_one_frame_are_drawn_and_the_screen_is_told_once(
    user: Drawer, monkeypatch: pytest.MonkeyPatch, button: int | None
) -> None:
    cells = [(14 + 9 * math.cos(k / 5), 14 + 9 * math.sin(k / 3)) for k in range(60)]
    for y in range(4, 26, 3):
        user.drag((4, y), (24, y))
    post_moves(user, cells, button, each=user.turn)
    one_by_one = user.app.canvas.snapshot()
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    told: list[View] = []
    post_moves(user, cells, button, before=lambda: monkeypatch.setattr(user.app.screen, "update", told.append))
    together = user.app.canvas.snapshot()
    np.testing.assert_array_equal(together.ink, one_by_one.ink)
    assert len(told) == 2  # by the moves, and by the frame
    for path, other in zip(together.paths, one_by_one.paths, strict=True):
        np.testing.assert_array_equal(path.points, other.points)
        np.testing.assert_array_equal(path.kept, other.kept)


def nothing() -> None:
    """What happens between two events of one frame."""


def post_moves(
    user: Drawer,
    cells: list[Point],
    button: int | None,
    before: Callable[[], object] = nothing,
    each: Callable[[], object] = nothing,
) -> None:
    """Move a button, or a finger, through `cells`, and take a turn; `before` comes after the press."""
    width, height = user.app.screen.size
    details: dict[str, object] = {}
    finger = {"finger_id": 1, "touch_id": 1, "dx": 0, "dy": 0, "pressure": 1}
    touching, moving = pygame.FINGERDOWN, pygame.FINGERMOTION
    for number, cell in enumerate(cells):
        x, y = user.pixel(cell)
        if button is None:
            kind, details = moving if number else touching, {**finger, "x": x / width, "y": y / height}
        else:
            kind = pygame.MOUSEMOTION if number else pygame.MOUSEBUTTONDOWN
            details = {"pos": (x, y), "button": button, "rel": (0, 0), "buttons": (0, 0, 0)}
        pygame.event.post(pygame.Event(kind, details))
        if number == 0:
            user.turn()
            before()
        each()
    user.turn()
    kind = pygame.FINGERUP if button is None else pygame.MOUSEBUTTONUP
    pygame.event.post(pygame.Event(kind, details))
    each()


def test_moving_without_a_button_draws_nothing(user: Drawer) -> None:
    user.move(*user.pixel((5, 5)))
    user.move(*user.pixel((20, 20)))
    user.turn()
    assert user.app.canvas.is_empty


def test_a_stroke_that_begins_beside_the_grid_draws_from_where_it_enters(user: Drawer) -> None:
    user.drag((-1, -1), (5, 5), (5, 20))
    grid = user.app.canvas.grid()
    assert grid[12, 5] > 200
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    assert user.app.canvas.is_empty


def test_a_stroke_that_never_enters_is_no_step(user: Drawer) -> None:
    user.drag((-1, -1), (-1, 20))
    assert user.app.canvas.is_empty
    assert not user.app.canvas.can_undo


def test_the_right_button_erases(user: Drawer) -> None:
    user.drag((5, 14), (23, 14))
    user.drag((14, 10), (14, 18), button=RIGHT)
    grid = user.app.canvas.grid()
    assert grid[14, 14] == 0
    assert grid[14, 7] > 200
    user.drag((4, 14), (24, 14), button=RIGHT)
    assert user.app.canvas.is_empty
    assert user.app.prediction is None


def test_a_drag_off_the_grid_and_back_goes_on_drawing(user: Drawer) -> None:
    user.press(*user.pixel((14, 5)))
    user.move(*user.pixel((40, 5)))
    user.move(*user.pixel((40, 20)))
    user.turn()
    user.move(*user.pixel((5, 20)))
    user.release(*user.pixel((5, 20)))
    user.turn()
    grid = user.app.canvas.grid()
    assert grid[5, 27] > 200
    assert grid[20, 27] > 200
    assert grid[12, 27] == 0


def test_a_release_off_the_grid_ends_the_stroke(user: Drawer) -> None:
    user.press(*user.pixel((14, 14)))
    user.move(*user.pixel((40, 14)))
    user.release(*user.pixel((40, 14)))
    user.move(*user.pixel((40, 20)))
    user.move(*user.pixel((5, 20)))
    user.turn()
    assert user.app.canvas.grid()[20].max() == 0


def test_the_first_button_owns_the_mouse_until_it_is_released(user: Drawer) -> None:
    user.press(*user.pixel((5, 5)))
    user.press(*user.pixel((6, 5)), RIGHT)
    user.release(*user.pixel((6, 5)), RIGHT)
    user.move(*user.pixel((20, 5)))
    user.release(*user.pixel((20, 5)))
    user.turn()
    assert user.app.canvas.grid()[5, 15] > 200
    assert user.app.canvas.grid()[5, 5] > 200


def test_nothing_is_read_while_there_is_no_ink(user: Drawer) -> None:
    user.wait(3)
    assert user.network.readings == 0
    assert user.app.prediction is None


def test_the_drawing_is_read_within_a_second_while_the_pen_is_down(user: Drawer) -> None:
    user.press(*user.pixel((14, 5)))
    user.move(*user.pixel((14, 20)))
    user.wait(0.5)
    assert user.app.prediction is None
    user.wait(0.6)
    assert user.app.prediction is not None
    assert user.network.readings == 1
    user.wait(3)
    assert user.network.readings == 4


def test_the_drawing_is_read_at_once_when_the_pen_lifts(user: Drawer) -> None:
    user.drag((14, 5), (14, 20))
    assert user.app.prediction is not None
    assert user.app.prediction.has_ink
    first = user.app.prediction
    user.drag((8, 20), (20, 20))
    assert user.app.prediction != first


def test_two_drawings_side_by_side_are_two_characters_and_each_has_its_bracket(user: Drawer) -> None:
    user.drag((5, 5), (5, 12))
    user.wait(1)
    before = user.seen()
    user.drag((20, 5), (20, 12))
    assert user.app.prediction is not None
    assert len(user.app.prediction.characters) == 2
    user.wait(1)
    changed = (user.seen() != before).any(axis=2)
    for x in (5, 20):
        left, top = user.pixel((x - 2, 13))
        right, bottom = user.pixel((x + 2, 16))
        assert changed[left:right, top:bottom].any()
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    user.wait(1)
    left, top = user.pixel((3, 13.5))
    assert not (user.seen() != before)[left : left + 80, top : top + 60].any()


@pytest.mark.parametrize("kind", [pygame.QUIT, pygame.WINDOWCLOSE])
def test_the_windows_button_closes(user: Drawer, kind: int) -> None:
    user.post(kind)
    user.app.run()
    assert not pygame.display.get_init()
    user.app.open()  # for the fixture to close


def test_live_reading_reads_while_the_pen_moves(user: Drawer) -> None:
    user.key(pygame.K_l)
    user.press(*user.pixel((14, 5)))
    for step in range(60):
        user.now += 1 / 60
        user.move(*user.pixel((14, 5 + step / 4)))
    assert user.network.readings >= 10
    user.key(pygame.K_l)
    before = user.network.readings
    for step in range(30):
        user.now += 1 / 60
        user.move(*user.pixel((14, 20 - step / 4)))
    assert user.network.readings <= before + 1


@pytest.mark.parametrize("size", [(640, 480), (1600, 900), (900, 1400)])
def test_a_resized_window_keeps_the_drawing_and_draws_on(user: Drawer, size: tuple[int, int]) -> None:
    user.drag((5, 5), (20, 5))
    user.app.window.size = size
    user.turn()
    assert user.app.screen.layout.window == size
    user.drag((5, 20), (20, 20))
    grid = user.app.canvas.grid()
    assert grid[5, 12] > 200
    assert grid[20, 12] > 200


def test_a_window_cannot_become_too_small(user: Drawer) -> None:
    user.app.window.size = (300, 200)
    user.turn()
    assert user.app.screen.layout.window == MINIMUM


def test_nothing_is_drawn_again_while_nothing_changes(user: Drawer) -> None:
    assert not user.turn()
    user.drag((5, 5), (20, 5))
    user.wait(2)
    assert not user.turn()
    before = user.seen()
    user.move(*user.pixel((9, 9)))
    assert (user.seen() != before).any()


def test_the_ink_and_the_brush_are_seen_where_the_mouse_is(user: Drawer) -> None:
    user.drag((5, 5), (20, 5))
    user.wait(1)
    before = user.seen()
    x, y = user.pixel((12, 5))
    assert before[x + 2, y + 2].min() > 160
    user.move(*user.pixel((20, 20)))
    user.turn()
    changed = np.argwhere((user.seen() != before).any(axis=2))
    assert np.abs(changed - np.array(user.pixel((20, 20)))).max(axis=1).min() <= 27
