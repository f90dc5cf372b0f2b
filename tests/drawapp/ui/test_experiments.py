"""Dreams, fooling images and nearest training images, asked for as a user asks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import numpy as np
import pygame
import pytest

from drawapp.reading.catalog import Catalog, Model
from drawapp.reading.experiments import Fooling, fooling
from drawapp.reading.explanation import Explanation
from drawapp.ui import inside as inside_work
from drawapp.ui.screens.inside.trial_controls import StrengthSlider
from nn_scratch.errors import UserError
from nn_scratch.network import Network
from tests.helpers.inside import Visitor, inside

CONVNET = Path(__file__).parents[3] / "models" / "digits-convnet.npy"


@pytest.fixture
def user(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """A visitor with the bundled network."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with inside(Catalog([Model("Digits", bundled), Model("Digits (convnet)", CONVNET)])) as user:
        yield user


def test_a_dream_of_nothing_is_read_as_what_it_is_of(user: Visitor) -> None:
    user.key(pygame.K_r)
    user.wait(0.1)
    for _ in range(9):  # the first dream is of 0, each further one of the next digit
        user.key(pygame.K_d)
    user.wait(2)
    shown = user.view.experiment
    assert shown is not None
    assert "8" in shown.title
    network = user.explanation.network
    assert float(network.predict_proba(shown.frames[1].image[None].astype(np.float32))[0, 8]) >= 0.99
    user.key(pygame.K_ESCAPE)
    assert user.view.experiment is None


def test_a_small_change_fools_it(user: Visitor) -> None:
    user.click_on("fool")
    shown = user.until_shown()
    found = user.explanation.network.predict(shown.frames[2].image[None].astype(np.float32))[0]
    assert int(found) != user.explanation.label
    user.drag((3, 3), (5, 3))
    assert user.view.experiment is None  # it was of another drawing


def raising(error: Exception) -> Callable[..., NoReturn]:
    """Work that fails."""

    def work(*arguments: object) -> NoReturn:
        raise error

    return work


@pytest.mark.parametrize("error", [MemoryError(), UserError("The file is gone."), ValueError("no such shape")])
@pytest.mark.parametrize(("name", "work"), [("fool", "fooling"), ("alike", "load_sample"), ("alike", "known_features")])
def test_where_an_experiment_fails_a_sentence_says_why(
    user: Visitor, monkeypatch: pytest.MonkeyPatch, name: str, work: str, error: Exception
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(inside_work, work, raising(error))
        user.click_on(name)
        user.until(lambda: user.view.message)
    assert user.view.experiment is None
    assert user.view.message == (str(error) if isinstance(error, UserError) else f"Something went wrong ({error!r}).")
    user.click_on(name)  # what was not there may have come
    assert user.until_shown().what == name


def test_where_the_other_network_cannot_be_read_a_sentence_says_why(
    user: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    user.key(pygame.K_f)
    before = user.until_shown()
    monkeypatch.setattr(user.models, "network_of", raising(UserError("The file is gone.")))
    user.click_on("ask")
    assert user.view.message == "The file is gone."
    assert user.view.experiment is not None
    assert user.view.experiment.sentence == before.sentence


def test_fooling_searches_with_a_network_of_its_own(user: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The drawing is read while the thread searches, and a network keeps what it read last."""
    searched: list[Network] = []

    def search(network: Network, explanation: Explanation) -> Fooling:
        searched.append(network)
        return fooling(network, explanation)

    monkeypatch.setattr(inside_work, "fooling", search)
    user.key(pygame.K_f)
    user.until_shown()
    (network,) = searched
    assert not np.shares_memory(network.parameters, user.explanation.network.parameters)
    assert not set(map(id, network.layers)) & set(map(id, user.explanation.network.layers))


def test_escape_closes_one_thing_at_a_time(user: Visitor) -> None:
    def shown() -> tuple[bool, bool, bool]:
        return bool(user.view.message), user.app.screen.models.is_open, user.view.experiment is not None

    user.click_on("dream")
    user.wait(0.1)
    user.key(pygame.K_c, pygame.KMOD_LCTRL)  # tells that the answer is copied
    user.click_on("models")
    assert shown() == (True, True, True)
    for left in ((False, True, True), (False, False, True)):
        user.key(pygame.K_ESCAPE)
        assert shown() == left
    user.key(pygame.K_F1)
    user.key(pygame.K_ESCAPE)
    assert not user.app.screen.shows_help
    assert shown() == (False, False, True)
    user.key(pygame.K_ESCAPE)
    assert shown() == (False, False, False)
    assert not user.app.canvas.is_empty


def test_the_nearest_training_images_are_fours(user: Visitor) -> None:
    user.click_on("alike")
    captions = [frame.caption for frame in user.until_shown().frames]
    assert len(captions) == 5
    assert captions.count("4") >= 3


def test_a_click_on_a_digit_dreams_of_it_from_the_drawing(user: Visitor) -> None:
    user.click_on("dream")
    assert user.view.experiment is not None
    assert user.view.experiment.label == 4  # the answer first
    for label in (7, 0):
        user.click(*user.inside.trial.classes.segment(label).centre)
        user.wait(2)
        shown = user.view.experiment
        assert shown is not None
        assert (shown.label, shown.runs) == (label, False)
        image = shown.frames[1].image[None].astype(np.float32)
        assert float(user.explanation.network.predict_proba(image)[0, label]) >= 0.99


def test_a_dream_can_be_chosen_stopped_and_undone_by_the_keyboard(user: Visitor) -> None:
    drawn = user.app.canvas.grid()
    user.key(pygame.K_d)
    user.tab_to("classes")
    user.key(pygame.K_RIGHT)
    assert user.view.experiment is not None
    assert user.view.experiment.label == 5
    user.key(pygame.K_3, unicode="3")
    assert user.view.experiment.label == 3
    user.tab_to("pause")
    user.key(pygame.K_RETURN)
    stopped = user.view.experiment
    user.wait(0.5)
    assert user.view.experiment is stopped
    assert stopped.is_paused
    user.key(pygame.K_RETURN)
    user.wait(0.2)
    assert user.view.experiment is not stopped
    user.click_on("undo-dream")
    assert user.view.experiment is None
    np.testing.assert_array_equal(user.app.canvas.grid(), drawn)


def test_the_strength_of_the_change_is_live(user: Visitor) -> None:
    user.key(pygame.K_f)
    shown = user.until_shown()
    assert shown.strength == 1
    slider = user.control("strength")
    assert isinstance(slider, StrengthSlider)
    read = {}
    for fraction in (0.0, 0.5, 1.0):
        user.click(slider.way.left + fraction * (slider.way.width - 1), slider.way.centre[1])
        found = user.view.experiment
        assert found is not None
        image = found.frames[2].image[None].astype(np.float32)
        label = user.explanation.network.classes[int(user.explanation.network.predict(image)[0])]
        assert f"read as {label} with" in found.sentence
        np.testing.assert_allclose(
            found.frames[1].image, 10 * (found.frames[2].image - found.frames[0].image), atol=1e-5
        )
        read[fraction] = label
    assert read[0.0] == "4"
    assert read[0.5] == read[1.0] != "4"
    user.tab_to("strength")
    user.key(pygame.K_LEFT)
    assert user.view.experiment is not None
    assert user.view.experiment.strength == pytest.approx(1.95)


@pytest.mark.skipif(not CONVNET.is_file(), reason="models/digits-convnet.npy is missing")
def test_the_other_network_reads_the_same_image(user: Visitor) -> None:
    for other, face in (("Digits (convnet)", "Ask the convnet"), ("Digits", "Ask the small network")):
        user.key(pygame.K_f)
        user.until_shown()
        button = user.control("ask")
        assert getattr(button, "face", None) == face
        user.click_on("ask")
        shown = user.view.experiment
        assert shown is not None
        network = user.models.network_of(next(model for model in user.models.offered if model.name == other))
        image = shown.frames[2].image[None].astype(np.float32)
        p = network.predict_proba(image)[0]  # type: ignore[arg-type]
        assert f"{other} reads it as {network.classes[int(p.argmax())]}, " in shown.sentence
        user.tab_to("strength")
        user.key(pygame.K_HOME)
        assert user.view.experiment is not None
        assert f"{other} reads it as 4, " in user.view.experiment.sentence  # it goes on answering
        user.key(pygame.K_ESCAPE)
        user.key(pygame.K_m)
        user.wait(0.2)
