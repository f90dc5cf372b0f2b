"""Training that starts from a model: what it starts with, what it keeps, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nn_scratch.training.reports import EpochReport
from nn_scratch.training.setup import Setup, setup_for
from nn_scratch.training.splits import NEW_FRACTION

from nn_scratch import Network, TrainConfig, UserError, fit, load, mlp, save, train
from nn_scratch.data.registry import DATA_SETS
from nn_scratch.dataset import Dataset
from nn_scratch.runs import Run


@pytest.fixture(scope="module")
def digits(small_digits: tuple[Dataset, Dataset]) -> Network:
    """A network that reads small digits."""
    network = mlp((20,)).initialize(np.random.default_rng(0))
    training, validation = small_digits
    for _ in fit(network, training, validation, TrainConfig(epochs=8), np.random.default_rng(0)):
        pass
    return network


@pytest.fixture(autouse=True)
def folder(
    digits: Network, small_digits: tuple[Dataset, Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of its own: mnist is small digits, digits.npy reads them, mine.npz has three images of 7 that are 3."""
    training, test = small_digits
    monkeypatch.setitem(DATA_SETS, "mnist", lambda: small_digits)
    monkeypatch.chdir(tmp_path)
    mine = training.images[training.labels == 7][:3]
    np.savez("mine.npz", images=mine, labels=np.full(3, 3), classes=np.array(training.classes))
    np.savez("alone.npz", images=mine, labels=np.full(3, 3))
    np.savez("more.npz", images=test.images[:200], labels=test.labels[:200])
    np.savez("large.npz", images=np.zeros((20, 32, 32), np.uint8), labels=np.arange(20) % 10)
    save(digits, "digits.npy")
    save(mlp((4,), "abc"), "letters.npy")


def main(options: str) -> int:
    return train.main(options.split())


def setup_of(options: str) -> Setup:
    args, _ = train.parse(options.split())
    return setup_for(args)


def test_a_training_goes_on_from_the_parameters_of_a_model_in_small_steps() -> None:
    setup = setup_of("--start-from digits.npy --data more.npz")
    assert setup.rehearsal is None
    assert (setup.network.parameters == load("digits.npy").parameters).all()
    assert (setup.config.learning_rate, setup.config.weight_decay) == (0.002, 0)
    assert setup.network.metadata["start_from"] == "digits.npy"
    assert setup_of("--start-from digits.npy --optimizer sgd").config.learning_rate == 0.025
    assert setup_of("--start-from digits.npy --learning-rate 0.5 --weight-decay 0.1").config.weight_decay == 0.1


def test_corrections_are_learned_and_what_is_rehearsed_is_kept(small_digits: tuple[Dataset, Dataset]) -> None:
    """Three sevens of one hand are called 3: the copy calls them so, and still knows the other digits."""
    model, test = Path("digits.npy").read_bytes(), small_digits[1]
    before, three = load("digits.npy"), np.load("mine.npz")["images"]
    others = test.take(np.flatnonzero(test.labels != 7))

    def right(network: Network) -> float:
        return float((network.predict(others.images) == others.labels).mean())

    assert main("--start-from digits.npy --data mine.npz --rehearse mnist --epochs 12 --out adapted.npy") == 0
    adapted = load("adapted.npy")
    assert (adapted.predict(three) == 3).all()
    assert right(adapted) > right(before) - 0.02
    assert Path("digits.npy").read_bytes() == model

    np.savez("many.npz", images=three.repeat(8, axis=0), labels=np.full(24, 3), classes=np.array(test.classes))
    assert main("--start-from digits.npy --data many.npz --epochs 60 --out forgetful.npy") == 0
    assert right(load("forgetful.npy")) < right(before) - 0.1


def test_new_examples_are_a_tenth_of_what_an_epoch_shows() -> None:
    setup = setup_of("--start-from digits.npy --data mine.npz --rehearse mnist")
    training, first = setup.data.training, setup.data.first_rehearsed
    assert first == 3
    shown = training.shown()
    assert shown[:3].sum() / shown.sum() == pytest.approx(NEW_FRACTION, rel=1e-3)
    assert (shown[3:] == 1).all()
    validation = setup.data.validation
    assert len(validation) % 2 == 0
    assert (validation.labels[: len(validation) // 2] == 3).all()
    assert list(setup.data.tests) == ["mnist"]
    many = setup_of("--start-from digits.npy --data mnist --rehearse more.npz")
    assert (many.data.training.shown()[: many.data.first_rehearsed] == 1).all()


def test_frozen_layers_stay_as_they_are() -> None:
    assert main("--start-from digits.npy --data mnist --epochs 2 --freeze 1 --clip-norm 1 --l2 0.1") == 0
    before, after = load("digits.npy").arrays, load("models/mine.npy").arrays
    assert all((before["dense_1"][name] == after["dense_1"][name]).all() for name in "Wb")
    assert (before["dense_2"]["W"] != after["dense_2"]["W"]).mean() > 0.9


def test_a_stopped_rehearsal_goes_on_bit_by_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    options = "--start-from digits.npy --data mine.npz --rehearse mnist --augment --epochs 3"
    assert main(f"{options} --runs whole --out whole.npy") == 0
    record = Run.record

    def stop(run: Run, report: EpochReport, *state: object) -> None:
        record(run, report, *state)  # type: ignore[arg-type]
        if report.epoch == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(Run, "record", stop)
    assert main(f"{options} --runs stopped --out stopped.npy") == 130
    monkeypatch.setattr(Run, "record", record)
    (run,) = Path("stopped").iterdir()
    assert main(f"--resume {run}") == 0
    assert (load("whole.npy").parameters == load("stopped.npy").parameters).all()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("--rehearse mnist", "--rehearse is for a training that starts from a model; add --start-from MODEL."),
        ("--freeze 1", "--freeze is for a training that starts from a model"),
        ("--start-from nowhere.npy", "nowhere.npy"),
        ("--start-from letters.npy", "The model letters.npy knows a b c, but the data shows 0 1 2"),
        ("--start-from digits.npy --data large.npz", "reads images of 784 numbers, but the data has 32x32"),
        ("--start-from digits.npy --data alone.npz --rehearse mnist", "but the data shows 0 1 2 3; choose another"),
        ("--start-from digits.npy --data mine.npz", "it has 3 images, and at least 10 are needed"),
        ("--start-from digits.npy --rehearse large.npz", "--rehearse large.npz has other classes or images of another"),
        ("--start-from digits.npy --freeze 2", "2 layers have parameters, so from 0 to 1 of them can be frozen, not 2"),
        ("--start-from digits.npy --deslant", "leave out --deslant"),
        ("--start-from digits.npy --out ./digits.npy", "name another file"),
        ("--start-from digits.npy --rehearse mnist --teacher digits.npy", "--teacher is for learning without"),
        ("--start-from digits.npy --rehearse mnist --true-frequencies", "--true-frequencies is for learning without"),
    ],
)
def test_what_cannot_work_is_one_sentence(options: str, expected: str) -> None:
    with pytest.raises(UserError) as caught:
        main(options)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_network_is_named_once(capsys: pytest.CaptureFixture[str]) -> None:
    for other in ("--preset convnet", "--hidden 5"):
        with pytest.raises(SystemExit):
            main(f"--start-from digits.npy {other}")
        assert "not allowed with" in capsys.readouterr().err


def test_handwriting_stays_handwriting() -> None:
    """A model that reads ink reads a folder as ink after it has learned an .npz file, too."""
    assert setup_of("--start-from digits.npy --data more.npz").network.metadata["ink"] is True
