"""The controls: one owner of the mouse, a ring for the keyboard, and everything possible with either alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from drawapp.session import language
from drawapp.ui import intents, keys
from drawapp.ui.controls.control import Control
from drawapp.ui.screens.draw.screen import DrawScreen
from drawapp.ui.screens.tool_bar import ToolBar
from drawapp.ui.theme import DARK
from drawapp.ui.view import View
from tests.helpers.user import RIGHT, Chooser, opened

CTRL, SHIFT = pygame.KMOD_LCTRL, pygame.KMOD_LSHIFT


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chooser]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(Chooser(tmp_path)) as user:
        yield user


def hold(user: Chooser, key: int, arrow: int, times: int, mod: int = 0) -> None:
    """Hold `key` down while an arrow is pressed so many times."""
    user.key_down(key)
    for _ in range(times):
        user.key(arrow, mod)
    user.post(pygame.KEYUP, key=key, mod=0, unicode="")


def test_the_mouse_alone_draws_erases_clears_and_takes_back(user: Chooser) -> None:
    user.click_on("clear")
    assert user.app.canvas.is_empty
    user.drag((5, 14), (23, 14))
    user.click_on("eraser")
    user.drag((14, 10), (14, 18))
    assert user.app.canvas.grid()[14, 14] == 0
    user.click_on("pen")
    user.drag((14, 10), (14, 18))
    assert user.app.canvas.grid()[14, 14] > 200
    for _ in range(3):
        user.click_on("undo")
    assert user.app.canvas.is_empty
    user.click_on("redo")
    assert user.app.canvas.grid()[14, 7] > 200


def test_the_keyboard_alone_draws_erases_clears_and_takes_back(user: Chooser) -> None:
    user.tab_to("clear")
    user.key(pygame.K_RETURN)
    assert user.app.canvas.is_empty
    user.tab_to("grid")
    hold(user, pygame.K_SPACE, pygame.K_RIGHT, 8)
    row = user.app.canvas.grid()[14]
    assert row[14:22].min() > 100
    hold(user, pygame.K_BACKSPACE, pygame.K_LEFT, 4)
    assert user.app.canvas.grid()[14, 20] == 0
    user.tab_to("undo")
    user.key(pygame.K_SPACE)
    np.testing.assert_array_equal(user.app.canvas.grid()[14], row)
    user.tab_to("redo")
    user.key(pygame.K_SPACE)
    assert user.app.canvas.grid()[14, 20] == 0
    user.tab_to("brush")
    user.key(pygame.K_END)
    assert user.app.pen.width == 4
    user.key(pygame.K_LEFT)
    assert user.app.pen.width == 3.5


def test_shift_moves_the_pen_more_finely_and_two_arrows_go_aslant(user: Chooser) -> None:
    user.key(pygame.K_RIGHT)
    user.key(pygame.K_RIGHT, SHIFT)
    assert user.app.pen.at == (15.25, 14)
    user.key_down(pygame.K_DOWN)
    user.key_down(pygame.K_RIGHT)
    assert user.app.pen.at == (16.25, 16)
    for _ in range(60):
        user.key_down(pygame.K_RIGHT)
    assert user.app.pen.is_over_grid


def test_space_is_released_when_the_window_loses_the_keyboard(user: Chooser) -> None:
    user.key_down(pygame.K_SPACE)
    assert user.app.pen.is_down
    user.post(pygame.WINDOWFOCUSLOST)
    assert not user.app.pen.is_down


def test_tab_comes_to_every_control_and_back(user: Chooser) -> None:
    def ring() -> list[str]:
        return [c.name for c in user.app.screen.controls if user.app.screen.focus.state(c).has_ring]

    assert ring() == []
    names: list[str] = []
    for _ in range(30):
        user.key(pygame.K_TAB)
        (name,) = ring()
        if name in names:
            break
        names.append(name)
    assert ring() == ["grid"] == names[:1]
    assert {"undo", "pen", "eraser", "clear", "brush", "help", "models"} <= set(names)
    user.key(pygame.K_TAB, SHIFT)
    assert ring() == names[-1:]
    user.click(2, 2)
    assert ring() == []


def test_the_ring_is_seen_around_each_control(user: Chooser) -> None:
    for name in ("grid", "undo", "brush", "models", "help"):
        user.tab_to(name)
        pixels = user.seen()
        box = user.control(name).box.shrunk(-6)
        around = pixels[box.left : box.right, max(box.top, 0) : box.bottom]
        assert (around == np.array(DARK.focus)).all(axis=2).sum() > box.width


def test_the_pressed_control_owns_the_mouse_until_it_is_released(user: Chooser) -> None:
    before = user.app.canvas.revision
    brush = user.control("brush").box
    user.press(brush.left + 20, brush.centre[1])
    user.move(*user.pixel((14, 14)))
    user.press(*user.pixel((14, 14)), RIGHT)
    user.move(brush.right + 500, 10)
    assert user.app.pen.width == 4
    user.release(*user.pixel((14, 14)))
    assert user.app.canvas.revision == before


def test_a_button_means_something_only_where_it_is_released_on(user: Chooser) -> None:
    user.press(*user.control("clear").box.centre)
    user.move(2, 2)
    user.release(2, 2)
    assert not user.app.canvas.is_empty


def test_what_cannot_be_done_cannot_be_pressed(user: Chooser) -> None:
    for _ in range(2):
        user.key(pygame.K_z, CTRL)
    assert not user.control("undo").is_usable
    user.click_on("undo")
    assert user.app.canvas.is_empty


def test_a_tip_appears_after_a_moment(user: Chooser) -> None:
    user.wait(2)
    user.move(*user.control("eraser").box.centre)
    before = user.seen()
    user.wait(0.3)
    assert (user.seen() == before).all()
    user.wait(0.4)
    assert (user.seen() != before).any()
    user.move(2, 2)
    user.wait(0.1)
    assert (user.seen()[:, : user.control("eraser").box.top] == before[:, : user.control("eraser").box.top]).all()


@pytest.mark.parametrize(("key", "text"), [(pygame.K_F1, ""), (pygame.K_SLASH, "?")])
def test_the_help_opens_and_closes_and_keeps_the_drawing(user: Chooser, key: int, text: str) -> None:
    drawn = user.app.canvas.grid()
    user.key(key, unicode=text)
    assert user.app.screen.shows_help
    user.key(pygame.K_r)  # what cannot be seen cannot be cleared
    user.click(2, 2)
    assert not user.app.screen.shows_help  # a press beside the card
    np.testing.assert_array_equal(user.app.canvas.grid(), drawn)
    user.key(key, unicode=text)
    user.key(pygame.K_ESCAPE)
    assert not user.app.screen.shows_help
    assert user.app.running


def test_the_settings_in_the_help_are_switched_by_mouse_and_keyboard(user: Chooser) -> None:
    user.click_on("help")
    user.click_on("light")
    assert user.app.preferences.theme == "light"
    user.click_on("live")
    assert user.app.preferences.live
    user.tab_to("left_handed")
    user.key(pygame.K_SPACE)
    assert user.app.screen.layout.look.left_handed
    user.click_on("close help")
    assert not user.app.screen.shows_help
    user.key(pygame.K_t)
    assert user.app.preferences.theme == "dark"


def test_the_size_of_type_changes_by_keys(user: Chooser) -> None:
    sizes = []
    for key in (pygame.K_PLUS, pygame.K_EQUALS, pygame.K_KP_PLUS, pygame.K_MINUS, pygame.K_0):
        user.key(key, CTRL)
        sizes.append(user.app.preferences.type_size)
    assert sizes == [125, 150, 150, 125, 100]


def test_g_shows_the_fine_ink_and_the_cells_again(user: Chooser) -> None:
    user.wait(2)
    cells = user.seen()
    user.key(pygame.K_g)
    fine = user.seen()
    grid = user.app.screen.layout.viewport.grid
    changed = (fine != cells).any(axis=2)
    assert changed[grid.left : grid.right, grid.top : grid.bottom].any()
    changed[grid.left : grid.right, grid.top : grid.bottom] = False
    assert not changed.any()
    user.key(pygame.K_g)
    assert (user.seen() == cells).all()


def test_f11_fills_the_screen_and_back(user: Chooser) -> None:
    user.key(pygame.K_F11)
    assert user.app.screen.view.is_full_screen
    user.key(pygame.K_F11)
    assert not user.app.screen.view.is_full_screen


def test_a_character_is_chosen_by_mouse_and_by_arrows(user: Chooser) -> None:
    user.click_on("clear")
    for x in (4, 12, 20):
        user.drag((x, 8), (x, 16))
    answer = user.draw_screen.answer
    assert answer.is_usable
    assert len(user.app.screen.view.characters) == 3
    user.click(answer.box.left + 24, answer.box.centre[1])
    assert user.app.screen.view.number == 0
    user.tab_to("answer")
    user.key(pygame.K_RIGHT)
    assert user.app.screen.view.number == 1
    user.key(pygame.K_LEFT)
    user.key(pygame.K_LEFT)
    assert user.app.screen.view.number == 2
    user.click_on("clear")
    assert user.app.screen.view.number is None


def test_several_places_have_buttons(user: Chooser) -> None:
    view = View(user.app.canvas, ("1", "2"), places=("draw", "inside"))
    screen = DrawScreen(user.app.screen.layout, view)
    assert [c.name for c in screen.controls if c.name in view.places] == ["draw", "inside"]
    assert screen.tools.places[0].is_on
    assert not ToolBar(["draw"]).places


def test_every_key_of_the_help_is_known_once() -> None:
    meant = [shortcut for shortcut in keys.SHORTCUTS if shortcut.meaning]
    assert len({shortcut.words for shortcut in meant}) == len(meant)
    strokes = [(s.key, s.control, s.shift, s.text) for s in keys.SHORTCUTS]
    assert len(set(strokes)) == len(strokes)
    assert all(shortcut.words for shortcut in meant)


def test_a_bare_control_means_nothing() -> None:
    control = Control("bare")
    stroke = keys.KeyStroke(pygame.K_a)
    control.close()
    answers = (control.press((0, 0)), control.drag((0, 0)), control.release((0, 0)), control.key(stroke))
    assert answers == (None, None, None, None)
    assert not control.is_open


def test_the_language_is_changed_in_the_help(user: Chooser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(language, "available", lambda folder=tmp_path: ("en", "es"))
    user.app.follow(intents.ChangeLanguage())
    assert user.app.preferences.language == "es"
    user.click_on("help")
    assert user.control("language").is_usable
    user.click_on("language")
    assert user.app.preferences.language == "en"
    language.current.use("en")


def test_the_help_tells_what_the_program_is(user: Chooser) -> None:
    def page() -> str:
        return user.app.screen.help.page if user.app.screen.shows_help else ""

    user.key(pygame.K_F1)
    pages = [page()]
    for _ in range(3):
        user.click_on("about")
        pages.append(page())
    user.key(pygame.K_ESCAPE)
    pages.append(page())
    user.key(pygame.K_F1)
    assert [*pages, page()] == ["keys", "about", "keys", "about", "", "keys"]


def test_the_mouse_alone_makes_the_type_larger_and_as_small_as_before(user: Chooser) -> None:
    user.key(pygame.K_F1)
    sizes = []
    for _ in range(4):
        user.click_on("larger")
        sizes.append(user.app.preferences.type_size)
    assert sizes == [125, 150, 100, 125]
