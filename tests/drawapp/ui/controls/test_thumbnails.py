"""Thumbnails: any number of images in a box of any size; mouse, wheel and keys reach all of them."""

from __future__ import annotations

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawapp.drawing.geometry import Box
from drawapp.ui.controls.control import State
from drawapp.ui.controls.thumbnails import SIDE, Thumbnail, Thumbnails
from drawapp.ui.keys import KeyStroke
from drawapp.ui.learn_intents import ShowExample
from drawapp.ui.painter import Painter
from drawapp.ui.theme import DARK

BOX = Box(20, 30, 372, 430)


def thumbnails(count: int, box: Box = BOX) -> Thumbnails:
    control = Thumbnails("images", "", ShowExample)
    control.arrange(box, 1.0, 1.0)
    control.show([Thumbnail(np.zeros((28, 28), np.uint8), str(number)) for number in range(count)])
    return control


def shown(control: Thumbnails) -> list[int]:
    """The numbers that a press finds, in the order of the screen."""
    found = []
    for y in range(control.box.top, control.box.bottom, 31):
        for x in range(control.box.left, control.box.right, 31):
            intent = control.release((x, y))
            if isinstance(intent, ShowExample) and intent.number not in found:
                found.append(intent.number)
    return found


@given(width=st.integers(70, 700), height=st.integers(100, 700), count=st.integers(0, 60))
def test_all_lie_within_the_box_and_none_on_another(width: int, height: int, count: int) -> None:
    control = thumbnails(count, Box(5, 5, width, height))
    places = [control.place_of(number) for number in range(min(count, control.room))]
    for place in places:
        assert place.left >= 5
        assert place.top >= 5
        assert place.right <= 5 + width
        assert place.bottom <= 5 + height
        assert place.width >= SIDE
    for number, one in enumerate(places):
        for other in places[number + 1 :]:
            assert one.right <= other.left or one.bottom <= other.top


def test_the_last_in_a_row_stands_at_the_right_edge() -> None:
    control = thumbnails(40)
    last = control.place_of(control.across - 1)
    assert BOX.right - control.across < last.right <= BOX.right


def test_the_wheel_goes_by_rows_and_no_farther_than_the_ends() -> None:
    control = thumbnails(43)
    across, room = control.across, control.room
    assert shown(control)[0] == 0
    control.wheel(1)
    assert shown(control)[0] == 0
    control.wheel(-1)
    assert shown(control) == list(range(across, across + room))
    control.wheel(-100)
    assert shown(control)[-1] == 42
    assert shown(control)[0] % across == 0
    assert len(shown(control)) > room - across  # the last page is full, but for its last row
    control.wheel(100)
    assert shown(control) == list(range(room))


def test_others_are_shown_from_the_first_one() -> None:
    control = thumbnails(43)
    control.wheel(-3)
    control.show(control.items, 7)
    assert shown(control)[0] == 3 * control.across
    control.show(thumbnails(43).items)
    assert shown(control)[0] == 0


@pytest.mark.parametrize("key", [pygame.K_RIGHT, pygame.K_DOWN, pygame.K_PAGEDOWN, pygame.K_END])
def test_keys_reach_the_last_one_and_it_is_in_view(key: int) -> None:
    control = thumbnails(43)
    for _ in range(60):
        control.key(KeyStroke(key))
        assert control.chosen is not None
        assert control.chosen in shown(control)
    if key != pygame.K_DOWN:
        assert control.chosen == 42
    assert control.key(KeyStroke(pygame.K_RETURN)) == ShowExample(control.chosen or 0)
    control.key(KeyStroke(pygame.K_HOME))
    assert control.chosen == 0
    assert shown(control)[0] == 0


def test_the_keyboard_comes_back_to_what_the_wheel_has_left_behind() -> None:
    control = thumbnails(200)
    control.key(KeyStroke(pygame.K_RIGHT))
    control.wheel(-20)
    control.key(KeyStroke(pygame.K_RIGHT))
    assert control.chosen == 1
    assert 1 in shown(control)


def test_nothing_to_choose_means_nothing() -> None:
    control = thumbnails(0)
    assert control.key(KeyStroke(pygame.K_RIGHT)) is None
    assert control.key(KeyStroke(pygame.K_RETURN)) is None
    assert control.release((30, 40)) is None
    control.wheel(-1)
    assert shown(control) == []


@pytest.mark.parametrize("count", [0, 3, 500])
def test_it_draws_only_around_its_box(count: int) -> None:
    pygame.font.init()
    surface = pygame.Surface((420, 500))
    control = thumbnails(count)
    control.key(KeyStroke(pygame.K_END))
    control.draw(Painter(surface, DARK), State())
    drawn = np.asarray(pygame.surfarray.array3d(surface).any(axis=2))
    assert drawn.any() == (count > 0)
    margin = 12
    drawn[BOX.left - margin : BOX.right + margin, BOX.top - margin : BOX.bottom + margin] = False
    assert not drawn.any()
