"""A checkpoint is put back as a whole or not at all."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nn_scratch.training.fit import optimizer_for

from nn_scratch import EpochReport, TrainConfig, UserError, mlp
from nn_scratch.network import Network
from nn_scratch.optimizers import Optimizer
from nn_scratch.runs import Run, read_arguments, read_run
from nn_scratch.training import checkpoint

Training = tuple[Network, Optimizer, np.random.Generator]


def training(seed: int) -> Training:
    network = mlp((3,), inputs=8).initialize(np.random.default_rng(seed))
    return network, optimizer_for(network, TrainConfig()), np.random.default_rng(seed)


def saved(folder: Path) -> dict[str, Any]:
    """The arrays of a good checkpoint in `folder`, with `words` as a dictionary."""
    network, optimizer, rng = training(1)
    Run(folder, ["--seed", "1"]).record(EpochReport(1, 0.5, 0.4, 0.9, 1.0, 100.0), network, optimizer, rng)
    with np.load(folder / "checkpoint.npz") as file:
        arrays: dict[str, Any] = dict(file)
    arrays["words"] = json.loads(arrays["words"].tobytes())
    return arrays


def write(folder: Path, arrays: dict[str, Any]) -> None:
    words = np.frombuffer(json.dumps(arrays["words"]).encode(), np.uint8)
    np.savez(folder / "checkpoint.npz", **(arrays | {"words": words}))


def values(of: Training) -> list[object]:
    """All that a training is made of."""
    network, optimizer, rng = of
    vectors = checkpoint.vectors(network, optimizer).values()
    return [*(vector.tobytes() for vector in vectors), optimizer.steps, str(rng.bit_generator.state)]


def as_text(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda arrays: arrays.update({name: arrays[name].astype(str)})


def word(value: object, *names: str) -> Callable[[dict[str, Any]], None]:
    def change(arrays: dict[str, Any]) -> None:
        place = arrays["words"]
        for name in names[:-1]:
            place = place[name]
        place[names[-1]] = value

    return change


REPORT = asdict(EpochReport(1, 0.5, 0.4, 0.9, 1.0, 100.0))
BROKEN: dict[str, Callable[[dict[str, Any]], None]] = {
    "parameters as text": as_text("parameters"),
    "optimizer state as text": as_text("v_sum"),
    "the best parameters as text": as_text("best_parameters"),
    "parameters in doubles": lambda arrays: arrays.update(parameters=arrays["parameters"].astype(np.float64)),
    "no best state": lambda arrays: arrays.pop("best_state"),
    "a word for the steps": word("seven", "steps"),
    "steps as text": word("7", "steps"),
    "half a step": word(0.5, "steps"),
    "steps below 0": word(-1, "steps"),
    "steps without an end": word(10**400, "steps"),
    "a word for the random numbers": word("seven", "rng"),
    "a word in the random numbers": word("seven", "rng", "state", "inc"),
    "random numbers of another kind": word("MT19937", "rng", "bit_generator"),
    "a word for a number in a report": word([REPORT | {"seconds": "long"}], "reports"),
    "true for a number in a report": word([REPORT | {"seconds": True}], "reports"),
    "a number without an end in a report": word([REPORT | {"seconds": 10**400}], "reports"),
    "a word for the reports": word("seven", "reports"),
    "reports of something else": word([7], "reports"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_checkpoint_changes_nothing(name: str, tmp_path: Path) -> None:
    arrays = saved(tmp_path)
    BROKEN[name](arrays)
    write(tmp_path, arrays)
    fresh = training(2)
    before, run = values(fresh), Run(tmp_path, [])
    with pytest.raises(UserError, match="checkpoint"):
        run.resume(*fresh)
    assert values(fresh) == before
    assert run.reports == []


def test_a_good_checkpoint_changes_everything(tmp_path: Path) -> None:
    write(tmp_path, saved(tmp_path))
    fresh = training(2)
    Run(tmp_path, []).resume(*fresh)
    assert values(fresh) == values(training(1))
    assert read_arguments(tmp_path) == ["--seed", "1"]


def test_random_numbers_of_any_generator_are_kept(tmp_path: Path) -> None:
    network, optimizer, _ = training(1)
    rng = np.random.Generator(np.random.PCG64DXSM(3))
    checkpoint.save(tmp_path / "checkpoint.npz", network, optimizer, rng, {})
    state = copy.deepcopy(rng.bit_generator.state)
    rng.random(5)
    checkpoint.restore(tmp_path / "checkpoint.npz", network, optimizer, rng)
    assert str(rng.bit_generator.state) == str(state)


def test_the_reports_of_a_run_are_bounded(tmp_path: Path) -> None:
    saved(tmp_path)
    with (tmp_path / "report.jsonl").open("ab") as file:
        file.truncate(2**25)
    with pytest.raises(UserError, match=r"no readable report\.jsonl"):
        read_run(tmp_path)
