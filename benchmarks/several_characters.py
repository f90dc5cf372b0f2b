"""How well numbers and words are read, drawn by people who are not in the training data.

    python benchmarks/several_characters.py [--model PATH] [--count 1000] [--pages]

To read several characters, the app must find out which ink belongs together, and that must not make it worse at single
ones. So both are measured. The characters of a word are all by one test writer (only digits if the network knows only
digits), scaled to about the same height (+-15 %), moved a little up or down (+-10 %), with a gap between them. They are
drawn on a `Canvas` and read by a `Recognizer` as in the app, as strokes and as an image of the same ink.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.canvas import CELLS, Canvas
from drawapp.reading import catalog
from drawapp.reading.prediction import Prediction
from drawapp.reading.recognizer import Recognizer
from nn_scratch.data.unipen.datasets import classes_of
from nn_scratch.data.unipen.strokes import PenData, Rows, Strokes, bounding_box, load_pen_data
from nn_scratch.images import ink
from nn_scratch.images.ink import Stroke

PEN = 0.05  # width, in heights of a character: thinner than the narrowest gap, so that no ink touches
MARGIN = 2.0  # cells
TOUCHING = 0.06  # in heights: the ink of centre lines that are nearer than this would touch
LINE_GAP = (0.1, 0.6)  # between the lines of a page, in heights
GAPS = {"apart": (0.05, 0.5), "boxes overlap": (-0.2, 0.05)}  # between bounding boxes, in heights
MOST_CHARACTERS = 3000  # that words are made of
MEDIA = ("strokes", "image")


@dataclass(frozen=True)
class Word:
    """A word as strokes in units of about the height of a character; `rows` of the pen data are its characters."""

    label: str
    rows: Rows
    strokes: Strokes
    place: NDArray[np.float64]  # (3,) from 0 to 1: how large, how far to the right, how far down

    def canvas(self) -> Canvas:
        """A canvas on which it is drawn; its longer side is at least two thirds of the canvas."""
        points = np.concatenate(self.strokes)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = (2 + self.place[0]) / 3 * (CELLS - 2 * MARGIN) / size.max()
        corner = MARGIN + self.place[1:] * (CELLS - 2 * MARGIN - size * scale)
        canvas = Canvas()
        for stroke in self.strokes:
            canvas.draw([(float(x), float(y)) for x, y in (stroke - low) * scale + corner], PEN * scale)
        return canvas


class Scribe:
    """Writes words with the characters of `pen` numbered `rows`, each word with those of one writer."""

    def __init__(self, pen: PenData, rows: Rows, rng: np.random.Generator) -> None:
        self._pen, self._rng = pen, rng
        writers = pen.writers[rows]
        self._rows_by_writer = [rows[writers == name] for name in np.unique(writers)]

    def words(self, length: int, gap: tuple[float, float]) -> Iterator[Word]:
        """Random words of `length` characters, endlessly, with gaps in the range `gap`."""
        while True:
            rows = self._rows_by_writer[self._rng.integers(len(self._rows_by_writer))]
            if len(rows) >= length:
                word = self._write(self._rng.choice(rows, length, replace=False), gap)
                if word is not None:
                    yield word

    def pages(self, length: int) -> Iterator[Word]:
        """Random pages without end: two words of `length` characters, one below the other."""
        words = self.words(length, GAPS["apart"])
        for upper, lower in zip(words, words, strict=False):
            above, below = (np.concatenate(word.strokes) for word in (upper, lower))
            middle = (np.ptp(above, axis=0)[0] - np.ptp(below, axis=0)[0]) / 2  # of one word below that of the other
            left = above[:, 0].min() - below[:, 0].min() + middle + self._rng.uniform(-0.2, 0.2)
            down = above[:, 1].max() - below[:, 1].min() + self._rng.uniform(*LINE_GAP)
            strokes = [*upper.strokes, *(stroke + np.array([left, down]) for stroke in lower.strokes)]
            rows = np.concatenate([upper.rows, lower.rows])
            yield Word(f"{upper.label}\n{lower.label}", rows, strokes, self._rng.random(3))

    def _write(self, rows: Rows, gap: tuple[float, float]) -> Word | None:
        """The characters `rows` side by side; None where two of them touch."""
        written: Strokes = []
        for row in rows:
            character = self._character(int(row))
            if written:
                left = max(stroke[:, 0].max() for stroke in written) + self._rng.uniform(*gap)
                character = [stroke + np.array([left, 0]) for stroke in character]
                if distance(written, character) < TOUCHING:
                    return None
            written += character
        return Word("".join(classes_of(self._pen.labels[rows])), rows, written, self._rng.random(3))

    def _character(self, row: int) -> Strokes:
        """A character about 1 high, its left edge at 0."""
        strokes = self._pen.strokes(row)
        points = np.concatenate(strokes)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = self._rng.uniform(0.85, 1.15) / max(size[1], size[0] / 2, 1)
        down = self._rng.uniform(-0.1, 0.1) - size[1] * scale / 2
        return [(stroke - low) * scale + np.array([0, down]) for stroke in strokes]


def distance(one: Strokes, other: Strokes) -> float:
    """The distance between the nearest points of two drawings."""
    first, second = (np.concatenate([resample(stroke) for stroke in strokes]) for strokes in (one, other))
    return float(np.sqrt(((first[:, None] - second) ** 2).sum(axis=2)).min())


def resample(stroke: Stroke) -> Stroke:
    """`stroke` with points at most 0.02 apart."""
    along = np.append(0.0, np.hypot(*np.diff(stroke, axis=0).T).cumsum())
    at = np.linspace(0, along[-1], int(along[-1] / 0.02) + 2)
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


def read_as_one(recognizer: Recognizer, canvas: Canvas, medium: str) -> str:
    """The network's class for all the ink as one character, without looking for several."""
    image = ink.render(canvas.strokes()) if medium == "strokes" else ink.normalize(canvas.ink)
    assert image is not None
    return recognizer.classes[int(recognizer.network.predict_proba(image[None]).argmax())]


def read(recognizer: Recognizer, canvas: Canvas, medium: str) -> Prediction:
    """The recognizer's prediction from the strokes, or from an image of them."""
    return recognizer.read(canvas) if medium == "strokes" else recognizer.read_raster(canvas.ink)


def single_characters(pen: PenData, rows: Rows) -> list[Word]:
    """Each of the characters `rows` as a word of its own."""
    rng = np.random.default_rng(2)
    words = []
    for row in rows:
        strokes = pen.strokes(int(row))
        _, size = bounding_box(strokes)
        label = str(classes_of(pen.labels[row : row + 1])[0])
        words.append(Word(label, np.array([row]), [stroke / size.max() for stroke in strokes], rng.random(3)))
    return words


def print_single(recognizer: Recognizer, words: list[Word]) -> dict[str, dict[int, str]]:
    """The table of single characters: what looking for several costs.

    Returns:
        By medium, what each character is read as if it is read as one, by its number in the pen data.
    """
    has_several_strokes = np.array([len(word.strokes) > 1 for word in words])
    label = np.array([word.label for word in words])
    columns = f"{'correct':>11s} {'correct as one':>16s} {'same as one':>13s} {'same, several strokes':>23s}"
    print(f"{'single characters':40s} {columns}")
    read_alone = {}
    for medium in MEDIA:
        canvases = [word.canvas() for word in words]
        as_one = np.array([read_as_one(recognizer, canvas, medium) for canvas in canvases])
        best = np.array([read(recognizer, canvas, medium).best for canvas in canvases])
        same = best == as_one
        scores = ((best == label).mean(), (as_one == label).mean(), same.mean(), same[has_several_strokes].mean())
        print(
            f"{'as ' + medium:40s} {scores[0]:11.2%} {scores[1]:16.2%} {scores[2]:13.2%} {scores[3]:23.2%}", flush=True
        )
        read_alone[medium] = {int(word.rows[0]): str(answer) for word, answer in zip(words, as_one, strict=True)}
    return read_alone


def print_words(recognizer: Recognizer, scribe: Scribe, read_alone: dict[str, dict[int, str]], count: int) -> None:
    """The table of words, `count` of each kind; `read_alone` is what `print_single` returns."""
    columns = f"{'correct':>11s} {'correctly split':>17s} {'all correct alone':>19s} {'answered':>10s}"
    print(f"\n{'words':40s} {columns}")
    for length, (kind, gap) in ((n, g) for n in (2, 3) for g in GAPS.items()):
        generator = scribe.words(length, gap)
        words = [next(generator) for _ in range(count)]
        for medium in MEDIA:
            readings = [read(recognizer, word.canvas(), medium) for word in words]
            correct = np.mean([p.best == word.label for p, word in zip(readings, words, strict=True)])
            split = np.mean([len(p.characters) == length for p in readings])
            alone = ["".join(read_alone[medium][int(row)] for row in word.rows) for word in words]
            possible = np.mean([word.label == answer for word, answer in zip(words, alone, strict=True)])
            answered = np.mean([p.label is not None for p in readings])
            title = f"{length} characters, {kind}, as {medium}"
            print(f"{title:40s} {correct:11.1%} {split:17.1%} {possible:19.1%} {answered:10.1%}", flush=True)


def print_pages(recognizer: Recognizer, scribe: Scribe, count: int) -> None:
    """The table of pages: two lines are two lines, and one line is one."""
    print(f"\n{'pages':34s} {'read whole':>11s} {'as two lines':>14s} {'as one line':>13s}")
    kinds = {f"2 lines of {length}": scribe.pages(length) for length in (1, 2, 3)}
    kinds |= {f"1 line of {length}": scribe.words(length, GAPS["apart"]) for length in (1, 2, 3)}
    for kind, generator in kinds.items():
        words = [next(generator) for _ in range(count)]
        for medium in MEDIA:
            readings = [read(recognizer, word.canvas(), medium) for word in words]
            whole = np.mean([p.best == word.label for p, word in zip(readings, words, strict=True)])
            lines = np.array([len(p.lines) for p in readings])
            title = f"{kind}, as {medium}"
            print(f"{title:34s} {whole:11.1%} {(lines == 2).mean():14.2%} {(lines == 1).mean():13.2%}", flush=True)


def print_times(recognizer: Recognizer, scribe: Scribe) -> None:
    """The time of a reading."""
    print("\nmedian (99th percentile) of a reading, ms")
    for length in (1, 2, 3):
        generator = scribe.words(length, GAPS["apart"])
        seconds = []
        for _ in range(200):
            canvas = next(generator).canvas()
            start = time.perf_counter()
            recognizer.read(canvas)
            seconds.append(time.perf_counter() - start)
        print(f"{length} characters {statistics.median(seconds) * 1e3:6.2f} ({np.percentile(seconds, 99) * 1e3:.2f})")


def parse_args() -> argparse.Namespace:
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, default=catalog.default_model().path)
    parser.add_argument("--count", type=int, default=1000, help="words of each kind")
    parser.add_argument("--training-writers", action="store_true", help="for choosing constants: not the test writers")
    parser.add_argument("--without-rejector", action="store_true", help="read without a rejector")
    parser.add_argument("--pages", action="store_true", help="only the table of pages, and times")
    return parser.parse_args()


def main() -> None:
    """Measure and print."""
    args = parse_args()
    recognizer = catalog.load_recognizer(args.model)
    if args.without_rejector:
        recognizer = Recognizer(recognizer.network)
    pen = load_pen_data()
    is_wanted = pen.of_test_writers() != args.training_writers
    suitable = np.flatnonzero(is_wanted & np.isin(classes_of(pen.labels), recognizer.classes))
    rows = np.sort(np.random.default_rng(0).permutation(suitable)[:MOST_CHARACTERS])
    scribe = Scribe(pen, rows, np.random.default_rng(1))
    if not args.pages:
        print_words(recognizer, scribe, print_single(recognizer, single_characters(pen, rows)), args.count)
    print_pages(recognizer, scribe, args.count)
    print_times(recognizer, scribe)


if __name__ == "__main__":
    main()
