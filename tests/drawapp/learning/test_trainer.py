"""The trainer: the same bytes as without it, and it waits, steps and stops when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from drawapp.learning import trainer
from drawapp.learning.sources import Source
from drawapp.learning.start import Choices, start_of
from drawapp.learning.trainer import Progress, Trainer
from nn_scratch.data.custom import VALIDATION_EVERY
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.train import make_parser, setup_for
from nn_scratch.training import EpochReport, steps
from tests.helpers import ROOT

PATIENCE = 30.0  # seconds


def until(reached: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.002)


def paused_after(training: Trainer, before: Progress) -> bool:
    """Whether `training` has gone on since `before`, and is paused again."""
    return training.progress.step > before.step and training.progress.state == "paused"


@pytest.fixture
def choices(small_digits: tuple[Dataset, Dataset]) -> Choices:
    return Choices(source=Source("small", "Small", lambda: small_digits), epochs=3, batch_size=64)


@pytest.fixture
def training(choices: Choices) -> Iterator[Trainer]:
    made = Trainer(lambda: start_of(choices), "full")
    yield made
    made.stop()
    assert made.wait(PATIENCE)


def test_it_gives_the_same_bytes_as_fit(training: Trainer, choices: Choices) -> None:
    training.play()
    assert training.wait(PATIENCE)
    found = training.progress
    same = start_of(choices)
    reports = [report for report in same.reports() if isinstance(report, EpochReport)]
    assert found.state == "done"
    assert found.parameters is not None
    assert found.parameters.tobytes() == same.network.parameters.tobytes()
    assert [each.validation_loss for each in found.reports] == [each.validation_loss for each in reports]
    assert found.losses is not None
    assert len(found.losses) == found.step == found.steps == 3 * same.steps_per_epoch
    assert found.confusion is not None
    assert found.confusion.sum() == len(same.validation)


def test_slow_motion_changes_nothing_but_the_time(
    choices: Choices, monkeypatch: pytest.MonkeyPatch, training: Trainer
) -> None:
    monkeypatch.setattr(trainer, "SLOW", 0.001)
    slow = Trainer(lambda: start_of(replace(choices, epochs=1)), "slow")
    slow.play()
    assert slow.wait(PATIENCE)
    same = start_of(replace(choices, epochs=1))
    list(same.reports())
    assert slow.progress.parameters is not None
    assert slow.progress.parameters.tobytes() == same.network.parameters.tobytes()
    assert set(slow.progress.gradients or {}) == {"dense_1", "dense_2", "dense_3"}


def test_it_begins_paused_and_takes_one_step_at_a_time(training: Trainer) -> None:
    until(lambda: training.progress.state == "paused")
    assert training.progress.step == 0
    for _ in range(2):
        before = training.progress
        training.take_step()
        until(partial(paused_after, training, before))
        assert training.progress.gradients
    time.sleep(0.05)
    assert training.progress.step == 2


def test_a_pause_freezes_it(training: Trainer) -> None:
    training.set_pace("steady")
    training.play()
    until(lambda: training.progress.step > 2)
    training.pause()
    until(lambda: training.progress.state == "paused")
    frozen = training.progress
    time.sleep(0.1)
    assert training.progress is frozen
    training.play()
    until(lambda: training.progress.step > frozen.step)


def test_what_was_told_stays_as_it_was(training: Trainer) -> None:
    """The window looks at it while the training goes on."""
    training.take_step()
    until(lambda: training.progress.step == 1)
    told = training.progress
    assert told.parameters is not None
    assert told.losses is not None
    numbers, losses = told.parameters.copy(), told.losses.copy()
    training.play()
    assert training.wait(PATIENCE)
    assert (told.parameters == numbers).all()
    assert (told.losses == losses).all()


def test_a_stop_keeps_what_was_learned(training: Trainer) -> None:
    training.set_pace("slow")
    training.play()
    until(lambda: training.progress.step == 1)
    training.stop()
    assert training.wait(PATIENCE)
    assert training.progress.state == "done"
    assert training.progress.step in (1, 2)


def test_bad_data_and_a_divergence_are_told(choices: Choices) -> None:
    def broken() -> tuple[Dataset, Dataset]:
        raise UserError("There is no such file.")

    lost = Trainer(lambda: start_of(replace(choices, source=Source("x", "X", broken))))
    lost.play()
    assert lost.wait(PATIENCE)
    assert (lost.progress.state, lost.progress.trouble) == ("failed", "There is no such file.")
    wild = Trainer(lambda: start_of(replace(choices, learning_rate=1e6)), "full")
    wild.play()
    assert wild.wait(PATIENCE)
    assert wild.progress.state == "failed"
    assert "diverged" in wild.progress.trouble


def test_the_same_choices_mean_the_same_network_as_on_the_command_line() -> None:
    """It learns the same numbers, with the same examples held out, and tells the same of how."""
    ours = start_of(Choices(seed=3, epochs=1))
    theirs = setup_for(make_parser().parse_args(["--data", "sample", "--seed", "3", "--epochs", "1"]))
    assert (ours.validation.images == theirs.validation.images).all()
    assert ours.choices.recipe.items() <= theirs.network.metadata["recipe"].items()
    list(ours.reports())
    list(steps(theirs.network, theirs.training, theirs.validation, theirs.rng, **theirs.settings))
    assert ours.network.parameters.tobytes() == theirs.network.parameters.tobytes()


def test_too_few_images_are_told(small_digits: tuple[Dataset, Dataset]) -> None:
    few = small_digits[0].take(np.arange(VALIDATION_EVERY - 1))
    with pytest.raises(UserError, match="too few images"):
        start_of(Choices(source=Source("few", "Few", lambda: (few, few))))


def test_a_program_that_trains_can_be_killed_and_closed() -> None:
    """The thread keeps no program alive."""
    code = (
        "from drawapp.learning.trainer import Trainer\n"
        "from drawapp.learning.start import Choices, start_of\n"
        "import time\n"
        "t = Trainer(lambda: start_of(Choices(epochs=100)), 'steady')\n"
        "t.play()\n"
        "while t.progress.step < 3: time.sleep(0.01)\n"
        "print('training', flush=True)\n"
    )
    ends = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, capture_output=True, text=True)
    assert (ends.returncode, ends.stdout.strip()) == (0, "training")
    if os.name == "posix":
        command = [sys.executable, "-c", code + "time.sleep(60)"]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == -signal.SIGTERM
