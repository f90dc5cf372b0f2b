"""Several ranks train one network: as one process would, and all alike. The ranks are threads here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.layers import BatchNorm, Dense, Dropout, Layer, ReLU
from nn_scratch.network import DIGITS, Network, mlp
from nn_scratch.parallel.asynchronous import Asynchronous
from nn_scratch.parallel.course import ParallelTraining
from nn_scratch.parallel.ranks import Ranks
from nn_scratch.parallel.synchronous import Synchronous
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.divergence import DivergedError
from nn_scratch.training.fit import fit
from nn_scratch.training.reports import EpochReport
from tests.helpers.ranks import on_ranks

Data = tuple[Dataset, Dataset]
CONFIG = TrainConfig(epochs=2, batch_size=60, learning_rate=0.004)  # 1,347 = 22 batches of 60 and one of 27


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
    config: TrainConfig = CONFIG,
    way: Callable[[Ranks], ParallelTraining] = Synchronous,
    make: Callable[[], Network] = mlp,
) -> list[Trained]:
    """What each of `size` ranks has."""

    def train(ranks: Ranks) -> Trained:
        rng = np.random.default_rng(0)
        trained = watched(make().initialize(rng))
        trained.reports.extend(way(ranks).fit(trained.network, *data, config, rng))
        return trained

    return list(on_ranks(size, train))


def trained_alone(data: Data, config: TrainConfig = CONFIG) -> Trained:
    rng = np.random.default_rng(0)
    trained = watched(mlp().initialize(rng))
    trained.reports.extend(fit(trained.network, *data, config, rng))
    return trained


def in_layers(*layers: Layer) -> Callable[[], Network]:
    return lambda: Network([type(layer)(**layer.spec()) for layer in layers], (784,), DIGITS)


@pytest.mark.parametrize(("ranks", "size"), [(1, 60), (2, 60), (3, 100), (9, 20)])
def test_ranks_are_as_one_process(small_digits: Data, ranks: int, size: int) -> None:
    """Shares need not be equal: of the last 7 examples of 1,347, two of nine ranks read none."""
    config = replace(
        CONFIG,
        epochs=1,
        batch_size=size,
        optimizer="sgd",
        learning_rate=0.05,
        clip_norm=1.0,
        l2=0.001,
        label_smoothing=0.1,
    )
    alone = trained_alone(small_digits, config)
    together = trained_on(ranks, small_digits, config)[0]
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
    first, *others = trained_on(3, small_digits, replace(CONFIG, augment=True), make=make)
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
    config = replace(CONFIG, epochs=1)
    one, many = (trained_on(ranks, (data, data), config, make=in_layers(BatchNorm(), Dense(10)))[0] for ranks in (1, 3))
    np.testing.assert_allclose(many.network.state[:784], one.network.state[:784], rtol=1e-5)


def test_soft_targets_are_learned(small_digits: Data) -> None:
    teacher = trained_alone(small_digits).network

    def train(ranks: Ranks) -> list[EpochReport]:
        rng = np.random.default_rng(1)
        network = mlp().initialize(rng)
        return list(Synchronous(ranks).fit(network, *small_digits, CONFIG, rng, teachers=[teacher]))

    reports = on_ranks(2, train)[0]
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

    config = replace(CONFIG, epochs=12, batch_size=32)
    first, second = trained_on(2, small_digits, config, way)
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
        config = replace(CONFIG, optimizer="sgd", learning_rate=1e30)
        try:
            list(way(ranks).fit(mlp().initialize(rng), *small_digits, config, rng))
        except DivergedError:
            return True
        return False

    assert all(on_ranks(2, train))


def test_a_finished_training_takes_no_step(small_digits: Data) -> None:
    rng = np.random.default_rng(0)
    network = mlp().initialize(rng)
    done = on_ranks(1, lambda ranks: list(Synchronous(ranks).fit(network, *small_digits, CONFIG, rng, epochs_done=2)))
    assert done == [[]]


def test_other_data_on_one_rank_is_told(small_digits: Data) -> None:
    def train(ranks: Ranks) -> None:
        rng = np.random.default_rng(0)
        training = small_digits[0].take(np.arange(100 + ranks.rank))
        list(Synchronous(ranks).fit(mlp().initialize(rng), training, small_digits[1], CONFIG, rng))

    with pytest.raises(UserError, match="different data"):
        on_ranks(2, train)


def test_a_batch_that_is_too_small_is_refused(small_digits: Data) -> None:
    with pytest.raises(UserError, match="cannot be shared among 3 ranks"):
        trained_on(3, small_digits, replace(CONFIG, batch_size=2))
