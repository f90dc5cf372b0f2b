"""The window, driven as a user drives it: real events, a real (unseen) window, and a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

import nn_scratch
from drawapp.reading.catalog import Catalog, Model
from drawapp.reading.recognizer import Recognizer
from drawapp.ui.layout import MINIMUM
from tests.helpers.user import RIGHT, User, opened


class CountingNetwork:
    """A network that counts how often it is asked."""

    def __init__(self) -> None:
        self._network = nn_scratch.mlp().initialize(np.random.default_rng(0))
        self.classes = self._network.classes
        self.readings = 0

    def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
        self.readings += 1
        return self._network.predict_proba(images).astype(np.float32)

    def seen(self, images: NDArray[np.uint8], /) -> NDArray[np.uint8]:
        return self._network.seen(images)


class Drawer(User):
    """A user of one network, which counts how often it is asked."""

    def __init__(self) -> None:
        self.network = CountingNetwork()
        super().__init__(Catalog([Model("Counting", Path("counting.npy"))], lambda path: Recognizer(self.network)))


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


def test_r_resets_and_undo_brings_the_drawing_back(user: Drawer) -> None:
    user.drag((14, 5), (14, 20))
    drawn, read = user.app.canvas.grid(), user.app.prediction
    user.key(pygame.K_r)
    assert user.app.canvas.is_empty
    assert user.app.prediction is None
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    np.testing.assert_array_equal(user.app.canvas.grid(), drawn)
    assert user.app.prediction == read
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    assert user.app.canvas.is_empty
    assert user.app.prediction is None


def test_z_alone_undoes_nothing(user: Drawer) -> None:
    user.drag((14, 5), (14, 20))
    user.key(pygame.K_z)
    assert not user.app.canvas.is_empty


def test_the_wheel_changes_the_brush_over_the_sheet_only(user: Drawer) -> None:
    width = user.app.pen.width
    user.move(*user.app.screen.layout.bars.centre)
    user.post(pygame.MOUSEWHEEL, x=0, y=1)
    assert user.app.pen.width == width
    user.move(*user.pixel((14, 14)))
    user.post(pygame.MOUSEWHEEL, x=0, y=1)
    assert user.app.pen.width > width


def test_the_brackets_change_the_brush_within_bounds(user: Drawer) -> None:
    user.key(pygame.K_LEFTBRACKET, unicode="[")
    assert user.app.pen.width == 1.5
    for _ in range(20):
        user.key(pygame.K_8, unicode="[")  # AltGr 8 on a German keyboard
    assert user.app.pen.width == 1
    for _ in range(20):
        user.key(pygame.K_RIGHTBRACKET)
    assert user.app.pen.width == 4
    user.drag((5, 14), (20, 14))
    assert user.app.canvas.grid()[12:16, 12].min() == 255


@pytest.mark.parametrize("kind", [pygame.QUIT, pygame.WINDOWCLOSE])
def test_the_windows_button_closes(user: Drawer, kind: int) -> None:
    user.post(kind)
    user.app.run()
    assert not pygame.display.get_init()
    user.app.open()  # for the fixture to close


@pytest.mark.parametrize("modifier", [pygame.KMOD_LCTRL, pygame.KMOD_LMETA])
def test_ctrl_q_and_cmd_q_close(user: Drawer, modifier: int) -> None:
    user.key(pygame.K_q, modifier)
    assert not user.app.running


def test_escape_closes_nothing_but_what_is_open(user: Drawer) -> None:
    user.drag((5, 5), (20, 5))
    drawn = user.app.canvas.grid()
    for _ in range(3):
        user.key(pygame.K_ESCAPE)
    assert user.app.running
    np.testing.assert_array_equal(user.app.canvas.grid(), drawn)


@pytest.mark.parametrize("modifier", [pygame.KMOD_LCTRL, pygame.KMOD_LALT, pygame.KMOD_LMETA, pygame.KMOD_LSHIFT])
@pytest.mark.parametrize("key", [pygame.K_r, pygame.K_h, pygame.K_l, pygame.K_g, pygame.K_t])
def test_keys_with_other_modifiers_do_nothing(user: Drawer, key: int, modifier: int) -> None:
    user.drag((5, 5), (20, 5))
    drawn, before = user.app.canvas.grid(), user.app.preferences
    user.key(key, modifier)
    np.testing.assert_array_equal(user.app.canvas.grid(), drawn)
    assert user.app.preferences == before


def test_r_in_mid_stroke_clears_and_the_pen_goes_on(user: Drawer) -> None:
    user.press(*user.pixel((5, 5)))
    user.move(*user.pixel((20, 5)))
    user.key(pygame.K_r)
    user.move(*user.pixel((20, 20)))
    user.release(*user.pixel((20, 20)))
    grid = user.app.canvas.grid()
    assert grid[5, 10] == 0
    assert grid[12, 20] > 200


def test_four_strokes_are_undone_and_redone_by_keys_and_by_buttons(user: Drawer) -> None:
    for x in (4, 10, 16, 22):
        user.drag((x, 5), (x, 20))
    drawn = user.app.canvas.ink.copy()
    redo = [(pygame.K_y, pygame.KMOD_LCTRL), (pygame.K_z, pygame.KMOD_LCTRL | pygame.KMOD_LSHIFT), (pygame.K_y, 1 << 6)]
    for _ in range(3):
        user.key(pygame.K_z, pygame.KMOD_LCTRL)
    for key, modifier in redo:
        user.key(key, modifier)
    np.testing.assert_array_equal(user.app.canvas.ink, drawn)
    for name in ("undo", "redo"):
        for _ in range(3):
            user.click_on(name)
    np.testing.assert_array_equal(user.app.canvas.ink, drawn)


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
