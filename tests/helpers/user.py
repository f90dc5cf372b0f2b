"""A user of the app, for the tests of the window: posts events, and lets the app take turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import numpy as np
import pygame
from numpy.typing import NDArray

import nn_scratch
from drawapp.app import App
from drawapp.drawing import sample_digits
from drawapp.drawing.geometry import Point
from drawapp.reading.catalog import Catalog, Model
from drawapp.reading.recognizer import Recognizer
from drawapp.session.session import Session
from drawapp.ui.controls.control import Control
from drawapp.ui.screens.draw.screen import DrawScreen

LETTERS = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")
DIGITS = LETTERS[:10]
LEFT, RIGHT = 1, 3  # mouse buttons
PATIENCE = 60.0  # seconds that a thread may need on a busy machine


class User:
    """Posts events and lets the app take turns. Cells are those of the grid, and places are pixels of the window."""

    def __init__(self, models: Catalog, session: Session | None = None) -> None:
        self.now = 100.0
        self.models = models
        self.app = App(models, clock=lambda: self.now, session=session)

    def post(self, kind: int, **details: object) -> None:
        pygame.event.post(pygame.Event(kind, details))
        self.turn()

    def turn(self) -> bool:
        """One turn of the loop. Returns whether the window was drawn."""
        self.app.listen()
        self.app.think()
        return self.app.show()

    def wait(self, seconds: float) -> None:
        """Let time pass, sixty turns per second."""
        for _ in range(round(seconds * 60)):
            self.now += 1 / 60
            self.turn()

    def until(self, reached: Callable[[], object]) -> None:
        """Let the window take turns until something that a thread does has come about."""
        end = time.monotonic() + PATIENCE
        while not reached():
            assert time.monotonic() < end, f"it has not come about in {PATIENCE:.0f} seconds"
            self.now += 1 / 60
            self.turn()
            time.sleep(0.005)

    def key(self, key: int, mod: int = 0, unicode: str = "", scancode: int = 0) -> None:
        """Press and release a key."""
        self.key_down(key, mod, unicode, scancode)
        self.post(pygame.KEYUP, key=key, mod=mod, unicode=unicode, scancode=scancode)

    def key_down(self, key: int, mod: int = 0, unicode: str = "", scancode: int = 0) -> None:
        self.post(pygame.KEYDOWN, key=key, mod=mod, unicode=unicode, scancode=scancode)

    def press(self, x: float, y: float, button: int = LEFT) -> None:
        self.post(pygame.MOUSEBUTTONDOWN, pos=(round(x), round(y)), button=button)

    def move(self, x: float, y: float) -> None:
        self.post(pygame.MOUSEMOTION, pos=(round(x), round(y)), rel=(0, 0), buttons=(0, 0, 0))

    def release(self, x: float, y: float, button: int = LEFT) -> None:
        self.post(pygame.MOUSEBUTTONUP, pos=(round(x), round(y)), button=button)

    def click(self, x: float, y: float) -> None:
        self.press(x, y)
        self.release(x, y)

    def drag(self, *cells: Point, button: int = LEFT) -> None:
        """Press on the first of the cells, move through the others and release."""
        places = [self.pixel(cell) for cell in cells]
        self.press(*places[0], button)
        for place in places[1:]:
            self.move(*place)
        self.release(*places[-1], button)

    def pixel(self, cell: Point) -> tuple[int, int]:
        """Where a point of the grid is in the window."""
        x, y = self.app.screen.layout.viewport.to_screen(*cell)
        return round(x), round(y)

    @property
    def draw_screen(self) -> DrawScreen:
        """The screen, which is that for drawing."""
        assert isinstance(self.app.screen, DrawScreen)
        return self.app.screen

    def control(self, name: str) -> Control:
        """The control called `name`, of the screen or of the help."""
        screen = self.app.screen
        return next(c for c in (*screen.controls, *screen.help.controls) if c.name == name)

    def click_on(self, name: str) -> None:
        """Click in the middle of the control called `name`."""
        self.click(*self.control(name).box.centre)

    def tab_to(self, name: str) -> None:
        """Press Tab until the control called `name` has the keyboard."""
        for _ in range(40):
            if self.app.screen.focus.state(self.control(name)).has_ring:
                return
            self.key(pygame.K_TAB)
        raise AssertionError(f"Tab never comes to {name}")

    def click_row(self, number: int) -> None:
        """Click where a row of the open list of models is, or would be."""
        self.click(*self.app.screen.models.row(number).centre)

    def drop(self, path: Path) -> None:
        self.post(pygame.DROPFILE, file=str(path))

    def answers(self) -> set[str]:
        """The classes with any probability in the prediction."""
        assert self.app.prediction is not None
        return {name for name, value in self.app.prediction.probabilities.items() if value > 0}

    def seen(self) -> NDArray[np.uint8]:
        """What the window shows, (width, height, 3)."""
        return pygame.surfarray.array3d(self.app.window.get_surface())


def count_colours(pixels: NDArray[np.uint8]) -> int:
    """How many colours there are in `pixels`, (width, height, 3)."""
    return len(np.unique(pixels.astype(np.int64) @ (2**16, 2**8, 1)))


class CountingNetwork:
    """A network that counts how often it is asked."""

    def __init__(self) -> None:
        self._network = nn_scratch.mlp().initialize(np.random.default_rng(0))
        self.classes = self._network.classes
        self.readings = 0

    def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
        self.readings += 1
        return self._network.predict_proba(images).astype(np.float32)


class Drawer(User):
    """A user of one network, which counts how often it is asked."""

    def __init__(self) -> None:
        self.network = CountingNetwork()
        super().__init__(Catalog([Model("Counting", Path("counting.npy"))], lambda path: Recognizer(self.network)))


class Chooser(User):
    """A user with three small networks in `folder`, who has drawn a 2."""

    def __init__(self, folder: Path) -> None:
        self.remembered: list[Path] = []
        for name, classes in (("digits", DIGITS), ("letters", LETTERS), ("mine", LETTERS[10:])):
            network = nn_scratch.mlp((20,), classes).initialize(np.random.default_rng(1))
            nn_scratch.save(network, folder / f"{name}.npy")
        listed = [Model(name, folder / f"{name}.npy") for name in ("digits", "letters", "missing")]
        super().__init__(Catalog(listed, remember=self.remembered.append))
        sample_digits.draw("2", self.app.canvas)


Someone = TypeVar("Someone", bound=User)


@contextmanager
def opened(user: Someone) -> Iterator[Someone]:
    """`user` with the app in an open window."""
    user.app.open()
    user.turn()
    yield user
    user.app.close()
