"""Transfer: learning from teachers, and adapting to corrections without forgetting."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest

from nn_scratch import (
    Adam,
    BatchNorm,
    BinaryCrossEntropy,
    Dataset,
    Dense,
    Dropout,
    Network,
    ReLU,
    SoftmaxCrossEntropy,
    Teachers,
    adapt,
    evaluate,
    fit,
    mlp,
)
from nn_scratch.data.variation import Augment
from nn_scratch.transfer import adapting
from nn_scratch.transfer.adapting import WAYS, batches_of, compare, go_back, variations

Digits = tuple[Dataset, Dataset]


def network_of(seed: int, hidden: int = 9) -> Network:
    return mlp((hidden,)).initialize(np.random.default_rng(seed))


@pytest.mark.parametrize("views", [None, 5])
def test_a_student_learns_from_its_teacher_alone(views: int | None, small_digits: Digits) -> None:
    training, test = small_digits
    teacher = network_of(0, 60)
    fit(teacher, training, test, 0, epochs=15, batch_size=32)
    nonsense = replace(training, labels=np.random.default_rng(1).permutation(training.labels))
    student, vary = mlp().initialize(np.random.default_rng(0)), Augment() if views else None
    (first, *_) = fit(
        student, nonsense, test, 0, epochs=25, batch_size=32, vary=vary, targets=Teachers([teacher], 2.0, views)
    )
    assert evaluate(student, test).accuracy >= 0.93
    assert first.train_accuracy is None  # what teachers answer is not counted as right


def test_soft_targets_are_those_of_the_images_in_the_batch(small_digits: Digits) -> None:
    training, _ = small_digits
    teachers = Teachers([network_of(seed) for seed in (0, 1)], temperature=3)
    images, targets = teachers.examples(training, Augment(), np.random.default_rng(0), print)(0, np.arange(20))
    np.testing.assert_allclose(targets, teachers.soft_targets(images), atol=1e-6)
    logits = np.mean([network.logits(images) for network in teachers.networks], axis=0) / 3
    np.testing.assert_allclose(targets, np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), atol=1e-6)


@pytest.mark.parametrize("loss", [None, SoftmaxCrossEntropy(0.2, np.arange(10.0), temperature=4.0)])
def test_what_is_chosen_for_a_student_is_what_it_learns_by(
    loss: SoftmaxCrossEntropy | None, small_digits: Digits
) -> None:
    """By default the temperature of its teachers; and a loss with smoothing and weights is not dropped."""
    training, test = small_digits
    teachers = Teachers([network_of(0, 30)], temperature=4.0)
    student = network_of(1, 30)
    logits = student.logits(training.images)
    (report,) = fit(
        student, training, test, 0, epochs=1, batch_size=4096, optimizer=Adam(1e-9), targets=teachers, loss=loss
    )
    expected = (loss or SoftmaxCrossEntropy(temperature=4.0)).value(logits, teachers.soft_targets(training.images))
    assert report.train_loss == pytest.approx(expected, rel=1e-5)


def test_cached_views_are_always_the_same_and_the_epochs_take_turns(small_digits: Digits) -> None:
    training, _ = small_digits
    teachers = Teachers([network_of(seed) for seed in (0, 1)], views=2)
    seen: list[int] = []
    views = teachers.examples(training, Augment(), np.random.default_rng(0), seen.append)
    assert sum(seen) == 2 * len(training)
    rows = np.array([3, 0, len(training) - 1])
    first, second, third = (views(epoch, rows) for epoch in range(3))
    assert (first[0] != second[0]).any()
    assert (first[0] == third[0]).all()
    np.testing.assert_array_equal(first[1], third[1])
    np.testing.assert_allclose(second[1], teachers.soft_targets(second[0]), atol=1e-6)
    again = teachers.examples(training, Augment(), np.random.default_rng(9), print)
    assert (again(1, rows)[0] == second[0]).all()


def test_deformed_copies_get_fewer_views(small_digits: Digits) -> None:
    originals = small_digits[0].take(np.arange(6))
    training = replace(originals, deformed=np.array([False, True, True, True, True, False]))
    seen: list[int] = []
    views = Teachers([network_of(0)], views=8).examples(training, None, np.random.default_rng(0), seen.append)
    assert sum(seen) == 8 + 2 + 2 + 2 + 2 + 8
    for epoch in (0, 1, 7):
        assert (views(epoch, np.arange(6))[0] == training.images.reshape(6, -1)).all()


def test_teachers_that_do_not_fit_are_refused(small_digits: Digits) -> None:
    student = network_of(0)
    for teachers, sentence in (
        (Teachers([mlp((5,), "abc").initialize(np.random.default_rng(0))]), "knows a b c"),
        (Teachers([]), "no teachers"),
        (Teachers([network_of(1)], views=0), "views is 0"),
        (Teachers([network_of(1)], temperature=1e-300), "temperature is from 0.01 to 100"),
    ):
        with pytest.raises(ValueError, match=sentence):
            fit(student, *small_digits, 0, targets=teachers)


@pytest.fixture(scope="module")
def reader(small_digits: Digits) -> Network:
    network = network_of(0, 30)
    fit(network, *small_digits, 0, epochs=8)
    return network


@pytest.fixture(scope="module")
def corrections(small_digits: Digits) -> Dataset:
    """Two sevens that stand on their head, which no network of these digits calls 7."""
    training, _ = small_digits
    images = training.images[training.labels == 7][:2, ::-1]
    return Dataset(images, np.array([7, 7]), training.classes)


def adapted_to(
    network: Network, corrections: Dataset, rehearsal: Dataset | None, seed: int = 0, steps: int = 200
) -> Network:
    *_, report = adapt(network, corrections, rehearsal, np.random.default_rng(seed), steps=steps)
    return report.network


def test_a_copy_learns_corrections_and_forgets_little(
    reader: Network, corrections: Dataset, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapting, "FORGOTTEN", 0.01)
    before = reader.parameters.copy()
    adapted = adapted_to(reader, corrections, small_digits[0])
    others = variations(corrections, 50, np.random.default_rng(1))
    assert compare(reader, adapted, corrections).before == 0
    assert compare(reader, adapted, corrections).after == 1
    assert compare(reader, adapted, others).after > 0.9
    kept = compare(reader, adapted, small_digits[1])
    assert kept.after > kept.before - 0.02
    assert (reader.parameters == before).all()
    monkeypatch.setattr(adapting, "FORGOTTEN", 0.0)  # no way back costs what was corrected
    assert evaluate(adapted_to(reader, corrections, small_digits[0]), others).accuracy > 0.4


def test_without_examples_to_rehearse_it_stays_near_its_parameters(
    reader: Network, corrections: Dataset, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It learns, and the stronger the pull, the less it moves and forgets."""
    networks = []
    for strength in (3.0, 0.0):
        monkeypatch.setattr(adapting, "PROXIMITY", strength)
        networks.append(adapted_to(reader, corrections, None))
    near, far = networks
    assert evaluate(near, corrections).accuracy == 1
    assert evaluate(near, small_digits[1]).accuracy > evaluate(far, small_digits[1]).accuracy
    distances = [np.linalg.norm(network.parameters - reader.parameters) for network in networks]
    assert distances[0] < distances[1]


def test_the_way_back_is_straight_and_ends_where_little_is_forgotten(
    reader: Network, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    rehearsed, worse = small_digits[0], copy.deepcopy(reader)
    worse.parameters += np.random.default_rng(0).normal(0, 0.12, worse.parameters.shape).astype(np.float32)
    right = np.flatnonzero(worse.predict(rehearsed.images) == reader.predict(rehearsed.images))
    change = worse.parameters - reader.parameters
    for forgotten, way in ((1.0, WAYS[0]), (-1.0, WAYS[-1])):
        monkeypatch.setattr(adapting, "FORGOTTEN", forgotten)
        learner = copy.deepcopy(worse)
        go_back(learner, reader, rehearsed.take(right), rehearsed)
        np.testing.assert_allclose(learner.parameters, reader.parameters + way * change, atol=1e-6)
    assert evaluate(reader, rehearsed).accuracy - evaluate(worse, rehearsed).accuracy > 0.05
    monkeypatch.setattr(adapting, "FORGOTTEN", 0.05)
    learner = copy.deepcopy(worse)
    go_back(learner, reader, rehearsed.take(right), rehearsed)
    assert evaluate(reader, rehearsed).accuracy - evaluate(learner, rehearsed).accuracy <= 0.05


def test_the_same_seed_gives_the_same_bits(reader: Network, corrections: Dataset, small_digits: Digits) -> None:
    few = small_digits[0][:300]
    one, other, third = (adapted_to(reader, corrections, few, seed, steps=20) for seed in (1, 1, 2))
    assert (one.parameters == other.parameters).all()
    assert (one.parameters != third.parameters).any()


def test_it_goes_step_by_step_and_can_be_stopped(reader: Network, corrections: Dataset, small_digits: Digits) -> None:
    steps = adapt(reader, corrections, small_digits[0], np.random.default_rng(0), steps=50)
    first, second = next(steps), next(steps)
    assert (first.step, second.step, first.steps) == (1, 2, 50)
    assert first.network is second.network
    assert second.loss > 0
    steps.close()  # type: ignore[attr-defined]
    assert evaluate(reader, small_digits[1]).accuracy > 0.9


def test_averages_and_frozen_layers_stay_and_nothing_is_dropped(corrections: Dataset, small_digits: Digits) -> None:
    """A network with batch normalization and dropout adapts as it reads."""
    rng = np.random.default_rng(0)
    layers = [Dense(20), BatchNorm(), ReLU(), Dropout(0.5), Dense(10)]
    network = Network(layers, (784,), small_digits[0].classes).initialize(rng)
    fit(network, *small_digits, rng, epochs=5)
    kept = copy.deepcopy(network)
    network.freeze(["dense_1"])
    adapted = adapted_to(network, corrections, small_digits[0])
    assert (adapted.arrays["batch_norm_1"]["mean"] == kept.arrays["batch_norm_1"]["mean"]).all()
    assert (adapted.arrays["dense_1"]["W"] == kept.arrays["dense_1"]["W"]).all()
    assert (adapted.arrays["dense_2"]["W"] != kept.arrays["dense_2"]["W"]).any()
    assert (adapted.predict_proba(corrections.images) > kept.predict_proba(corrections.images))[:, 7].all()


def test_all_have_their_turn_before_any_comes_again() -> None:
    batches = batches_of(10, 5, 2, np.random.default_rng(0))
    numbers = np.concatenate([next(batches) for _ in range(10)]).reshape(4, 5)
    assert (np.sort(numbers, axis=1) == np.arange(10, 15)).all()
    assert len(next(batches_of(0, 2, 13, np.random.default_rng(0)))) == 13


def test_corrections_that_do_not_fit_are_refused_at_once(
    reader: Network, corrections: Dataset, small_digits: Digits
) -> None:
    rng, letters = np.random.default_rng(0), tuple("abcdefghij")
    for wrong, right in ((replace(corrections, classes=letters), None), (corrections[:0], None)):
        with pytest.raises(ValueError, match=r"knows|no examples"):
            adapt(reader, wrong, right, rng)
    with pytest.raises(ValueError, match="knows"):
        adapt(reader, corrections, replace(small_digits[0], classes=letters), rng)
    with pytest.raises(ValueError, match="steps is 0"):
        adapt(reader, corrections, None, rng, steps=0)


def test_what_answers_several_questions_does_not_adapt(rng: np.random.Generator) -> None:
    network = mlp((4,), "ab", inputs=784).initialize(rng)
    network.loss = BinaryCrossEntropy()
    data = Dataset(rng.integers(0, 256, (4, 28, 28)).astype(np.uint8), np.arange(4) % 2, ("a", "b"))
    with pytest.raises(ValueError, match="whose classes exclude each other can adapt"):
        next(adapt(network, data, data, 0))
