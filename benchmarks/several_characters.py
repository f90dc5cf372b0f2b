"""How well numbers and words are read, drawn by people whom the network has never seen.

    python benchmarks/several_characters.py [--model PATH] [--count 1000] [--pages]

The characters of a word are one test writer's, digits where the network knows no more, scaled to about the same height
(+-15 %), a little up or down (+-10 %), slanted as they are, with a gap between them; then they are drawn on a `Canvas`
and read by a `Recognizer` as the app does it, and as images of the same ink.
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
from nn_scratch.data.unipen import datasets as drawn
from nn_scratch.data.unipen import strokes as pen
from nn_scratch.images import ink
from nn_scratch.images.ink import Stroke

PEN = 0.05  # of the height of a character: thinner than the narrowest gap, so that no ink touches
MARGIN = 2.0  # cells
TOUCHING = 0.06  # of the height: centre lines nearer than this would touch as ink
LINE_GAP = (0.1, 0.6)  # between the lines of a page, in heights
GAPS = {"apart": (0.05, 0.5), "boxes overlap": (-0.2, 0.05)}  # between bounding boxes, in heights
MOST = 3000  # characters that words are made of
MEDIA = ("strokes", "image")


@dataclass(frozen=True)
class Word:
    """A word as strokes in units of about the height of a character; `rows` of the pen data are its characters."""

    label: str
    rows: NDArray[np.int64]
    strokes: list[Stroke]
    place: NDArray[np.float64]  # (3,) 0 ... 1: how large, how far to the right and down

    def canvas(self) -> Canvas:
        """A canvas on which it is drawn somewhere, over two thirds of the side or more."""
        points = np.concatenate(self.strokes)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = (2 + self.place[0]) / 3 * (CELLS - 2 * MARGIN) / size.max()
        corner = MARGIN + self.place[1:] * (CELLS - 2 * MARGIN - size * scale)
        canvas = Canvas()
        for stroke in self.strokes:
            canvas.draw([(float(x), float(y)) for x, y in (stroke - low) * scale + corner], PEN * scale)
        return canvas


class Scribe:
    """Writes words with the characters of `data` numbered `rows`."""

    def __init__(self, data: pen.PenData, rows: NDArray[np.int64], rng: np.random.Generator) -> None:
        self._data, self._rng = data, rng
        writers = data.writers[rows]
        self._writers = [rows[writers == name] for name in np.unique(writers)]

    def words(self, length: int, gap: tuple[float, float]) -> Iterator[Word]:
        """Random words of `length` characters without end, with gaps in the range `gap`."""
        while True:
            own = self._writers[self._rng.integers(len(self._writers))]
            if len(own) >= length:
                word = self._written(self._rng.choice(own, length, replace=False), gap)
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

    def _written(self, rows: NDArray[np.int64], gap: tuple[float, float]) -> Word | None:
        """The characters `rows` side by side; None where two touch."""
        written: list[Stroke] = []
        for row in rows:
            character = self._character(int(row))
            if written:
                left = max(stroke[:, 0].max() for stroke in written) + self._rng.uniform(*gap)
                character = [stroke + np.array([left, 0]) for stroke in character]
                if nearest(written, character) < TOUCHING:
                    return None
            written += character
        return Word("".join(drawn.names_of(self._data.labels[rows])), rows, written, self._rng.random(3))

    def _character(self, row: int) -> list[Stroke]:
        """A character about 1 high, its left edge at 0."""
        strokes = self._data.strokes(row)
        points = np.concatenate(strokes)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = self._rng.uniform(0.85, 1.15) / max(size[1], size[0] / 2, 1)
        down = self._rng.uniform(-0.1, 0.1) - size[1] * scale / 2
        return [(stroke - low) * scale + np.array([0, down]) for stroke in strokes]


def nearest(one: list[Stroke], other: list[Stroke]) -> float:
    """The distance between the nearest samples of two drawings."""
    first, second = (np.concatenate([finely(stroke) for stroke in strokes]) for strokes in (one, other))
    return float(np.sqrt(((first[:, None] - second) ** 2).sum(axis=2)).min())


def finely(stroke: Stroke) -> Stroke:
    """`stroke` with a sample at least every 0.02."""
    along = np.append(0.0, np.hypot(*np.diff(stroke, axis=0).T).cumsum())
    at = np.linspace(0, along[-1], int(along[-1] / 0.02) + 2)
    return np.stack([np.interp(at, along, stroke[:, axis]) for axis in (0, 1)], axis=1)


def one(recognizer: Recognizer, canvas: Canvas, medium: str) -> str:
    """What the network says of all the ink as one character, without looking for parts."""
    image = ink.render(canvas.strokes()) if medium == "strokes" else ink.normalize(canvas.ink)
    assert image is not None
    return recognizer.classes[int(recognizer.network.predict_proba(image[None]).argmax())]


def read(recognizer: Recognizer, canvas: Canvas, medium: str) -> Prediction:
    """Read the drawing, or a image of it."""
    return recognizer.read(canvas) if medium == "strokes" else recognizer.read_raster(canvas.ink)


def print_single(recognizer: Recognizer, data: pen.PenData, rows: NDArray[np.int64]) -> dict[str, dict[int, str]]:
    """The table of single characters: what looking for several costs. Returns what each reads as alone, by medium."""
    rng = np.random.default_rng(2)
    several = np.array([len(data.strokes(int(i))) > 1 for i in rows])
    size = np.array([np.ptp(np.concatenate(data.strokes(int(i))), axis=0).max() for i in rows])
    words = [
        Word(
            str(drawn.names_of(data.labels[i : i + 1])[0]),
            rows[k : k + 1],
            [s / size[k] for s in data.strokes(int(i))],
            rng.random(3),
        )
        for k, i in enumerate(rows)
    ]
    alone = {}
    print(
        f"{'single characters':34s} {'right':>11s} {'right alone':>13s} {'same as alone':>15s} {'several strokes':>20s}"
    )
    for medium in MEDIA:
        canvases = [word.canvas() for word in words]
        named = np.array([one(recognizer, canvas, medium) for canvas in canvases])
        best = np.array([read(recognizer, canvas, medium).best for canvas in canvases])
        label, same = np.array([word.label for word in words]), best == named
        scores = ((best == label).mean(), (named == label).mean(), same.mean(), same[several].mean())
        print(
            f"{'as ' + medium:34s} {scores[0]:11.2%} {scores[1]:13.2%} {scores[2]:15.2%} {scores[3]:20.2%}", flush=True
        )
        alone[medium] = dict(zip(map(int, rows), map(str, named), strict=True))
    return alone


def print_words(recognizer: Recognizer, scribe: Scribe, alone: dict[str, dict[int, str]], count: int) -> None:
    """The table of words."""
    print(f"\n{'words':34s} {'read whole':>11s} {'rightly cut':>13s} {'all right alone':>17s} {'answered':>10s}")
    for length, (kind, gap) in ((n, g) for n in (2, 3) for g in GAPS.items()):
        generator = scribe.words(length, gap)
        words = [next(generator) for _ in range(count)]
        for medium in MEDIA:
            readings = [read(recognizer, word.canvas(), medium) for word in words]
            pairs = list(zip(readings, words, strict=True))
            whole = np.mean([p.best == word.label for p, word in pairs])
            cut = np.mean([len(p.characters) == length for p in readings])
            possible = np.mean([word.label == "".join(alone[medium][int(r)] for r in word.rows) for word in words])
            answered = np.mean([p.label is not None for p in readings])
            kinds = f"{length} characters, {kind}, as {medium}"
            print(f"{kinds:34s} {whole:11.1%} {cut:13.1%} {possible:17.1%} {answered:10.1%}", flush=True)


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


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--model", type=Path, default=catalog.default_model().path)
    parser.add_argument("--count", type=int, default=1000, help="words of each kind")
    parser.add_argument("--training-writers", action="store_true", help="for choosing constants: not the test writers")
    parser.add_argument("--without-guard", action="store_true", help="let nothing tell characters from all else")
    parser.add_argument("--pages", action="store_true", help="only the table of pages, and times")
    options = parser.parse_args()
    recognizer = catalog.load_recognizer(options.model)
    if options.without_guard:
        recognizer = Recognizer(recognizer.network)
    data = pen.load()
    writers = data.test_writers() != options.training_writers
    known = np.flatnonzero(writers & np.isin(drawn.names_of(data.labels), recognizer.classes))
    rows = np.sort(np.random.default_rng(0).permutation(known)[:MOST])
    scribe = Scribe(data, rows, np.random.default_rng(1))
    if not options.pages:
        print_words(recognizer, scribe, print_single(recognizer, data, rows), options.count)
    print_pages(recognizer, scribe, options.count)
    print_times(recognizer, scribe)


if __name__ == "__main__":
    main()
