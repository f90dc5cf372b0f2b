"""What is held down, a button or a key: it ends where it began, whatever the window shows meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from tests.helpers.user import RIGHT, Chooser, opened


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chooser]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(Chooser(tmp_path)) as user:
        user.app.canvas.clear()
        yield user


def key_up(user: Chooser, key: int) -> None:
    user.post(pygame.KEYUP, key=key, mod=0, unicode="")


def draws_without_a_button(user: Chooser) -> bool:
    """Whether moving the mouse over the sheet leaves ink, with no button and no key down."""
    before = user.app.canvas.ink.copy()
    user.move(*user.pixel((4, 24)))
    user.move(*user.pixel((24, 24)))
    return bool((user.app.canvas.ink != before).any())


@pytest.mark.parametrize("button", [1, RIGHT])
@pytest.mark.parametrize("key", [pygame.K_2, pygame.K_3, pygame.K_F1, pygame.K_TAB])
def test_a_stroke_ends_with_the_button_also_in_another_place(user: Chooser, key: int, button: int) -> None:
    user.drag((3, 24), (25, 24))
    user.press(*user.pixel((5, 5)), button)
    user.move(*user.pixel((12, 5)))
    user.key(key)
    user.release(*user.pixel((12, 5)), button)
    assert not user.app.pen.is_down
    user.key(pygame.K_ESCAPE)
    assert not draws_without_a_button(user)
    user.drag((5, 15), (20, 15))
    assert user.app.canvas.grid()[15, 10] > 200


@pytest.mark.parametrize("held", [pygame.K_SPACE, pygame.K_BACKSPACE])
@pytest.mark.parametrize("key", [pygame.K_2, pygame.K_3, pygame.K_F1, pygame.K_TAB])
def test_a_stroke_ends_with_the_key_also_in_another_place(user: Chooser, key: int, held: int) -> None:
    user.key_down(held)
    user.key(key)
    assert user.app.pen.is_down
    key_up(user, held)
    assert not user.app.pen.is_down
    user.key(pygame.K_ESCAPE)
    assert not draws_without_a_button(user)


@pytest.mark.parametrize("key", [pygame.K_2, pygame.K_TAB])
def test_the_window_without_the_keyboard_lets_go_of_all_keys(user: Chooser, key: int) -> None:
    user.key_down(pygame.K_SPACE)
    user.key(key)
    user.post(pygame.WINDOWFOCUSLOST)
    assert not user.app.pen.is_down


def test_an_arrow_that_is_released_moves_the_pen_no_more(user: Chooser) -> None:
    user.key_down(pygame.K_RIGHT)
    user.tab_to("pen")
    key_up(user, pygame.K_RIGHT)
    user.tab_to("grid")
    before = user.app.pen.at
    assert before is not None
    user.key(pygame.K_DOWN)
    assert user.app.pen.at == (before[0], before[1] + 1)


def test_a_button_that_is_no_longer_there_is_not_pressed(user: Chooser) -> None:
    user.drag((5, 5), (20, 5))
    at = user.control("clear").box.centre
    user.press(*at)
    user.key(pygame.K_2)
    user.release(*at)
    assert not user.app.canvas.is_empty
    user.key(pygame.K_F1)
    user.press(2, 2)
    user.key(pygame.K_ESCAPE)
    user.release(2, 2)
    assert not user.app.screen.shows_help


def test_the_ring_stays_where_it_is_in_another_place(user: Chooser) -> None:
    user.drag((5, 5), (20, 5))
    user.tab_to("clear")
    user.key(pygame.K_2)
    assert user.app.screen.focus.state(user.control("clear")).has_ring


@pytest.mark.parametrize("key", [pygame.K_g, pygame.K_l, pygame.K_t, pygame.K_m, pygame.K_F1, pygame.K_F11, pygame.K_w])
def test_a_key_that_is_held_switches_once(user: Chooser, key: int) -> None:
    def state() -> tuple[object, ...]:
        view = user.app.screen.view
        return view.preferences, view.chosen, view.is_full_screen, view.inside, user.app.screen.shows_help

    user.drag((5, 5), (20, 5))
    before = state()
    user.key_down(key)
    switched = state()
    assert switched != before
    for _ in range(3):
        user.key_down(key)
        assert state() == switched
    key_up(user, key)
    assert state() == switched


@pytest.mark.parametrize("key", [pygame.K_SPACE, pygame.K_RETURN])
def test_a_button_is_pressed_once_by_a_key_that_is_held(user: Chooser, key: int) -> None:
    for y in (5, 10, 15):
        user.drag((5, y), (20, y))
    user.tab_to("undo")
    for _ in range(5):
        user.key_down(key)
    grid = user.app.canvas.grid()
    assert grid[15].max() == 0
    assert grid[10].max() > 200


def test_undo_the_brush_and_the_pen_go_on_while_their_key_is_held(user: Chooser) -> None:
    for y in (5, 10, 15):
        user.drag((5, y), (20, y))
    for _ in range(3):
        user.key_down(pygame.K_z, pygame.KMOD_LCTRL)
        user.key_down(pygame.K_RIGHTBRACKET)
    assert user.app.canvas.is_empty
    assert user.app.pen.width == 3.5
    user.tab_to("grid")
    at = user.app.pen.at
    assert at is not None
    for _ in range(3):
        user.key_down(pygame.K_LEFT)
    assert user.app.pen.at == (at[0] - 3, at[1])


def test_a_letter_that_chose_a_label_does_nothing_more_while_it_is_held(user: Chooser) -> None:
    user.drag((14, 5), (14, 20))
    user.key(pygame.K_RETURN)
    assert user.app.screen.focus.opened is not None
    for _ in range(3):
        user.key_down(pygame.K_2, unicode="2")
    assert len(user.app.session.corrections.all) == 1
    assert user.app.screen.view.place == "draw"
