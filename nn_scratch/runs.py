"""The run folder: what a training leaves behind, for people to look at and for itself to go on from.

A training that only printed its numbers could be neither compared with another one nor continued. So each one writes a
folder while it runs, and all that knows the files in it is here, writing and reading.

report.jsonl      one line per epoch: the numbers of an `EpochReport` as JSON
model.npy         the best network so far; when the training is over, the finished model
checkpoint.npz    the state after the last epoch, with all that --resume needs
test-NAME.npz     confusion and worst mistakes on the test set of the data set NAME, for nn_scratch.report

A training may take hours, and computers are switched off. The model alone is not enough to go on: the optimizer keeps
means of past gradients, and the random numbers must continue where they were. With all of that in the checkpoint, a
resumed training gives the same numbers as one that never stopped, bit by bit.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError, shown
from nn_scratch.files import atomic_write, read_file, read_npz, reason
from nn_scratch.metrics import Score, worst_mistakes
from nn_scratch.model_file import MAX_CLASSES, check_classes, save
from nn_scratch.network import Network
from nn_scratch.optimizers import Optimizer
from nn_scratch.training import EpochReport

RUNS = Path("runs")  # the folder of all run folders
REPORTS, MODEL, CHECKPOINT = "report.jsonl", "model.npy", "checkpoint.npz"
MISTAKES = 40  # images kept for the report
LARGEST_LOG, LARGEST_TEST, LARGEST_CHECKPOINT = 2**24, 2**28, 2**31  # bytes of reports, and of arrays in a file
MOST_STEPS = 2**53  # beyond, they are not exact as a float, as optimizers use them
LONGEST_DATA = 240  # characters of a data set's name, which may be a path, as it is shown
LONGEST_NAME = 40  # characters of a data set's name in a file name


class Run:
    """Records one training in `folder`, and keeps the vectors of its best epoch.

    Attributes:
        reports: of all epochs so far.
    """

    def __init__(self, folder: Path, arguments: Sequence[str], writes: bool = True) -> None:
        """`arguments` are those of the command line, to resume with; without `writes`, nothing reaches the folder."""
        self.folder = folder
        self.writes = writes
        self.reports: list[EpochReport] = []
        self._arguments = list(arguments)
        self._best_vectors: dict[str, Array] = {}  # of the best epoch, as the checkpoint names them

    @property
    def best(self) -> EpochReport | None:
        """The best epoch so far; None before the first one has ended."""
        return max(self.reports, key=EpochReport.quality, default=None)

    def record(self, report: EpochReport, network: Network, optimizer: Optimizer, rng: np.random.Generator) -> None:
        """Write an epoch that has just ended to the folder, and keep its network if it is the best so far.

        Raises:
            UserError: a file cannot be written.
        """
        vectors = self._best_vectors
        if self.best is None or report.quality() > self.best.quality():
            vectors = {"best_parameters": network.parameters.copy(), "best_state": network.state.copy()}
            self.write_model(network)
        # in one statement, so that Ctrl-C never finds a best report without its vectors
        self.reports, self._best_vectors = [*self.reports, report], vectors
        if self.writes:
            write_reports(self.folder, self.reports)
            self._write_checkpoint(network, optimizer, rng)

    def resume(self, network: Network, optimizer: Optimizer, rng: np.random.Generator) -> None:
        """Put a training, and this record of it, back to the last epoch that the folder's checkpoint knows.

        `network` and `optimizer`, which is attached to it, are new ones, made in the same way as those that stopped.

        Raises:
            UserError: the checkpoint is damaged or belongs to another training; nothing has changed then.
        """
        path = self.folder / CHECKPOINT
        arrays, words = read_checkpoint(path)
        vectors = vectors_of(network, optimizer)
        if not all(is_like(arrays.get(name), vector) for name, vector in vectors.items()):
            raise UserError(f"The checkpoint {path} belongs to another network or optimizer; resume it as it began.")
        best = {"best_parameters": network.parameters, "best_state": network.state}
        trial = type(rng.bit_generator)()
        try:
            reports, steps = reports_from(words["reports"]), words["steps"]
            trial.state = words["rng"]
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise not_a_checkpoint(path) from error
        known = type(steps) is int and 0 <= steps <= MOST_STEPS
        if not known or not all(is_like(arrays.get(name), vector) for name, vector in best.items()):
            raise not_a_checkpoint(path)
        for name, vector in vectors.items():
            vector[...] = arrays[name]
        optimizer.steps, rng.bit_generator.state = steps, words["rng"]
        self.reports, self._best_vectors = reports, {name: arrays[name] for name in best}
        if self.writes:
            write_reports(self.folder, self.reports)

    def restore_best(self, network: Network) -> None:
        """Put the parameters and the state of the best epoch into `network`; ValueError if no epoch has ended."""
        if not self.reports:
            raise ValueError("No epoch has ended, so there is no best one.")
        network.parameters[...] = self._best_vectors["best_parameters"]
        network.state[...] = self._best_vectors["best_state"]

    def write_model(self, network: Network) -> None:
        """Let the folder's model be `network`."""
        if self.writes:
            save(network, self.folder / MODEL)

    def write_test(self, data: str, network: Network, test: Dataset, score: Score) -> None:
        """Write what the report shows of the `test` set of the data set named `data`.

        Its images are left out where they are no images that can be shown, such as rows of a table.
        """
        images = test.images if is_shown(test.images) else np.zeros((0, 1, 1), np.uint8)
        mistakes = worst_mistakes(network, test, MISTAKES if len(images) else 0)
        with atomic_write(path_of_test(self.folder, data)) as file:
            np.savez(
                file,
                data=np.array(data.encode(errors="replace").decode()),
                confusion=score.confusion,
                classes=np.array(score.classes),
                images=images[mistakes.rows],
                labels=test.labels[mistakes.rows],
                taken_for=mistakes.taken_for,
                probability=mistakes.probability,
            )

    def _write_checkpoint(self, network: Network, optimizer: Optimizer, rng: np.random.Generator) -> None:
        reports = [report.numbers() for report in self.reports]
        words = {"arguments": self._arguments, "reports": reports, "steps": optimizer.steps}
        content = np.frombuffer(json.dumps(words | {"rng": rng.bit_generator.state}).encode(), np.uint8)
        vectors: dict[str, Any] = self._best_vectors | vectors_of(network, optimizer)
        with atomic_write(self.folder / CHECKPOINT) as file:
            np.savez(file, words=content, **vectors)


def new_run_folder(runs: Path = RUNS) -> Path:
    """A new folder in `runs`, named after the time; UserError where it cannot be made."""
    folder = runs / datetime.now().strftime("%Y-%m-%d-%H%M%S")
    while True:
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            folder = folder.with_name(f"{folder.name}-again")
        except OSError as error:
            raise UserError(f"Cannot make {folder}: {reason(error)}; work in a folder to write in.") from error
        else:
            return folder


def write_reports(folder: Path, reports: Iterable[EpochReport]) -> None:
    """Write the reports of all epochs so far to the run folder `folder`."""
    with atomic_write(folder / REPORTS) as file:
        file.write("".join(json.dumps(report.numbers()) + "\n" for report in reports).encode())


def reports_from(records: Iterable[Any]) -> list[EpochReport]:
    """The reports whose numbers are in `records`, JSON.

    Raises:
        ValueError, TypeError, AttributeError, OverflowError: there are none, or they are something else.
    """
    unknown = dict.fromkeys(("validation_loss", "validation_accuracy"), math.nan)  # where they are None
    filled: Iterable[Any] = (
        {name: unknown.get(name) if value is None else value for name, value in each.items()} for each in records
    )
    reports = [EpochReport(**each, score=None) for each in filled]
    absent = [("score", None), ("train_accuracy", None)]
    numbers = [item[1] for report in reports for item in vars(report).items() if item not in absent]
    if not numbers or not all(type(number) in (int, float) for number in numbers):
        raise ValueError("There are no reports, or they do not consist of numbers.")
    np.array(numbers, np.float64)  # OverflowError where a whole number is too large to calculate with
    return reports


def path_of_test(folder: Path, data: str) -> Path:
    """The file for the test set of `data`, which is the name of a data set or the path of one.

    For a path, the file name holds its last name, in safe characters, and a hash of all of it: so two paths that end
    alike have two files, also where a file system ignores the case of letters.
    """
    name = data
    if len(data) > LONGEST_NAME or not re.fullmatch("[a-z0-9-]+", data):
        stem = re.sub("[^a-z0-9]+", "-", Path(data).name.lower())[:LONGEST_NAME].strip("-")
        name = f"{stem}-{hashlib.sha256(data.encode(errors='replace')).hexdigest()[:8]}"
    return folder / f"test-{name}.npz"


def vectors_of(network: Network, optimizer: Optimizer) -> dict[str, Array]:
    """All vectors that change in training, by name."""
    return {"parameters": network.parameters, "state": network.state, **optimizer.state}


def is_like(array: NDArray[Any] | None, vector: Array) -> bool:
    """Whether `array` has the shape and the type of `vector`, so that it can take its place."""
    return array is not None and array.shape == vector.shape and array.dtype == vector.dtype


def read_checkpoint(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The vectors in `path`, and its words: JSON values; UserError where it is missing or not a checkpoint."""
    arrays = read_npz(path, LARGEST_CHECKPOINT, "checkpoint", "name the folder of a run of nn_scratch.train")
    try:
        words = json.loads(arrays.pop("words").tobytes())
        if not all(isinstance(argument, str) for argument in list(words["arguments"])):
            raise ValueError("The arguments of a command line are text.")
    except (KeyError, ValueError, TypeError, RecursionError) as error:
        raise not_a_checkpoint(path) from error
    return arrays, words


def read_arguments(folder: Path) -> list[str]:
    """The arguments of the command line that began the run in `folder`; UserError as for `read_checkpoint`."""
    _, words = read_checkpoint(folder / CHECKPOINT)
    return list(words["arguments"])


def not_a_checkpoint(path: Path) -> UserError:
    """The sentence for a file that is not a checkpoint."""
    return UserError(f"{path} is not a checkpoint of nn_scratch; name the folder of a run of nn_scratch.train.")


@dataclass(frozen=True)
class TestRecord:
    """How a network did on one test set: the confusion (K, K), row the right class, and the M worst mistakes.

    Attributes:
        data: the name of the data set; empty where the file does not tell.
        images: uint8 (M, H, W) or (M, H, W, 3).
        labels, taken_for: (M,) class numbers.
        probability: (M,) what the network gave to `taken_for`.

    Raises:
        ValueError, IndexError: arrays have other types or shapes.
    """

    data: str
    classes: tuple[str, ...]
    confusion: NDArray[np.int64]
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    taken_for: NDArray[np.int64]
    probability: NDArray[np.floating[Any]]

    def __post_init__(self) -> None:
        classes, rows = len(self.classes), (self.labels, self.taken_for, self.probability)
        if not (
            all(a.dtype.kind in "iu" and (a >= 0).all() for a in (self.confusion, *rows[:2]))
            and self.confusion.shape == (classes, classes)
            and self.confusion.any()
            and self.probability.dtype.kind == "f"
            and is_shown(self.images)
            and len(self.images) <= MISTAKES
            and all(array.shape == self.images.shape[:1] for array in rows)
            and all((array < classes).all() for array in rows[:2])
        ):
            raise ValueError("The arrays of a test do not fit together.")

    @property
    def accuracy(self) -> float:
        """The fraction of examples that were predicted correctly, from 0 to 1."""
        return float(self.confusion.trace() / self.confusion.sum())


@dataclass(frozen=True)
class RunRecord:
    """One run as its folder tells it; `tests` is empty where it was stopped before its test."""

    name: str
    epochs: list[EpochReport]
    tests: list[TestRecord]

    @property
    def best(self) -> EpochReport:
        """The epoch whose network was kept."""
        return max(self.epochs, key=EpochReport.quality)


def read_run(folder: Path) -> RunRecord:
    """What nn_scratch.train left in `folder`.

    Raises:
        UserError: it is not a run folder, or a file in it is damaged.
    """
    log = folder / REPORTS
    try:
        content = read_file(log, LARGEST_LOG, "report")
    except UserError as error:
        raise UserError(f"{folder} is not the folder of a run: it has no readable {REPORTS}.") from error
    try:
        epochs = reports_from(json.loads(line) for line in content.decode().splitlines())
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise UserError(f"{log} is damaged: each line should be the report of an epoch; train again.") from error
    # a folder whose only test set has no name has test.npz
    tests = sorted(folder.glob("test-*.npz")) or [path for path in [folder / "test.npz"] if path.exists()]
    return RunRecord(folder.resolve().name, epochs, [read_test(path) for path in tests])


def read_test(path: Path) -> TestRecord:
    """The test set in `path`; UserError where it is damaged."""
    arrays = read_npz(path, LARGEST_TEST, "test")
    try:
        data, classes = arrays.pop("data", ""), [str(label) for label in arrays.pop("classes")[: MAX_CLASSES + 1]]
        check_classes(classes)
        return TestRecord(shown(data, LONGEST_DATA), tuple(classes), **arrays)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise UserError(f"{path} is damaged; train again.") from error


def is_shown(images: NDArray[Any]) -> bool:
    """Whether `images` are such as a report can show: bytes, (M, H, W) in grey or (M, H, W, 3) in colour."""
    return images.dtype == np.uint8 and images.ndim >= 3 and images.shape[3:] in ((), (1,), (3,))
