"""A wrong answer is corrected in the window, a copy of the model learns it, and undoing gives back what was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

import nn_scratch
from drawapp.learning.adapting import Lesson
from drawapp.reading import catalog
from drawapp.reading.catalog import Catalog, Model, offered
from drawapp.session.corrections import Correction
from drawapp.session.session import user_session
from drawapp.ui.intents import AskForFile
from drawapp.ui.learn_intents import ImportCorrections
from drawapp.ui.learning import learning_job
from nn_scratch.data import custom
from nn_scratch.dataset import Dataset
from nn_scratch.network import Network
from nn_scratch.transfer.adapting import compare
from tests.helpers.corrector import answers, draw, kept, learn, say, strip, to_learn
from tests.helpers.user import User, opened


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
    files = [model.path for model in catalog.bundled_models()]
    written = [(path.stat().st_mtime_ns, path.stat().st_size) for path in files]
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
    assert not {"scores", "significant_bits"} & network.metadata.keys()

    user.click_on("model name")
    for _ in "digits":
        user.key(pygame.K_BACKSPACE)
    for letter in "1s":
        user.key(pygame.key.key_code(letter), unicode=letter)
    user.key(pygame.K_RETURN)
    assert user.models.chosen.name == "my 1s"
    assert "my digits" not in user.models.names
    assert answers(user) == after
    assert [path.stem for path in (home / "data" / "models").iterdir()] == ["my 1s"]
    assert "my 1s" in [model.name for model in offered()]  # at the next start

    user.click_on("undo learning")
    assert user.models.chosen.name == "Digits"
    assert user.models.recognizer is original
    assert answers(user) == before
    assert bundled.read_bytes() == file
    assert [(path.stat().st_mtime_ns, path.stat().st_size) for path in files] == written
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


def quickly(
    network: Network, corrections: Dataset, warped: Dataset | None, rng: np.random.Generator
) -> Iterator[Lesson]:
    """Learn something, without taking time for it."""
    network.parameters[...] += rng.normal(0, 0.01, network.parameters.shape)
    same = compare(network, network, corrections)
    yield Lesson(network, len(corrections), same, len(corrections), same, 0, None)


def test_undoing_brings_back_the_file_of_a_model_of_the_users_own(
    user: User, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning_job, "learn", quickly)
    say(user, "1")
    to_learn(user)
    learn(user)
    path, once = home / "data" / "models" / "my digits.npy", answers(user)
    content = path.read_bytes()
    learn(user)
    assert path.read_bytes() != content
    assert answers(user) != once
    user.click_on("undo learning")
    assert path.read_bytes() == content
    assert user.models.chosen.name == "my digits"
    assert answers(user) == pytest.approx(once, abs=1e-6)
    assert user.models.names.count("my digits") == 1


def test_a_second_correction_of_a_character_takes_back_the_first(user: User, home: Path) -> None:
    for label in "14":
        say(user, label)
    assert kept(user) == [("7", "4")]
    assert len(list((home / "data" / "corrections").iterdir())) == 1
    to_learn(user)
    user.click(*user.control("corrections").place_of(0).centre)  # type: ignore[attr-defined]
    user.key(pygame.K_DELETE)
    assert kept(user) == []
    assert list((home / "data" / "corrections").iterdir()) == []


@pytest.mark.slow
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
    job = user.app.learning.corrections.job
    assert job is not None
    user.click_on("stop")
    job.wait(20)
    user.wait(0.2)
    assert job.result is not None
    assert user.models.chosen.name == "Digits"
    assert not (home / "data" / "models").exists()
    assert user.control("learn corrections").shown


def test_what_the_model_does_not_know_is_left_out_and_told(user: User) -> None:
    user.app.session.corrections.add(Correction(np.zeros((28, 28), np.uint8), "W", time=1.0))
    to_learn(user)
    user.click_on("learn corrections")
    assert user.app.learning.corrections.job is None
    assert "none of their classes" in user.app.screen.view.message


def test_corrections_leave_as_a_file_and_come_back(user: User, home: Path) -> None:
    say(user, "1")
    to_learn(user)
    user.key(pygame.K_ESCAPE)
    user.click_on("export")
    (path,) = (home / "documents").glob("corrections-*.npz")
    assert str(path) in user.app.screen.view.message
    assert "at least 10" in user.app.screen.view.message
    data = custom.read_custom(path)[0]
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
    monkeypatch.setattr(user.app.files, "ask", lambda wish, folder: asked.append(wish))
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
