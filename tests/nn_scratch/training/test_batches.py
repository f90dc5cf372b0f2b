"""Batches: what they hold, how often an example is shown, and learning from teachers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nn_scratch import mlp
from nn_scratch.dataset import Dataset
from nn_scratch.losses import SoftTargets
from nn_scratch.metrics import evaluate
from nn_scratch.network import DIGITS
from nn_scratch.training.batches import (
    Batches,
    DistilledExamples,
    LabelledExamples,
    Teachers,
    cache_views,
    image_source,
    shuffled,
)
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import fit


def test_a_batch_is_images_from_0_to_1_with_their_labels(rng: np.random.Generator) -> None:
    """Seven examples in batches of three, in the shape that a convolution reads: 3, 3 and the 1 that is left."""
    images = rng.integers(0, 256, (7, 4, 4), dtype=np.uint8)
    data = Dataset(images, np.arange(7), DIGITS)
    order = rng.permutation(7)
    examples = LabelledExamples(image_source(data, False, rng), data.labels)
    batches = Batches(examples, 0, order, np.empty((3, 4, 4, 1), np.float32))
    pairs = [(x.copy(), y) for x, y in batches]
    assert len(batches) == 7
    assert [x.shape for x, _ in pairs] == [(3, 4, 4, 1), (3, 4, 4, 1), (1, 4, 4, 1)]
    np.testing.assert_allclose(np.concatenate([x for x, _ in pairs])[..., 0], images[order] / 255, atol=1e-6)
    assert np.concatenate([y for _, y in pairs]).tolist() == order.tolist()


def test_a_batch_is_made_when_its_turn_comes_in_the_same_memory(rng: np.random.Generator) -> None:
    asked: list[list[int]] = []

    def examples(epoch: int, rows: np.ndarray) -> tuple[np.ndarray, int]:
        asked.append(rows.tolist())
        return np.full((len(rows), 9), 255, np.uint8), epoch

    buffer = np.zeros((2, 9), np.float32)
    batches = iter(Batches(examples, 5, np.array([4, 3, 2]), buffer))
    assert asked == []
    x, y = next(batches)
    assert asked == [[4, 3]]
    assert np.shares_memory(x, buffer)
    assert (y, float(x.min()), float(x.max())) == (5, 1.0, 1.0)
    next(batches)
    assert asked == [[4, 3], [2]]


def test_augmented_batches_differ_from_epoch_to_epoch(small_digits: tuple[Dataset, Dataset]) -> None:
    training, _ = small_digits
    rng = np.random.default_rng(0)
    examples = LabelledExamples(image_source(training, True, rng), training.labels)
    rows = np.arange(20)
    (first, labels), (second, same_labels) = examples(0, rows), examples(1, rows)
    assert (first != second).any()
    assert (labels == same_labels).all()


def test_soft_targets_are_those_of_the_images_in_the_batch(small_digits: tuple[Dataset, Dataset]) -> None:
    training, _ = small_digits
    teachers = Teachers([mlp((9,)).initialize(np.random.default_rng(seed)) for seed in (0, 1)], temperature=3)
    source = image_source(training, True, np.random.default_rng(0))
    images, targets = DistilledExamples(source, teachers)(0, np.arange(20))
    np.testing.assert_allclose(targets, teachers.soft_targets(images), atol=1e-6)
    logits = np.mean([network.logits(images) for network in teachers.networks], axis=0) / 3
    np.testing.assert_allclose(targets, np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), atol=1e-6)


@pytest.mark.parametrize("temperature", [1.0, 2.0, 5.0])
def test_the_gradient_of_distillation_matches_central_differences(temperature: float, rng: np.random.Generator) -> None:
    teachers = [mlp((6,), dtype=np.float64).initialize(rng) for _ in range(2)]
    y = Teachers(teachers, temperature).soft_targets(rng.uniform(0, 1, (4, 784)))
    loss, logits = SoftTargets(temperature), rng.standard_normal((4, 10))
    _, dz = loss.value_and_gradient(logits, y)
    for row, column in np.ndindex(*logits.shape):
        step = np.zeros_like(logits)
        step[row, column] = 1e-6
        above, below = (loss.value_and_gradient(logits + sign * step, y)[0] for sign in (1, -1))
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


def test_the_temperature_of_the_configuration_softens_what_is_learned(small_digits: tuple[Dataset, Dataset]) -> None:
    training, test = small_digits
    teacher = mlp((30,)).initialize(np.random.default_rng(0))
    losses = []
    for temperature in (1.0, 4.0):
        student = mlp((30,)).initialize(np.random.default_rng(1))
        config = TrainConfig(epochs=1, learning_rate=1e-9, temperature=temperature)
        (report,) = fit(student, training, test, config, np.random.default_rng(0), teachers=[teacher])
        y = Teachers([teacher], temperature).soft_targets(training.images)
        logits = mlp((30,)).initialize(np.random.default_rng(1)).logits(training.images)
        expected, _ = SoftTargets(temperature).value_and_gradient(logits, y)
        assert report.train_loss == pytest.approx(expected, rel=1e-3)
        losses.append(expected)
    assert losses[0] != pytest.approx(losses[1], rel=0.5)


def test_cached_views_are_always_the_same_and_the_epochs_take_turns(small_digits: tuple[Dataset, Dataset]) -> None:
    training, _ = small_digits
    teachers = Teachers([mlp((9,)).initialize(np.random.default_rng(seed)) for seed in (0, 1)])
    seen: list[int] = []
    views = cache_views(training, teachers, 2, augment=True, progress=seen.append)
    assert sum(seen) == 2 * len(training)
    rows = np.array([3, 0, len(training) - 1])
    first, second, third = (views(epoch, rows) for epoch in range(3))
    assert (first[0] != second[0]).any()
    assert (first[0] == third[0]).all()
    np.testing.assert_array_equal(first[1], third[1])
    np.testing.assert_allclose(second[1], teachers.soft_targets(second[0]), atol=1e-6)
    again = cache_views(training, teachers, 2, augment=True)
    assert (again.images == views.images).all()
    unmoved = cache_views(training, teachers, 1, augment=False)
    assert (unmoved.images == training.images.reshape(len(training), -1)).all()


def test_deformed_copies_get_fewer_views(small_digits: tuple[Dataset, Dataset]) -> None:
    originals = small_digits[0].take(np.arange(6))
    training = replace(originals, deformed=np.array([False, True, True, True, True, False]))
    teachers = Teachers([mlp((9,)).initialize(np.random.default_rng(0))])
    views = cache_views(training, teachers, 8, augment=False)
    assert views.counts.tolist() == [8, 2, 2, 2, 2, 8]
    for epoch in (0, 1, 7):
        images, _ = views(epoch, np.arange(6))
        assert (images == training.images.reshape(6, -1)).all()


def test_weights_say_how_often_an_example_is_shown(rng: np.random.Generator) -> None:
    weights = np.array([0, 1, 2.5, 0.25], np.float32)
    data = Dataset(np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.int64), DIGITS, weights=weights)
    counts = sum(np.bincount(shuffled(data, rng), minlength=4) for _ in range(4000)) / 4000
    np.testing.assert_allclose(counts, [0, 1, 2.5, 0.25], atol=0.05)
