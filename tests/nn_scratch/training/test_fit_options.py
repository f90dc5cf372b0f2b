"""What a program may choose beside the configuration: a loss, a schedule, patience; a training runs by itself."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch.arrays import Array
from nn_scratch.dataset import Dataset
from nn_scratch.losses import LOSSES, BinaryCrossEntropy, SoftmaxCrossEntropy, Summed
from nn_scratch.metrics import evaluate
from nn_scratch.network import Network, mlp
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import fit, steps, train_network
from nn_scratch.training.rate_finder import HIGHEST, LOWEST, find_learning_rate
from nn_scratch.training.rehearsal import Rehearsal
from nn_scratch.training.reports import StepReport

Digits = tuple[Dataset, Dataset]


def begin(seed: int = 0) -> tuple[Network, np.random.Generator]:
    rng = np.random.default_rng(seed)
    return mlp((20,)).initialize(rng), rng


@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_every_loss_learns_real_digits(loss: str, small_digits: Digits) -> None:
    network, rng = begin()
    train_network(network, *small_digits, TrainConfig(epochs=20, batch_size=32, loss=loss, weight_decay=0.01), rng)
    assert evaluate(network, small_digits[1]).accuracy >= 0.94


def test_a_loss_of_its_own_gets_labels_and_decides_what_is_learned(small_digits: Digits) -> None:
    """This one asks for the class before the right one."""

    class Before:
        def value_and_gradient(self, logits: Array, y: Array, /) -> tuple[float, Array]:
            assert y.ndim == 1
            return SoftmaxCrossEntropy().value_and_gradient(logits, (y.astype(int) - 1) % 10)

    network, rng = begin()
    for _ in fit(network, *small_digits, TrainConfig(epochs=10, batch_size=32), rng, loss=Before()):
        pass
    test = small_digits[1]
    assert (network.predict(test.images) == (test.labels - 1) % 10).mean() > 0.9


def test_a_sum_is_a_mean_with_a_larger_rate(small_digits: Digits) -> None:
    training = small_digits[0].take(np.arange(120))
    results = []
    for loss, rate in ((SoftmaxCrossEntropy(), 0.6), (Summed(SoftmaxCrossEntropy()), 0.02)):
        network, rng = begin()
        config = TrainConfig(2, 30, "sgd", rate, 0, momentum=0.0)
        train_network(network, training, small_digits[1], config, rng, loss=loss)
        results.append(network.parameters)
    np.testing.assert_allclose(results[0], results[1], rtol=1e-3, atol=1e-5)


def test_a_schedule_may_be_any_function(small_digits: Digits) -> None:
    seen: list[float] = []

    def schedule(t: float) -> float:
        seen.append(t)
        return 0.0

    network, rng = begin()
    before = network.parameters.copy()
    config = TrainConfig(epochs=2, batch_size=500)
    list(fit(network, *small_digits, config, rng, schedule=schedule))
    assert (network.parameters == before).all()
    count = len(small_digits[0])
    assert seen == pytest.approx([0, 250 / count, 500 / count, 0.5, 0.5 + 250 / count, 0.5 + 500 / count])


def test_a_training_runs_by_itself_and_keeps_its_best_epoch(small_digits: Digits) -> None:
    network, rng = begin()
    config = TrainConfig(epochs=8, batch_size=32, learning_rate=0.05, schedule="constant")
    reports = train_network(network, *small_digits, config, rng)
    assert [report.epoch for report in reports] == list(range(1, 9))
    best = max(reports, key=lambda report: report.quality())
    score = evaluate(network, small_digits[1])
    assert (score.accuracy, score.loss) == (best.validation_accuracy, best.validation_loss)
    other, rng = begin()
    assert [r.train_loss for r in fit(other, *small_digits, config, rng)] == [r.train_loss for r in reports]


def test_patience_ends_a_training_that_is_not_getting_better(small_digits: Digits) -> None:
    network, rng = begin()
    config = TrainConfig(epochs=50, batch_size=500)
    reports = train_network(network, *small_digits, config, rng, patience=3, schedule=lambda t: 0.0)
    assert [report.epoch for report in reports] == [1, 2, 3, 4]
    assert train_network(network, *small_digits, config, rng, epochs_done=50) == []


def test_one_weight_per_class(small_digits: Digits) -> None:
    network, rng = begin()
    with pytest.raises(ValueError, match="10 classes and 2 class weights"):
        next(fit(network, *small_digits, TrainConfig(class_weights=(1.0, 2.0)), rng))
    weights = (0.0, *[1.0] * 9)  # zeros do not count, so no zero is learned
    train_network(network, *small_digits, TrainConfig(epochs=10, class_weights=weights), rng)
    assert not (network.predict(small_digits[1].images) == 0).any()


def test_soft_targets_may_have_another_loss_too(small_digits: Digits) -> None:
    network, rng = begin()
    rehearsal = Rehearsal(mlp().initialize(rng), 100)
    options = {"rehearsal": rehearsal, "loss": BinaryCrossEntropy()}
    results = list(steps(network, *small_digits, TrainConfig(epochs=1), rng, **options))  # type: ignore[arg-type]
    assert all(result.right is None for result in results if isinstance(result, StepReport))


def test_the_rate_finder_finds_a_rate_that_learns_and_changes_nothing(small_digits: Digits) -> None:
    for optimizer in ("adam", "sgd"):
        network, rng = begin()
        before = network.parameters.copy()
        config = TrainConfig(epochs=4, batch_size=32, optimizer=optimizer, weight_decay=0)
        curve = find_learning_rate(network, small_digits[0], config, rng)
        assert (network.parameters == before).all()
        assert len(curve.rates) == len(curve.losses) >= 50
        assert curve.rates[0] == pytest.approx(LOWEST)
        assert (np.diff(np.log(curve.rates)) > 0).all()
        assert curve.rates[-1] <= HIGHEST
        assert 0.5 * curve.losses[0] > curve.losses.min()
        lines = list(curve.lines(10, 30))
        assert len(lines) == 10
        assert max(line.count("#") for line in lines) == 30
        train_network(
            network, *small_digits, TrainConfig(5, 32, optimizer, curve.suggestion, 0, schedule="constant"), rng
        )
        assert evaluate(network, small_digits[1]).accuracy > 0.85
