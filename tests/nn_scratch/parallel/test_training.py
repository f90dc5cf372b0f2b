"""Several ranks train one network: as one process would, and all alike. The ranks are threads here."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.data.variation import Augment
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.layers import Dense, Dropout, Layer, ReLU
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import DIGITS, Network, mlp
from nn_scratch.normalization import BatchNorm
from nn_scratch.optimizers import SGD, Adam
from nn_scratch.parallel.asynchronous import Asynchronous
from nn_scratch.parallel.ranks import Ranks
from nn_scratch.parallel.synchronous import Synchronous
from nn_scratch.parallel.training import ParallelTraining, fingerprint, share
from nn_scratch.training import DivergedError, EpochReport, steps
from nn_scratch.transfer.distillation import Teachers
from tests.helpers.ranks import on_ranks

Data = tuple[Dataset, Dataset]
SETTINGS: dict[str, Any] = {"epochs": 2, "batch_size": 60}  # 1,347 = 22 batches of 60 and one of 27


@dataclass
class Trained:
    """What a rank has after a training: the network, the reports, and the parameters after each step."""

    network: Network
    reports: list[EpochReport] = field(default_factory=list)
    steps: list[Array] = field(default_factory=list)


def watched(network: Network) -> Trained:
    """What will be known of `network`, which notes its parameters before each step."""
    trained, forward = Trained(network), network.forward

    def noted(x: Array, training: bool = False) -> Array:
        if training:
            trained.steps.append(network.parameters.copy())
        return forward(x, training)

    network.forward = noted  # type: ignore[method-assign]
    return trained


def trained_on(
    size: int,
    data: Data,
    way: Callable[[Ranks], ParallelTraining] = Synchronous,
    make: Callable[[], Network] = mlp,
    **settings: Any,
) -> list[Trained]:
    """What each of `size` ranks has."""

    def train(ranks: Ranks) -> Trained:
        rng = np.random.default_rng(0)
        trained = watched(make().initialize(rng))
        optimizer = Adam(0.004) if "optimizer" not in settings else copy.copy(settings["optimizer"])
        chosen = SETTINGS | settings | {"optimizer": optimizer}
        found = way(ranks).steps(trained.network, *data, rng, **chosen)
        trained.reports.extend(report for report in found if isinstance(report, EpochReport))
        return trained

    return list(on_ranks(size, train))


def trained_alone(data: Data, **settings: Any) -> Trained:
    rng = np.random.default_rng(0)
    trained = watched(mlp().initialize(rng))
    chosen = SETTINGS | {"optimizer": Adam(0.004)} | settings
    found = steps(trained.network, *data, rng, **chosen)
    trained.reports.extend(report for report in found if isinstance(report, EpochReport))
    return trained


def in_layers(*layers: Layer) -> Callable[[], Network]:
    return lambda: Network([layer.fresh() for layer in layers], (784,), DIGITS)


@pytest.mark.parametrize(("ranks", "size"), [(1, 60), (2, 60), (3, 100), (9, 20)])
def test_ranks_are_as_one_process(small_digits: Data, ranks: int, size: int) -> None:
    """Shares need not be equal: of the last 7 examples of 1,347, two of nine ranks read none."""
    settings: dict[str, Any] = {"epochs": 1, "batch_size": size}
    settings |= {"loss": SoftmaxCrossEntropy(0.1, np.arange(1.0, 11.0))}
    alone = trained_alone(small_digits, optimizer=SGD(0.05, l2=0.001, largest_norm=1.0), **settings)
    together = trained_on(ranks, small_digits, optimizer=SGD(0.05, l2=0.001, largest_norm=1.0), **settings)[0]
    tolerance = 0 if ranks == 1 else 2e-5
    np.testing.assert_allclose(together.network.parameters, alone.network.parameters, rtol=0, atol=tolerance)
    for one, other in zip(together.reports, alone.reports, strict=True):
        assert one.train_loss == pytest.approx(other.train_loss, rel=1e-4)
        assert one.validation_loss == pytest.approx(other.validation_loss, rel=1e-4)
        assert one.train_accuracy == pytest.approx(other.train_accuracy, abs=0.002)


@pytest.mark.parametrize(
    "make",
    [mlp, in_layers(Dense(20), BatchNorm(), ReLU(), Dropout(0.3), Dense(10))],
    ids=["mlp", "batch norm and dropout"],
)
def test_replicas_are_equal_after_each_step(small_digits: Data, make: Callable[[], Network]) -> None:
    first, *others = trained_on(3, small_digits, make=make, vary=Augment())
    for other in others:
        assert all(map(np.array_equal, first.steps, other.steps))
        assert np.array_equal(first.network.parameters, other.network.parameters)
        assert np.array_equal(first.network.state, other.network.state)
        assert [report.quality() for report in first.reports] == [report.quality() for report in other.reports]


def test_running_averages_are_those_of_the_batch() -> None:
    """One batch that all ranks share: the mean over it is the mean of their means."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (60, 28, 28), dtype=np.uint8)
    data = Dataset(images, np.arange(60) % 10, DIGITS)
    make = in_layers(BatchNorm(), Dense(10))
    one, many = (trained_on(ranks, (data, data), make=make, epochs=1)[0] for ranks in (1, 3))
    np.testing.assert_allclose(many.network.state[:784], one.network.state[:784], rtol=1e-5)


def test_soft_targets_are_learned(small_digits: Data) -> None:
    teacher = trained_alone(small_digits).network

    reports = trained_on(2, small_digits, targets=Teachers([teacher]))[0].reports
    assert reports[-1].train_accuracy is None
    assert reports[-1].train_loss < reports[0].train_loss


def test_asynchronous_with_one_rank_is_as_one_process(small_digits: Data) -> None:
    together = trained_on(1, small_digits, way=Asynchronous)[0]
    assert np.array_equal(together.network.parameters, trained_alone(small_digits).network.parameters)


@pytest.mark.parametrize("strength", [0.0, 20.0])
def test_asynchronous_ranks_learn(small_digits: Data, strength: float) -> None:
    ways: list[Asynchronous] = []

    def way(ranks: Ranks) -> Asynchronous:
        ways.append(Asynchronous(ranks, strength))
        return ways[-1]

    first, second = trained_on(2, small_digits, way, epochs=12, batch_size=32)
    assert np.array_equal(first.network.parameters, second.network.parameters)
    assert first.reports[-1].validation_accuracy > 0.93
    assert ways[0].staleness == ways[1].staleness
    assert ways[0].staleness.total() == 12 * 43  # one step for each batch
    assert len(first.steps) + len(second.steps) == 12 * 43
    assert ("not compensated" in ways[0].summary()) == (strength == 0)


@pytest.mark.parametrize("way", [Synchronous, Asynchronous])
def test_all_ranks_tell_that_the_training_diverges(
    small_digits: Data, way: Callable[[Ranks], ParallelTraining]
) -> None:
    def train(ranks: Ranks) -> bool:
        rng = np.random.default_rng(0)
        try:
            list(way(ranks).steps(mlp().initialize(rng), *small_digits, rng, optimizer=SGD(1e30), **SETTINGS))
        except DivergedError:
            return True
        return False

    assert all(on_ranks(2, train))


def test_a_finished_training_takes_no_step(small_digits: Data) -> None:
    assert trained_on(1, small_digits, epochs_done=2)[0].reports == []


def test_other_data_on_one_rank_is_told(small_digits: Data) -> None:
    def train(ranks: Ranks) -> None:
        rng = np.random.default_rng(0)
        training = small_digits[0].take(np.arange(100 + ranks.rank))
        list(Synchronous(ranks).steps(mlp().initialize(rng), training, small_digits[1], rng, **SETTINGS))

    with pytest.raises(UserError, match="different data"):
        on_ranks(2, train)


def test_a_batch_that_is_too_small_is_refused(small_digits: Data) -> None:
    with pytest.raises(UserError, match="cannot be shared among 3 ranks"):
        trained_on(3, small_digits, batch_size=2)


@pytest.mark.parametrize("ranks", [1, 2, 3, 7])
@pytest.mark.parametrize("examples", [3, 64, 100])
def test_the_shares_of_all_ranks_are_the_batch(examples: int, ranks: int) -> None:
    batch = np.random.default_rng(0).permutation(examples)
    shares = [share(batch, rank, ranks) for rank in range(ranks)]
    assert np.concatenate(shares).tolist() == batch.tolist()
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_one_bit_changes_the_fingerprint() -> None:
    numbers = np.ones(9, np.float32)
    before = fingerprint(numbers)
    numbers[7] = np.nextafter(numbers[7], np.float32(2))
    assert fingerprint(numbers) != before
