"""Adapting: what a copy learns from a few corrections, what it keeps, and that it can be stopped and repeated."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest

from nn_scratch import Network, TrainConfig, fit, mlp
from nn_scratch.dataset import Dataset
from nn_scratch.layers import BatchNorm, Dense, Dropout, ReLU
from nn_scratch.metrics import evaluate
from nn_scratch.training.adapt import (
    WAYS,
    AdaptConfig,
    AdaptReport,
    Judges,
    adapt,
    add_proximity,
    compare,
    go_back,
    in_turns,
    variations,
)

Digits = tuple[Dataset, Dataset]


@pytest.fixture(scope="module")
def reader(small_digits: Digits) -> Network:
    network = mlp((30,)).initialize(np.random.default_rng(0))
    for _ in fit(network, *small_digits, TrainConfig(8), np.random.default_rng(0)):
        pass
    return network


@pytest.fixture(scope="module")
def corrections(small_digits: Digits) -> Dataset:
    """Two sevens that stand on their head, which no network of these digits calls 7."""
    training, _ = small_digits
    images = training.images[training.labels == 7][:2, ::-1]
    return Dataset(images, np.array([7, 7]), training.classes)


def last(
    network: Network, corrections: Dataset, rehearsal: Dataset | None, seed: int = 0, **kinds: float
) -> AdaptReport:
    *_, report = adapt(network, corrections, rehearsal, np.random.default_rng(seed), AdaptConfig(**kinds))  # type: ignore[arg-type]
    return report


def test_a_copy_learns_corrections_and_forgets_nothing(
    reader: Network, corrections: Dataset, small_digits: Digits
) -> None:
    training, test = small_digits
    before = reader.parameters.copy()
    adapted = last(reader, corrections, training, forgotten=0.01).network
    others = variations(corrections, 50, np.random.default_rng(1))
    assert compare(reader, adapted, corrections).before == 0
    assert compare(reader, adapted, corrections).after == 1
    assert compare(reader, adapted, others).after > 0.9
    kept = compare(reader, adapted, test)
    assert kept.after > kept.before - 0.02
    assert (reader.parameters == before).all()
    assert adapted.parameters is not reader.parameters


def test_without_examples_to_rehearse_it_stays_near_its_parameters(
    reader: Network, corrections: Dataset, small_digits: Digits
) -> None:
    near, far = (last(reader, corrections, None, proximity=strength).network for strength in (3, 0))
    assert evaluate(near, corrections).accuracy == 1
    assert evaluate(near, small_digits[1]).accuracy > evaluate(far, small_digits[1]).accuracy
    distances = [np.linalg.norm(network.parameters - reader.parameters) for network in (near, far)]
    assert distances[0] < distances[1]


def test_the_gradient_of_the_proximity_is_that_of_its_term(rng: np.random.Generator) -> None:
    parameters, start, direction = rng.normal(size=(3, 50))
    gradients, epsilon, strength = np.zeros(50), 1e-6, 0.7
    add_proximity(parameters, start, gradients, strength)

    def term(at: np.ndarray) -> float:
        return float(strength / 2 * np.square(at - start).sum())

    slope = (term(parameters + epsilon * direction) - term(parameters - epsilon * direction)) / (2 * epsilon)
    assert gradients @ direction == pytest.approx(slope, rel=1e-6)


def test_the_way_back_is_straight_and_ends_where_little_is_forgotten(reader: Network, small_digits: Digits) -> None:
    rehearsed, worse = small_digits[0], copy.deepcopy(reader)
    worse.parameters += np.random.default_rng(0).normal(0, 0.12, worse.parameters.shape).astype(np.float32)
    right = np.flatnonzero(worse.predict(rehearsed.images) == reader.predict(rehearsed.images))
    judges = Judges(rehearsed.take(right), rehearsed)
    change = worse.parameters - reader.parameters
    learner = copy.deepcopy(worse)
    for forgotten, way in ((1.0, WAYS[0]), (-1.0, WAYS[-1])):
        learner.parameters[...] = worse.parameters
        go_back(learner, reader, judges, forgotten)
        np.testing.assert_allclose(learner.parameters, reader.parameters + way * change, atol=1e-6)
    learner.parameters[...] = worse.parameters
    assert evaluate(reader, rehearsed).accuracy - evaluate(learner, rehearsed).accuracy > 0.05
    go_back(learner, reader, judges, 0.05)
    assert evaluate(reader, rehearsed).accuracy - evaluate(learner, rehearsed).accuracy <= 0.05


def test_no_way_back_costs_what_was_corrected(reader: Network, corrections: Dataset, small_digits: Digits) -> None:
    adapted = last(reader, corrections, small_digits[0], forgotten=0).network
    assert evaluate(adapted, variations(corrections, 50, np.random.default_rng(1))).accuracy > 0.4


def test_the_same_seed_gives_the_same_bits(reader: Network, corrections: Dataset, small_digits: Digits) -> None:
    few = small_digits[0].take(np.arange(300))
    one, other, third = (last(reader, corrections, few, seed, steps=20).network for seed in (1, 1, 2))
    assert (one.parameters == other.parameters).all()
    assert (one.parameters != third.parameters).any()


def test_it_goes_step_by_step_and_can_be_stopped(reader: Network, corrections: Dataset, small_digits: Digits) -> None:
    steps = adapt(reader, corrections, small_digits[0], np.random.default_rng(0), AdaptConfig(steps=50))
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
    for _ in fit(network, *small_digits, TrainConfig(5), rng):
        pass
    kept = copy.deepcopy(network)
    network.freeze(1)
    adapted = last(network, corrections, small_digits[0]).network
    assert (adapted.state == kept.state).all()
    assert (adapted.arrays["dense_1"]["W"] == kept.arrays["dense_1"]["W"]).all()
    assert (adapted.arrays["dense_2"]["W"] != kept.arrays["dense_2"]["W"]).any()
    assert (adapted.predict_proba(corrections.images) > kept.predict_proba(corrections.images))[:, 7].all()


def test_all_have_their_turn_before_any_comes_again() -> None:
    turns = in_turns(10, 5, 2, np.random.default_rng(0))
    numbers = np.concatenate([next(turns) for _ in range(10)]).reshape(4, 5)
    assert (np.sort(numbers, axis=1) == np.arange(10, 15)).all()
    assert len(next(in_turns(0, 2, 13, np.random.default_rng(0)))) == 13


def test_what_does_not_fit_together_is_refused_at_once(
    reader: Network, corrections: Dataset, small_digits: Digits
) -> None:
    rng, letters = np.random.default_rng(0), tuple("abcdefghij")
    for wrong, right in ((replace(corrections, classes=letters), None), (corrections.take(np.arange(0)), None)):
        with pytest.raises(ValueError, match=r"knows|no examples"):
            adapt(reader, wrong, right, rng)
    with pytest.raises(ValueError, match="knows"):
        adapt(reader, corrections, replace(small_digits[0], classes=letters), rng)
    for name, value in (("steps", 0), ("learning_rate", -1), ("proximity", -1), ("forgotten", 2), ("rehearsed", 1.5)):
        with pytest.raises(ValueError, match=f"{name} is {value}"):
            AdaptConfig(**{name: value})  # type: ignore[arg-type]
