"""How fast the app answers: the time of a prediction, of a frame and of a mouse move.

    python benchmarks/app.py

A pen that lags is noticed at once, and a frame has 16 ms for everything. Measured without a screen (SDL's dummy
driver), at 1100x720, with the bundled models and a sample digit.
"""

from __future__ import annotations

import os

os.environ["SDL_VIDEODRIVER"] = "dummy"

import statistics
import time
from collections.abc import Callable

from drawapp.app import App
from drawapp.drawing import sample_digits
from drawapp.reading.catalog import Catalog, load_recognizer, offered
from drawapp.reading.recognizer import Recognizer
from drawapp.ui.intents import PenMove


def median_milliseconds(action: Callable[[int], object], times: int = 500) -> float:
    """The median time of `action`, which is given the number of calls before this one."""
    seconds = []
    for i in range(times):
        start = time.perf_counter()
        action(i)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds) * 1000


def main() -> None:
    """Measure and print."""
    models = Catalog(offered())
    app = App(models)
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
        print(f"{name}: {median_milliseconds(action):.2f} ms")
    app.close()


if __name__ == "__main__":
    main()
