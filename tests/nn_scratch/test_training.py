"""Training: it learns, it shows every example, it does the same thing twice, and it says what does not fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch import (
    SGD,
    Adam,
    BinaryCrossEntropy,
    Dataset,
    Dense,
    EpochReport,
    Flatten,
    Network,
    ReLU,
    Residual,
    Sigmoid,
    Softmax,
    SoftmaxCrossEntropy,
    Standardize,
    StepReport,
    Tanh,
    evaluate,
    find_learning_rate,
    fit,
    load,
    mlp,
    save,
    steps,
)
from nn_scratch.arrays import Array, check_inputs
from nn_scratch.calibration import balanced_class_weights
from nn_scratch.data.variation import Augment
from nn_scratch.losses import Loss, QuadraticLoss
from nn_scratch.network import DIGITS
from nn_scratch.optimizers import Schedule
from nn_scratch.training import DivergedError, shuffled

Sets = tuple[Dataset, Dataset]


def trained(data: Sets, seed: int = 0, **settings: Any) -> Network:
    rng = np.random.default_rng(seed)
    network = mlp().initialize(rng)
    fit(network, *data, rng, **settings)
    return network


@pytest.mark.parametrize("optimizer", [Adam(0.004), SGD(0.05, weight_decay=0), None])
def test_it_learns_real_digits(small_digits: Sets, optimizer: Adam | SGD | None) -> None:
    network = trained(small_digits, epochs=30, batch_size=32, optimizer=optimizer)
    assert evaluate(network, small_digits[1]).accuracy >= 0.95


@pytest.mark.slow
def test_mnist_in_ten_epochs(mnist_data: Sets) -> None:
    training, test = mnist_data
    training, validation = training.split(5000, np.random.default_rng(0))
    assert evaluate(trained((training, validation)), test).accuracy >= 0.975
    assert evaluate(trained((training, validation), optimizer=SGD()), test).accuracy >= 0.965
    assert evaluate(trained((training, validation), patience=2), test).accuracy >= 0.97


def test_the_same_seed_gives_the_same_bytes(small_digits: Sets, tmp_path: Path) -> None:
    for vary in (None, Augment()):
        for name, seed in (("a", 0), ("b", 0), ("c", 1)):
            save(trained(small_digits, seed, epochs=2, vary=vary), tmp_path / name)
        first, second, other = ((tmp_path / name).read_bytes() for name in "abc")
        assert first == second
        assert first != other


def test_a_seed_is_as_good_as_a_generator(small_digits: Sets) -> None:
    networks = [mlp((5,)).initialize(np.random.default_rng(0)) for _ in range(2)]
    fit(networks[0], *small_digits, 7, epochs=1)
    fit(networks[1], *small_digits, np.random.default_rng(7), epochs=1)
    assert (networks[0].parameters == networks[1].parameters).all()


def watched(network: Network, seen: list[np.ndarray]) -> None:
    """Keep a copy of each batch that `network` learns from."""
    forward = network.forward

    def watch(x: np.ndarray, training: bool = False) -> np.ndarray:
        if training:
            seen.append(x.copy())
        return forward(x, training)

    network.forward = watch  # type: ignore[method-assign]


def test_every_example_is_seen_once_an_epoch_in_a_new_order() -> None:
    """70 examples in batches of 32: the batch of 6 that is left counts, and each epoch is shuffled anew."""
    images = np.zeros((70, 28, 28), np.uint8)
    images[np.arange(70), 0, 0] = np.arange(70) + 1
    data = Dataset(images, np.zeros(70, np.int64), DIGITS)
    network, seen = mlp((4,)).initialize(np.random.default_rng(0)), list[np.ndarray]()
    watched(network, seen)
    reports = fit(network, data, data, 0, epochs=2, batch_size=32)
    assert [len(x) for x in seen] == [32, 32, 6] * 2
    order = [np.rint(np.concatenate(half)[:, 0] * 255).astype(int).tolist() for half in (seen[:3], seen[3:])]
    assert sorted(order[0]) == sorted(order[1]) == list(range(1, 71))
    assert order[0] != order[1]
    assert [report.epoch for report in reports] == [1, 2]


def test_weights_say_how_often_an_example_is_shown(rng: np.random.Generator) -> None:
    weights = np.array([0, 1, 2.5, 0.25], np.float32)
    data = Dataset(np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.int64), DIGITS, weights=weights)
    counts = sum(np.bincount(shuffled(data, rng), minlength=4) for _ in range(4000)) / 4000
    np.testing.assert_allclose(counts, weights, atol=0.05)


def test_reports_tell_steps_and_epochs(small_digits: Sets) -> None:
    """An epoch is the mean of its steps; a caller may evaluate in between, and `fit` takes the same way."""
    network, other = (mlp((8,)).initialize(np.random.default_rng(0)) for _ in range(2))
    results = []
    for report in steps(network, *small_digits, 1, epochs=3, batch_size=100):
        evaluate(network, small_digits[1])
        results.append(report)
    epochs = [report for report in results if isinstance(report, EpochReport)]
    per_epoch = math.ceil(len(small_digits[0]) / 100)
    assert len(results) == 3 * (per_epoch + 1)
    first = [report for report in results[:per_epoch] if isinstance(report, StepReport)]
    examples = sum(step.examples for step in first)
    assert examples == len(small_digits[0])
    assert epochs[0].train_loss == pytest.approx(sum(step.loss * step.examples for step in first) / examples)
    assert epochs[0].train_accuracy == pytest.approx(sum(step.right or 0 for step in first) / examples)
    assert epochs[0].images_per_second == pytest.approx(examples / epochs[0].seconds)
    assert epochs[2].train_loss < epochs[0].train_loss
    score = evaluate(network, small_digits[1])
    assert (epochs[2].validation_loss, epochs[2].validation_accuracy) == (score.loss, score.accuracy)
    told: list[EpochReport] = []
    eager = fit(other, *small_digits, 1, epochs=3, batch_size=100, on_epoch=told.append)
    assert [each.validation_loss for each in eager] == [each.validation_loss for each in epochs]
    assert told == eager


def test_fit_keeps_the_best_epoch(small_digits: Sets) -> None:
    """A rate that explodes after the second epoch, and stays finite, spoils the third."""
    network = mlp((8,)).initialize(np.random.default_rng(0))
    reports = fit(network, *small_digits, 0, epochs=3, schedule=lambda t: 1.0 if t < 2 / 3 else 100.0)
    best = max(reports, key=EpochReport.quality)
    assert best.epoch < 3
    assert evaluate(network, small_digits[1]).loss == best.validation_loss


def test_patience_waits_for_the_rate_to_fall(small_digits: Sets) -> None:
    """With a constant rate it stops; under a one-cycle, large steps may be in vain for long before they settle."""
    flat = Dataset(small_digits[1].images, np.roll(small_digits[1].labels, 1), DIGITS)  # what cannot be learned

    def length(schedule: str) -> int:
        return len(
            fit(
                mlp((8,)).initialize(np.random.default_rng(0)),
                small_digits[0],
                flat,
                0,
                epochs=20,
                patience=2,
                schedule=schedule,
            )
        )

    assert length("constant") < 12
    assert length("one-cycle") >= 13


def test_a_training_waits_for_its_caller(small_digits: Sets) -> None:
    network = mlp((8,)).initialize(np.random.default_rng(0))
    before = network.parameters.copy()
    results = steps(network, *small_digits, 0)
    assert (network.parameters == before).all()
    with np.errstate(over="raise"):
        for _ in islice(results, 1):
            assert network.gradients.any()
            assert (network.parameters != before).any()
            assert np.geterr()["over"] == "raise"  # the warnings of the caller stay as they are


@pytest.mark.parametrize("name", ["teacher", "callbacks", "learning_rat", "config", "teachers"])
def test_an_unknown_setting_is_a_type_error(name: str, small_digits: Sets) -> None:
    network = mlp((8,)).initialize(np.random.default_rng(0))
    ways: list[Callable[..., Any]] = [
        partial(fit, network, *small_digits, 0),
        partial(steps, network, *small_digits, 0),
        partial(find_learning_rate, network, small_digits[0], 0),
    ]
    for ask in ways:
        with pytest.raises(TypeError, match=f"unexpected keyword argument '{name}'"):
            ask(**{name: 1})


def test_what_does_not_fit_together_is_refused_before_the_first_step(small_digits: Sets) -> None:
    training, test = small_digits
    network = mlp((5,)).initialize(np.random.default_rng(0))
    dark = replace(training, images=training.images // 16)
    none = replace(training, weights=np.zeros(len(training), np.float32))
    cases: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
        ((replace(training, classes=tuple("abcdefghij")), test), {}, "The network knows 0 1 2"),
        ((training, replace(test, classes=tuple("abcdefghij"))), {}, "but the data shows a b c"),
        ((replace(training, images=training.images[:, :14]), test), {}, r"inputs of shape \(784,\)"),
        ((training, test[:0]), {}, "no examples"),
        ((dark, test), {}, "the largest of these is 15; divide them: images / 15"),
        ((none, test), {}, "All weights are 0"),
        ((training, test), {"epochs": 0}, "epochs is 0, but it must be a whole number"),
        ((training, test), {"batch_size": 1.5}, "batch_size is 1.5"),
        ((training, test), {"schedule": "linear"}, "no schedule 'linear'; choose one of constant, step"),
        ((training, test), {"loss": "hinge"}, "no loss 'hinge'; choose one of cross-entropy, binary, quadratic"),
        ((training, test), {"loss": SoftmaxCrossEntropy(class_weights=[1, 2])}, "10 classes and 2 class weights"),
    ]
    before = network.parameters.copy()
    data: tuple[Any, ...]
    for data, settings, sentence in cases:
        with pytest.raises(ValueError, match=sentence):
            fit(network, data[0], data[1], 0, **settings)
        assert (network.parameters == before).all()
    with pytest.raises(ValueError, match="never initialized"):
        fit(mlp(), *small_digits, 0)
    fit(
        Network([Flatten(), Dense(10, "zeros")], (28, 28), DIGITS).initialize(np.random.default_rng(0)),
        *small_digits,
        0,
        epochs=1,
    )


@pytest.mark.parametrize(("layer", "loss"), [(Softmax, "cross-entropy"), (Softmax, "binary"), (Sigmoid, "binary")])
def test_what_the_loss_contains_is_no_layer(layer: type[Softmax], loss: str, small_digits: Sets) -> None:
    network = Network([Dense(10), layer()], (784,), DIGITS).initialize(np.random.default_rng(0))
    with pytest.raises(ValueError, match=f"The loss {loss} contains the {layer.kind}; leave out"):
        fit(network, *small_digits, 0, loss=loss)
    fit(network, *small_digits, 0, epochs=40, loss="quadratic", optimizer=Adam(0.003, weight_decay=0))
    assert evaluate(network, small_digits[1]).accuracy > 0.8
    assert network.predict_proba(small_digits[1].images[:5]).max() <= 1  # no softmax of a softmax


@pytest.mark.parametrize("optimizer", [Adam(1e6), SGD(1e6)])
def test_steps_that_are_far_too_large_end_with_advice(optimizer: Adam | SGD, small_digits: Sets) -> None:
    with pytest.raises(DivergedError, match=r"diverged in epoch 1: .* learning rate well below 1e\+06\.$"):
        trained(small_digits, epochs=3, optimizer=optimizer)
    network = mlp()
    network.parameters[...] = np.nan
    with pytest.raises(FloatingPointError, match="not finite"):
        evaluate(network, small_digits[1])


def test_the_penalty_the_decay_and_the_limit_count_all_parameters(small_digits: Sets) -> None:
    """With a gradient of 0, one step of plain descent shows what is added: the decay and the penalty, of biases too."""
    blank = Dataset(np.zeros((4, 28, 28), np.uint8), np.zeros(4), ("0",))
    network = mlp((5,), ("0",)).initialize(np.random.default_rng(0))
    network.layers[-1].W[...] = 0  # so that the answer is 0, whatever the rest is
    network.parameters[:100] += 1
    before = network.parameters.copy()
    fit(network, blank, None, 0, epochs=1, schedule="constant", optimizer=SGD(0.1, weight_decay=0.2, l2=0.3))
    np.testing.assert_allclose(network.parameters, before * (1 - 0.1 * 0.2) - 0.1 * 0.3 * before, rtol=1e-5)
    clipped = mlp((5,)).initialize(np.random.default_rng(0))
    for _ in steps(clipped, *small_digits, 0, epochs=1, optimizer=SGD(largest_norm=0.01)):
        assert np.linalg.norm(clipped.gradients) <= 0.01001


def test_training_and_validation_loss_are_one_function(small_digits: Sets) -> None:
    loss = SoftmaxCrossEntropy(0.2, balanced_class_weights(small_digits[0]))
    network = mlp((8,)).initialize(np.random.default_rng(0))
    (report,) = fit(network, small_digits[0], small_digits[0], 0, epochs=1, optimizer=Adam(1e-9), loss=loss)
    assert report.train_loss == pytest.approx(report.validation_loss, rel=0.02)
    assert report.validation_loss == loss.value(network.logits(small_digits[0].images), small_digits[0].labels)


def test_inputs_are_standardized_as_the_training_set_is(rng: np.random.Generator) -> None:
    """In a program, too: a table whose columns differ by a million times is learned."""
    x = rng.standard_normal((600, 3)) * [1e-3, 1.0, 1e3] + [5.0, 0.0, -1e4]
    data = Dataset(x, (x[:, 0] > 5).astype(np.int64) + 2 * (x[:, 2] > -1e4))
    network = Network([Standardize(), Dense(16), ReLU(), Dense(4)], (3,), data.classes).initialize(rng)
    fit(network, data[:500], data[500:], rng, epochs=40, batch_size=16)
    assert evaluate(network, data[500:]).accuracy > 0.93
    first = network.layers[0]
    assert isinstance(first, Standardize)
    np.testing.assert_allclose(first.mean, x[:500].mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(first.deviation, x[:500].std(axis=0), rtol=1e-4)
    kept = first.mean.copy()
    fit(network, data[500:], None, rng, epochs=1)
    assert (first.mean == kept).all()  # what was learned on stays what it was


def test_a_layer_within_another_measures_what_it_will_read(rng: np.random.Generator) -> None:
    inner, data = Standardize(), iris_like(rng)
    network = Network([Dense(4), Residual([Tanh(), inner]), Dense(3)], (4,), data.classes).initialize(rng)
    x = np.tanh(network.layers[0].forward(data.images))
    fit(network, data, None, rng, epochs=1)
    np.testing.assert_allclose(inner.mean, x.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(inner.deviation, x.std(axis=0), rtol=1e-4)


def iris_like(rng: np.random.Generator) -> Dataset:
    """Three clouds of rows of four numbers."""
    labels = rng.integers(0, 3, 300)
    return Dataset(rng.standard_normal((300, 4)) + 4 * np.eye(4)[labels], labels, ("setosa", "versicolor", "virginica"))


def test_tables_regressions_and_several_labels_need_no_loop_of_their_own(
    rng: np.random.Generator, tmp_path: Path
) -> None:
    data = iris_like(rng)
    network = mlp((8,), data.classes, inputs=4).initialize(rng)
    fit(network, data[:200], data[200:], rng, epochs=30, batch_size=16)
    assert evaluate(network, data[200:]).accuracy > 0.95

    x = rng.uniform(-1, 1, (400, 2))
    line = Dataset(x, 3 * x[:, 0] - x[:, 1], ("height",))
    network = mlp((16,), line.classes, inputs=2).initialize(rng)
    reports = fit(network, line[:300], line[300:], rng, epochs=60, batch_size=16, optimizer=Adam(0.01, weight_decay=0))
    score = evaluate(network, line[300:])
    assert score.loss < 0.05
    assert math.isnan(score.accuracy)
    assert math.isnan(reports[-1].validation_accuracy)
    assert network.predict(x[:5]).shape == (5,)
    np.testing.assert_allclose(network.predict(x[:50]), line.labels[:50], atol=1)

    signs = Dataset(x, x > 0, ("right", "up"))
    network = mlp((16,), signs.classes, inputs=2).initialize(rng)
    fit(network, signs[:300], signs[300:], rng, epochs=40, batch_size=16)
    assert isinstance(network.loss, BinaryCrossEntropy)
    assert evaluate(network, signs[300:]).accuracy > 0.93
    save(network, tmp_path / "signs.npy")
    again = load(tmp_path / "signs.npy")
    assert (again.predict(x) == network.predict(x)).all()
    assert again.predict(np.array([[0.9, -0.9]])).tolist() == [[1, 0]]


def test_one_output_answers_one_question(rng: np.random.Generator) -> None:
    x = rng.standard_normal((400, 2))
    data = Dataset(x, (x.sum(axis=1) > 0).astype(np.int64), ("no", "yes"))
    network = mlp((8,), ("yes",), inputs=2).initialize(rng)
    reports = fit(network, data[:300], data[300:], rng, epochs=30, batch_size=16)
    assert reports[-1].train_accuracy is not None
    assert reports[-1].train_accuracy > 0.9
    score = evaluate(network, data[300:])
    assert score.accuracy > 0.93
    assert score.confusion.shape == (2, 2)
    assert score.calibration_error < 0.2
    p = network.predict_proba(x[300:])
    assert p.min() < 0.2 < 0.8 < p.max()


def test_without_validation_the_last_epoch_is_kept(small_digits: Sets) -> None:
    network = mlp((8,)).initialize(np.random.default_rng(0))
    reports = fit(network, small_digits[0], None, 0, epochs=3)
    assert math.isnan(reports[-1].validation_loss)
    assert evaluate(network, small_digits[0]).loss < reports[-1].train_loss * 1.1
    assert reports[-1].train_loss < reports[0].train_loss


def test_the_learning_rate_finder_suggests_a_rate_that_learns(small_digits: Sets) -> None:
    network = mlp().initialize(np.random.default_rng(0))
    before = network.parameters.copy()
    curve = find_learning_rate(network, small_digits[0], 0, optimizer=SGD(), batch_size=32)
    assert (network.parameters == before).all()
    assert 1e-3 < curve.suggestion < 1
    assert curve.losses[-1] > 2 * curve.losses.min()
    learned = trained(small_digits, epochs=10, batch_size=32, optimizer=SGD(curve.suggestion))
    assert evaluate(learned, small_digits[1]).accuracy > 0.9
    assert len(list(curve.lines())) <= 20


def test_floats_are_looked_at_once_and_not_in_each_batch(small_digits: Sets, monkeypatch: pytest.MonkeyPatch) -> None:
    training, validation = (replace(data, images=data.images / 255) for data in small_digits)
    calls: list[int] = []

    def watched(images: Any) -> Any:
        calls.append(len(images))
        return check_inputs(images)

    monkeypatch.setattr("nn_scratch.network.check_inputs", watched)
    fit(mlp((5,)).initialize(np.random.default_rng(0)), training, validation, 0, epochs=3, batch_size=10)
    assert calls == [len(validation)] * 3


def test_numbers_of_any_size_are_learned(rng: np.random.Generator) -> None:
    """A loss of numbers has no limit: it depends on their units."""
    x = rng.standard_normal((300, 3))
    data = Dataset(x, 150 + 40 * x[:, :1], ("price",))
    reports = fit(mlp((8,), data.classes, inputs=3).initialize(rng), data, data, rng, epochs=2, batch_size=32)
    assert reports[0].validation_loss > 1000


@pytest.mark.parametrize("schedule", [lambda t: t, lambda t: 2 * t % 1, lambda t: 1 - t])
def test_a_rate_may_begin_at_nothing(schedule: Schedule, small_digits: Sets) -> None:
    assert len(fit(mlp((4,)).initialize(np.random.default_rng(0)), *small_digits, 0, epochs=2, schedule=schedule)) == 2


def test_what_was_learned_with_stays_the_loss_of_numbers(rng: np.random.Generator) -> None:
    class Absolute(Loss):
        """Mean absolute error."""

        def value_and_gradient(self, z: Array, y: Any) -> tuple[float, Array]:
            error = z - y.reshape(z.shape)
            return float(abs(error).mean()), np.sign(error) / error.size

    x = rng.standard_normal((60, 3))
    data = Dataset(x, x[:, :1], ("y",))
    network = mlp((4,), data.classes, inputs=3).initialize(rng)
    fit(network, data, None, rng, epochs=1, loss=Absolute())
    fit(network, data, None, rng, epochs=1)
    assert isinstance(network.loss, Absolute)


def test_names_and_objects_are_taken_but_not_classes(small_digits: Sets) -> None:
    network = mlp((4,)).initialize(np.random.default_rng(0))
    fit(network, *small_digits, 0, epochs=1, optimizer="sgd")
    wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"optimizer": "momentum"}, ValueError, "no optimizer 'momentum'; choose one of sgd, nesterov, adam"),
        ({"optimizer": Adam}, TypeError, r"such as Adam\(0.01\)"),
        ({"loss": QuadraticLoss}, TypeError, r"such as QuadraticLoss\(\)"),
    ]
    for settings, error, sentence in wrong:
        with pytest.raises(error, match=sentence):
            fit(network, *small_digits, 0, epochs=1, **settings)
    assert isinstance(network.loss, SoftmaxCrossEntropy)
    with pytest.raises(ValueError, match="patience asks"):
        fit(network, small_digits[0], None, 0, patience=2)
