"""The run folder: what is written while a training goes on, what is read again, and which epoch is the best."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch import Adam, EpochReport, UserError, evaluate, load, mlp
from nn_scratch.dataset import Dataset
from nn_scratch.network import Network
from nn_scratch.optimizers import Optimizer
from nn_scratch.runs import Run, new_run_folder, path_of_test, read_arguments, read_run, vectors_of
from nn_scratch.training import steps

Training = tuple[Network, Optimizer, np.random.Generator]


def reported(epoch: int, accuracy: float = 0.9, loss: float = 0.1) -> EpochReport:
    return EpochReport(epoch, 0.5, loss, accuracy, 1.0, 100.0)


def training(seed: int) -> Training:
    network = mlp((3,), inputs=8).initialize(np.random.default_rng(seed))
    return network, Adam().attach(network.parameters, network.gradients), np.random.default_rng(seed)


def record(run: Run, of: Training, reports: list[EpochReport]) -> None:
    """Record `reports`; after each epoch all parameters of the network are the number of the epoch."""
    for report in reports:
        of[0].parameters[...] = report.epoch
        run.record(report, *of)


def test_the_best_epoch_is_in_the_folder_and_is_restored(tmp_path: Path) -> None:
    """The highest accuracy is best, the lowest loss among equals, and the first of those that are equal in both."""
    run, of = Run(tmp_path, []), training(0)
    assert run.best is None
    with pytest.raises(ValueError, match="No epoch has ended"):
        run.restore_best(of[0])
    reports = [reported(1, 0.8), reported(2, 0.9, 0.3), reported(3, 0.9, 0.2), reported(4, 0.9, 0.2), reported(5, 0.7)]
    for report, best in zip(reports, (1, 2, 3, 3, 3), strict=True):
        record(run, of, [report])
        assert (load(tmp_path / "model.npy").parameters == best).all()
        assert read_run(tmp_path).epochs == run.reports
    assert run.best == reports[2] == read_run(tmp_path).best
    run.restore_best(of[0])
    assert (of[0].parameters == 3).all()


def test_a_record_goes_on_where_it_stopped(tmp_path: Path) -> None:
    record(Run(tmp_path, ["--seed", "3"]), training(1), [reported(1, 0.9), reported(2, 0.8)])
    (tmp_path / "report.jsonl").unlink()
    again, other = Run(tmp_path, read_arguments(tmp_path)), training(2)
    again.resume(*other)
    assert (other[0].parameters == 2).all()
    assert other[2].bit_generator.state == training(1)[2].bit_generator.state
    record(again, other, [reported(3, 0.85)])
    assert [report.epoch for report in read_run(tmp_path).epochs] == [1, 2, 3]
    again.restore_best(other[0])
    assert (other[0].parameters == 1).all()
    assert read_arguments(tmp_path) == ["--seed", "3"]


def test_what_is_not_known_is_null_in_the_file_and_nan_again(tmp_path: Path) -> None:
    """Without a validation set there is no loss and no accuracy; then the last epoch is the best."""
    unknown = EpochReport(1, 0.5, math.nan, math.nan, 1.0, 100.0)
    record(Run(tmp_path, []), training(1), [unknown, EpochReport(2, 0.4, math.nan, math.nan, 1.0, 100.0)])
    lines = [
        json.loads(line, parse_constant=pytest.fail) for line in (tmp_path / "report.jsonl").read_text().splitlines()
    ]
    assert lines[0] == reported(1).numbers() | {"validation_loss": None, "validation_accuracy": None}
    found = read_run(tmp_path)
    assert math.isnan(found.epochs[0].validation_accuracy)
    assert found.best.epoch == 2
    again = Run(tmp_path, [])
    again.resume(*training(2))
    assert len(again.reports) == 2


def as_text(name: str) -> Callable[[dict[str, Any]], object]:
    return lambda arrays: arrays.update({name: arrays[name].astype(str)})


def word(value: object, *names: str) -> Callable[[dict[str, Any]], object]:
    def change(arrays: dict[str, Any]) -> None:
        place = arrays["words"]
        for name in names[:-1]:
            place = place[name]
        place[names[-1]] = value

    return change


REPORT = reported(1).numbers()
BROKEN: dict[str, Callable[[dict[str, Any]], object]] = {
    "parameters as text": as_text("parameters"),
    "optimizer state as text": as_text("v_sum"),
    "the best parameters as text": as_text("best_parameters"),
    "parameters in doubles": lambda arrays: arrays.update(parameters=arrays["parameters"].astype(np.float64)),
    "no best state": lambda arrays: arrays.pop("best_state"),
    "steps as text": word("7", "steps"),
    "half a step": word(0.5, "steps"),
    "steps below 0": word(-1, "steps"),
    "steps without an end": word(10**400, "steps"),
    "a word for the random numbers": word("seven", "rng"),
    "a word in the random numbers": word("seven", "rng", "state", "inc"),
    "random numbers of another kind": word("MT19937", "rng", "bit_generator"),
    "no reports": word([], "reports"),
    "half a report": word([{"epoch": 1}], "reports"),
    "a word for a number in a report": word([REPORT | {"seconds": "long"}], "reports"),
    "true for a number in a report": word([REPORT | {"seconds": True}], "reports"),
    "null for a number in a report": word([REPORT | {"seconds": None}], "reports"),
    "a number without an end in a report": word([REPORT | {"seconds": 10**400}], "reports"),
    "a score in a report": word([REPORT | {"score": 1}], "reports"),
    "a word for the reports": word("seven", "reports"),
    "reports of something else": word([7], "reports"),
    "a number among the arguments": word([1], "arguments"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_checkpoint_changes_nothing(name: str, tmp_path: Path) -> None:
    record(Run(tmp_path, []), training(1), [reported(1)])
    with np.load(tmp_path / "checkpoint.npz") as file:
        arrays: dict[str, Any] = dict(file)
    arrays["words"] = json.loads(arrays["words"].tobytes())
    BROKEN[name](arrays)
    arrays["words"] = np.frombuffer(json.dumps(arrays["words"]).encode(), np.uint8)
    np.savez(tmp_path / "checkpoint.npz", **arrays)

    def values(of: Training) -> list[object]:
        vectors = vectors_of(*of[:2]).values()
        return [*(vector.tobytes() for vector in vectors), of[1].steps, str(of[2].bit_generator.state)]

    fresh, run = training(2), Run(tmp_path, [])
    before = values(fresh)
    with pytest.raises(UserError, match="checkpoint"):
        run.resume(*fresh)
    assert values(fresh) == before
    assert run.reports == []


def test_an_interrupted_epoch_leaves_the_record_of_those_before(
    small_digits: tuple[Dataset, Dataset], tmp_path: Path
) -> None:
    """Ctrl-C in the middle of the third epoch: the network is then somewhere between two epochs."""
    sets, rng, optimizer = small_digits, np.random.default_rng(0), Adam()
    network, run = mlp((5,)).initialize(np.random.default_rng(0)), Run(tmp_path, [])

    def train() -> None:
        for report in steps(network, *sets, rng, optimizer=optimizer):
            if isinstance(report, EpochReport):
                run.record(report, network, optimizer, rng)
            elif report.epoch == 3:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train()
    assert [report.epoch for report in run.reports] == [1, 2]
    assert run.best is not None
    run.restore_best(network)
    assert evaluate(network, sets[1]).accuracy == run.best.validation_accuracy


def test_each_data_set_has_a_safe_file_name_of_its_own(tmp_path: Path) -> None:
    assert path_of_test(tmp_path, "emnist-letters") == tmp_path / "test-emnist-letters.npz"
    names = ["mnist", "MNIST", "a/b", "c/b", "../b", "..", "", "a\\b.npz", "C:b", "x" * 300, "\u0416", "b\n", "\udc80"]
    paths = {path_of_test(tmp_path, name) for name in names}
    assert len({str(path).lower() for path in paths}) == len(names)
    for path in paths:
        assert path.parent == tmp_path
        assert len(path.name) < 70
        path.touch()


def test_a_test_is_written_with_its_worst_mistakes(small_digits: tuple[Dataset, Dataset], tmp_path: Path) -> None:
    """A name that is not text is kept as far as it can be; rows of numbers are no images to be shown."""
    network, test = mlp().initialize(np.random.default_rng(0)), small_digits[1]
    table = Dataset(test.images.reshape(len(test), -1).astype(np.float32) / 255, test.labels, test.classes)
    run = Run(tmp_path, [])
    run.record(reported(1), network, Adam().attach(network.parameters, network.gradients), np.random.default_rng(0))
    for name, data in (("folder \udc80", test), ("table", table)):
        run.write_test(name, network, data, evaluate(network, data))
    images, rows = read_run(tmp_path).tests
    assert (images.data, rows.data) == ("folder ?", "table")
    assert images.classes == test.classes
    assert images.accuracy == rows.accuracy == evaluate(network, test).accuracy
    assert (len(images.images), len(rows.images)) == (40, 0)
    assert (images.labels != images.taken_for).all()
    assert (np.diff(images.probability) <= 0).all()


def test_the_reports_of_a_run_are_bounded(tmp_path: Path) -> None:
    record(Run(tmp_path, []), training(1), [reported(1)])
    with (tmp_path / "report.jsonl").open("ab") as file:
        file.truncate(2**25)
    with pytest.raises(UserError, match=r"no readable report\.jsonl"):
        read_run(tmp_path)


def test_runs_of_the_same_second_have_folders_of_their_own(tmp_path: Path) -> None:
    assert len({new_run_folder(tmp_path / "runs") for _ in range(5)}) == 5
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="work in a folder to write in"):
        new_run_folder(tmp_path / "file")
