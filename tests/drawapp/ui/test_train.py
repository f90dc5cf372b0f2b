"""Train, by mouse and keys: a network learns while one draws, is paused, stepped, compared, and taken to Draw."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from drawapp.drawing import sample_digits
from drawapp.learning import runs
from drawapp.reading import own_models
from drawapp.ui.controls.choice import Choice
from drawapp.ui.controls.stepped_slider import SteppedSlider
from drawapp.ui.learn_intents import TrainingCommand
from drawapp.ui.learning.training import TrainingView
from drawapp.ui.screens.learn.curves import Curves
from drawapp.ui.screens.learn.reads import ReadRows
from drawapp.ui.screens.learn.screen import LearnScreen
from nn_scratch import train
from tests.helpers.user import Chooser, count_colours, opened


class Trainee(Chooser):
    """A user at the part Train, with the folders of the app in `folder`."""

    @property
    def training(self) -> TrainingView:
        return self.app.learning.training.view

    @property
    def steps(self) -> int:
        return self.training.progress.step if self.training.progress else 0

    def finish(self) -> None:
        """Train to the end."""
        self.click_on("train-play")
        self.click(*segment(self, "pace", 2))
        self.until(lambda: bool(self.training.progress and self.training.progress.is_over))
        self.turn()


def segment(user: Chooser, name: str, number: int) -> tuple[int, int]:
    """The middle of a segment of the choice called `name`."""
    choice = user.control(name)
    assert isinstance(choice, Choice)
    return choice.segment(number).centre


def reads_of(user: Chooser) -> ReadRows:
    """What stands beside the sheet."""
    screen = user.app.screen
    assert isinstance(screen, LearnScreen)
    return screen.part.reads(screen.view)


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trainee]:
    monkeypatch.setattr(own_models, "folder", lambda: tmp_path / "models")
    monkeypatch.setattr(runs, "default_folder", lambda: tmp_path / "kept")
    with opened(Trainee(tmp_path)) as someone:
        someone.key(pygame.K_3)
        someone.click_on("part-train")
        yield someone
        someone.app.learning.close()


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two runs of the command line."""
    folder = tmp_path_factory.mktemp("earlier")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        for epochs, rate in (("1", "0.01"), ("2", "0.002")):
            train.main(["--data", "sample", "--epochs", epochs, "--learning-rate", rate, "--out", "model.npy"])
    return sorted((folder / "runs").iterdir())


@pytest.fixture
def data(tmp_path: Path, rng: np.random.Generator) -> Path:
    """A file of images to train with, or of corrections."""
    images = rng.integers(0, 255, (60, 28, 28), dtype=np.uint8)
    np.savez(tmp_path / "mine.npz", images=images, labels=np.arange(60) % 3)
    return tmp_path / "mine.npz"


def trainers() -> int:
    """How many threads train."""
    return sum(thread.name == "trainer" for thread in threading.enumerate())


def test_the_curve_grows_while_the_sheet_still_inks_and_a_pause_freezes_it(user: Trainee) -> None:
    user.click_on("train-play")
    user.until(lambda: user.steps > 2)
    before, inked = user.steps, user.app.canvas.inked
    user.drag((5, 5), (5, 24), (20, 24))
    assert user.app.canvas.inked > inked
    user.until(lambda: user.steps > before)
    user.click_on("train-play")  # which says Pause
    user.until(lambda: bool(user.training.progress and user.training.progress.state == "paused"))
    frozen = user.steps
    user.wait(0.5)
    time.sleep(0.1)
    user.turn()
    assert user.steps == frozen


def test_one_step_is_one_step_and_shows_the_gradients(user: Trainee) -> None:
    user.click_on("train-step")
    user.until(lambda: user.steps == 1)
    assert user.training.progress is not None
    assert user.training.progress.gradients
    user.click_on("train-step")
    user.until(lambda: user.steps == 2)


def test_the_drawing_is_read_by_the_network_in_training(user: Trainee) -> None:
    """What stands beside the sheet changes from the answer of the chosen model to that of the learning one."""
    user.app.canvas.clear()
    sample_digits.draw("4", user.app.canvas)
    user.wait(1.2)
    user.finish()
    reads = reads_of(user)
    assert reads.caption
    best = max(reads.rows, key=lambda row: row.value)
    assert (best.label, best.is_answer) == ("4", True)


def test_settings_are_chosen_by_mouse_and_keys(user: Trainee) -> None:
    user.click(*segment(user, "network", 1))
    assert user.training.choices.network == "mlp-wide"
    slider = user.control("epochs")
    assert isinstance(slider, SteppedSlider)
    user.click(slider.box.left + 1, slider.box.bottom - 8)
    assert user.training.choices.epochs == 1
    user.tab_to("epochs")
    user.key(pygame.K_RIGHT)
    assert user.training.choices.epochs == 2
    user.tab_to("seed")
    user.key(pygame.K_END)
    assert user.training.choices.seed == 9


def test_try_it_brings_the_network_into_the_list(user: Trainee, tmp_path: Path) -> None:
    user.finish()
    user.click_on("try-it")
    user.until(lambda: user.models.chosen.name == "my network 1")
    user.until(lambda: user.app.screen.view.place == "draw")
    assert (tmp_path / "models" / "my network 1.npy").is_file()
    assert user.models.recognizer.classes == tuple("0123456789")
    assert not user.remembered


def test_discard_leaves_nothing_behind(user: Trainee, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    user.finish()
    user.click_on("discard")
    assert user.training.progress is None
    assert user.training.network is None
    assert sorted(tmp_path.rglob("*")) == before
    assert not reads_of(user).caption


def test_a_stop_in_the_middle_keeps_what_was_learned(user: Trainee) -> None:
    user.click_on("train-play")
    user.until(lambda: user.steps > 2)
    user.click_on("train-stop")
    user.until(lambda: bool(user.training.progress and user.training.progress.is_over))
    assert user.control("try-it").enabled


def test_two_runs_of_the_command_line_are_opened_and_compared(user: Trainee, earlier: list[Path]) -> None:
    for folder in earlier:
        user.drop(folder)
    assert [len(run.epochs) for run in user.training.runs] == [1, 2]
    curves = user.control("curves")
    assert isinstance(curves, Curves)
    loss, accuracy, seconds = curves.charts
    assert [len(line.x) for line in loss.lines] == [1, 1, 2, 2]  # training and validation of both
    assert len(accuracy.lines) == 4
    assert len(seconds.lines) == 2
    whole = curves.seen
    user.move(*curves.box.centre)
    assert curves.pointed == pytest.approx(1, abs=0.2)
    user.post(pygame.MOUSEWHEEL, x=0, y=1)
    assert curves.seen.width < whole.width
    user.drop(earlier[0])  # once more: it is there only once
    assert len(user.training.runs) == 2
    left, top = user.control("runs").box[:2]
    user.click(left + 30, top + 30)
    assert len(user.training.runs) == 1


def test_the_folder_of_all_runs_opens_them_together(user: Trainee, earlier: list[Path]) -> None:
    user.drop(earlier[0].parent)
    assert len(user.training.runs) == 2
    user.click_on("compare-back")
    assert not user.training.compares


def test_a_run_is_kept_when_the_user_keeps_it(user: Trainee, tmp_path: Path) -> None:
    user.finish()
    assert not (tmp_path / "kept").exists()
    user.click_on("keep-run")
    user.until(lambda: bool(user.training.runs))
    assert len(list((tmp_path / "kept").glob("*/report.jsonl"))) == 1
    assert len(user.training.compared) == 1  # not twice


def test_data_that_is_dropped_is_learned_from(user: Trainee, data: Path) -> None:
    user.drop(data)
    assert user.training.choices.source.words == "mine"
    user.finish()
    assert user.training.network is not None
    assert user.training.network.classes == ("0", "1", "2")


def test_a_file_that_is_dropped_on_draw_is_corrections_and_the_training_goes_on(user: Trainee, data: Path) -> None:
    user.click_on("train-play")
    user.until(lambda: user.steps > 2)
    before = user.steps
    user.key(pygame.K_1)
    user.drop(data)
    assert user.app.screen.view.place == "draw"
    assert len(user.app.session.corrections.all) == 60
    user.until(lambda: user.steps > before)


@pytest.mark.parametrize("is_over", [False, True])
def test_data_that_is_dropped_on_a_training_leaves_it_as_it_is(user: Trainee, data: Path, is_over: bool) -> None:
    if is_over:
        user.finish()
    else:
        user.click_on("train-play")
        user.until(lambda: user.steps > 2)
    before, source = user.steps, user.training.choices.source
    user.drop(data)
    assert "discard it first" in user.app.screen.view.message
    assert user.training.choices.source == source
    assert user.training.network is not None
    user.until(lambda: user.steps > before or is_over)


def test_discarding_a_training_ends_its_thread(user: Trainee) -> None:
    before = trainers()
    user.click_on("train-play")
    user.until(lambda: user.steps > 2)
    user.click_on("train-play")  # paused, it does not end by itself
    assert trainers() == before + 1
    user.app.follow(TrainingCommand("discard"))
    user.until(lambda: trainers() == before)
    assert user.training.progress is None


def test_a_folder_that_is_no_run_and_bad_data_are_told(user: Trainee, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    user.drop(tmp_path / "other")
    assert "not the folder of a run" in user.app.screen.view.message
    (tmp_path / "bad.npz").write_bytes(b"nothing")
    user.drop(tmp_path / "bad.npz")
    user.click_on("train-play")
    user.until(lambda: "bad.npz" in user.app.screen.view.message)
    assert user.training.progress is None


@pytest.mark.parametrize("size", [(1100, 720), (800, 540), (640, 480), (700, 1000)])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_everything_has_room_in_every_window(user: Trainee, size: tuple[int, int], theme: str) -> None:
    user.app.session.settings.change(theme=theme)
    user.app.window.size = size
    user.turn()
    user.click_on("train-step")
    user.until(lambda: user.steps == 1)
    controls = user.app.screen.boxes.values()
    assert all(box.left >= 0 and box.right <= size[0] and box.bottom <= size[1] for box in controls)
    curves = user.control("curves").box
    assert curves.width > 0.25 * size[0]
    shown = user.seen()[curves.left : curves.right, curves.top : curves.bottom]
    assert count_colours(shown) > 10
