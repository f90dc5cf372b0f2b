"""A visitor of the place Inside: a user who has drawn a 4 by the mouse and gone there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pygame

import nn_scratch
from drawapp.drawing import sample_digits
from drawapp.reading.catalog import Catalog
from drawapp.reading.experiments import Experiment
from drawapp.reading.explanation import Explanation
from drawapp.ui.inside_state import InsideState
from drawapp.ui.screens.inside.screen import InsideScreen
from drawapp.ui.view import View
from nn_scratch.arrays import Array
from tests.helpers.user import User, opened


class Visitor(User):
    """A user who is Inside, and what they see there."""

    @property
    def inside(self) -> InsideScreen:
        assert isinstance(self.app.screen, InsideScreen)
        return self.app.screen

    @property
    def view(self) -> View:
        return self.app.screen.view

    @property
    def state(self) -> InsideState:
        return self.view.inside

    @property
    def explanation(self) -> Explanation:
        assert self.view.explanation is not None
        return self.view.explanation

    @property
    def looked_at(self) -> tuple[int, int]:
        """The stage and the number of what has its card open."""
        assert self.state.unit is not None
        return self.state.unit

    def click_on_value(self, stage: int, number: int) -> None:
        """Click on the tile of a unit, the map of a pixel or the pixel of an image."""
        tile = self.inside.network.tile_of(self.explanation, stage, number)
        assert tile is not None
        self.click(*tile.centre)

    def until_shown(self) -> Experiment:
        """What the experiment comes to, which is done in a thread."""
        self.until(lambda: self.view.experiment)
        assert self.view.experiment is not None
        return self.view.experiment


@contextmanager
def inside(catalog: Catalog) -> Iterator[Visitor]:
    """A visitor, in an open window."""
    with opened(Visitor(catalog)) as user:
        for stroke in sample_digits.STROKES["4"]:
            user.drag(*stroke)
        user.wait(0.2)
        user.key(pygame.K_2, unicode="2")
        yield user


def by_hand(user: Visitor, bundled: Path) -> list[Array]:
    """The image and the outputs of the two hidden layers and the scores, computed from the numbers of the file."""
    assert user.app.prediction is not None
    network = nn_scratch.load(bundled)
    x = network.layers[0].forward(network.inputs(user.app.prediction.characters[0].cut_out[None])).reshape(784)
    values = [x]
    for name in ("dense_1", "dense_2", "dense_3"):
        z = values[-1] @ network.arrays[name]["W"] + network.arrays[name]["b"]
        values.append(z if name == "dense_3" else np.maximum(z, 0))
    return values
