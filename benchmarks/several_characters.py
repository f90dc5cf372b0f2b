"""How well numbers and words are read, drawn by people who are not in the training data.

    python benchmarks/several_characters.py [--model PATH] [--count 1000] [--only KIND ...]

To read several characters, the app must find out which ink belongs together, and that must not make it worse at single
ones. So both are measured: single characters, words of random characters, words of one kind (digits, capitals or small
letters), numbers that touch, and pages of two lines. They are drawn on a `Canvas` and read by a `Recognizer` as in the
app, as strokes and as an image of the same ink. A network that knows only digits is shown only digits.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scribe import GAPS, Scribe, Word

from drawapp.drawing.canvas import Canvas
from drawapp.reading import catalog
from drawapp.reading.charset import knows_only_digits
from drawapp.reading.prediction import Prediction
from drawapp.reading.recognizer import Recognizer
from nn_scratch import ink
from nn_scratch.data.custom import VALIDATION_EVERY
from nn_scratch.data.mnist import load_mnist
from nn_scratch.recipes.datasets import classes_of, load_pen_characters, load_pen_digits
from nn_scratch.recipes.strokes import PenData, Rows, bounding_box, load_pen_data

MOST_CHARACTERS = 3000  # that words of any kind are made of
MEDIA = ("strokes", "image")
PARTS = ("words", "kinds", "touching", "pages")  # of the output
KINDS: dict[str, Callable[[NDArray[np.str_]], NDArray[np.bool_]]] = {
    "digits": np.char.isdigit,
    "capitals": np.char.isupper,
    "small letters": np.char.islower,
    "letters": np.char.isalpha,
}


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
            alone = ["".join(read_alone[medium][int(row)] for row in word.rows) for word in words]
            possible = np.mean([word.label == answer for word, answer in zip(words, alone, strict=True)])
            answered = np.mean([p.label is not None for p in readings])
            title = f"{length} characters, {kind}, as {medium}"
            correct, split = fractions_of(readings, words)
            print(f"{title:40s} {correct:11.1%} {split:17.1%} {possible:19.1%} {answered:10.1%}", flush=True)


def fractions_of(readings: list[Prediction], words: list[Word]) -> tuple[float, float]:
    """The fractions of `words` whose `readings` are correct, and that were cut into as many characters as they have."""
    correct = np.mean([p.best == word.label for p, word in zip(readings, words, strict=True)])
    split = np.mean([len(p.characters) == len(word.rows) for p, word in zip(readings, words, strict=True)])
    return float(correct), float(split)


def print_kinds(recognizer: Recognizer, pen: PenData, rows: Rows, count: int) -> None:
    """The table of words of one kind, apart: all digits, all capitals or all small letters, or of both cases."""
    columns = f"{'correct':>11s} {'correctly split':>17s} {'surely':>9s} {'correct if sure':>17s} {'promised':>10s}"
    print(f"\n{'words of one kind, apart':40s} {columns}")
    for (kind, is_kind), length in ((k, n) for k in KINDS.items() for n in (3, 5)):
        members = rows[is_kind(pen.labels[rows])]
        if len(members):
            generator = Scribe(pen, members, np.random.default_rng(1)).words(length, GAPS["apart"])
            words = [next(generator) for _ in range(count)]
            for medium in MEDIA:
                readings = [read(recognizer, word.canvas(), medium) for word in words]
                print_one_kind(f"{length} {kind}, as {medium}", readings, words)


def print_one_kind(title: str, readings: list[Prediction], words: list[Word]) -> None:
    """A row of a table: how many `words` were read, and how honest the `readings` are about it."""
    correct, split = fractions_of(readings, words)
    sure = [(p, word) for p, word in zip(readings, words, strict=True) if p.is_sure]
    right_if_sure = np.mean([p.best == word.label for p, word in sure]) if sure else np.nan
    promised = np.mean([p.probability for p in readings])  # the mean probability: as much should be correct
    fraction = len(sure) / len(words)
    print(
        f"{title:40s} {correct:11.1%} {split:17.1%} {fraction:9.1%} {right_if_sure:17.1%} {promised:10.1%}", flush=True
    )


def print_touching(recognizer: Recognizer, pen: PenData, rows: Rows, count: int) -> None:
    """The table of numbers whose digits touch."""
    print(f"\n{'numbers whose digits touch':40s} {'correct':>11s} {'correctly split':>17s} {'answered':>10s}")
    scribe = Scribe(pen, rows[np.char.isdigit(pen.labels[rows])], np.random.default_rng(1))
    for length in (2, 3):
        generator = scribe.words(length, None)
        words = [next(generator) for _ in range(count)]
        for medium in MEDIA:
            readings = [read(recognizer, word.canvas(), medium) for word in words]
            correct, split = fractions_of(readings, words)
            answered = np.mean([p.label is not None for p in readings])
            title = f"{length} digits, as {medium}"
            print(f"{title:40s} {correct:11.1%} {split:17.1%} {answered:10.1%}", flush=True)


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
    parser.add_argument(
        "--validation-writers", action="store_true", help="for choosing constants: not the test writers"
    )
    parser.add_argument("--without-rejector", action="store_true", help="read without a rejector")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="only these tables")
    return parser.parse_args()


def validation_writers(pen: PenData, classes: tuple[str, ...]) -> NDArray[np.str_]:
    """The writers that the trainings of the bundled models hold out to choose the best epoch."""
    digits_only, rng = knows_only_digits(classes), np.random.default_rng(0)
    sets = [load_mnist()[0], load_pen_digits()[0]] if digits_only else [load_pen_characters()[0]]
    *_, held_out = [data.split(len(data) // VALIDATION_EVERY, rng)[1] for data in sets]
    assert held_out.writers is not None
    is_learned = ~pen.of_test_writers() & (np.char.isdigit(pen.labels) | (not digits_only))
    return np.unique(pen.writers[is_learned])[np.unique(held_out.writers)]


def main() -> None:
    """Measure and print."""
    args = parse_args()
    recognizer = catalog.load_recognizer(args.model)
    if args.without_rejector:
        recognizer = Recognizer(recognizer.network)
    pen = load_pen_data()
    is_wanted = pen.of_test_writers()
    if args.validation_writers:
        is_wanted = np.isin(pen.writers, validation_writers(pen, recognizer.classes))
    suitable = np.flatnonzero(is_wanted & np.isin(classes_of(pen.labels), recognizer.classes))
    rows = np.sort(np.random.default_rng(0).permutation(suitable)[:MOST_CHARACTERS])
    scribe = Scribe(pen, rows, np.random.default_rng(1))
    if "words" in args.only:
        print_words(recognizer, scribe, print_single(recognizer, single_characters(pen, rows)), args.count)
    if "kinds" in args.only:
        print_kinds(recognizer, pen, suitable, args.count)
    if "touching" in args.only:
        print_touching(recognizer, pen, suitable, args.count)
    if "pages" in args.only:
        print_pages(recognizer, scribe, args.count)
        print_times(recognizer, scribe)


if __name__ == "__main__":
    main()
