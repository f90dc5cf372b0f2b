"""The window, driven as a user drives it: real events, a real (unseen) window, and a clock that the test turns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

import nn_scratch
from drawapp.app import App
from drawapp.reading.catalog import Catalog, Model
from drawapp.reading.recognizer import Recognizer
from drawapp.ui.layout import MINIMUM, layout_for

LEFT, RIGHT = 1, 3


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


class User:
    """Posts events as hands and eyes would cause them, and lets the app take turns."""

    def __init__(self) -> None:
        self.now = 100.0
        self.network = CountingNetwork()
        models = Catalog([Model("Counting", Path("counting.npy"))], lambda path: Recognizer(self.network))
        self.app = App(models, clock=lambda: self.now)

    def pixel(self, cell: tuple[float, float]) -> tuple[int, int]:
        x, y = self.app.screen.layout.viewport.to_screen(*cell)
        return round(x), round(y)

    def press(self, cell: tuple[float, float], button: int = LEFT) -> None:
        self.post(pygame.MOUSEBUTTONDOWN, pos=self.pixel(cell), button=button)

    def move(self, *cells: tuple[float, float]) -> None:
        for cell in cells:
            self.post(pygame.MOUSEMOTION, pos=self.pixel(cell), rel=(0, 0), buttons=(1, 0, 0))

    def release(self, cell: tuple[float, float], button: int = LEFT) -> None:
        self.post(pygame.MOUSEBUTTONUP, pos=self.pixel(cell), button=button)

    def drag(self, *cells: tuple[float, float], button: int = LEFT) -> None:
        self.press(cells[0], button)
        self.move(*cells[1:])
        self.release(cells[-1], button)
        self.turn()

    def key(self, key: int, mod: int = 0, unicode: str = "") -> None:
        self.post(pygame.KEYDOWN, key=key, mod=mod, unicode=unicode)
        self.turn()

    def post(self, kind: int, **details: object) -> None:
        pygame.event.post(pygame.Event(kind, details))

    def turn(self) -> bool:
        self.app.listen()
        self.app.think()
        return self.app.show()

    def wait(self, seconds: float) -> None:
        """Let time pass, sixty turns a second."""
        for _ in range(round(seconds * 60)):
            self.now += 1 / 60
            self.turn()


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    user = User()
    user.app.open()
    user.turn()
    yield user
    user.app.close()


def seen(user: User) -> NDArray[np.uint8]:
    return pygame.surfarray.array3d(user.app.window.get_surface())


def test_dragging_draws_all_that_the_mouse_did_between_two_frames(user: User) -> None:
    user.drag((5, 5), (20, 5), (20, 20), (5, 20))
    grid = user.app.canvas.grid()
    for row, column in ((5, 12), (12, 20), (20, 12)):
        assert grid[row, column] > 200
    assert grid[12, 12] == 0


def test_moving_without_a_button_draws_nothing(user: User) -> None:
    user.move((5, 5), (20, 20))
    user.turn()
    assert user.app.canvas.is_empty


def test_a_press_beside_the_grid_draws_nothing_even_when_dragged_onto_it(user: User) -> None:
    user.drag((40, 5), (20, 5), (5, 5))
    assert user.app.canvas.is_empty


def test_the_right_button_erases(user: User) -> None:
    user.drag((5, 14), (23, 14))
    user.drag((14, 10), (14, 18), button=RIGHT)
    grid = user.app.canvas.grid()
    assert grid[14, 14] == 0
    assert grid[14, 7] > 200
    user.drag((4, 14), (24, 14), button=RIGHT)
    assert user.app.canvas.is_empty
    assert user.app.prediction is None


def test_a_drag_off_the_grid_and_back_goes_on_drawing(user: User) -> None:
    user.press((14, 5))
    user.move((40, 5), (40, 20))
    user.turn()
    user.move((5, 20))
    user.release((5, 20))
    user.turn()
    grid = user.app.canvas.grid()
    assert grid[5, 27] > 200
    assert grid[20, 27] > 200
    assert grid[12, 27] == 0


def test_a_release_off_the_grid_ends_the_stroke(user: User) -> None:
    user.press((14, 14))
    user.move((40, 14))
    user.release((40, 14))
    user.move((40, 20), (5, 20))
    user.turn()
    assert user.app.canvas.grid()[20].max() == 0


def test_the_first_button_owns_the_mouse_until_it_is_released(user: User) -> None:
    user.press((5, 5))
    user.press((6, 5), RIGHT)
    user.release((6, 5), RIGHT)
    user.move((20, 5))
    user.release((20, 5))
    user.turn()
    assert user.app.canvas.grid()[5, 15] > 200
    assert user.app.canvas.grid()[5, 5] > 200


def test_nothing_is_read_while_there_is_no_ink(user: User) -> None:
    user.wait(3)
    assert user.network.readings == 0
    assert user.app.prediction is None


def test_the_drawing_is_read_within_a_second_while_the_pen_is_down(user: User) -> None:
    user.press((14, 5))
    user.move((14, 20))
    user.wait(0.5)
    assert user.app.prediction is None
    user.wait(0.6)
    assert user.app.prediction is not None
    assert user.network.readings == 1
    user.wait(3)
    assert user.network.readings == 4


def test_the_drawing_is_read_at_once_when_the_pen_lifts(user: User) -> None:
    user.drag((14, 5), (14, 20))
    assert user.app.prediction is not None
    assert user.app.prediction.has_ink
    first = user.app.prediction
    user.drag((8, 20), (20, 20))
    assert user.app.prediction != first


def test_two_drawings_side_by_side_are_two_characters_and_each_has_its_bracket(user: User) -> None:
    user.drag((5, 5), (5, 12))
    user.wait(1)
    before = seen(user)
    user.drag((20, 5), (20, 12))
    assert user.app.prediction is not None
    assert len(user.app.prediction.characters) == 2
    user.wait(1)
    changed = (seen(user) != before).any(axis=2)
    for x in (5, 20):
        left, top = user.pixel((x - 2, 13))
        right, bottom = user.pixel((x + 2, 16))
        assert changed[left:right, top:bottom].any()
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    user.wait(1)
    left, top = user.pixel((3, 13.5))
    assert not (seen(user) != before)[left : left + 80, top : top + 60].any()


def test_r_resets_and_undo_brings_the_drawing_back(user: User) -> None:
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


def test_z_alone_undoes_nothing(user: User) -> None:
    user.drag((14, 5), (14, 20))
    user.key(pygame.K_z)
    assert not user.app.canvas.is_empty


def test_the_wheel_and_the_brackets_change_the_brush_within_bounds(user: User) -> None:
    width = user.app.pen.width
    user.post(pygame.MOUSEWHEEL, x=0, y=1)
    user.turn()
    assert user.app.pen.width > width
    user.key(pygame.K_LEFTBRACKET, unicode="[")
    assert user.app.pen.width == width
    for _ in range(20):
        user.key(pygame.K_8, unicode="[")  # AltGr 8 on a German keyboard
    assert user.app.pen.width == 1
    for _ in range(20):
        user.key(pygame.K_RIGHTBRACKET)
    assert user.app.pen.width == 4
    user.drag((5, 14), (20, 14))
    assert user.app.canvas.grid()[12:16, 12].min() == 255


@pytest.mark.parametrize("kind", [pygame.QUIT, pygame.WINDOWCLOSE])
def test_the_windows_button_closes(user: User, kind: int) -> None:
    user.post(kind)
    user.app.run()
    assert not pygame.display.get_init()
    user.app.open()  # for the fixture to close


def test_escape_closes(user: User) -> None:
    user.post(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0, unicode="")
    user.turn()
    assert not user.app.running


@pytest.mark.parametrize("size", [(800, 540), (1600, 900), (900, 1400)])
def test_a_resized_window_keeps_the_drawing_and_draws_on(user: User, size: tuple[int, int]) -> None:
    user.drag((5, 5), (20, 5))
    user.app.window.size = size
    user.turn()
    assert user.app.screen.layout == layout_for(size)
    user.drag((5, 20), (20, 20))
    grid = user.app.canvas.grid()
    assert grid[5, 12] > 200
    assert grid[20, 12] > 200


def test_a_window_cannot_become_too_small(user: User) -> None:
    user.app.window.size = (300, 200)
    user.turn()
    assert user.app.screen.layout.window == MINIMUM


def test_nothing_is_drawn_again_while_nothing_changes(user: User) -> None:
    assert not user.turn()
    user.drag((5, 5), (20, 5))
    user.wait(2)
    assert not user.turn()
    user.move((9, 9))
    assert user.turn()


def test_the_ink_and_the_brush_are_seen_where_the_mouse_is(user: User) -> None:
    user.drag((5, 5), (20, 5))
    user.wait(1)
    before = seen(user)
    x, y = user.pixel((12, 5))
    assert before[x + 2, y + 2].min() > 200
    user.move((20, 20))
    user.turn()
    changed = np.argwhere((seen(user) != before).any(axis=2))
    assert np.abs(changed - np.array(user.pixel((20, 20)))).max(axis=1).min() <= 25
