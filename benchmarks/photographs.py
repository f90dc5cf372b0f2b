"""How well photographs of handwriting are read, by what makes them difficult.

    python benchmarks/photographs.py [--model PATH] [--count 100] [--save FOLDER]

The digits are by test writers, whom no model and no constant of the reading has seen. Each photograph (see
`photographer.py`, which tells what such photographs cannot show) is a JPEG file that is read as `--image` reads it. A
number is 2 to 5 digits by one person, written apart: its digits do not touch. It is read if all its digits are. The
last columns tell how the same words are read that are drawn on the app's canvas, so that what the photograph costs can
be told from what the handwriting does.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from photographer import BLACK, Colour, Scene, photograph
from scribe import Scribe, Word

from drawapp.reading import catalog
from drawapp.reading.recognizer import Recognizer
from nn_scratch.ink import files as image_files
from nn_scratch.network import DIGITS
from nn_scratch.recipes.datasets import classes_of
from nn_scratch.recipes.strokes import load_pen_data

BLUE, RED, GRAPHITE, CHALK = (0.03, 0.06, 0.3), (0.5, 0.04, 0.06), (0.16, 0.16, 0.17), (0.75, 0.75, 0.72)
PENS: list[tuple[float, Colour]] = [(0.5, BLUE), (0.5, BLACK), (0.8, BLACK), (0.8, RED), (1.0, BLUE)]
THIN_PENS: list[tuple[float, Colour]] = [(0.35, BLUE), (0.35, BLACK), (0.5, GRAPHITE)]
PAPERS: list[Colour] = [(0.85, 0.72, 0.28), (0.42, 0.62, 0.75), (0.8, 0.5, 0.55), (0.45, 0.31, 0.19)]
BOARD = (0.035, 0.06, 0.045)
MIXED = ("uneven light", "shadow", "ruled", "squared", "coloured paper", "thin pen", "noise", "tilt", "table")
KINDS = ("everyday", *MIXED, "marker", "blur", "board", "other lines", "three of these")
GAP = (0.05, 0.5)  # between characters, in heights, beside the width of the pen
LENGTHS = (2, 6)  # of a number, the last excluded


class Score(NamedTuple):
    """The fractions of photographs and of drawings that are read rightly, and the seconds for a photograph."""

    photographs: float
    drawings: float
    seconds: float


def everyday(rng: np.random.Generator) -> Scene:
    """A white sheet, a usual pen, a little of every difficulty."""
    pen, ink = PENS[rng.integers(len(PENS))]
    return Scene(
        height=rng.uniform(8, 14),
        view=rng.uniform(50, 110),
        pen=pen,
        ink=ink,
        light=rng.uniform(0.75, 1),
        turn=rng.uniform(-4, 4),
        tilt=rng.uniform(-0.05, 0.05),
        blur=rng.uniform(0.5, 1.0),
    )


def with_difficulty(kind: str, scene: Scene, rng: np.random.Generator) -> Scene:
    """`scene` with the difficulty `kind`, one of `KINDS`."""
    match kind:
        case "three of these":
            for each in rng.choice(MIXED, 3, replace=False):
                scene = with_difficulty(str(each), scene, rng)
            return scene
        case "uneven light":
            return replace(scene, light=rng.uniform(0.15, 0.4))
        case "shadow":
            return replace(scene, shadow=rng.uniform(0.25, 0.6), penumbra=rng.uniform(0.3, 6))
        case "ruled":
            return replace(scene, rules="ruled", spacing=rng.uniform(7, 9))
        case "squared":
            return replace(scene, rules="squared", spacing=5.0)
        case "noise":
            noise, exposure, quality = rng.uniform(0.03, 0.06), rng.uniform(0.3, 0.6), int(rng.integers(25, 50))
            return replace(scene, noise=noise, exposure=exposure, quality=quality)
        case "tilt":
            return replace(scene, tilt=rng.uniform(0.2, 0.4) * rng.choice((-1, 1)), turn=rng.uniform(-9, 9))
        case "table":
            return replace(scene, margin=rng.uniform(0.06, 0.15))
        case "blur":
            return replace(scene, blur=rng.uniform(2, 3.5))
        case "other lines":
            return replace(scene, others=int(rng.integers(1, 3)))
    return with_materials(kind, scene, rng)


def with_materials(kind: str, scene: Scene, rng: np.random.Generator) -> Scene:
    """`scene` with the pen and the paper of `kind`."""
    match kind:
        case "coloured paper":
            return replace(scene, paper=PAPERS[rng.integers(len(PAPERS))], ink=(BLACK, BLUE)[rng.integers(2)])
        case "thin pen":
            pen, ink = THIN_PENS[rng.integers(len(THIN_PENS))]
            return replace(scene, pen=pen, ink=ink, cover=(0.45, 0.95), view=rng.uniform(90, 140))
        case "marker":
            return replace(scene, pen=rng.uniform(2, 4), height=rng.uniform(20, 35), view=rng.uniform(80, 200))
        case "board":
            chalk = replace(scene, ink=CHALK, cover=(0.4, 0.95), pen=rng.uniform(5, 8), height=rng.uniform(80, 140))
            return replace(chalk, paper=BOARD, grain=0.15, view=rng.uniform(500, 1000), exposure=1.1)
    return scene


def written(scribe: Scribe, scene: Scene, length: int) -> Word:
    """A word of `length` digits that do not touch."""
    pen = scene.pen / scene.height
    return next(scribe.words(length, (GAP[0] + 1.5 * pen, GAP[1] + pen)))


def measure(
    recognizer: Recognizer, scribe: Scribe, kind: str, several: bool, count: int, folder: Path, rng: np.random.Generator
) -> Score:
    """Read `count` photographs with the difficulty `kind`; they are left in `folder`."""
    are_read, are_read_drawn, seconds = [], [], []
    for number in range(count):
        scene = with_difficulty(kind, everyday(rng), rng)
        word = written(scribe, scene, int(rng.integers(*LENGTHS)) if several else 1)
        others = [next(scribe.words(4, GAP)).strokes for _ in range(scene.others)]
        path = folder / f"{kind} {word.label} {number}.jpg".replace(" ", "-")
        path.write_bytes(photograph(word.strokes, others, scene, rng))
        start = time.perf_counter()
        page = image_files.read_page(path)
        are_read.append(recognizer.read_raster(page.writing).best == word.label)
        seconds.append(time.perf_counter() - start)
        are_read_drawn.append(recognizer.read(word.canvas()).best == word.label)
    return Score(float(np.mean(are_read)), float(np.mean(are_read_drawn)), float(np.median(seconds)))


def print_table(recognizer: Recognizer, scribe: Scribe, count: int, folder: Path, rng: np.random.Generator) -> None:
    """One row for each difficulty, and the means."""
    print(f"{'photographs read':18s} {'digits':>8s} {'numbers':>8s} {'ms':>6s}   {'the same drawn':>14s}")
    rows = []
    for kind in KINDS:
        one, several = (measure(recognizer, scribe, kind, each, count, folder, rng) for each in (False, True))
        rows.append((one.photographs, several.photographs, several.seconds * 1e3, one.drawings, several.drawings))
        print_row(kind, rows[-1])
    print_row("mean", tuple(np.mean(rows, axis=0).tolist()))


def print_row(title: str, row: tuple[float, ...]) -> None:
    """A row of the table."""
    print(f"{title:18s} {row[0]:8.1%} {row[1]:8.1%} {row[2]:6.0f}   {row[3]:6.1%} {row[4]:7.1%}", flush=True)


def parse_args() -> argparse.Namespace:
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, default=catalog.default_model().path)
    parser.add_argument("--count", type=int, default=100, help="photographs of each kind")
    parser.add_argument("--save", type=Path, help="a folder for the photographs, to look at them")
    parser.add_argument("--training-writers", action="store_true", help="for choosing constants: not the test writers")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    args = parse_args()
    pen = load_pen_data()
    is_wanted = (pen.of_test_writers() != args.training_writers) & np.isin(classes_of(pen.labels), DIGITS)
    seed = 30 if args.training_writers else 5
    scribe = Scribe(pen, np.flatnonzero(is_wanted), np.random.default_rng(seed))
    with TemporaryDirectory() as folder:
        saved = args.save or Path(folder)
        saved.mkdir(parents=True, exist_ok=True)
        print_table(catalog.load_recognizer(args.model), scribe, args.count, saved, np.random.default_rng(seed + 1))


if __name__ == "__main__":
    main()
