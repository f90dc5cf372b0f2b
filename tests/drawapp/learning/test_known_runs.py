"""Runs to compare: those of the command line and those kept by the app; and where there is something to learn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drawapp.learning import runs, sources
from drawapp.learning.sources import Source
from drawapp.learning.start import Choices, start_of
from drawapp.session.corrections import Correction
from nn_scratch import train
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.training import EpochReport


def test_a_run_of_the_command_line_tells_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    train.main(["--data", "sample", "--epochs", "1", "--batch-size", "256", "--seed", "4", "--out", "model.npy"])
    (run,) = runs.open_run(tmp_path / "runs")
    assert [epoch.epoch for epoch in run.epochs] == [1]
    assert run.epochs[0].train_accuracy is not None
    assert run.settings == ("mlp", "sample", "rate 0.008", "batch 256", "seed 4")
    assert run.test_accuracy is not None
    assert run.best == run.epochs[0].validation_accuracy
    assert run.folder is not None
    assert runs.open_run(run.folder)[0].name == run.name == run.folder.name


def test_reports_of_older_versions_have_no_training_accuracy(tmp_path: Path) -> None:
    (tmp_path / "report.jsonl").write_text(
        '{"epoch": 1, "train_loss": 1, "validation_loss": 1, "validation_accuracy": 0.5, "seconds": 1, '
        '"images_per_second": 9}\n'
    )
    (run,) = runs.open_run(tmp_path)
    assert run.epochs[0].train_accuracy is None
    assert run.settings == ()
    assert run.test_accuracy is None


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not the folder of a run"):
        runs.open_run(tmp_path)


def test_a_training_that_is_kept_is_a_run_folder(small_digits: tuple[Dataset, Dataset], tmp_path: Path) -> None:
    choices = Choices(source=Source("small", "Small", lambda: small_digits), epochs=2)
    begun = start_of(choices)
    reports = [report for report in begun.reports() if isinstance(report, EpochReport)]
    folder = runs.keep(begun.network, reports, tmp_path / "data" / "runs")
    (run,) = runs.open_run(folder)
    assert [each.numbers() for each in run.epochs] == [each.numbers() for each in reports]
    assert run.settings == runs.settings_of(choices)


def test_corrections_are_offered_where_they_are_enough() -> None:
    image = np.zeros((28, 28), np.uint8)
    some = [Correction(image, label) for label in "47" * sources.FEWEST]
    assert "corrections" not in [source.name for source in sources.available(some[: sources.FEWEST - 1])]
    own = next(source for source in sources.available(some) if source.name == "corrections")
    training, _ = own.load()
    assert training.classes == ("4", "7")
    assert len(training) == len(some)
    assert start_of(Choices(source=own, epochs=1)).network.classes == ("4", "7")


def test_a_file_needs_images_like_those_of_the_sheet(tmp_path: Path) -> None:
    np.savez(tmp_path / "large.npz", images=np.zeros((40, 32, 32), np.uint8), labels=np.arange(40) % 2)
    with pytest.raises(UserError, match="32x32"):
        sources.custom(tmp_path / "large.npz").load()
    np.savez(tmp_path / "floats.npz", images=np.full((40, 28, 28), 0.5), labels=np.arange(40) % 2)
    with pytest.raises(UserError, match="not whole numbers from 0 to 255"):
        sources.custom(tmp_path / "floats.npz").load()
    np.savez(tmp_path / "good.npz", images=np.zeros((40, 28, 28), np.uint8), labels=np.arange(40) % 2)
    good = sources.custom(tmp_path / "good.npz")
    assert good.words == "good"
    assert len(good.load()[0]) == 32


def test_the_sample_is_always_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NN_SCRATCH_DATA", str(tmp_path))
    assert [source.name for source in sources.available()] == ["sample"]
