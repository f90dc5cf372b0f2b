"""A wrong answer is corrected in the window, a copy of the model learns it, and undoing gives back what was."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import platformdirs
import pygame
import pytest

import nn_scratch
from drawapp.drawing import sample_digits
from drawapp.reading import catalog
from drawapp.reading.catalog import Catalog, Model, load_recognizer, offered
from drawapp.session.corrections import Correction
from drawapp.session.session import user_session
from drawapp.ui.controls.label_strip import LabelStrip
from drawapp.ui.intents import AskForFile
from drawapp.ui.layout import MINIMUM
from drawapp.ui.learn_intents import ImportCorrections
from nn_scratch.data import custom
from tests.helpers.user import LETTERS, User, opened


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders, and a window that nobody sees."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    for folder in ("config", "data", "documents"):
        place = str(tmp_path / folder)
        monkeypatch.setattr(platformdirs, f"user_{folder}_dir", lambda *names, place=place, **options: place)
    return tmp_path


@pytest.fixture
def user(bundled: Path) -> Iterator[User]:
    """A user of the bundled models, who has drawn a 7."""
    with opened(User(Catalog(offered()), user_session())) as user:
        draw(user, "7")
        yield user


def draw(user: User, digits: str) -> None:
    """Draw `digits` beside each other, on an empty sheet, by the mouse."""
    user.key(pygame.K_r)
    scale = 1 / len(digits)
    for number, digit in enumerate(digits):
        middle = 28 * (number + 0.5) * scale
        for stroke in sample_digits.STROKES[digit]:
            user.drag(*[(middle + (x - 14) * scale, y) for x, y in stroke])
    user.wait(0.1)


def kept(user: User) -> list[tuple[str, str]]:
    return [(each.read, each.label) for each in user.app.session.corrections.all]


def strip(user: User) -> LabelStrip:
    return user.app.screen.labels


def say(user: User, label: str) -> None:
    """Press Enter, and type what it is."""
    user.key(pygame.K_RETURN)
    user.key(pygame.key.key_code(label), unicode=label)


def answers(user: User) -> dict[str, float]:
    user.wait(0.1)
    assert user.app.prediction is not None
    return user.app.prediction.probabilities


def learn(user: User) -> None:
    """Press the button, and wait until the copy has learned."""
    user.click_on("learn corrections")
    for _ in range(3000):
        if user.app.learning.corrections.course is None:
            break
        user.wait(1 / 60)
        time.sleep(0.01)
    user.wait(0.2)


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


def to_learn(user: User) -> None:
    user.key(pygame.K_3, unicode="3")
    user.wait(0.1)


def test_at_first_there_is_only_one_sentence(user: User) -> None:
    to_learn(user)
    shown = {name for name in user.app.screen.boxes if name in ("import", "export", "delete", "learn corrections")}
    assert shown == {"import"}


def test_a_correction_comes_back_to_the_sheet_and_is_deleted(user: User) -> None:
    say(user, "1")
    drawn = user.app.canvas.grid()
    draw(user, "4")
    say(user, "9")
    to_learn(user)
    user.click(*user.control("corrections").place_of(1).centre)  # type: ignore[attr-defined]
    user.wait(0.1)
    assert np.abs(user.app.canvas.grid().astype(int) - drawn).mean() < 8
    assert user.app.prediction is not None
    assert user.app.prediction.label == "7"
    user.key(pygame.K_DELETE)
    assert kept(user) == [("4", "9")]
    user.key(pygame.K_DELETE)  # nothing is chosen
    assert kept(user) == [("4", "9")]
    user.click(*user.control("corrections").place_of(0).centre)  # type: ignore[attr-defined]
    user.click_on("delete")
    assert kept(user) == []
    user.key(pygame.K_z, pygame.KMOD_LCTRL)  # undo brings the drawing back
    user.wait(0.1)
    assert user.app.prediction is not None
    assert user.app.prediction.label == "7"


def test_on_the_sheet_of_learn_a_click_on_what_was_read_corrects_it(user: User) -> None:
    to_learn(user)
    user.click_on("reads")
    assert strip(user).is_open
    user.key(pygame.K_2, unicode="2")
    assert kept(user) == [("7", "2")]


def test_a_copy_learns_is_used_named_offered_and_undone_to_the_bit(user: User, home: Path, bundled: Path) -> None:
    file = bundled.read_bytes()
    original, before = user.models.recognizer, answers(user)
    say(user, "1")
    to_learn(user)
    learn(user)
    assert user.models.chosen.name == "my digits"
    after = answers(user)
    assert max(after, key=lambda label: after[label]) == "1"
    lesson = user.app.screen.view.learn.corrections.lesson
    assert lesson is not None
    assert (lesson.corrections.before, lesson.corrections.after) == (0, 1)
    network = nn_scratch.load(home / "data" / "models" / "my digits.npy")
    assert network.metadata["adapted_from"] == "Digits"
    assert network.metadata["corrections"] == 1

    user.click_on("model name")
    for _ in "digits":
        user.key(pygame.K_BACKSPACE)
    for letter in "1s":
        user.key(pygame.key.key_code(letter), unicode=letter)
    user.key(pygame.K_RETURN)
    assert user.models.chosen.name == "my 1s"
    assert answers(user) == after
    assert [path.stem for path in (home / "data" / "models").iterdir()] == ["my 1s"]
    assert "my 1s" in [model.name for model in offered()]  # at the next start

    user.click_on("undo learning")
    assert user.models.chosen.name == "Digits"
    assert user.models.recognizer is original
    assert answers(user) == before
    assert bundled.read_bytes() == file
    assert list((home / "data" / "models").iterdir()) == []
    assert "my 1s" not in user.models.names
    assert kept(user) == [("7", "1")]


def test_at_the_next_start_the_model_and_the_corrections_are_there(user: User) -> None:
    say(user, "1")
    to_learn(user)
    learn(user)
    after = answers(user)
    again = User(Catalog(offered()), user_session())
    again.models.choose(again.models.names.index("my digits"))
    assert again.models.recognizer.read(user.app.canvas).probabilities == after
    assert [each.label for each in again.app.session.corrections.all] == ["1"]


def test_a_model_of_the_users_own_learns_on_and_is_brought_back(user: User, home: Path) -> None:
    say(user, "1")
    to_learn(user)
    learn(user)
    path, once = home / "data" / "models" / "my digits.npy", answers(user)
    content = path.read_bytes()
    draw(user, "4")
    say(user, "9")
    learn(user)
    assert user.models.chosen.name == "my digits"
    assert path.read_bytes() != content
    user.click_on("undo learning")
    assert path.read_bytes() == content
    assert user.models.chosen.name == "my digits"
    draw(user, "7")
    assert answers(user) == pytest.approx(once, abs=1e-3)


def test_learning_is_stopped(user: User, home: Path) -> None:
    say(user, "1")
    to_learn(user)
    user.click_on("learn corrections")
    course = user.app.learning.corrections.course
    assert course is not None
    user.click_on("stop")
    course.wait(20)
    user.wait(0.2)
    assert course.result is not None
    assert user.models.chosen.name == "Digits"
    assert not (home / "data" / "models").exists()
    assert user.control("learn corrections").shown


def test_what_the_model_does_not_know_is_left_out_and_told(user: User) -> None:
    user.app.session.corrections.add(Correction(np.zeros((28, 28), np.uint8), "W", time=1.0))
    to_learn(user)
    user.click_on("learn corrections")
    assert user.app.learning.corrections.course is None
    assert "none of their classes" in user.app.screen.view.message


def test_corrections_leave_as_a_file_and_come_back(user: User, home: Path) -> None:
    say(user, "1")
    to_learn(user)
    user.key(pygame.K_ESCAPE)
    user.click_on("export")
    (path,) = (home / "documents").glob("corrections-*.npz")
    assert str(path) in user.app.screen.view.message
    assert "at least 10" in user.app.screen.view.message
    data = custom.load_test_npz(path)
    assert data.classes[int(data.labels[0])] == "1"
    user.app.session.corrections.delete(user.app.session.corrections.all[0])
    user.drop(path)
    assert kept(user) == [("", "1")]
    user.drop(path)  # again: the same image is not kept twice
    assert kept(user) == [("", "1")]
    path.write_bytes(b"no archive")
    user.drop(path)
    assert "not an .npz file" in user.app.screen.view.message


def test_import_asks_for_a_file(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[AskForFile] = []
    monkeypatch.setattr(user.app.exchange, "ask", lambda wish, folder: asked.append(wish))
    to_learn(user)
    user.click_on("import")
    assert asked == [AskForFile("corrections")]
    user.app.follow(ImportCorrections(Path("nowhere.npz")))
    assert "nowhere.npz" in user.app.screen.view.message


def test_damaged_corrections_are_told_of_in_the_window(bundled: Path, home: Path) -> None:
    (home / "data" / "corrections").mkdir(parents=True)
    (home / "data" / "corrections" / "1.npz").write_bytes(b"no archive")
    with opened(User(Catalog([Model("Digits", bundled)]), user_session())) as user:
        to_learn(user)
        assert "1 of 1 corrections cannot be read" in user.app.screen.view.message


def test_a_name_that_is_taken_is_refused(user: User) -> None:
    say(user, "1")
    to_learn(user)
    learn(user)
    user.click_on("model name")
    for _ in "my digits":
        user.key(pygame.K_BACKSPACE)
    for letter in "Digits":
        user.key(pygame.K_d, unicode=letter)
    user.key(pygame.K_RETURN)
    assert "already" in user.app.screen.view.message
    assert user.models.chosen.name == "my digits"
    user.click_on("model name")
    user.key(pygame.K_x, unicode="x")
    user.key(pygame.K_ESCAPE)
    assert user.control("model name").text == "my digits"  # type: ignore[attr-defined]


def test_the_bundled_models_are_never_written(user: User, bundled: Path) -> None:
    files = [model.path for model in catalog.bundled_models()]
    before = [(path.stat().st_mtime_ns, path.stat().st_size) for path in files]
    say(user, "1")
    to_learn(user)
    learn(user)
    user.click_on("undo learning")
    assert [(path.stat().st_mtime_ns, path.stat().st_size) for path in files] == before
    assert load_recognizer(bundled).classes
