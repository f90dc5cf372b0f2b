"""Delay compensation: nearer to the gradient that is wanted than the stale one."""

from __future__ import annotations

import numpy as np

from nn_scratch.dataset import Dataset
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import mlp
from nn_scratch.optimizers import Adam
from nn_scratch.parallel.compensation import DelayCompensation


def test_without_strength_nothing_changes() -> None:
    gradients, moved = np.ones(3, np.float32), np.ones(3, np.float32)
    DelayCompensation(0, gradients).correct(gradients, moved)
    assert gradients.tolist() == [1, 1, 1]


def test_the_correction_is_that_of_the_paper() -> None:
    """g + lambda_0 g g moved / sqrt(q), and q = (1 - m) g g after the first gradient."""
    gradients, moved = np.array([0.5, -2.0]), np.array([0.1, 0.1])
    DelayCompensation(2.0, gradients).correct(gradients, moved)
    slopes = 2.0 * 0.1 / np.sqrt(0.05) * np.array([0.5, 2.0])
    np.testing.assert_allclose(gradients, np.array([0.5, -2.0]) + slopes, rtol=1e-5)


def test_it_brings_stale_gradients_nearer_to_fresh_ones(small_digits: tuple[Dataset, Dataset]) -> None:
    data, rng = small_digits[0], np.random.default_rng(0)
    network = mlp().initialize(rng)
    optimizer = Adam(0.002).attach(network.parameters, network.gradients)
    compensation = DelayCompensation(20.0, network.parameters)
    errors = []  # of the stale gradient and of the corrected one, in each step

    def gradient(rows: np.ndarray) -> np.ndarray:
        logits = network.forward(network.inputs(data.images[rows]), training=True)
        network.backward(SoftmaxCrossEntropy().value_and_gradient(logits, data.labels[rows])[1])
        return network.gradients.copy()

    rows = rng.integers(0, len(data), 64)
    for _ in range(80):
        stale, before = gradient(rows), network.parameters.copy()
        gradient(rng.integers(0, len(data), 64))
        optimizer.step()  # of another rank, in the meantime
        fresh, corrected = gradient(rows), stale.copy()
        compensation.correct(corrected, network.parameters - before)
        errors.append((np.linalg.norm(stale - fresh), np.linalg.norm(corrected - fresh)))
        rows = rng.integers(0, len(data), 64)
    stale_error, corrected_error = np.sum(errors[10:], axis=0)
    assert corrected_error < 0.99 * stale_error
