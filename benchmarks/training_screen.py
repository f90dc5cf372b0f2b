"""Whether the window stays quick while a network trains in it: frames per second, and the time of a turn.

    python benchmarks/training_screen.py [--data mnist] [--network convnet]

The app runs as it does for a user, at most sixty frames per second, on the screen of a training at full speed, and
somebody draws all the while. Ten runs; the table has the frames per second, the slowest turns, how long the pen had to
wait for its ink at worst, and how long ten epochs took. Set SDL_VIDEODRIVER=dummy to measure without a screen.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time
from dataclasses import replace

import pygame

from drawapp.app import FRAMES_PER_SECOND, App
from drawapp.learning.sources import SOURCES
from drawapp.reading.catalog import Catalog, bundled_models
from drawapp.ui import intents
from drawapp.ui.learn_intents import ChangePace, ChangeTraining, ChoosePart, TrainingCommand

RUNS = 10
LONGEST = 60.0  # seconds of one run


def measure(app: App) -> tuple[float, float, float]:
    """Train once. Returns frames per second, the longest turn in milliseconds, and the seconds of the training."""
    frames, began = pygame.time.Clock(), time.perf_counter()
    turns: list[float] = []
    app.follow(TrainingCommand("play"))
    while time.perf_counter() - began < LONGEST:
        start = time.perf_counter()
        at = app.screen.layout.viewport.to_screen(14 + 8 * math.cos(6 * start), 14 + 8 * math.sin(6 * start))
        kind = pygame.MOUSEMOTION if turns else pygame.MOUSEBUTTONDOWN
        pygame.event.post(pygame.Event(kind, pos=at, button=1, rel=(0, 0), buttons=(1, 0, 0)))
        app.listen()
        app.think()
        app.show()
        turns.append(time.perf_counter() - start)
        progress = app.learning.training.view.progress
        if progress is not None and progress.is_over:
            break
        frames.tick(FRAMES_PER_SECOND)
    seconds = time.perf_counter() - began
    pygame.event.post(pygame.Event(pygame.MOUSEBUTTONUP, pos=at, button=1))
    app.listen()
    app.follow(TrainingCommand("discard"))
    app.follow(intents.Clear())
    return len(turns) / seconds, 1000 * max(turns), seconds


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", choices=[source.name for source in SOURCES], default="sample")
    parser.add_argument("--network", choices=["mlp", "mlp-wide", "lenet", "convnet"], default="mlp")
    parser.add_argument("--pace", choices=["steady", "full"], default="full")
    parser.add_argument("--epochs", type=int, default=10)
    args = parser.parse_args()
    app = App(Catalog(bundled_models()[:1]))
    app.open()
    for intent in (intents.ChoosePlace("learn"), ChoosePart("train"), ChangePace(args.pace)):
        app.follow(intent)
    source = next(source for source in SOURCES if source.name == args.data)
    choices = replace(app.learning.training.view.choices, network=args.network, source=source, epochs=args.epochs)
    app.follow(ChangeTraining(choices))
    results = [measure(app) for _ in range(RUNS)]
    print("frames/s  slowest turn, ms  training, s")
    for rate, slowest, seconds in results:
        print(f"{rate:8.1f}  {slowest:16.1f}  {seconds:11.2f}")
    medians = [statistics.median(column) for column in zip(*results, strict=True)]
    print(f"{medians[0]:8.1f}  {medians[1]:16.1f}  {medians[2]:11.2f}  median")
    app.close()


if __name__ == "__main__":
    main()
