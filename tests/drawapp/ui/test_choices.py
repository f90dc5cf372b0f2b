"""The choices in the window: the drop-down, Tab and dropped files change the model; H and the switch, the charset."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from drawapp.ui.controls.drop_down import ROW
from drawapp.ui.controls.message import folded
from drawapp.ui.intents import OpenList
from tests.helpers.user import DIGITS, LETTERS, User, opened


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(User(tmp_path)) as user:
        yield user


def test_tab_goes_to_the_next_model_and_reads_the_same_drawing_at_once(user: User) -> None:
    drawn = user.app.canvas.grid()
    user.key(pygame.K_TAB)
    assert user.models.chosen.name == "letters"
    assert user.app.prediction is not None
    assert user.app.prediction.classes == LETTERS
    user.key(pygame.K_TAB, pygame.KMOD_LSHIFT)
    assert user.app.prediction.classes == DIGITS
    np.testing.assert_array_equal(user.app.canvas.grid(), drawn)


def test_the_window_is_called_after_what_there_is_to_draw(user: User) -> None:
    titles = [user.app.window.title]
    user.key(pygame.K_TAB)
    for _ in range(3):
        titles.append(user.app.window.title)
        user.key(pygame.K_h)
    assert titles == ["Draw a digit", "Draw a character", "Draw a letter", "Draw a digit"]


def test_alt_tab_belongs_to_the_desktop(user: User) -> None:
    user.key(pygame.K_TAB, pygame.KMOD_LALT)
    assert user.models.chosen.name == "digits"


def test_a_model_is_chosen_from_the_list(user: User) -> None:
    user.click_row(1)
    assert user.models.chosen.name == "digits"  # the list is closed
    user.click_head()
    user.click_row(1)
    assert user.models.chosen.name == "letters"
    user.click_row(0)
    assert user.models.chosen.name == "letters"  # and has closed again


def test_asking_what_a_press_means_changes_nothing(user: User) -> None:
    header = user.app.screen.layout.header
    assert user.app.screen.intent_at(header.left + 20, header.centre[1]) == OpenList()
    assert not user.app.screen.close_list()


def test_an_open_list_is_closed_by_a_press_elsewhere_and_by_escape(user: User) -> None:
    for close in (user.click_head, lambda: user.click(2, 2), lambda: user.key(pygame.K_ESCAPE)):
        user.click_head()
        close()
        user.click_row(1)
        assert user.models.chosen.name == "digits"
        assert user.app.running
    user.key(pygame.K_ESCAPE)
    assert not user.app.running


def test_a_stroke_closes_the_list_and_is_drawn(user: User) -> None:
    user.click_head()
    before = user.app.canvas.revision
    user.click(*user.app.screen.layout.viewport.grid.centre)
    assert user.app.canvas.revision > before
    assert not user.app.screen.close_list()


def test_the_pen_is_not_disturbed_by_the_header(user: User) -> None:
    user.post(pygame.MOUSEBUTTONDOWN, pos=user.app.screen.layout.viewport.grid.centre, button=3)
    user.click_head()
    user.click(*user.app.screen.layout.viewport.grid.centre)
    assert not user.app.screen.close_list()
    assert user.app.pen.is_down
    user.post(pygame.MOUSEBUTTONUP, pos=(2, 2), button=3)
    assert not user.app.pen.is_down


def test_the_list_and_what_the_mouse_is_over_are_seen(user: User) -> None:
    def look(x: float, y: float) -> bytes:
        user.post(pygame.MOUSEMOTION, pos=(round(x), round(y)), rel=(0, 0), buttons=(0, 0, 0))
        for _ in range(60):
            user.now += 1 / 60
            user.turn()
        return pygame.image.tobytes(user.app.window.get_surface(), "RGB")

    header = user.app.screen.layout.header
    closed = look(2, 2)
    user.click_head()
    shown = look(2, 2)
    over_first, over_second = (look(header.left + 30, header.bottom + 12 + row * ROW + 10) for row in (0, 1))
    assert len({closed, shown, over_first, over_second}) == 4


def test_a_dropped_model_is_chosen_and_remembered(user: User, tmp_path: Path) -> None:
    user.drop(tmp_path / "mine.npy")
    assert user.models.chosen.name == f"{tmp_path.name}/mine.npy"
    assert user.app.prediction is not None
    assert user.app.prediction.classes == LETTERS[10:]
    assert user.remembered == [(tmp_path / "mine.npy").resolve()]


def test_a_bad_model_is_reported_and_the_old_one_stays(user: User, tmp_path: Path) -> None:
    (tmp_path / "bad.npy").write_bytes(b"no model")
    user.drop(tmp_path / "bad.npy")
    assert user.models.chosen.name == "digits"
    assert "bad.npy is not a model file" in user.app.screen.message
    assert user.answers() == set(DIGITS)
    user.post(pygame.MOUSEMOTION, pos=(50, 50), rel=(0, 0), buttons=(0, 0, 0))
    assert user.app.screen.message
    user.key(pygame.K_h)
    assert not user.app.screen.message


def test_a_press_where_nothing_lies_takes_the_message_away(user: User, tmp_path: Path) -> None:
    user.drop(tmp_path / "gone.npy")
    assert user.app.screen.message
    user.click(2, 2)
    assert not user.app.screen.message


def test_a_vanished_model_is_reported_and_passed_over(user: User) -> None:
    user.key(pygame.K_TAB, pygame.KMOD_LSHIFT)
    assert "missing.npy" in user.app.screen.message
    assert user.models.names == ("digits", "letters")
    user.key(pygame.K_TAB, pygame.KMOD_LSHIFT)
    assert user.models.chosen.name == "letters"


def test_h_changes_the_charset_of_a_model_of_letters_and_digits(user: User) -> None:
    user.key(pygame.K_TAB)
    for expected in (LETTERS[10:], DIGITS, LETTERS):
        user.key(pygame.K_h)
        assert user.answers() == set(expected)


def test_the_switch_changes_the_charset_and_the_choice_is_kept(user: User) -> None:
    user.click_segment(2)
    user.key(pygame.K_TAB)
    assert user.answers() == set(LETTERS)  # a model of digits only has no switch to press
    user.click_segment(2)
    assert user.answers() == set(DIGITS)
    user.key(pygame.K_TAB, pygame.KMOD_LSHIFT)
    user.key(pygame.K_h)  # a model of digits only has no other charset
    user.key(pygame.K_TAB)
    assert user.answers() == set(DIGITS)
    user.click_segment(0)
    assert user.answers() == set(LETTERS)


@pytest.mark.parametrize(
    ("sentence", "lines"),
    [
        ("", []),
        ("one", ["one"]),
        ("one two three", ["one two", "three"]),
        ("one two three four five", ["one two", "three fou\N{HORIZONTAL ELLIPSIS}"]),
        ("abcdefghijklmnop", ["abcdefghij", "klmnop"]),
    ],
)
def test_messages_are_folded_into_two_lines(sentence: str, lines: list[str]) -> None:
    assert folded(sentence, lambda words: len(words) <= 10) == lines
