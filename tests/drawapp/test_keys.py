"""The keys, driven as a user presses them: what they do, and that others do nothing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pygame
import pytest

from tests.helpers.user import Drawer, opened


@pytest.fixture
def user(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawer]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(Drawer()) as user:
        yield user


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


@pytest.mark.parametrize("alt_gr", [pygame.KMOD_LCTRL | pygame.KMOD_RALT, pygame.KMOD_MODE, pygame.KMOD_RALT])
def test_alt_gr_writes_and_is_no_ctrl(user: Drawer, alt_gr: int) -> None:
    user.key(pygame.K_8, alt_gr, "[")  # on a German keyboard
    assert user.app.pen.width == 1.5
    user.drag((5, 14), (20, 14))
    for key in (pygame.K_z, pygame.K_r):
        user.key(key, alt_gr)
    assert not user.app.canvas.is_empty
    user.key(pygame.K_q, alt_gr, "@")
    assert user.app.running


@pytest.mark.parametrize(("r", "z"), ["кя", "ρζ", "רז", "قئ", "พผ"], ids=["ru", "el", "he", "ar", "th"])
def test_letters_of_other_scripts_are_known_by_their_place(user: Drawer, r: str, z: str) -> None:
    user.drag((5, 14), (20, 14))
    user.key(ord(r), 0, r, pygame.KSCAN_R)
    assert user.app.canvas.is_empty
    user.key(ord(z), pygame.KMOD_LCTRL, "", pygame.KSCAN_Z)
    assert not user.app.canvas.is_empty
    user.key(ord("\N{CYRILLIC SMALL LETTER HA}"), 0, "", pygame.KSCAN_LEFTBRACKET)
    assert user.app.pen.width == 1.5


def test_latin_letters_and_signs_are_known_by_themselves_wherever_they_are(user: Drawer) -> None:
    user.drag((5, 14), (20, 14))
    user.key(pygame.K_y, pygame.KMOD_LCTRL, "", pygame.KSCAN_Z)  # on a German keyboard
    assert not user.app.canvas.is_empty
    user.key(pygame.K_z, pygame.KMOD_LCTRL, "", pygame.KSCAN_Y)
    assert user.app.canvas.is_empty
    user.key(ord("ü"), 0, "ü", pygame.KSCAN_LEFTBRACKET)
    assert user.app.pen.width == 2
    user.key(pygame.K_QUOTE, pygame.KMOD_LCTRL, "", pygame.KSCAN_Q)  # on a Dvorak keyboard
    assert user.app.running
    user.key(pygame.K_MINUS, pygame.KMOD_LCTRL, "", pygame.KSCAN_6)  # on a French keyboard
    user.key(pygame.K_PLUS, pygame.KMOD_LCTRL, "", pygame.KSCAN_RIGHTBRACKET)  # on a German keyboard
    assert user.app.preferences.type_size == 125


@pytest.mark.parametrize("sign", ["é", "ě", "\N{ARABIC-INDIC DIGIT TWO}"])
def test_digits_are_known_by_their_place_where_another_sign_is_on_the_key(user: Drawer, sign: str) -> None:
    user.key(ord(sign), 0, sign, pygame.KSCAN_2)
    assert user.app.screen.view.place == "inside"


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
