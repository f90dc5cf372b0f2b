"""The file dialog: what it picks, and which events it keeps to itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from drawapp.reading import recent
from tests.helpers.picker import CUSTOM_ROW, Picker, picking


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Picker]:
    with picking(tmp_path, monkeypatch) as user:
        yield user


def look(user: Picker) -> bytes:
    return pygame.image.tobytes(user.app.window.get_surface(), "RGB")


def test_the_last_row_of_the_list_opens_the_dialog(user: Picker) -> None:
    before = look(user)
    user.open_dialog()
    assert user.dialog is not None
    assert look(user) != before
    assert user.models.chosen.name == "digits"
    assert user.listed == ["Runs/", "bad.npy", "digits.npy", "letters.npy", "mine.npy"]
    assert not user.window.delete_button.visible


def test_a_double_click_picks_a_model(user: Picker, tmp_path: Path) -> None:
    user.open_dialog()
    user.click_file("mine.npy", times=2)
    assert user.dialog is None
    assert user.models.chosen.name == f"{tmp_path.name}/mine.npy"
    assert user.remembered == [(tmp_path / "mine.npy").resolve()]


def test_two_slow_clicks_pick_nothing(user: Picker) -> None:
    user.open_dialog()
    user.click_file("mine.npy")
    for _ in range(40):
        user.turn()
    user.click_file("mine.npy")
    assert user.dialog is not None
    assert user.models.chosen.name == "digits"


def test_the_button_picks_what_is_marked(user: Picker, tmp_path: Path) -> None:
    user.open_dialog()
    user.press(user.window.ok_button)
    assert not user.window.ok_button.is_enabled  # nothing is marked yet
    assert user.dialog is not None
    user.click_file("mine.npy")
    assert user.window.file_path_text_line.get_text() == str((tmp_path / "mine.npy").resolve())
    user.press(user.window.ok_button)
    assert user.dialog is None
    assert user.models.chosen.name == f"{tmp_path.name}/mine.npy"


def test_a_path_can_be_typed(user: Picker, tmp_path: Path) -> None:
    user.open_dialog()
    user.enter_path(tmp_path / "Runs")
    assert user.listed == ["inner.npy"]
    user.enter_path(tmp_path / "Runs" / "inner.npy")
    assert user.dialog is None
    assert user.models.chosen.name == "Runs/inner.npy"


@pytest.mark.parametrize("typed", ["x", "/Runs"])
def test_a_path_that_is_half_typed_does_not_change_the_folder_of_the_list(
    user: Picker, tmp_path: Path, typed: str
) -> None:
    user.open_dialog()
    user.press(user.window.file_path_text_line)
    user.key(pygame.K_END)
    user.post(pygame.TEXTINPUT, text=typed)
    user.settle()
    assert user.window.file_path_text_line.get_text() == f"{tmp_path.resolve()}{typed}"
    user.click_file("mine.npy")
    assert user.window.file_path_text_line.get_text() == str((tmp_path / "mine.npy").resolve())
    user.press(user.window.ok_button)
    assert user.models.chosen.name == f"{tmp_path.name}/mine.npy"


def test_folders_are_entered_and_left(user: Picker) -> None:
    user.open_dialog()
    user.click_file("Runs/", times=2)
    assert user.listed == ["inner.npy"]
    user.press(user.window.parent_directory_button)
    assert "mine.npy" in user.listed
    user.click_file("Runs/", times=2)
    user.click_file("inner.npy", times=2)
    assert user.models.chosen.name == "Runs/inner.npy"


@pytest.mark.parametrize("by_key", [True, False])
def test_escape_and_the_button_close_the_dialog_and_not_the_app(user: Picker, by_key: bool) -> None:
    user.open_dialog()
    user.press(user.window.file_path_text_line)  # which makes held keys repeat
    if by_key:
        user.key(pygame.K_ESCAPE)
    else:
        user.press(user.window.cancel_button)
    assert user.dialog is None
    assert user.app.running
    assert user.models.chosen.name == "digits"
    assert pygame.key.get_repeat() == (0, 0)
    user.key(pygame.K_ESCAPE)
    assert not user.app.running


def test_keys_and_the_mouse_do_not_reach_what_lies_behind(user: Picker) -> None:
    drawn, width = user.app.canvas.revision, user.app.pen.width
    user.open_dialog()
    user.press(user.window.file_path_text_line)
    for key, letter in ((pygame.K_r, "r"), (pygame.K_h, "h"), (pygame.K_LEFTBRACKET, "[")):
        user.post(pygame.KEYDOWN, key=key, mod=0, unicode=letter)
        user.post(pygame.TEXTINPUT, text=letter)
        user.post(pygame.KEYUP, key=key, mod=0, unicode=letter)
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    user.key(pygame.K_TAB)
    assert "rh[" in user.window.file_path_text_line.get_text()
    user.post(pygame.MOUSEWHEEL, x=0, y=1, precise_x=0.0, precise_y=1.0)
    grid = user.app.screen.layout.viewport.grid
    for pos in ((grid.left + 5, grid.top + 5), grid.centre, (user.app.screen.layout.header.left + 5, 5)):
        for button in (1, 3):
            user.post(pygame.MOUSEBUTTONDOWN, pos=pos, button=button)
            user.post(pygame.MOUSEMOTION, pos=(grid.left + 50, grid.top + 90), rel=(9, 9), buttons=(1, 0, 0))
            user.post(pygame.MOUSEBUTTONUP, pos=pos, button=button)
    user.click_head()
    user.settle()
    assert (user.app.canvas.revision, user.app.pen.width) == (drawn, width)
    assert user.models.chosen.name == "digits"
    assert not user.app.screen.close_list()


def test_a_bad_model_is_reported_and_the_old_one_stays(user: Picker) -> None:
    user.open_dialog()
    user.click_file("bad.npy", times=2)
    assert user.dialog is None
    assert "bad.npy is not a model file" in user.app.screen.message
    assert user.models.chosen.name == "digits"


def test_a_model_that_has_vanished_is_not_picked(user: Picker, tmp_path: Path) -> None:
    user.open_dialog()
    (tmp_path / "mine.npy").unlink()
    user.click_file("mine.npy", times=2)
    user.press(user.window.ok_button)
    assert user.dialog is not None
    assert user.models.chosen.name == "digits"


def test_a_file_dropped_on_the_dialog_is_picked(user: Picker, tmp_path: Path) -> None:
    user.open_dialog()
    user.drop(tmp_path / "mine.npy")
    assert user.dialog is None
    assert user.models.chosen.name == f"{tmp_path.name}/mine.npy"


def test_the_window_can_be_closed_behind_it(user: Picker) -> None:
    user.open_dialog()
    user.post(pygame.QUIT)
    assert not user.app.running


def test_it_is_drawn_in_every_turn_and_the_app_rests_after_it(user: Picker) -> None:
    user.open_dialog()
    assert all(user.app.show() for _ in range(3))
    user.key(pygame.K_ESCAPE)
    for _ in range(120):
        user.turn()
    assert not user.app.show()


def test_it_is_whole_from_the_first_frame(user: Picker) -> None:
    seen = []
    for _ in range(60):  # the bars glide
        user.turn()
    user.click_head()
    user.click_row(CUSTOM_ROW)
    for _ in range(60):
        user.turn()
        seen.append(look(user))
    assert len(set(seen)) == 1


def test_what_the_mouse_is_over_stands_out(user: Picker) -> None:
    user.open_dialog()
    images = set()
    for element in (user.window.ok_button, user.window.home_button, user.window.cancel_button):
        user.post(pygame.MOUSEMOTION, pos=element.rect.center, rel=(0, 0), buttons=(0, 0, 0))
        user.settle()
        images.add(look(user))
    assert len(images) == 3


@pytest.mark.parametrize("size", [(800, 540), (1600, 1000)])
def test_it_lies_inside_a_resized_window_and_stays_in_its_folder(user: Picker, size: tuple[int, int]) -> None:
    user.open_dialog()
    user.press(user.window.home_button)
    user.click_file("inner.npy")
    user.press(user.window.file_path_text_line)
    user.app.window.size = size
    user.settle()
    assert pygame.Rect((0, 0), size).contains(user.window.rect)
    assert user.window.rect.width > size[0] // 3
    user.click_file("inner.npy", times=2)
    assert user.models.chosen.name == "Runs/inner.npy"
    assert pygame.key.get_repeat() == (0, 0)


def test_the_app_starts_without_pygame_gui() -> None:
    code = "import sys, drawapp.app; assert not [name for name in sys.modules if name.startswith('pygame_gui')]"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_dialog_begins_beside_the_last_model_or_where_there_are_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(recent, "recent", list)
    assert recent.folder() == recent.home()
    (tmp_path / "a.npy").touch()
    assert recent.folder().resolve() == tmp_path.resolve()
    (tmp_path / "a.npy").unlink()
    (tmp_path / "models").mkdir()
    assert recent.folder().resolve() == tmp_path.resolve()
    monkeypatch.setattr(recent, "recent", lambda: [Path("here", "b.npy"), Path("there", "c.npy")])
    assert recent.folder() == Path("here")
