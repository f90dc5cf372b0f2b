"""Training step by step: the same as training by epochs, and a caller may look, wait and stop in between."""

from __future__ import annotations

import math
from itertools import islice

import numpy as np
import pytest

from nn_scratch.dataset import Dataset
from nn_scratch.metrics import evaluate
from nn_scratch.network import Network, mlp
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import fit, steps
from nn_scratch.training.reports import EpochResult, StepReport, count_right

CONFIG = TrainConfig(epochs=2, batch_size=100)


def begin(seed: int = 0) -> tuple[Network, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return mlp((8,)).initialize(rng), rng


def test_steps_take_the_same_way_as_fit(small_digits: tuple[Dataset, Dataset]) -> None:
    """Also where somebody evaluates the network between two steps."""
    network, rng = begin()
    reports = list(fit(network, *small_digits, CONFIG, rng))
    other, rng = begin()
    results = []
    for result in steps(other, *small_digits, CONFIG, rng):
        evaluate(other, small_digits[1])
        results.append(result)
    assert other.parameters.tobytes() == network.parameters.tobytes()
    ends = [result for result in results if isinstance(result, EpochResult)]
    assert [end.report.validation_loss for end in ends] == [report.validation_loss for report in reports]
    assert [end.score.confusion.sum() for end in ends] == [len(small_digits[1])] * 2


def test_an_epoch_is_the_mean_of_its_steps(small_digits: tuple[Dataset, Dataset]) -> None:
    network, rng = begin()
    results = list(steps(network, *small_digits, CONFIG, rng))
    per_epoch = math.ceil(len(small_digits[0]) / CONFIG.batch_size)
    assert len(results) == 2 * (per_epoch + 1)
    taken, end = results[:per_epoch], results[per_epoch]
    assert isinstance(end, EpochResult)
    first = [step for step in taken if isinstance(step, StepReport)]
    examples = sum(step.examples for step in first)
    assert examples == len(small_digits[0])
    assert end.report.train_loss == pytest.approx(sum(step.loss * step.examples for step in first) / examples)
    assert end.report.train_accuracy == pytest.approx(sum(step.right or 0 for step in first) / examples)


def test_a_training_waits_for_its_caller(small_digits: tuple[Dataset, Dataset]) -> None:
    network, rng = begin()
    before = network.parameters.copy()
    results = steps(network, *small_digits, CONFIG, rng)
    assert (network.parameters == before).all()
    for _ in islice(results, 1):
        assert network.gradients.any()
        assert (network.parameters != before).any()


def test_the_warnings_of_the_caller_stay_as_they_are(small_digits: tuple[Dataset, Dataset]) -> None:
    network, rng = begin()
    with np.errstate(over="raise"):
        for _ in islice(steps(network, *small_digits, CONFIG, rng), 1):
            assert np.geterr()["over"] == "raise"


def test_soft_targets_have_no_right_answers() -> None:
    logits = np.array([[1.0, 2.0], [3.0, 0.0]], np.float32)
    assert count_right(logits, np.array([1, 1])) == 1
    assert count_right(logits, np.full((2, 2), 0.5)) is None


def test_what_teachers_teach_is_not_counted_as_right(small_digits: tuple[Dataset, Dataset]) -> None:
    network, rng = begin()
    teacher, _ = begin(1)
    (report, *_others) = fit(network, *small_digits, TrainConfig(epochs=1), rng, teachers=[teacher])
    assert report.train_accuracy is None
