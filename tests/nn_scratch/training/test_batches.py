"""Learning from a teacher, showing examples by weight, and probabilities that mean what they say."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch import mlp
from nn_scratch.data.dataset import Dataset
from nn_scratch.nn.layers import Dense
from nn_scratch.nn.losses import softmax
from nn_scratch.nn.network import DIGITS
from nn_scratch.training.batches import prepare
from nn_scratch.training.calibration import (
    accept,
    best_temperature,
    calibrate,
    expected_calibration_error,
    restore_frequencies,
)
from nn_scratch.training.distillation import Teachers
from nn_scratch.training.fit import TrainConfig, fit, shuffled
from nn_scratch.training.metrics import evaluate


@pytest.mark.parametrize("temperature", [1.0, 2.0, 5.0])
def test_the_gradient_of_distillation_matches_central_differences(temperature: float, rng: np.random.Generator) -> None:
    teachers = [mlp((6,), dtype=np.float64).initialize(rng) for _ in range(2)]
    wise = Teachers(teachers, temperature)
    wanted, logits = wise.opinion(rng.uniform(0, 1, (4, 784))), rng.standard_normal((4, 10))
    _, dz = wise.loss.value_and_gradient(logits, wanted)
    for row, column in np.ndindex(*logits.shape):
        step = np.zeros_like(logits)
        step[row, column] = 1e-6
        above, below = (wise.loss.value_and_gradient(logits + sign * step, wanted)[0] for sign in (1, -1))
        assert dz[row, column] == pytest.approx((above - below) / 2e-6, abs=1e-7)


@pytest.mark.parametrize("views", [None, 5])
def test_a_student_learns_from_its_teacher_alone(views: int | None, small_digits: tuple[Dataset, Dataset]) -> None:
    training, test = small_digits
    teacher = mlp((60,)).initialize(np.random.default_rng(0))
    for _ in fit(teacher, training, test, TrainConfig(epochs=15, batch_size=32), np.random.default_rng(0)):
        pass
    shuffled_labels = np.random.default_rng(1).permutation(training.labels)
    nonsense = Dataset(training.images, shuffled_labels, training.classes)
    student = mlp().initialize(np.random.default_rng(0))
    config = TrainConfig(epochs=25, batch_size=32, augment=views is not None, views=views)
    for _ in fit(student, nonsense, test, config, np.random.default_rng(0), teachers=[teacher]):
        pass
    assert evaluate(student, test).accuracy >= 0.93


def test_the_temperature_of_the_recipe_softens_what_is_learned(small_digits: tuple[Dataset, Dataset]) -> None:
    training, test = small_digits
    teacher = mlp((30,)).initialize(np.random.default_rng(0))
    losses = []
    for temperature in (1.0, 4.0):
        student = mlp((30,)).initialize(np.random.default_rng(1))
        config = TrainConfig(epochs=1, learning_rate=1e-9, temperature=temperature)
        (report,) = fit(student, training, test, config, np.random.default_rng(0), teachers=[teacher])
        wise = Teachers([teacher], temperature)
        logits = mlp((30,)).initialize(np.random.default_rng(1)).logits(training.images)
        expected, _ = wise.loss.value_and_gradient(logits, wise.opinion(training.images))
        assert report.train_loss == pytest.approx(expected, rel=1e-3)
        losses.append(expected)
    assert losses[0] != pytest.approx(losses[1], rel=0.5)


def test_prepared_views_are_always_the_same_and_the_epochs_take_turns(small_digits: tuple[Dataset, Dataset]) -> None:
    training, _ = small_digits
    teachers = Teachers([mlp((9,)).initialize(np.random.default_rng(seed)) for seed in (0, 1)])
    seen: list[int] = []
    lessons = prepare(training, teachers, 2, augment=True, progress=seen.append)
    assert sum(seen) == 2 * len(training)
    rows = np.array([3, 0, len(training) - 1])
    first, second, third = (lessons(epoch, rows) for epoch in range(3))
    assert (first[0] != second[0]).any()
    assert (first[0] == third[0]).all()
    np.testing.assert_array_equal(first[1], third[1])
    np.testing.assert_allclose(second[1], teachers.opinion(second[0]), atol=1e-6)
    again = prepare(training, teachers, 2, augment=True)
    assert (again.views == lessons.views).all()
    unmoved = prepare(training, teachers, 1, augment=False)
    assert (unmoved.views[0] == training.images.reshape(len(training), -1)).all()


def test_weights_say_how_often_an_example_is_shown(rng: np.random.Generator) -> None:
    weights = np.array([0, 1, 2.5, 0.25], np.float32)
    data = Dataset(np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.int64), DIGITS, weights=weights)
    counts = sum(np.bincount(shuffled(data, rng), minlength=4) for _ in range(4000)) / 4000
    np.testing.assert_allclose(counts, [0, 1, 2.5, 0.25], atol=0.05)


def test_the_temperature_that_was_put_in_is_found(rng: np.random.Generator) -> None:
    logits = rng.standard_normal((20_000, 5)) * 2
    p = softmax(logits)
    labels = (p.cumsum(axis=1) > rng.random((len(p), 1))).argmax(axis=1)
    assert expected_calibration_error(p, labels) < 0.02
    assert expected_calibration_error(softmax(3 * logits), labels) > 0.1
    assert best_temperature(3 * logits, labels) == pytest.approx(3, rel=0.05)


def test_a_calibrated_network_says_the_same_less_surely(small_digits: tuple[Dataset, Dataset]) -> None:
    training, test = small_digits
    network = mlp().initialize(np.random.default_rng(0))
    for _ in fit(network, training, test, TrainConfig(epochs=20, batch_size=32), np.random.default_rng(0)):
        pass
    last = network.layers[-1]
    assert isinstance(last, Dense)
    last.W *= 4  # far too sure of itself
    last.b *= 4
    before = evaluate(network, test)
    assert calibrate(network, test) > 2
    after = evaluate(network, test)
    assert (after.confusion == before.confusion).all()
    assert after.loss < before.loss


def test_showing_a_class_more_often_can_be_taken_back(rng: np.random.Generator) -> None:
    """Where images say nothing, the answer is how frequent classes are: 3/4 and 1/4, though shown equally often."""
    labels = np.repeat([0, 1], [300, 100])
    weights = np.where(labels == 0, 1, 3).astype(np.float32)
    data = Dataset(np.zeros((400, 28, 28), np.uint8), labels, ("often", "rare"), weights=weights)
    network = mlp((4,), data.classes).initialize(rng)
    for _ in fit(network, data, data, TrainConfig(epochs=10, weight_decay=0), rng):
        pass
    assert network.predict_proba(data.images[:1])[0] == pytest.approx([0.5, 0.5], abs=0.03)
    restore_frequencies(network, data)
    assert network.predict_proba(data.images[:1])[0] == pytest.approx([0.75, 0.25], abs=0.03)


def test_the_border_accepts_the_share_it_is_asked_for(rng: np.random.Generator) -> None:
    network = mlp((8,), ("no", "yes")).initialize(rng)
    data = Dataset(rng.integers(0, 256, (500, 28, 28), dtype=np.uint8), rng.integers(0, 2, 500), ("no", "yes"))
    accept(network, data, "yes", 0.9)
    of_class = network.predict(data.images[data.labels == 1])
    assert of_class.mean() == pytest.approx(0.9, abs=0.01)
    with pytest.raises(ValueError, match="two classes"):
        accept(mlp(), data, "yes", 0.9)
