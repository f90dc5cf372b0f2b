"""The choices in the window: the drop-down, M and dropped files change the model; H and the switch, the charset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from drawapp.reading.catalog import Model
from drawapp.reading.charset import Charset
from drawapp.ui.controls.message import folded
from tests.helpers.user import DIGITS, LETTERS, Chooser, opened


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chooser]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(Chooser(tmp_path)) as user:
        yield user


def test_m_goes_to_the_next_model_and_reads_the_same_drawing_at_once(user: Chooser) -> None:
    drawn = user.app.canvas.grid()
    user.key(pygame.K_m)
    assert user.models.chosen.name == "letters"
    assert user.app.prediction is not None
    assert user.app.prediction.classes == LETTERS
    user.key(pygame.K_m, pygame.KMOD_LSHIFT)
    assert user.app.prediction.classes == DIGITS
    np.testing.assert_array_equal(user.app.canvas.grid(), drawn)


def test_the_window_is_called_after_what_there_is_to_draw(user: Chooser) -> None:
    titles = [user.app.window.title]
    user.key(pygame.K_m)
    for _ in range(3):
        titles.append(user.app.window.title)
        user.key(pygame.K_h)
    assert titles == ["Draw a digit", "Draw a character", "Draw a letter", "Draw a digit"]


def test_alt_tab_belongs_to_the_desktop(user: Chooser) -> None:
    user.key(pygame.K_TAB, pygame.KMOD_LALT)
    assert not any(user.app.screen.focus.state(control).has_ring for control in user.app.screen.controls)


def test_the_list_opens_upwards_where_there_is_no_room_below(user: Chooser, tmp_path: Path) -> None:
    user.app.window.size = (700, 1000)
    user.turn()
    for number in range(6):
        user.models.offered.append(Model(f"more {number}", tmp_path / "letters.npy"))
    user.click_on("models")
    head, opened_list = user.control("models").box, user.app.screen.models.list_box()
    assert 0 <= opened_list.top < opened_list.bottom <= head.top
    user.click_row(1)
    assert user.models.chosen.name == "letters"


def test_a_model_is_chosen_from_the_list(user: Chooser) -> None:
    user.click_row(1)
    assert user.models.chosen.name == "digits"  # the list is closed
    user.click_on("models")
    user.click_row(1)
    assert user.models.chosen.name == "letters"
    user.click_row(0)
    assert user.models.chosen.name == "letters"  # and has closed again


def test_an_open_list_is_closed_by_a_press_elsewhere_and_by_escape(user: Chooser) -> None:
    ways: list[Callable[[], None]] = [
        lambda: user.click_on("models"),
        lambda: user.click(2, 2),
        lambda: user.key(pygame.K_ESCAPE),
    ]
    for close in ways:
        user.click_on("models")
        close()
        user.click_row(1)
        assert user.models.chosen.name == "digits"
        assert user.app.running
    user.key(pygame.K_ESCAPE)
    assert user.app.running


def test_a_stroke_closes_the_list_and_is_drawn(user: Chooser) -> None:
    user.click_on("models")
    before = user.app.canvas.revision
    user.click(*user.app.screen.layout.viewport.grid.centre)
    assert user.app.canvas.revision > before
    assert not user.app.screen.models.is_open


def test_the_pen_is_not_disturbed_by_the_header(user: Chooser) -> None:
    user.post(pygame.MOUSEBUTTONDOWN, pos=user.app.screen.layout.viewport.grid.centre, button=3)
    user.click_on("models")
    user.click(*user.app.screen.layout.viewport.grid.centre)
    assert not user.app.screen.models.is_open
    assert user.app.pen.is_down
    user.post(pygame.MOUSEBUTTONUP, pos=(2, 2), button=3)
    assert not user.app.pen.is_down


def test_the_list_and_what_the_mouse_is_over_are_seen(user: Chooser) -> None:
    def look(x: float, y: float) -> bytes:
        user.move(x, y)
        user.wait(1)
        return user.seen().tobytes()

    closed = look(2, 2)
    user.click_on("models")
    shown = look(2, 2)
    over_first, over_second = (look(*user.app.screen.models.row(row).centre) for row in (0, 1))
    assert len({closed, shown, over_first, over_second}) >= 3
    assert over_first != over_second


def test_the_list_is_used_with_the_keyboard_alone(user: Chooser) -> None:
    user.tab_to("models")
    user.key(pygame.K_RETURN)
    assert user.app.screen.models.is_open
    user.key(pygame.K_DOWN)
    user.key(pygame.K_RETURN)
    assert user.models.chosen.name == "letters"
    user.tab_to("models")
    user.key(pygame.K_SPACE)
    user.key(pygame.K_d, unicode="d")  # the row that begins with it
    user.key(pygame.K_RETURN)
    assert user.models.chosen.name == "digits"
    user.key(pygame.K_DOWN)
    user.key(pygame.K_END)
    user.key(pygame.K_ESCAPE)
    assert user.models.chosen.name == "digits"
    assert not user.app.files.is_busy


def test_a_dropped_model_is_chosen_and_remembered(user: Chooser, tmp_path: Path) -> None:
    user.drop(tmp_path / "mine.npy")
    assert user.models.chosen.name == f"{tmp_path.name}/mine.npy"
    assert user.app.prediction is not None
    assert user.app.prediction.classes == LETTERS[10:]
    assert user.remembered == [(tmp_path / "mine.npy").resolve()]


def test_a_bad_model_is_reported_and_the_old_one_stays(user: Chooser, tmp_path: Path) -> None:
    (tmp_path / "bad.npy").write_bytes(b"no model")
    user.drop(tmp_path / "bad.npy")
    assert user.models.chosen.name == "digits"
    assert "bad.npy is not a model file" in user.app.screen.view.message
    assert user.answers() == set(DIGITS)
    user.move(50, 50)
    assert user.app.screen.view.message
    user.key(pygame.K_h)
    assert not user.app.screen.view.message


def test_a_press_where_nothing_lies_takes_the_message_away(user: Chooser, tmp_path: Path) -> None:
    user.drop(tmp_path / "gone.npy")
    assert user.app.screen.view.message
    user.click(2, 2)
    assert not user.app.screen.view.message


def test_a_vanished_model_leaves_the_list_when_it_is_chosen_there(user: Chooser) -> None:
    user.click_on("models")
    user.click_row(2)
    assert user.app.screen.models.names == ("digits", "letters")
    assert user.models.chosen.name == "digits"


def test_a_vanished_model_is_reported_and_passed_over(user: Chooser) -> None:
    user.key(pygame.K_m, pygame.KMOD_LSHIFT)
    assert "missing.npy" in user.app.screen.view.message
    assert user.models.names == ("digits", "letters")
    user.key(pygame.K_m, pygame.KMOD_LSHIFT)
    assert user.models.chosen.name == "letters"


def test_h_changes_the_charset_of_a_model_of_letters_and_digits(user: Chooser) -> None:
    user.key(pygame.K_m)
    for expected in (LETTERS[10:], DIGITS, LETTERS):
        user.key(pygame.K_h)
        assert user.answers() == set(expected)


def test_the_switch_changes_the_charset_and_the_choice_is_kept(user: Chooser) -> None:
    assert not user.draw_screen.charset.shown  # a model of digits only leaves no choice
    user.key(pygame.K_m)
    assert user.answers() == set(LETTERS)
    user.click(*user.draw_screen.charset.segment(Charset.DIGITS).centre)
    assert user.answers() == set(DIGITS)
    user.key(pygame.K_m, pygame.KMOD_LSHIFT)
    user.key(pygame.K_h)
    user.key(pygame.K_m)
    assert user.answers() == set(DIGITS)
    user.click(*user.draw_screen.charset.segment(Charset.ALL).centre)
    assert user.answers() == set(LETTERS)


def test_the_arrows_go_through_the_switch(user: Chooser) -> None:
    user.key(pygame.K_m)
    user.tab_to("charset")
    user.key(pygame.K_RIGHT)
    assert user.answers() == set(LETTERS[10:])
    user.key(pygame.K_RIGHT)
    user.key(pygame.K_RIGHT)
    assert user.answers() == set(DIGITS)
    user.key(pygame.K_LEFT)
    assert user.answers() == set(LETTERS[10:])


@pytest.mark.parametrize(
    ("sentence", "lines"),
    [
        ("", []),
        ("one", ["one"]),
        ("one two three", ["one two", "three"]),
        ("one two three four five six seven", ["one two", "three four", "five si\N{HORIZONTAL ELLIPSIS}"]),
        ("abcdefghijklmnop", ["abcdefghij", "klmnop"]),
    ],
)
def test_messages_are_folded_into_a_few_lines(sentence: str, lines: list[str]) -> None:
    assert folded(sentence, lambda words: len(words) <= 10) == lines
