"""A user of the app, for the tests of the window: posts events, and lets the app take turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
import pygame

import nn_scratch
from drawapp.app import App
from drawapp.drawing import sample_digits
from drawapp.reading.catalog import Catalog, Model
from drawapp.ui.controls.drop_down import ROW

LETTERS = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")
DIGITS = LETTERS[:10]


class User:
    """Posts events and lets the app take turns. There is a 2 on the canvas."""

    def __init__(self, folder: Path) -> None:
        self.now = 100.0
        self.remembered: list[Path] = []
        for name, classes in (("digits", DIGITS), ("letters", LETTERS), ("mine", LETTERS[10:])):
            network = nn_scratch.mlp((20,), classes).initialize(np.random.default_rng(1))
            nn_scratch.save(network, folder / f"{name}.npy")
        listed = [Model(name, folder / f"{name}.npy") for name in ("digits", "letters", "missing")]
        self.models = Catalog(listed, remember=self.remembered.append)
        self.app = App(self.models, clock=lambda: self.now)
        sample_digits.draw("2", self.app.canvas)

    def post(self, kind: int, **details: object) -> None:
        pygame.event.post(pygame.Event(kind, details))
        self.turn()

    def turn(self) -> None:
        self.app.listen()
        self.app.think()
        self.app.show()

    def key(self, key: int, mod: int = 0) -> None:
        self.post(pygame.KEYDOWN, key=key, mod=mod, unicode="")

    def click(self, x: float, y: float) -> None:
        self.post(pygame.MOUSEBUTTONDOWN, pos=(round(x), round(y)), button=1)
        self.post(pygame.MOUSEBUTTONUP, pos=(round(x), round(y)), button=1)

    def click_head(self) -> None:
        header = self.app.screen.layout.header
        self.click(header.left + 20, header.centre[1])

    def click_row(self, number: int) -> None:
        layout = self.app.screen.layout
        self.click(layout.header.left + 20, layout.header.bottom + layout.pixels(12 + (number + 0.5) * ROW))

    def click_segment(self, number: int) -> None:
        seen = self.app.screen.layout.seen
        self.click(seen.left + seen.width * (number + 0.5) / 3, self.app.screen.layout.header.centre[1])

    def drop(self, path: Path) -> None:
        self.post(pygame.DROPFILE, file=str(path))

    def answers(self) -> set[str]:
        """The classes with any probability in the prediction."""
        assert self.app.prediction is not None
        return {name for name, value in self.app.prediction.probabilities.items() if value > 0}


Someone = TypeVar("Someone", bound=User)


@contextmanager
def opened(user: Someone) -> Iterator[Someone]:
    """`user` with the app in an open window."""
    user.app.open()
    user.turn()
    yield user
    user.app.close()
