"""How fast the app answers: the time of a prediction, of a frame and of a mouse move.

    python benchmarks/app.py

A pen that lags is noticed at once, and a frame has 16 ms for everything. Measured at 1100x720 with the bundled models
and a sample digit, without a screen (SDL's dummy driver) unless SDL_VIDEODRIVER names another. In the last rows the pen
draws by events of the mouse, one before each turn of the loop, and what is measured is the turn: events, reading and
drawing. The app's clock goes on by a sixtieth of a second per turn, so that it reads as often as it does in use. A
median hides what makes a pen stutter, so there the 99th percentile stands beside it, and that of the processor's time,
which does not count what other programs take.
"""

from __future__ import annotations

import os

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")

import math
import time
from collections.abc import Callable

import numpy as np
import pygame
from numpy.typing import NDArray

from drawapp.app import FRAMES_PER_SECOND, App
from drawapp.drawing import sample_digits
from drawapp.reading.catalog import Catalog, load_recognizer, offered
from drawapp.reading.recognizer import Recognizer
from drawapp.ui.intents import ChoosePlace, PenMove
from drawapp.ui.places import SCREENS

TURNS, STROKE = 3000, 200  # turns of the loop with the pen moving, and how many of them make a stroke


def milliseconds(
    action: Callable[[int], object], times: int = 500, clock: Callable[[], float] = time.perf_counter
) -> NDArray[np.float64]:
    """The times of `action`, which is given the number of calls before this one."""
    seconds = []
    for i in range(times):
        start = clock()
        action(i)
        seconds.append(clock() - start)
    return np.array(seconds) * 1000


class Ticks:
    """A clock that goes on by a frame at a time."""

    def __init__(self) -> None:
        self.frames = 0

    def __call__(self) -> float:
        return self.frames / FRAMES_PER_SECOND


def print_turns(app: App, ticks: Ticks, place: str) -> None:
    """Measure the turns of the loop while the pen writes in a place; the sheet is cleared between strokes."""
    app.follow(ChoosePlace(place))
    grid = app.screen.layout.viewport.grid

    def turn(i: int) -> None:
        ticks.frames += 1
        angle = 2 * math.pi * (i % STROKE) / STROKE
        across, down = 0.3 * math.sin(2 * angle), 0.4 * math.cos(angle)  # an 8
        at = (round(grid.centre[0] + across * grid.width), round(grid.centre[1] + down * grid.height))
        if i % STROKE == 0:
            pygame.event.post(pygame.Event(pygame.MOUSEBUTTONUP, pos=at, button=1))
            pygame.event.post(pygame.Event(pygame.KEYDOWN, key=pygame.K_r, mod=0, unicode="r"))
            pygame.event.post(pygame.Event(pygame.MOUSEBUTTONDOWN, pos=at, button=1))
        pygame.event.post(pygame.Event(pygame.MOUSEMOTION, pos=at, rel=(0, 0), buttons=(1, 0, 0)))
        app.listen()
        app.think()
        app.show()

    milliseconds(turn, STROKE)  # the first stroke opens fonts
    wall, processor = (milliseconds(turn, TURNS, clock) for clock in (time.perf_counter, time.process_time))
    print(
        f"one turn with the pen moving, {place}: {np.median(wall):.2f} ms, p99 {np.quantile(wall, 0.99):.2f} ms"
        f" (processor: {np.median(processor):.2f} ms, p99 {np.quantile(processor, 0.99):.2f} ms)"
    )


def main() -> None:
    """Measure and print."""
    models = Catalog(offered())
    ticks = Ticks()
    app = App(models, clock=ticks)
    app.open()
    sample_digits.draw("8", app.canvas)
    app.reader.prediction = models.recognizer.read(app.canvas)
    surface = app.window.get_surface()

    def frame(i: int) -> None:
        app.canvas.revision += 1  # so that the image of the ink is made anew
        app.follow(PenMove((3 + i % 20, 3 + (i * 7) % 20)))
        app.screen.glide(0.001)
        app.screen.draw(surface)
        app.window.flip()

    app.canvas.pen_down((3.0, 3.0))

    def reading(recognizer: Recognizer) -> Callable[[int], object]:
        return lambda i: recognizer.read(app.canvas)

    rows: dict[str, Callable[[int], object]] = {
        **{f"one prediction, {model.name}": reading(load_recognizer(model.path)) for model in models.offered},
        "one frame with everything drawn again": frame,
        "one mouse move with the pen down": lambda i: app.canvas.pen_move((3 + i % 20, 3 + (i * 7) % 20)),
    }
    for name, action in rows.items():
        print(f"{name}: {np.median(milliseconds(action)):.2f} ms")
    app.canvas.pen_up()
    for place in SCREENS:
        print_turns(app, ticks, place)
    app.close()


if __name__ == "__main__":
    main()
