"""What commands share: how they run, read the values of options, show how far they are, and print a score.

A command runs on one thread, and ends with a sentence in place of a traceback. BLAS, the library behind NumPy's matrix
products, splits a product among all cores by default, and the matrices of this library are so small that a second
thread costs more than it brings. Only commands set the limit: a program that imports nn_scratch keeps its threads.

Where its output goes is not in its hands: a console may not know a character, and `| head -1` stops reading. Neither is
an error of the command.
"""

from __future__ import annotations

import argparse
import io
import math
import os
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Self

from nn_scratch.checks import Range
from nn_scratch.errors import UserError, escaped

if TYPE_CHECKING:
    from rich.console import Console

    from nn_scratch.metrics import Score

LONGEST_SIDE = 1024  # pixels of an image
CLOSED_PIPE = 141  # the exit status of a command that SIGPIPE ends, 128 + 13
THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def one_blas_thread() -> AbstractContextManager[object]:
    """A context in which BLAS uses one thread, unless the user has set one of `THREAD_VARIABLES`."""
    if any(variable in os.environ for variable in THREAD_VARIABLES):
        return nullcontext()
    from threadpoolctl import threadpool_limits  # here, because the app never needs it: it sets the variable

    return threadpool_limits(1, user_api="blas")


def run_command(name: str, command: Callable[[], int]) -> int:
    """Run `command` with one BLAS thread and return its exit status; print a `UserError` as `name: sentence`.

    The sentence goes to standard error. Ctrl-C ends the command with the exit status 130, as in a shell.
    """

    def with_sentences() -> int:
        try:
            with one_blas_thread():
                return command()
        except UserError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return error.exit_status
        except KeyboardInterrupt:
            print(f"{name}: stopped.", file=sys.stderr)
            return 130

    return end_quietly(with_sentences)


def end_quietly(command: Callable[[], int]) -> int:
    """Run `command` and return its exit status, whatever becomes of what it prints.

    A character that the console does not know is printed as Python writes it, such as \\xb7. Where nobody reads the
    output to its end (`| head -1`), the status is 141, as a shell has it.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a windowed program has none
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            return command()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # here, because an error would be printed when the interpreter does it
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # for what is left of the output when the interpreter ends
        return CLOSED_PIPE


def number(limits: Range) -> Callable[[str], float]:
    """What reads the numbers in `limits`: by itself, argparse takes `--epochs -3` and `--learning-rate nan`."""

    def read(text: str) -> float:
        try:
            value = int(text) if limits.whole else float(text)
        except ValueError:
            value = math.nan
        if value not in limits:
            raise argparse.ArgumentTypeError(f"{text} is not {limits}")
        return value

    return read


def image_size(text: str) -> tuple[int, int]:
    """The size of an image, written WIDTHxHEIGHT: 32x32. No side is longer than `LONGEST_SIDE`."""
    sides = re.fullmatch("([0-9]{1,4})x([0-9]{1,4})", text)
    width, height = map(int, sides.groups()) if sides else (0, 0)
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise argparse.ArgumentTypeError(
            f"{text} is not a size of at most {LONGEST_SIDE}x{LONGEST_SIDE}, such as 32x32"
        )
    return width, height


class Feedback:
    """Whom a reader of many files tells how far it is, and what it noticed. This one shows nothing."""

    def advance(self, done: int, total: int) -> None:
        """`done` of `total` files have been read."""

    def note(self, sentence: str) -> None:
        """Something that the user should know, in one line."""


SILENT = Feedback()


class Bar(Feedback):
    """A bar on standard error, if that is a terminal, while files are read or, with `name`, one is downloaded.

    pooch sets `total`, 0 where the server does not tell it, and calls `update`, `reset` and `close`.
    """

    def __init__(self, name: str = "") -> None:
        from rich import console, progress  # here, because a library that draws nothing does without

        count = progress.DownloadColumn() if name else progress.MofNCompleteColumn()
        columns = (progress.TextColumn("{task.description}"), progress.BarColumn(), count)
        self._console = console.Console(file=sys.stderr)
        self._progress = progress.Progress(
            *columns, progress.TimeRemainingColumn(), console=self._console, transient=True
        )
        self._progress.disable = not self._console.is_terminal
        self._task = self._progress.add_task(name or "reading images", total=None)
        self._name, self.total = name, 0

    def __enter__(self) -> Self:
        if self._name:  # reading may have nothing to show: not all data are folders
            self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._progress.live.is_started:
            self._progress.stop()

    def advance(self, done: int, total: int) -> None:
        self._progress.start()
        self._progress.update(self._task, completed=done, total=total)

    def note(self, sentence: str) -> None:
        self._console.print(escaped(sentence), markup=False, highlight=False, soft_wrap=True)

    def update(self, count: int) -> None:
        """`count` more bytes have arrived."""
        self._progress.update(self._task, advance=count, total=self.total or None)

    def reset(self) -> None:
        """Go back to 0 bytes."""
        self._progress.update(self._task, completed=0)

    def close(self) -> None:
        """The download is complete. Nothing to do: `__exit__` removes the bar."""


def print_score(console: Console, score: Score, title: str) -> None:
    """Print accuracy and loss, and a table with the accuracy of each class and what it was read as."""
    from rich.table import Table  # here, because the app has no use for it

    wrong = int(score.confusion.sum() - score.confusion.trace())
    console.print(
        f"{title}: accuracy {score.accuracy:.2%} ({wrong:,} wrong of {score.confusion.sum():,}), "
        f"loss {score.loss:.4f}, calibration error {score.calibration_error:.2%}"
    )
    if score.writer_accuracy is not None:
        console.print(f"mean over writers {score.writer_accuracy:.2%}")
    table = Table("class", "accuracy", title="what each class was read as", box=None, pad_edge=False)
    for label in score.classes:
        table.add_column(label, justify="right")
    for label, row in zip(score.classes, score.confusion, strict=True):
        accuracy = f"{score.class_accuracy[label]:.2%}" if label in score.class_accuracy else "no example"
        table.add_row(label, accuracy, *(str(count) if count else "·" for count in row))
    console.print(table)
