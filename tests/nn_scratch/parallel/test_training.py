"""Several ranks train one network: as one process would, and all alike. The ranks are threads here."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.data.variation import Augment
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.layers import Dense, Dropout, ReLU
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import DIGITS, Network, mlp
from nn_scratch.normalization import BatchNorm
from nn_scratch.optimizers import SGD, Adam
from nn_scratch.parallel.asynchronous import Asynchronous, DelayCompensation
from nn_scratch.parallel.ranks import Ranks
from nn_scratch.parallel.synchronous import Synchronous
from nn_scratch.training import DivergedError, EpochReport, steps
from nn_scratch.transfer.distillation import Teachers
from tests.helpers.ranks import on_ranks

Data = tuple[Dataset, Dataset]
Way = Callable[[Ranks], Synchronous]
SETTINGS: dict[str, Any] = {"epochs": 2, "batch_size": 60}  # 1,347 = 22 batches of 60 and one of 27


class Trained:
    """A network, its reports, and its parameters before each step, on one rank or on one process (None)."""

    def __init__(self, way: Synchronous | None, data: Data, make: Callable[[], Network] = mlp, **settings: Any) -> None:
        rng, self.way, self.before = np.random.default_rng(0), way, list[Array]()
        self.network = make().initialize(rng)
        forward = self.network.forward

        def noted(x: Array, training: bool = False) -> Array:
            if training:
                self.before.append(self.network.parameters.copy())
            return forward(x, training)

        self.network.forward = noted  # type: ignore[method-assign]
        settings = copy.deepcopy(SETTINGS | {"optimizer": Adam(0.004)} | settings)
        found = (way.steps if way else steps)(self.network, *data, rng, **settings)
        self.reports = [report for report in found if isinstance(report, EpochReport)]


def trained_on(size: int, data: Data, way: Way = Synchronous, **settings: Any) -> list[Trained]:
    """What each of `size` ranks has."""
    return list(on_ranks(size, lambda ranks: Trained(way(ranks), data, **settings)))


def with_batch_norm() -> Network:
    return Network([Dense(20), BatchNorm(), ReLU(), Dropout(0.3), Dense(10)], (784,), DIGITS)


@pytest.mark.parametrize(("ranks", "size"), [(1, 60), (2, 60), (3, 100), (9, 20)])
@pytest.mark.parametrize("rows", [False, True], ids=["labels", "probabilities"])
def test_ranks_are_as_one_process(small_digits: Data, ranks: int, size: int, rows: bool) -> None:
    """Shares need not be equal: of the last 7 examples of 1,347, two of nine ranks read none."""
    training, validation = small_digits
    if rows:
        training = Dataset(training.images, np.eye(10, dtype=np.float32)[training.labels], DIGITS)
    settings: dict[str, Any] = {"epochs": 1, "batch_size": size, "loss": SoftmaxCrossEntropy(0.1, np.arange(1.0, 11.0))}
    settings |= {"optimizer": SGD(0.05, l2=0.001, largest_norm=1.0)}
    together = trained_on(ranks, (training, validation), **settings)[0]
    alone = Trained(None, (training, validation), **settings)
    tolerance = 0 if ranks == 1 else 2e-5
    np.testing.assert_allclose(together.network.parameters, alone.network.parameters, rtol=0, atol=tolerance)
    (one,), (other,) = together.reports, alone.reports
    assert one.train_loss == pytest.approx(other.train_loss, rel=1e-4)
    assert one.validation_loss == pytest.approx(other.validation_loss, rel=1e-4)
    assert rows or one.train_accuracy == pytest.approx(other.train_accuracy, abs=0.002)


@pytest.mark.parametrize("make", [mlp, with_batch_norm])
def test_replicas_are_equal_after_each_step(small_digits: Data, make: Callable[[], Network]) -> None:
    first, *others = trained_on(3, small_digits, make=make, vary=Augment())
    for other in others:
        assert all(map(np.array_equal, first.before, other.before))
        assert np.array_equal(first.network.parameters, other.network.parameters)
        assert np.array_equal(first.network.state, other.network.state)
        assert [report.quality() for report in first.reports] == [report.quality() for report in other.reports]


@pytest.mark.parametrize("examples", [60, 61])
def test_running_averages_are_those_of_the_batch(examples: int) -> None:
    """The mean over a batch that all ranks share is that of their means; of a last example two ranks read nothing."""
    images = np.random.default_rng(0).integers(0, 256, (examples, 28, 28), dtype=np.uint8)
    data = Dataset(images, np.arange(examples) % 10, DIGITS)

    def norm_first() -> Network:
        return Network([BatchNorm(), Dense(10)], (784,), DIGITS)

    one, many = (trained_on(ranks, (data, data), make=norm_first, epochs=1)[0].network.state for ranks in (1, 3))
    np.testing.assert_allclose(many[:784], one[:784], rtol=1e-5)
    assert np.isfinite(many).all()


def test_soft_targets_are_learned(small_digits: Data) -> None:
    teacher = Trained(None, small_digits).network
    del teacher.forward
    reports = trained_on(2, small_digits, targets=Teachers([teacher]))[0].reports
    assert reports[-1].train_accuracy is None
    assert reports[-1].train_loss < reports[0].train_loss


def test_asynchronous_with_one_rank_is_as_one_process(small_digits: Data) -> None:
    together = trained_on(1, small_digits, Asynchronous)[0]
    assert np.array_equal(together.network.parameters, Trained(None, small_digits).network.parameters)


@pytest.mark.parametrize("strength", [0.0, 20.0])
def test_asynchronous_ranks_learn(small_digits: Data, strength: float) -> None:
    settings: dict[str, Any] = {"epochs": 12, "batch_size": 32}
    first, second = trained_on(2, small_digits, lambda ranks: Asynchronous(ranks, strength), **settings)
    assert np.array_equal(first.network.parameters, second.network.parameters)
    assert first.reports[-1].validation_accuracy > 0.93
    assert isinstance(first.way, Asynchronous)
    assert isinstance(second.way, Asynchronous)
    assert first.way.staleness == second.way.staleness
    assert first.way.staleness.total() == len(first.before) + len(second.before) == 12 * 43  # one step for each batch
    assert ("not compensated" in first.way.summary()) == (strength == 0)


class NotFinite(SoftmaxCrossEntropy):
    """What one rank meets where its examples alone are too much for the network."""

    def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
        return np.nan, super().value_and_gradient(z, y)[1]


@pytest.mark.parametrize("way", [Synchronous, Asynchronous])
@pytest.mark.parametrize("one", [False, True], ids=["all", "one"])
def test_all_ranks_tell_that_the_training_diverges(small_digits: Data, way: Way, one: bool) -> None:
    def train(ranks: Ranks) -> None:
        loss = NotFinite() if one and ranks.rank == 1 else SoftmaxCrossEntropy()
        with pytest.raises(DivergedError):
            Trained(way(ranks), small_digits, loss=loss, optimizer=SGD(0.1 if one else 1e30))

    on_ranks(2, train)


@pytest.mark.parametrize("way", [Synchronous, Asynchronous])
def test_ctrl_c_on_one_rank_stops_all(small_digits: Data, way: Way) -> None:
    def train(ranks: Ranks) -> int:
        training, seen = way(ranks), 0
        try:
            for seen, _ in enumerate(training.steps(mlp().initialize(np.random.default_rng(0)), *small_digits, 0), 1):
                if seen == 3 and ranks.rank == 1:
                    training.interrupted = lambda: True
        except KeyboardInterrupt:
            return seen
        raise AssertionError("nobody has stopped")

    seen = on_ranks(2, train)
    assert seen == [3, 3] or way is Asynchronous


def test_a_finished_training_takes_no_step(small_digits: Data) -> None:
    assert trained_on(1, small_digits, epochs_done=2)[0].reports == []


def test_a_resumed_training_goes_on_as_if_it_had_not_stopped(small_digits: Data) -> None:
    def train(ranks: Ranks, stops: bool) -> Array:
        rng, optimizer = np.random.default_rng(0), Adam(0.004)
        network = mlp().initialize(rng)
        settings = SETTINGS | {"optimizer": optimizer, "vary": Augment()}
        for report in Synchronous(ranks).steps(network, *small_digits, rng, **settings):
            if stops and isinstance(report, EpochReport):
                break
        if stops:
            list(Synchronous(ranks).steps(network, *small_digits, rng, epochs_done=1, **settings))
        return network.parameters

    whole, resumed = (on_ranks(2, partial(train, stops=stops))[0] for stops in (False, True))
    assert np.array_equal(whole, resumed)


def test_other_data_on_one_rank_is_told(small_digits: Data) -> None:
    def train(ranks: Ranks) -> None:
        Trained(Synchronous(ranks), (small_digits[0].take(np.arange(100 + ranks.rank)), small_digits[1]))

    with pytest.raises(UserError, match="different data"):
        on_ranks(2, train)


def test_compensation_brings_stale_gradients_nearer_to_fresh_ones(small_digits: Data) -> None:
    data, rng = small_digits[0], np.random.default_rng(0)
    network = mlp().initialize(rng)
    optimizer, compensation = Adam(0.002).attach(network.parameters, network.gradients), DelayCompensation(20.0)
    errors = []  # of the stale gradient and of the corrected one, in each step

    def gradient(rows: np.ndarray) -> np.ndarray:
        logits = network.forward(network.inputs(data.images[rows]), training=True)
        network.backward(SoftmaxCrossEntropy().value_and_gradient(logits, data.labels[rows])[1])
        return network.gradients.copy()

    for _ in range(80):
        rows = rng.integers(0, len(data), 64)
        stale, before = gradient(rows), network.parameters.copy()
        gradient(rng.integers(0, len(data), 64))
        optimizer.step()  # of another rank, in the meantime
        corrected = stale + compensation.slopes(stale) * (network.parameters - before)
        fresh = gradient(rows)
        errors.append((np.linalg.norm(stale - fresh), np.linalg.norm(corrected - fresh)))
    stale_error, corrected_error = np.sum(errors[10:], axis=0)
    assert corrected_error < 0.99 * stale_error


def test_the_compensation_is_that_of_the_paper() -> None:
    """lambda_0 g g / sqrt(q), and q = (1 - m) g g after the first gradient."""
    slopes = DelayCompensation(2.0).slopes(np.array([0.5, -2.0]))
    np.testing.assert_allclose(slopes, 2.0 / np.sqrt(0.05) * np.array([0.5, 2.0]), rtol=1e-5)


@pytest.mark.parametrize("ranks", [1, 2, 3, 7])
@pytest.mark.parametrize("examples", [3, 64, 100])
def test_the_shares_of_all_ranks_are_the_batch(examples: int, ranks: int) -> None:
    batch = np.random.default_rng(0).permutation(examples)
    shares = on_ranks(ranks, lambda each: each.share(batch))
    assert np.concatenate(shares).tolist() == batch.tolist()
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
