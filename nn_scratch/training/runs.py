"""The run folder: what a training leaves behind, for people to look at and for itself to go on from.

A training that only printed its numbers could be neither compared with another one nor continued. So each one writes a
folder while it runs, and all that knows the files in it is here, writing and reading.

report.jsonl      one line per epoch: an `EpochReport` as JSON
model.npy         the best network so far; when the training is over, the finished model
checkpoint.npz    the state after the last epoch, with all that --resume needs
test-NAME.npz     confusion and worst mistakes on the test set of the data set NAME, for nn_scratch.report
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch import model_file
from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError, shown
from nn_scratch.files import atomic_write, read_file, read_npz
from nn_scratch.metrics import Score, accuracy_of, worst_mistakes
from nn_scratch.model_file import MAX_CLASSES, check_classes
from nn_scratch.network import Network
from nn_scratch.optimizers import Optimizer
from nn_scratch.training import checkpoint
from nn_scratch.training.reports import EpochReport

REPORTS, MODEL, CHECKPOINT = "report.jsonl", "model.npy", "checkpoint.npz"
MISTAKES = 40  # images kept for the report
LARGEST_LOG = 2**24  # bytes of reports
LARGEST_TEST = 2**28  # bytes of arrays in a test file
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
        self._write_reports()
        self._write_checkpoint(network, optimizer, rng)

    def resume(self, network: Network, optimizer: Optimizer, rng: np.random.Generator) -> None:
        """Put a training, and this record of it, back to the last epoch that the folder's checkpoint knows.

        Raises:
            UserError: the checkpoint is damaged or belongs to another training; nothing has changed then.
        """
        path = self.folder / CHECKPOINT
        state = checkpoint.read_state(path, network, optimizer, rng)
        try:
            reports = reports_from(state.words["reports"])
            vectors = {name: state.arrays[name] for name in ("best_parameters", "best_state")}
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise checkpoint.not_a_checkpoint(path) from error
        if not all(map(checkpoint.is_like, vectors.values(), (network.parameters, network.state))):
            raise checkpoint.not_a_checkpoint(path)
        state.put_into(network, optimizer, rng)
        self.reports, self._best_vectors = reports, vectors
        self._write_reports()

    def restore_best(self, network: Network) -> None:
        """Put the parameters and the state of the best epoch into `network`.

        Raises:
            ValueError: no epoch has ended.
        """
        if not self.reports:
            raise ValueError("No epoch has ended, so there is no best one.")
        network.parameters[...] = self._best_vectors["best_parameters"]
        network.state[...] = self._best_vectors["best_state"]

    def write_model(self, network: Network) -> None:
        """Let the folder's model be `network`."""
        if self.writes:
            model_file.save(network, self.folder / MODEL)

    def write_test(self, data: str, network: Network, test: Dataset, score: Score) -> None:
        """Write what the report shows of the `test` set of the data set named `data`."""
        mistakes = worst_mistakes(network, test, MISTAKES)
        with atomic_write(path_of_test(self.folder, data)) as file:
            np.savez(
                file,
                data=np.array(data.encode(errors="replace").decode()),
                confusion=score.confusion,
                classes=np.array(score.classes),
                images=test.images[mistakes.rows],
                labels=test.labels[mistakes.rows],
                taken_for=mistakes.taken_for,
                probability=mistakes.probability,
            )

    def _write_reports(self) -> None:
        if self.writes:
            write_reports(self.folder, self.reports)

    def _write_checkpoint(self, network: Network, optimizer: Optimizer, rng: np.random.Generator) -> None:
        extra = {"arguments": self._arguments, "reports": [asdict(report) for report in self.reports]}
        if self.writes:
            checkpoint.save(self.folder / CHECKPOINT, network, optimizer, rng, extra | self._best_vectors)


def new_run_folder(runs: Path) -> Path:
    """A new folder in `runs`, named after the time.

    Raises:
        UserError: it cannot be made.
    """
    name = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for attempt in range(1000):
        folder = runs / (f"{name}-{attempt}" if attempt else name)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise UserError(
                f"Cannot make the run folder {folder}: {error.strerror or error}; choose another with --runs."
            ) from error
        return folder
    raise UserError(f"There are too many runs of this second in {runs}; choose another folder with --runs.")


def write_reports(folder: Path, reports: Iterable[EpochReport]) -> None:
    """Write the reports of all epochs so far to the run folder `folder`."""
    with atomic_write(folder / REPORTS) as file:
        file.write("".join(json.dumps(asdict(report)) + "\n" for report in reports).encode())


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


def read_arguments(folder: Path) -> list[str]:
    """The arguments of the command line that began the run in `folder`.

    Raises:
        UserError: its checkpoint is missing or damaged.
    """
    path = folder / CHECKPOINT
    _, words = checkpoint.load(path)
    arguments = words.get("arguments")
    if not isinstance(arguments, list) or not all(isinstance(argument, str) for argument in arguments):
        raise checkpoint.not_a_checkpoint(path)
    return arguments


@dataclass(frozen=True)
class TestRecord:
    """How a network did on one test set: the confusion (K, K), row the right class, and the M worst mistakes.

    Attributes:
        data: the name of the data set; empty where the file does not tell.
        images: uint8 (M, H, W) or (M, H, W, 3).
        labels, taken_for: (M,) class numbers.
        probability: (M,) what the network gave to `taken_for`.
    """

    data: str
    classes: tuple[str, ...]
    confusion: NDArray[np.int64]
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    taken_for: NDArray[np.int64]
    probability: NDArray[np.floating[Any]]

    @property
    def accuracy(self) -> float:
        """The fraction of examples that were predicted correctly, from 0 to 1."""
        return accuracy_of(self.confusion)


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
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise UserError(f"{log} is damaged: each line should be the report of an epoch; train again.") from error
    # a folder whose only test set has no name has test.npz
    tests = sorted(folder.glob("test-*.npz")) or [path for path in [folder / "test.npz"] if path.exists()]
    return RunRecord(folder.resolve().name, epochs, [read_test(path) for path in tests])


def reports_from(records: Iterable[Any]) -> list[EpochReport]:
    """The reports in `records` of JSON.

    Raises:
        ValueError, TypeError, OverflowError: there are none, or they are something else.
    """
    reports = [EpochReport(**record) for record in records]
    unknown = ("train_accuracy", None)  # what older versions did not write
    numbers = [number for report in reports for name, number in vars(report).items() if (name, number) != unknown]
    if not numbers or not all(type(number) in (int, float) for number in numbers):
        raise ValueError("There are no reports, or they do not consist of numbers.")
    np.array(numbers, np.float64)  # OverflowError where a whole number is too large to calculate with
    return reports


def read_test(path: Path) -> TestRecord:
    """The test set in `path`; UserError where it is damaged."""
    arrays = read_npz(path, LARGEST_TEST, "test")
    try:
        data, classes = (
            shown(arrays.pop("data", ""), LONGEST_DATA),
            [str(label) for label in arrays.pop("classes")[: MAX_CLASSES + 1]],
        )
        check_classes(classes)
        test = TestRecord(data, tuple(classes), **arrays)
        if not is_consistent(test):
            raise ValueError("The arrays do not fit together.")
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise UserError(f"{path} is damaged; train again.") from error
    return test


def is_consistent(test: TestRecord) -> bool:
    """Whether the arrays of `test` have the types and shapes that they should have."""
    classes, count = len(test.classes), len(test.images)
    numbers = (test.confusion, test.labels, test.taken_for)
    return (
        all(array.dtype.kind in "iu" and (array >= 0).all() for array in numbers)
        and test.confusion.shape == (classes, classes)
        and bool(test.confusion.any())
        and test.probability.dtype.kind == "f"
        and count <= MISTAKES
        and all(array.shape == (count,) for array in (test.labels, test.taken_for, test.probability))
        and all((array < classes).all() for array in (test.labels, test.taken_for))
        and test.images.dtype == np.uint8
        and (test.images.ndim == 3 or test.images.shape[3:] in ((1,), (3,)))
    )
