"""The run folder: what is written while a training goes on, what is read again, and which epoch is the best."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from nn_scratch.training.fit import fit, optimizer_for

from nn_scratch import EpochReport, TrainConfig, UserError, load, mlp
from nn_scratch.dataset import Dataset
from nn_scratch.metrics import evaluate
from nn_scratch.network import Network
from nn_scratch.runs import Run, new_run_folder, path_of_test, read_arguments, read_run
from nn_scratch.training import checkpoint


def reported(epoch: int, accuracy: float, loss: float) -> EpochReport:
    return EpochReport(epoch, 0.5, loss, accuracy, 1.0, 100.0)


def record(run: Run, network: Network, reports: list[EpochReport]) -> None:
    """Record `reports`; after each epoch all parameters of `network` are the number of the epoch."""
    optimizer, rng = optimizer_for(network, TrainConfig()), np.random.default_rng(0)
    for report in reports:
        network.parameters[...] = report.epoch
        run.record(report, network, optimizer, rng)


def test_the_best_epoch_is_restored(tmp_path: Path) -> None:
    """The highest accuracy is best, the lowest loss among equals, and the first of those that are equal in both."""
    run, network = Run(tmp_path, []), mlp((3,))
    assert run.best is None
    with pytest.raises(ValueError, match="No epoch has ended"):
        run.restore_best(network)
    reports = [reported(1, 0.8, 0.1), reported(2, 0.9, 0.3), reported(3, 0.9, 0.2), reported(4, 0.9, 0.2)]
    record(run, network, reports)
    assert run.best == reports[2] == read_run(tmp_path).best
    assert (network.parameters == 4).all()
    run.restore_best(network)
    assert (network.parameters == 3).all()


def test_the_folder_always_holds_the_best_model_so_far(tmp_path: Path) -> None:
    run, network = Run(tmp_path, []), mlp((3,))
    for report, best in ((reported(1, 0.8, 0.1), 1), (reported(2, 0.7, 0.1), 1), (reported(3, 0.9, 0.1), 3)):
        record(run, network, [report])
        assert (load(tmp_path / "model.npy").parameters == best).all()
    assert read_run(tmp_path).epochs == run.reports


def test_a_record_goes_on_where_it_stopped(tmp_path: Path) -> None:
    network = mlp((3,))
    record(Run(tmp_path, ["--seed", "3"]), network, [reported(1, 0.9, 0.1), reported(2, 0.8, 0.1)])
    (tmp_path / "report.jsonl").unlink()
    again, other = Run(tmp_path, read_arguments(tmp_path)), mlp((3,))
    again.resume(other, optimizer_for(other, TrainConfig()), np.random.default_rng(9))
    assert (other.parameters == 2).all()
    assert [report.epoch for report in read_run(tmp_path).epochs] == [1, 2]
    record(again, other, [reported(3, 0.85, 0.1)])
    again.restore_best(other)
    assert (other.parameters == 1).all()
    assert read_arguments(tmp_path) == ["--seed", "3"]


@pytest.mark.parametrize(
    "extra",
    [
        {"reports": []},
        {"reports": [{"epoch": 1}]},
        {"reports": [asdict(reported(1, 0.9, 0.1)) | {"validation_accuracy": "high"}]},
        {"best_parameters": np.zeros(3, np.float32)},
    ],
)
def test_a_checkpoint_of_something_else_is_refused(extra: dict[str, object], tmp_path: Path) -> None:
    network, rng = mlp((3,)), np.random.default_rng(0)
    optimizer = optimizer_for(network, TrainConfig())
    good = {
        "arguments": [],
        "reports": [asdict(reported(1, 0.9, 0.1))],
        "best_parameters": network.parameters,
        "best_state": network.state,
    }
    path = tmp_path / "checkpoint.npz"
    checkpoint.save(path, network, optimizer, rng, good)
    Run(tmp_path, []).resume(network, optimizer, rng)
    checkpoint.save(path, network, optimizer, rng, good | extra)
    with pytest.raises(UserError, match="not a checkpoint"):
        Run(tmp_path, []).resume(network, optimizer, rng)
    checkpoint.save(path, network, optimizer, rng, good | {"arguments": [1]})
    with pytest.raises(UserError, match="not a checkpoint"):
        read_arguments(tmp_path)


def test_an_interrupted_epoch_leaves_the_record_of_those_before(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path
) -> None:
    """Ctrl-C in the middle of the third epoch: the network is then somewhere between two epochs."""
    training, validation = small_digits
    network, config, rng = mlp((5,)).initialize(np.random.default_rng(0)), TrainConfig(), np.random.default_rng(0)
    optimizer, run = optimizer_for(network, config), Run(tmp_path, [])
    seen = 0

    def stop(count: int) -> None:
        nonlocal seen
        seen += count
        if seen > 2.5 * len(training):
            raise KeyboardInterrupt

    def train() -> None:
        for report in fit(network, training, validation, config, rng, optimizer=optimizer, progress=stop):
            run.record(report, network, optimizer, rng)

    with pytest.raises(KeyboardInterrupt):
        train()
    assert [report.epoch for report in run.reports] == [1, 2]
    assert run.best is not None
    run.restore_best(network)
    assert evaluate(network, validation).accuracy == run.best.validation_accuracy


def test_each_data_set_has_a_safe_file_name_of_its_own(tmp_path: Path) -> None:
    assert path_of_test(tmp_path, "emnist-letters") == tmp_path / "test-emnist-letters.npz"
    names = ["mnist", "MNIST", "a/b", "c/b", "../b", "..", "", "a\\b.npz", "C:b", "x" * 300, "\u0416", "b\n", "\udc80"]
    paths = {path_of_test(tmp_path, name) for name in names}
    assert len({str(path).lower() for path in paths}) == len(names)
    for path in paths:
        assert path.parent == tmp_path
        assert len(path.name) < 70
        path.touch()


def test_a_name_that_is_not_text_is_kept_as_far_as_it_can_be(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path
) -> None:
    network, test = mlp().initialize(np.random.default_rng(0)), small_digits[1]
    run = Run(tmp_path, [])
    record(run, network, [reported(1, 0.9, 0.1)])
    run.write_test("folder \udc80", network, test, evaluate(network, test))
    (written,) = read_run(tmp_path).tests
    assert written.data == "folder ?"
    assert written.classes == test.classes
    assert written.accuracy == evaluate(network, test).accuracy


def test_runs_of_the_same_second_have_folders_of_their_own(tmp_path: Path) -> None:
    folders = {new_run_folder(tmp_path / "runs") for _ in range(5)}
    assert len(folders) == 5
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="choose another with --runs"):
        new_run_folder(tmp_path / "file")
