"""The window takes any events in any order: no exception, and no memory that grows.

`python -m pytest -m soak` posts half a million of them; a short run is part of the other tests.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pygame
import pytest

import nn_scratch
from drawapp.app import App
from drawapp.reading.catalog import Catalog, Model
from drawapp.reading.recognizer import Recognizer
from drawapp.session.kept_drawing import KeptDrawing
from drawapp.session.report import Reporter
from drawapp.session.session import Session

MEMORY = Path("/proc/self/statm")
PAGE = 4096  # bytes
MOST_GROWTH = 12 << 20  # bytes between the second quarter and the last: the undo steps and the caches are full by then
EVENTS_PER_TURN = 12
KEYS = [value for name, value in vars(pygame).items() if name.startswith("K_")]
MODIFIERS = [0, 0, 0, pygame.KMOD_CTRL, pygame.KMOD_SHIFT, pygame.KMOD_CTRL | pygame.KMOD_SHIFT, pygame.KMOD_ALT]
PLAIN = [  # events whose details do not matter
    *(value for name, value in vars(pygame).items() if name.startswith("WINDOW") and not name.startswith("WINDOWPOS")),
    *(pygame.QUIT, pygame.ACTIVEEVENT, pygame.USEREVENT, pygame.CLIPBOARDUPDATE, pygame.KEYMAPCHANGED),
    *(pygame.DROPBEGIN, pygame.DROPCOMPLETE, pygame.AUDIODEVICEADDED, pygame.LOCALECHANGED),
    *(pygame.RENDER_TARGETS_RESET, pygame.VIDEOEXPOSE),
]

Details = dict[str, object]
Maker = Callable[[random.Random], tuple[int, Details]]


def position(some: random.Random) -> tuple[int, int]:
    if some.random() < 0.05:
        return some.choice([(-5000, 3), (40_000, 40_000), (0, 0), (-1, -1)])
    return some.randrange(-20, 1200), some.randrange(-20, 800)


def motion(some: random.Random) -> tuple[int, Details]:
    return pygame.MOUSEMOTION, {"pos": position(some), "rel": (1, 1), "buttons": (1, 0, 0), "touch": False}


def button(some: random.Random) -> tuple[int, Details]:
    kind = some.choice([pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP])
    return kind, {"pos": position(some), "button": some.choice([1, 1, 1, 3, 3, 2, 4, 7]), "touch": False, "clicks": 1}


def wheel(some: random.Random) -> tuple[int, Details]:
    x, y = some.randrange(-3, 4), some.randrange(-3, 4)
    return pygame.MOUSEWHEEL, {"x": x, "y": y, "precise_x": x / 2, "precise_y": y / 2, "flipped": False}


def key(some: random.Random) -> tuple[int, Details]:
    kind = some.choice([pygame.KEYDOWN, pygame.KEYDOWN, pygame.KEYUP])
    letters = some.choice(["", "a", "[", "]", "é", "\x1a", "1", " "])
    pressed = some.choice(KEYS)
    return kind, {"key": pressed, "mod": some.choice(MODIFIERS), "unicode": letters, "scancode": 0}


def text(some: random.Random) -> tuple[int, Details]:
    words = some.choice(["", "a", "ß", "漢字", "🙂", "\0", "x" * 40])
    if some.random() < 0.5:
        return pygame.TEXTINPUT, {"text": words}
    return pygame.TEXTEDITING, {"text": words, "start": some.randrange(-1, 50), "length": some.randrange(-1, 50)}


def touch(some: random.Random) -> tuple[int, Details]:
    kind = some.choice([pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERMOTION, pygame.FINGERUP])
    x, y = some.uniform(-0.1, 1.1), some.uniform(-0.1, 1.1)
    finger = some.randrange(3)
    return kind, {"touch_id": 1, "finger_id": finger, "x": x, "y": y, "dx": 0.01, "dy": 0.0, "pressure": 0.5}


def pinch(some: random.Random) -> tuple[int, Details]:
    gesture = {"x": some.random(), "y": some.random(), "pinched": 0.01, "rotated": 0.1, "num_fingers": 2}
    return pygame.MULTIGESTURE, {"touch_id": 1, **gesture}


def drop(some: random.Random) -> tuple[int, Details]:
    if some.random() < 0.5:
        return pygame.DROPTEXT, {"text": "7"}
    return pygame.DROPFILE, {"file": some.choice(["/nowhere/model.npy", "/nowhere/image.png", "", "/"])}


def plain(some: random.Random) -> tuple[int, Details]:
    return some.choice(PLAIN), {}


MAKERS: dict[Maker, int] = {motion: 50, button: 14, wheel: 4, key: 10, text: 4, touch: 12, pinch: 2, drop: 1, plain: 3}


def app_in(folder: Path) -> tuple[App, Callable[[float], None]]:
    """An app in an unseen window that keeps everything in `folder`, and what moves its clock on."""
    now = [100.0]
    networks = [nn_scratch.mlp((16,)), nn_scratch.mlp((16,), tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt"))]
    readers = [Recognizer(network.initialize(np.random.default_rng(0))) for network in networks]
    listed = [Model("digits", Path("0.npy")), Model("letters", Path("1.npy"))]

    def load(path: Path) -> Recognizer:
        if path.name not in ("0.npy", "1.npy"):
            raise nn_scratch.UserError(f"There is no file {path}; check the name.")
        return readers[int(path.stem)]

    def pass_time(seconds: float) -> None:
        now[0] += seconds

    session = Session(drawing=KeptDrawing(folder / "drawing.npz"), reporter=Reporter(folder / "report.jsonl"))
    return App(Catalog(listed, load, lambda path: None), clock=lambda: now[0], session=session), pass_time


def memory() -> int:
    """Bytes that this process has in memory; 0 where the system does not say."""
    return int(MEMORY.read_text().split()[1]) * PAGE if MEMORY.exists() else 0


def soak(events: int, folder: Path, seed: int = 0) -> list[int]:
    """Let an app take `events` random events. Returns the most bytes it has in memory in each quarter of them."""
    some = random.Random(seed)
    app, pass_time = app_in(folder)
    app.open()
    makers, weights = list(MAKERS), list(MAKERS.values())
    peaks = [0] * 4
    for count, maker in enumerate(some.choices(makers, weights, k=events)):
        kind, details = maker(some)
        pygame.event.post(pygame.Event(kind, details))
        if count % EVENTS_PER_TURN == 0:
            if some.random() < 0.002:
                app.window.size = (some.randrange(200, 1300), some.randrange(200, 900))
            app.running = True  # whatever was meant to close the window
            app.listen()
            app.think()
            app.show()
            pass_time(1 / 60)
            quarter = 4 * count // events
            peaks[quarter] = max(peaks[quarter], memory())
    app.close()
    app.session.reporter.close()
    return peaks


@pytest.fixture(autouse=True)
def unseen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setenv("HOME", str(tmp_path))


def test_a_thousand_events_of_all_kinds_do_no_harm(tmp_path: Path) -> None:
    soak(1_000, tmp_path, seed=1)


@pytest.mark.soak
def test_half_a_million_events_of_all_kinds_do_no_harm_and_take_no_memory(tmp_path: Path) -> None:
    peaks = soak(500_000, tmp_path)
    print("most memory in each quarter, in MB:", *(peak >> 20 for peak in peaks), file=sys.stderr)
    assert peaks[3] - peaks[1] < MOST_GROWTH
