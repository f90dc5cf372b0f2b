"""Calibration: probabilities that mean what they say, and borders where they should be."""

from __future__ import annotations

import numpy as np
import pytest

from nn_scratch import mlp
from nn_scratch.dataset import Dataset
from nn_scratch.layers import Dense
from nn_scratch.losses import softmax
from nn_scratch.metrics import evaluate, expected_calibration_error
from nn_scratch.training.calibration import accept, best_temperature, calibrate, restore_frequencies
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import fit


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
    for _ in fit(network, training, test, TrainConfig(epochs=20, batch_size=32), np.random.default_rng(0)):
        pass
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
    for _ in fit(network, data, data, TrainConfig(epochs=10, weight_decay=0), rng):
        pass
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
