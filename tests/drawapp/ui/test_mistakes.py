"""The part Mistakes, driven as a user drives it: from the matrix to the images, and from an image to Inside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

import nn_scratch
from drawapp.learning import scored as scored_module
from drawapp.learning.examples import ExamplesName
from drawapp.learning.scored import Scored
from drawapp.reading.catalog import Catalog, Model
from drawapp.session.corrections import Correction
from drawapp.session.settings import Preferences
from drawapp.ui import intents
from drawapp.ui.layout import MINIMUM, layout_for
from drawapp.ui.learn_intents import ChooseExamples
from drawapp.ui.learning.learning import LearnView
from drawapp.ui.learning.mistakes import MistakesView
from drawapp.ui.screens.learn import mistakes_words as words
from drawapp.ui.screens.learn.mistakes import MistakesPart
from drawapp.ui.screens.learn.screen import LearnScreen
from drawapp.ui.view import View
from nn_scratch.data.sample import load_sample
from nn_scratch.dataset import Dataset
from nn_scratch.metrics import evaluate, worst_mistakes
from nn_scratch.network import DIGITS
from tests.drawapp.ui.controls.test_matrix import LETTERS
from tests.helpers.user import User, opened


@pytest.fixture
def user(bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[User]:
    """A user of the bundled network and of a small untrained one, who has gone to Mistakes. MNIST is not there."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("NN_SCRATCH_DATA", str(tmp_path / "data"))
    nn_scratch.save(nn_scratch.mlp((4,)).initialize(np.random.default_rng(0)), tmp_path / "small.npy")
    models = [Model("Digits", bundled), Model("Small", tmp_path / "small.npy")]
    with opened(User(Catalog(models))) as user:
        user.key(pygame.K_3, unicode="3")
        user.click_on("part-mistakes")
        yield user


def part(user: User) -> MistakesPart:
    assert isinstance(user.app.screen, LearnScreen)
    assert isinstance(user.app.screen.part, MistakesPart)
    return user.app.screen.part


def view(user: User) -> MistakesView:
    return user.app.screen.view.learn.mistakes


def result(user: User) -> Scored:
    """What is shown, when it is there."""
    user.until(lambda: view(user).scored)
    found = view(user).scored
    assert found is not None
    return found


def click_cell(user: User, meant: str, read: str) -> None:
    matrix = part(user).matrix
    assert matrix.table is not None
    classes = matrix.table.scored.score.classes
    cell = matrix.table.cell_of((classes.index(meant), classes.index(read)))
    user.click(*matrix.places.box(cell).centre)


def test_the_matrix_shows_what_evaluate_counts(user: User, bundled: Path) -> None:
    found, expected = result(user), evaluate(nn_scratch.load(bundled), load_sample()[1])
    np.testing.assert_array_equal(found.score.confusion, expected.confusion)
    assert words.accuracy_of(found) == f"{expected.accuracy:.2%} right".replace("%", "\N{NO-BREAK SPACE}%")
    table = part(user).matrix.table
    assert table is not None
    np.testing.assert_array_equal(table.counts, expected.confusion)
    assert table.accuracies == list(expected.class_accuracy.values())


def test_a_cell_leads_to_its_images_and_an_image_to_the_sheet_and_inside(user: User, bundled: Path) -> None:
    found, network = result(user), nn_scratch.load(bundled)
    images = part(user).images
    worst = worst_mistakes(network, found.data, 1000)
    assert [item.words for item in images.items] == [words.example_of(found, row) for row in worst.rows]
    meant, read = int(found.data.labels[worst.rows[0]]), int(worst.taken_for[0])
    click_cell(user, DIGITS[meant], DIGITS[read])
    assert view(user).cell == (meant, read)
    assert len(images.items) == found.score.confusion[meant, read]
    user.click(*images.place_of(0).centre)
    image = found.data.images[worst.rows[0]]
    np.testing.assert_array_equal(user.app.canvas.grid(), image)  # each pixel is a cell
    assert images.chosen == 0
    user.turn()
    user.key(pygame.K_2, unicode="2")
    user.turn()
    explanation = user.app.screen.view.explanation
    assert explanation is not None
    assert not explanation.at_rest
    assert user.app.prediction is not None
    assert DIGITS[int(explanation.label)] == user.app.prediction.characters[0].best
    user.key(pygame.K_3, unicode="3")
    user.key(pygame.K_z, pygame.KMOD_LCTRL)
    assert user.app.canvas.is_empty
    assert view(user).cell == (meant, read)  # one comes back to where one was


def test_a_cell_of_the_diagonal_shows_what_was_nearly_wrong_and_all_is_a_press_away(user: User) -> None:
    found = result(user)
    assert "all-mistakes" not in user.app.screen.boxes
    click_cell(user, "4", "4")
    assert len(part(user).images.items) == found.score.confusion[4, 4]
    assert part(user).images.items[0].words == words.example_of(found, int(found.examples((4, 4))[0]))
    user.click_on("all-mistakes")
    assert view(user).cell is None
    assert len(part(user).images.items) == found.wrong
    click_cell(user, "4", "4")
    click_cell(user, "4", "4")
    assert view(user).cell is None  # a second press leaves the cell again


def test_the_keyboard_alone_comes_from_the_matrix_to_the_sheet(user: User) -> None:
    found = result(user)
    user.tab_to("matrix")
    for _ in range(2):
        user.key(pygame.K_DOWN)
    assert part(user).matrix.cursor == (1, 0)
    user.key(pygame.K_RIGHT)
    user.key(pygame.K_RETURN)
    assert view(user).cell == (1, 1)
    user.tab_to("images")
    user.key(pygame.K_RIGHT)
    user.key(pygame.K_RIGHT)
    user.key(pygame.K_RETURN)
    np.testing.assert_array_equal(user.app.canvas.grid(), found.data.images[found.examples((1, 1))[1]])
    user.tab_to("examples")
    user.key(pygame.K_RIGHT)
    assert view(user).examples == "mnist"


def test_the_mouse_names_what_is_under_it(user: User) -> None:
    result(user)
    user.turn()
    before = user.seen()
    matrix = part(user).matrix
    user.move(*matrix.places.box((2, 7)).centre)
    after = user.seen()
    assert matrix.lit(user.app.screen.focus.mouse) == (2, 7)
    changed = (before != after).any(axis=2)
    assert changed[: matrix.places.grid.left, matrix.places.box((2, 0)).top :].any()  # the label of the row
    assert changed[:, matrix.box.top - 30 : matrix.box.top].any()  # the line above


def test_another_model_is_read_anew_and_the_first_is_remembered(user: User) -> None:
    first = result(user)
    click_cell(user, "4", "4")
    user.app.follow(intents.ChooseModel(1))
    assert view(user).scored is None
    second = result(user)
    assert view(user).cell is None
    assert second.score.accuracy < first.score.accuracy
    user.app.follow(intents.ChooseModel(0))
    assert view(user).scored is first


def test_what_is_not_there_is_told_and_comes_when_it_is_there(user: User) -> None:
    result(user)
    for name in ("mnist", "corrections"):
        user.app.follow(ChooseExamples(name))
        user.until(lambda: view(user).is_absent)
        assert words.obstacle_of(view(user))
        assert "matrix" not in user.app.screen.boxes
    image = load_sample()[1].images[0]
    user.app.session.corrections.add(Correction(image, "7"))
    assert len(result(user).data) == 1
    user.app.session.corrections.add(Correction(image[::-1].copy(), "3"))
    assert user.app.learning.mistakes.view.scored is None
    user.turn()
    assert len(result(user).data) == 2


def test_the_window_goes_on_while_it_reads(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    result(user)
    goes_on, thread_names = threading.Event(), []

    def slow(*_: object) -> Dataset:
        thread_names.append(threading.current_thread().name)
        goes_on.wait(10)
        return load_sample()[1]

    monkeypatch.setattr(scored_module, "with_labels_of", slow)
    user.app.follow(intents.ChooseModel(1))
    drawn = user.app.canvas.grid().any()
    user.drag((5, 5), (20, 20))
    user.wait(0.1)
    assert user.app.canvas.grid().any() != drawn
    assert user.app.prediction is not None  # the reader reads meanwhile
    assert view(user).scored is None
    assert thread_names != [threading.main_thread().name]
    goes_on.set()
    assert len(result(user).data) == 1600


def test_closing_stops_the_reading(user: User) -> None:
    user.app.follow(intents.ChooseModel(1))
    user.turn()
    user.app.learning.close()
    assert view(user).scored is None


def test_nothing_is_read_before_somebody_looks(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with opened(User(Catalog([Model("Digits", bundled)]))) as user:
        user.key(pygame.K_3, unicode="3")
        user.wait(0.2)
        user.click_on("part-mistakes")
        user.key(pygame.K_1, unicode="1")
        before = view(user)
        user.wait(0.1)
    assert before.scored is None


def random_scored(count: int, classes: tuple[str, ...]) -> Scored:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, len(classes), count)
    logits = rng.normal(0, 1, (count, len(classes))).astype(np.float32)
    logits[np.arange(count), labels] += 2
    return Scored(Dataset(rng.integers(0, 256, (count, 28, 28), dtype=np.uint8), labels, classes), logits)


@pytest.mark.parametrize("size", [MINIMUM, (800, 540), (1100, 720), (720, 1100), (2200, 1440)])
@pytest.mark.parametrize("classes", [DIGITS, LETTERS])
@pytest.mark.parametrize("type_size", [100, 150])
def test_everything_has_its_place_in_every_window(
    size: tuple[int, int], classes: tuple[str, ...], type_size: int, blank_view: View
) -> None:
    found = random_scored(300, classes)
    names: list[ExamplesName] = ["sample", "mnist", "corrections"]
    for name, cell in zip(names, (None, (1, 1), (1, 2)), strict=True):
        shown = LearnView("mistakes", mistakes=MistakesView(name, found, 1.0, cell=cell))
        preferences = Preferences(theme="light", type_size=type_size)
        whole = View(blank_view.canvas, classes, preferences=preferences, place="learn", learn=shown)
        layout = layout_for(size)
        screen = LearnScreen(layout, whole)
        surface = pygame.Surface(layout.window)
        screen.draw(surface)
        boxes = screen.boxes
        assert {"matrix", "examples", "images"} <= set(boxes)
        for box in boxes.values():
            assert box.left >= 0
            assert box.top >= 0
            assert box.right <= size[0]
            assert box.bottom <= size[1]
        assert boxes["matrix"].right <= boxes["images"].left
        assert boxes["matrix"].bottom <= boxes["images"].bottom


@pytest.fixture
def blank_view() -> View:
    from drawapp.drawing.canvas import Canvas

    pygame.font.init()
    return View(Canvas(), DIGITS)


def test_the_figures_are_rounded_so_that_100_percent_is_all() -> None:
    space = "\N{NO-BREAK SPACE}"
    assert words.percent(0.99999, 2) == f"99.99{space}%"
    assert words.percent(1.0) == f"100.0{space}%"
    assert words.percent(0.29) == f"29.0{space}%"
