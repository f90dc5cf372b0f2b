"""What the window says of a drawing that is no answer: a dot is a dot, two lines are two, and help is offered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from drawapp.drawing import sample_digits
from drawapp.reading.catalog import Catalog, bundled_models
from drawapp.ui.screens.draw.bars import rows_of
from drawapp.ui.screens.draw.ink_image import InkImage, is_continued, thinned
from drawapp.ui.theme import DARK, THEMES, Theme
from tests.helpers.user import User, count_colours, opened


@pytest.fixture
def user(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(User(Catalog(bundled_models()))) as user:
        yield user


def test_a_dot_has_no_bars_and_no_answer(user: User) -> None:
    user.drag((14, 14), (14, 14))
    user.wait(2)
    assert user.app.prediction is not None
    assert user.app.prediction.remark == "a dot"
    assert not any(row.value for row in rows_of(user.app.screen.view))
    card = user.app.screen.layout.answer
    pixels = user.seen()[card.left : card.right, card.top : card.bottom]
    assert not (pixels == np.array(DARK.answer)).all(axis=2).any()


def test_two_lines_of_writing_are_shown_as_two(user: User) -> None:
    for digits, y in (("73", 7), ("56", 20)):
        for number, digit in enumerate(digits):
            for points in sample_digits.STROKES[digit]:
                user.app.canvas.draw([((a - 14) * 0.42 + 9 + 9 * number, (b - 14) * 0.42 + y) for a, b in points])
    user.wait(2)
    assert user.app.prediction is not None
    assert user.app.prediction.best == "73\n56"
    answer = user.draw_screen.answer
    left, top = answer.box.left + answer.inset, answer.box.centre[1]
    user.click(left, top - 20)
    first = user.app.screen.view.number
    user.click(left, top + 20)
    assert (first, user.app.screen.view.number) == (0, 2)


def test_a_letter_is_offered_to_the_model_of_letters(user: User) -> None:
    user.drag((6, 24), (14, 3), (22, 24))
    user.drag((9, 17), (19, 17))
    user.wait(1)
    offer = user.control("offer")
    if not offer.shown:
        pytest.skip("the model of digits is sure of this A")
    user.click_on("offer")
    assert user.models.chosen.name == "Letters and digits"
    assert user.app.prediction is not None
    assert user.app.prediction.label == "A"


def test_bars_glide_also_after_a_long_rest(user: User) -> None:
    bars = user.control("bars").box

    def shown() -> NDArray[np.uint8]:
        return user.seen()[bars.left : bars.right, bars.top : bars.bottom]

    (stroke,) = (list(map(user.pixel, stroke)) for stroke in sample_digits.STROKES["7"])
    user.press(*stroke[0])
    for place in stroke[1:]:
        user.move(*place)
    user.now += 0.9  # nothing happens, and nothing is drawn
    user.release(*stroke[-1])
    first = shown()
    user.wait(1)
    assert user.app.prediction is not None
    assert (first != shown()).any()


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_ink_drawn_piece_by_piece_is_the_same_as_drawn_at_once(user: User, theme: Theme) -> None:
    if theme is not DARK:
        user.key(pygame.K_t)
    user.drag((5, 5), (9, 12), (20, 14))
    user.drag((14, 3), (14, 25))
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    user.drag((4, 20), (12, 22), (20, 18))
    grid = user.app.screen.layout.viewport.grid
    user.move(2, 2)
    shown = user.seen()[grid.left : grid.right, grid.top : grid.bottom]
    for _ in range(2):
        user.key(pygame.K_t)  # in another theme all of the ink is drawn anew
    user.move(3, 3)
    again = user.seen()[grid.left : grid.right, grid.top : grid.bottom]
    assert np.abs(shown.astype(int) - again).max() <= 40
    assert (shown != again).any(axis=2).mean() < 0.002
    assert count_colours(shown) > 20
    assert InkImage(56, theme).side == 56


def test_a_line_is_drawn_on_only_where_it_continues() -> None:
    line = np.array([(x / 20, 0.0) for x in range(200)], np.float32)
    for end in (1, 2, 30, 100):
        assert is_continued([thinned(line[:end])], [thinned(line)])
    assert not is_continued([line], [line[:50]])
    assert not is_continued([line], [])
    assert len(thinned(line)) < 40
