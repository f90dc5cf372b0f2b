"""Metrics: how good a network is, and what it gets wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_scratch.calibration import (
    accept,
    balanced_class_weights,
    best_temperature,
    calibrate,
    reliability,
    restore_frequencies,
)
from nn_scratch.dataset import Dataset
from nn_scratch.layers import Dense, Tanh
from nn_scratch.losses import softmax
from nn_scratch.metrics import BINS, Score, evaluate, expected_calibration_error, worst_mistakes
from nn_scratch.network import DIGITS, Network, mlp
from nn_scratch.optimizers import Adam
from nn_scratch.training import fit


def test_a_score_counts_what_was_taken_for_what() -> None:
    score = Score(0.5, 0.7, 0.0, None, np.array([[3, 1, 0], [0, 0, 0], [2, 0, 4]]), ("x", "y", "z"))
    assert score.class_accuracy == {"x": 0.75, "z": pytest.approx(2 / 3)}


def test_evaluate_refuses_other_classes(small_digits: tuple[Dataset, Dataset]) -> None:
    with pytest.raises(ValueError, match="The network knows a b"):
        evaluate(mlp((3,), ("a", "b")), small_digits[1])
    with pytest.raises(ValueError, match="no examples"):
        evaluate(mlp(), small_digits[1].take(np.arange(0)))


def test_writers_count_alike_however_much_they_wrote(rng: np.random.Generator) -> None:
    """One writer's three digits are read correctly and another one's only digit is not: 3/4, but 1/2 over writers."""
    network = mlp((), inputs=4)
    last = network.layers[-1]
    assert isinstance(last, Dense)
    last.b[7] = 1  # everything is a 7
    data = Dataset(np.zeros((4, 2, 2), np.uint8), np.array([7, 7, 7, 1]), DIGITS, writers=np.array([3, 3, 3, 5]))
    score = evaluate(network, data)
    assert (score.accuracy, score.writer_accuracy) == (0.75, 0.5)
    assert evaluate(network, Dataset(data.images, data.labels, DIGITS)).writer_accuracy is None


def test_the_calibration_error_is_the_distance_of_confidence_and_accuracy() -> None:
    p = np.array([[0.9, 0.1]] * 4 + [[0.3, 0.7]] * 4)
    labels = np.array([0, 0, 0, 1, 1, 0, 0, 0])  # 3 of 4 right at 0.9, 1 of 4 right at 0.7
    assert expected_calibration_error(p, labels) == pytest.approx((abs(0.75 - 0.9) + abs(0.25 - 0.7)) / 2)


def test_the_calibration_curve_has_the_mean_of_each_bin() -> None:
    p = np.array([[0.9, 0.1]] * 4 + [[0.3, 0.7]] * 4)
    labels = np.array([0, 0, 0, 1, 1, 0, 0, 0])
    curve = reliability(p, labels)
    assert curve.count.tolist() == [0] * 10 + [4, 0, 0, 4, 0]
    assert len(curve.count) == BINS
    assert curve.confidence[[10, 13]] == pytest.approx([0.7, 0.9])
    assert curve.accuracy[[10, 13]] == pytest.approx([0.25, 0.75])
    assert np.isnan(curve.accuracy[0])
    gaps = np.abs(curve.confidence - curve.accuracy)
    assert np.nansum(gaps * curve.count) / 8 == pytest.approx(expected_calibration_error(p, labels))


def test_the_worst_mistakes_are_those_of_the_highest_confidence(small_digits: tuple[Dataset, Dataset]) -> None:
    network, data = mlp().initialize(np.random.default_rng(0)), small_digits[1]
    mistakes = worst_mistakes(network, data, 10)
    p = network.predict_proba(data.images)
    wrong = p.argmax(axis=1) != data.labels
    assert wrong[mistakes.rows].all()
    assert (mistakes.taken_for == p[mistakes.rows].argmax(axis=1)).all()
    assert mistakes.probability.tolist() == sorted(p.max(axis=1)[wrong].tolist(), reverse=True)[:10]


def test_the_temperature_that_was_put_in_is_found(rng: np.random.Generator) -> None:
    logits = rng.standard_normal((20_000, 5)) * 2
    p = softmax(logits)
    labels = (p.cumsum(axis=1) > rng.random((len(p), 1))).argmax(axis=1)
    assert expected_calibration_error(p, labels) < 0.02
    assert expected_calibration_error(softmax(3 * logits), labels) > 0.1
    assert best_temperature(3 * logits, labels) == pytest.approx(3, rel=0.05)


def test_a_calibrated_network_predicts_the_same_with_less_confidence(small_digits: tuple[Dataset, Dataset]) -> None:
    training, test = small_digits
    network = mlp().initialize(np.random.default_rng(0))
    fit(network, training, test, 0, epochs=20, batch_size=32)
    last = network.layers[-1]
    assert isinstance(last, Dense)
    last.W *= 4  # far too confident
    last.b *= 4
    before = evaluate(network, test)
    assert calibrate(network, test) > 2
    after = evaluate(network, test)
    assert (after.confusion == before.confusion).all()
    assert after.loss < before.loss


def test_the_effect_of_showing_a_class_more_often_is_taken_back(rng: np.random.Generator) -> None:
    """Blank images leave only the frequencies of the classes: 3/4 and 1/4, although both are shown equally often."""
    labels = np.repeat([0, 1], [300, 100])
    weights = np.where(labels == 0, 1, 3).astype(np.float32)
    data = Dataset(np.zeros((400, 28, 28), np.uint8), labels, ("often", "rare"), weights=weights)
    network = mlp((4,), data.classes).initialize(rng)
    fit(network, data, data, rng, epochs=10, optimizer=Adam(weight_decay=0))
    assert network.predict_proba(data.images[:1])[0] == pytest.approx([0.5, 0.5], abs=0.03)
    restore_frequencies(network, data)
    assert network.predict_proba(data.images[:1])[0] == pytest.approx([0.75, 0.25], abs=0.03)


def test_the_border_accepts_the_fraction_that_is_asked_for(rng: np.random.Generator) -> None:
    network = mlp((8,), ("no", "yes")).initialize(rng)
    data = Dataset(rng.integers(0, 256, (500, 28, 28), dtype=np.uint8), rng.integers(0, 2, 500), ("no", "yes"))
    accept(network, data, "yes", 0.9)
    of_class = network.predict(data.images[data.labels == 1])
    assert of_class.mean() == pytest.approx(0.9, abs=0.01)
    with pytest.raises(ValueError, match="two classes"):
        accept(mlp(), data, "yes", 0.9)


def test_numbers_are_read_as_the_nearer_of_two_classes() -> None:
    """Exclusive or, as a beginner asks for it: one output, the quadratic loss, labels 0 and 1."""
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    data = Dataset(x, np.array([0, 1, 1, 0]))
    network = Network([Dense(8), Tanh(), Dense(1)], (2,), "1").initialize(np.random.default_rng(0))
    reports = fit(
        network, data, data, 0, epochs=300, batch_size=4, loss="quadratic", optimizer=Adam(0.05, weight_decay=0)
    )
    assert reports[-1].train_accuracy == reports[-1].validation_accuracy == 1.0
    network.arrays["dense_2"]["b"] -= 9
    assert evaluate(network, data).accuracy == 0.5  # outputs far below 0 belong to a bin, too


def test_what_cannot_be_scored_calibrated_or_weighed_is_one_sentence(rng: np.random.Generator) -> None:
    data = Dataset(rng.random((6, 3)), np.arange(6) % 2, ("a", "b"))
    network = mlp((4,), "ab", inputs=3).initialize(rng)
    with pytest.raises(ValueError, match="There is one class, a, so there is nothing to tell apart"):
        evaluate(mlp((4,), "a", inputs=3).initialize(rng), Dataset(data.images, np.zeros(6, np.int64), ("a",)))
    with pytest.raises(ValueError, match="no examples in the data"):
        calibrate(network, data[:0])
    with pytest.raises(ValueError, match="There are no examples of c"):
        accept(network, data, "c", 0.5)
    with pytest.raises(ValueError, match="one class each"):
        balanced_class_weights(Dataset(data.images, rng.random(6)))
    with pytest.raises(ValueError, match="knows a b, but the data shows x y"):
        restore_frequencies(network, replace(data, classes=("x", "y")))
