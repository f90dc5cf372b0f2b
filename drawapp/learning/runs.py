"""Runs to compare: what earlier trainings have left in their folders, those of the command line and those kept here.

Whether a larger learning rate or another network was better is seen only side by side. A run folder has the numbers of
each epoch, and its model knows how it was trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from drawapp.learning.start import Choices
from nn_scratch import model_file
from nn_scratch.errors import UserError, shown
from nn_scratch.network import Network
from nn_scratch.runs import MODEL, RunRecord, new_run_folder, read_run, write_reports
from nn_scratch.training import EpochReport

LONGEST = 60  # characters of what a file tells


@dataclass(frozen=True, eq=False)
class KnownRun:
    """A run to compare: its `name`, its epochs, the best accuracy on a test set if any, and its settings as words."""

    name: str
    epochs: tuple[EpochReport, ...]
    test_accuracy: float | None = None
    settings: tuple[str, ...] = ()
    folder: Path | None = None

    @property
    def best(self) -> float:
        """The accuracy of the best epoch on validation."""
        return max(each.validation_accuracy for each in self.epochs)

    @property
    def seconds(self) -> float:
        """The mean of an epoch."""
        return sum(each.seconds for each in self.epochs) / len(self.epochs)


def default_folder() -> Path:
    """The folder of the runs that the user keeps, in the user's folder for data."""
    return Path(platformdirs.user_data_dir("drawapp", appauthor=False)) / "runs"


def open_run(folder: Path) -> list[KnownRun]:
    """The run in `folder`, or all runs in its folders, such as those in `runs`.

    Raises:
        UserError: there are none, or a file is damaged.
    """
    folders = sorted(path.parent for path in folder.glob("*/report.jsonl"))
    if (folder / "report.jsonl").exists() or not folders:
        return [known(folder, read_run(folder))]
    return [known(each, read_run(each)) for each in folders]


def known(folder: Path, record: RunRecord) -> KnownRun:
    """The run in `folder`, of which `record` was read."""
    test = record.tests[0].accuracy if record.tests else None
    return KnownRun(shown(record.name, LONGEST), tuple(record.epochs), test, settings_in(folder), folder)


def settings_in(folder: Path) -> tuple[str, ...]:
    """What the model in `folder` tells of its training; nothing where it cannot be read."""
    try:
        told = model_file.load(folder / MODEL).metadata
    except UserError:
        return ()
    config = told.get("recipe")
    config = config if isinstance(config, dict) else {}
    data = told.get("data")
    names = [Path(str(name)).stem for name in data] if isinstance(data, list) else []
    return words_of([told.get("network"), *names], config, told.get("seed"))


def settings_of(choices: Choices) -> tuple[str, ...]:
    """The settings of a training in the app."""
    return words_of([choices.network, Path(choices.source.name).stem], choices.recipe, choices.seed)


def words_of(names: Sequence[Any], config: dict[str, Any], seed: Any) -> tuple[str, ...]:
    """The settings in a few words each."""
    words = [shown(str(name), LONGEST) for name in names if name]
    for key, word in (("learning_rate", "rate"), ("batch_size", "batch")):
        if isinstance(config.get(key), int | float):
            words.append(f"{word} {config[key]:g}")
    if config.get("augment") is True:
        words.append("augmented")
    if isinstance(seed, int):
        words.append(f"seed {seed}")
    return tuple(words)


def keep(network: Network, reports: Sequence[EpochReport], folder: Path | None = None) -> Path:
    """Write a run folder into `folder`, as the command line does; returns it. Raises UserError where that fails."""
    made = new_run_folder(folder or default_folder())
    model_file.save(network, made / MODEL)
    write_reports(made, reports)
    return made
