"""Dreams, fooling images and nearest training images, asked for as a user asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pygame
import pytest

from drawapp.reading.catalog import Catalog, Model
from tests.helpers.inside import Visitor, inside


@pytest.fixture
def user(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """A visitor with the bundled network."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    with inside(Catalog([Model("Digits", bundled)])) as user:
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
    network = user.thought.network
    assert float(network.predict_proba(shown.frames[1].image[None].astype(np.float32))[0, 8]) >= 0.99
    user.key(pygame.K_ESCAPE)
    assert user.view.experiment is None


def test_a_small_change_fools_it(user: Visitor) -> None:
    user.click_on("fool")
    shown = user.until_shown()
    found = user.thought.network.predict(shown.frames[2].image[None].astype(np.float32))[0]
    assert int(found) != user.thought.label
    user.drag((3, 3), (5, 3))
    assert user.view.experiment is None  # it was of another drawing


def test_the_nearest_training_images_are_fours(user: Visitor) -> None:
    user.click_on("alike")
    captions = [frame.caption for frame in user.until_shown().frames]
    assert len(captions) == 5
    assert captions.count("4") >= 3
