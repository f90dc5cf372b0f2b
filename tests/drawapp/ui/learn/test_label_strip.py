"""A wrong answer is corrected by a click or Enter, and by the label that is chosen then."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from drawapp.drawing import sample_digits
from drawapp.ui.layout import MINIMUM
from tests.helpers.corrector import draw, kept, say, strip
from tests.helpers.user import LETTERS, User


def test_enter_and_a_digit_keep_a_correction(user: User, home: Path) -> None:
    user.key(pygame.K_RETURN)
    assert strip(user).is_open
    user.key(pygame.K_1, unicode="1")
    assert not strip(user).is_open
    assert kept(user) == [("7", "1")]
    assert "7 → 1" in user.app.screen.view.message
    assert user.app.screen.view.place == "draw"  # the digit was no key for a place
    assert len(list((home / "data" / "corrections").iterdir())) == 1
    found = user.app.session.corrections.all[0]
    assert (found.model, len(found.strokes)) == ("Digits", len(sample_digits.STROKES["7"]))
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    assert kept(user) == [("7", "1")]


def test_a_click_on_the_answer_opens_the_strip_and_a_click_on_a_digit_keeps_it(user: User) -> None:
    user.click_on("answer")
    assert strip(user).is_open
    user.move(*strip(user).cell(4).centre)
    user.click(*strip(user).cell(4).centre)
    assert kept(user) == [("7", "4")]


def test_a_release_beside_the_answer_does_nothing(user: User) -> None:
    user.press(*user.control("answer").box.centre)
    user.release(2, 2)
    assert not strip(user).is_open
    user.click_on("answer")
    assert strip(user).is_open


def test_the_strip_closes_without_a_correction(user: User) -> None:
    for key in (pygame.K_ESCAPE, pygame.K_TAB):
        user.key(pygame.K_RETURN)
        user.key(key)
        assert not strip(user).is_open
    user.key(pygame.K_RETURN)
    user.key(pygame.K_x, unicode="x")
    user.key(pygame.K_RETURN)  # nothing is marked
    assert strip(user).is_open
    user.click(*user.app.screen.layout.viewport.grid.centre)
    assert not strip(user).is_open
    assert kept(user) == []


def test_arrows_and_enter_choose(user: User) -> None:
    user.key(pygame.K_RETURN)
    for key in (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP, pygame.K_RETURN):  # 7, 8, 3
        user.key(key)
    assert kept(user) == [("7", "3")]


def test_there_is_nothing_to_correct_on_an_empty_sheet_or_where_there_is_no_character(user: User) -> None:
    user.key(pygame.K_r)
    user.key(pygame.K_RETURN)
    assert not strip(user).is_open
    user.drag((14, 14))  # a dot
    user.wait(0.1)
    user.key(pygame.K_RETURN)
    assert not strip(user).is_open


def test_of_several_characters_the_chosen_one_is_corrected(user: User) -> None:
    draw(user, "47")
    assert user.app.prediction is not None
    assert user.app.prediction.label == "47"
    first, second = (user.draw_screen.answer.places[number].centre for number in (0, 1))
    user.click(*first)
    if strip(user).is_open:  # it was chosen already, as the least sure one
        user.key(pygame.K_ESCAPE)
    user.click(*second)
    assert not strip(user).is_open
    user.click(*second)
    assert strip(user).is_open
    user.key(pygame.K_1, unicode="1")
    assert kept(user) == [("7", "1")]
    assert len(user.app.session.corrections.all[0].strokes) == len(sample_digits.STROKES["7"])


def test_what_was_not_recognized_can_be_corrected(user: User) -> None:
    user.key(pygame.K_r)
    user.drag((5, 5), (23, 5), (5, 23), (23, 23), (5, 5), (14, 25), (23, 5))
    user.wait(0.1)
    assert user.app.prediction is not None
    assert user.app.prediction.label is None
    say(user, "8")
    assert kept(user) == [("?", "8")]


@pytest.mark.parametrize("size", [(1100, 720), (800, 540), MINIMUM, (480, 900)])
def test_the_strip_of_all_characters_is_in_the_window_and_its_cells_are_large(
    user: User, size: tuple[int, int]
) -> None:
    number = user.models.names.index("Letters and digits")
    user.app.window.size = size
    user.click_on("models")
    user.click_row(number)
    for place in (pygame.K_1, pygame.K_3):
        user.key(place)
        user.wait(0.1)
        user.key(pygame.K_RETURN)
        assert strip(user).is_open
        box, (width, height) = strip(user).box, user.app.screen.layout.window
        assert box.left >= 0 <= box.top
        assert box.right <= width
        assert box.bottom <= height
        cells = [strip(user).cell(number) for number in range(len(LETTERS))]
        assert min(min(cell.width, cell.height) for cell in cells) >= 40
        user.key(pygame.K_ESCAPE)
    user.key(pygame.K_RETURN)
    user.key(pygame.K_c, unicode="c")
    assert kept(user) == [("7", "C")]
