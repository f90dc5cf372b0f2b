"""The run folder: what a training leaves behind, and what it goes on from.

report.jsonl      a line an epoch
model.npy         the best epoch's network
checkpoint.npz    the last epoch's, with all that --resume needs
test.npz          confusion and worst mistakes on the test set, for nn_scratch.report
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import numpy as np

from nn_scratch.arrays import Array
from nn_scratch.data.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write
from nn_scratch.nn import model_file
from nn_scratch.nn.network import Network
from nn_scratch.nn.optimizers import Optimizer
from nn_scratch.training import checkpoint
from nn_scratch.training.fit import EpochReport
from nn_scratch.training.metrics import Score, worst_mistakes

MISTAKES = 40  # images kept for the report


class Run:
    """Follows one training, keeps what is best of it, and writes it all to `folder`.

    Best is the highest validation accuracy, the lowest loss among equals.
    """

    def __init__(self, folder: Path, arguments: list[str]) -> None:
        self.folder = folder
        self.arguments = arguments  # of the command line, to resume with
        self.reports: list[EpochReport] = []
        self.best: EpochReport | None = None
        self.best_arrays: tuple[Array, Array] | None = None  # its parameters and state

    def follow(
        self, network: Network, optimizer: Optimizer, rng: np.random.Generator, reports: Iterator[EpochReport]
    ) -> Generator[EpochReport, None, None]:
        """Pass `reports` on, each with its epoch on disk; when it ends, however, `network` is that of the best."""
        parameters, state = self.best_arrays or (network.parameters.copy(), network.state.copy())
        try:
            for report in reports:
                self.reports.append(report)
                if self.best is None or report.quality() > self.best.quality():
                    self.best = report
                    parameters[...], state[...] = network.parameters, network.state
                    model_file.save(network, self.folder / "model.npy")
                self.write_reports()
                extra = {"arguments": self.arguments, "reports": [asdict(report) for report in self.reports]}
                extra |= {"best_parameters": parameters, "best_state": state}
                checkpoint.save(self.folder / "checkpoint.npz", network, optimizer, rng, extra)
                yield report
        finally:
            network.parameters[...], network.state[...] = parameters, state

    def restore(self, network: Network, optimizer: Optimizer, rng: np.random.Generator) -> None:
        """Take up a training where its checkpoint left it.

        Raises:
            UserError: the checkpoint is damaged or of another training.
        """
        path = self.folder / "checkpoint.npz"
        arrays, words = checkpoint.restore(path, network, optimizer, rng)
        try:
            self.reports = [EpochReport(**report) for report in words["reports"]]
            self.best = max(self.reports, key=EpochReport.quality)
            parameters, state = arrays["best_parameters"], arrays["best_state"]
            if (parameters.shape, state.shape) != (network.parameters.shape, network.state.shape):
                raise ValueError
            self.best_arrays = parameters, state
        except (KeyError, TypeError, ValueError) as error:
            raise checkpoint.foreign(path) from error
        self.write_reports()

    def write_reports(self) -> None:
        """All epochs so far, whole or not at all."""
        with atomic_write(self.folder / "report.jsonl") as file:
            file.write("".join(json.dumps(asdict(report)) + "\n" for report in self.reports).encode())

    def write_test(self, network: Network, test: Dataset, score: Score) -> None:
        """What the report shows of the test set."""
        mistakes = worst_mistakes(network, test, MISTAKES)
        with atomic_write(self.folder / "test.npz") as file:
            np.savez(
                file,
                confusion=score.confusion,
                classes=np.array(score.classes),
                images=test.images[mistakes.rows],
                labels=test.labels[mistakes.rows],
                taken_for=mistakes.taken_for,
                probability=mistakes.probability,
            )


def new_run_folder(runs: Path) -> Path:
    """A new folder in `runs`, named after the time."""
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
    raise UserError(f"There are too many runs of this second in {runs}.")
