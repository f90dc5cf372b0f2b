"""A run folder as the report reads it: every epoch, and what came of the test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.errors import UserError
from nn_scratch.files import read_npz
from nn_scratch.training.fit import EpochReport

LARGEST = 2**28  # bytes of arrays


@dataclass(frozen=True)
class TestRecord:
    """The test set's confusion (K, K), row what is, column what was read, and the M worst mistakes.

    Attributes:
        images: uint8 (M, H, W) or (M, H, W, 3).
        labels, taken_for: (M,) class numbers.
        probability: (M,) what the network gave to `taken_for`.
    """

    classes: tuple[str, ...]
    confusion: NDArray[np.int64]
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    taken_for: NDArray[np.int64]
    probability: NDArray[np.floating[Any]]

    @property
    def accuracy(self) -> float:
        """The part of examples named rightly, 0 ... 1."""
        return float(np.trace(self.confusion) / self.confusion.sum())


@dataclass(frozen=True)
class RunRecord:
    """One run; `test` is None where it was stopped before its test."""

    name: str
    epochs: list[EpochReport]
    test: TestRecord | None

    @property
    def best(self) -> EpochReport:
        """The epoch that was kept."""
        return max(self.epochs, key=EpochReport.quality)


def read_run(folder: Path) -> RunRecord:
    """What nn_scratch.train left in `folder`.

    Raises:
        UserError: it is no run folder, or a file in it is damaged.
    """
    log = folder / "report.jsonl"
    try:
        lines = log.read_text(encoding="utf-8").splitlines()
        epochs = [EpochReport(**json.loads(line)) for line in lines]
    except OSError as error:
        raise UserError(f"{folder} is not the folder of a run: it has no readable report.jsonl.") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise UserError(f"{log} is damaged: a line of it is no report of an epoch.") from error
    numbers = [value for epoch in epochs for value in vars(epoch).values()]
    if not epochs or not all(isinstance(value, int | float) for value in numbers):
        raise UserError(f"{log} reports no epoch; train again.")
    path = folder / "test.npz"
    return RunRecord(folder.resolve().name, epochs, read_test(path) if path.exists() else None)


def read_test(path: Path) -> TestRecord:
    """What `path` tells of a test; UserError where it is damaged."""
    arrays = read_npz(path, LARGEST)
    try:
        classes = tuple(str(name) for name in arrays.pop("classes"))
        test = TestRecord(classes, **arrays)
        count = len(test.images)
        fits = test.confusion.shape == (len(classes), len(classes)) and test.confusion.sum() > 0
        fits &= all(len(array) == count for array in (test.labels, test.taken_for, test.probability))
        fits &= all(((array >= 0) & (array < len(classes))).all() for array in (test.labels, test.taken_for))
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path} is damaged; train again.") from error
    if not fits or test.images.ndim not in (3, 4):
        raise UserError(f"{path} is damaged; train again.")
    return test
