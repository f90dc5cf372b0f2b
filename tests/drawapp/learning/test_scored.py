"""What a model makes of examples: the figures are those of nn_scratch.evaluate, and each mistake leads to its image."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from drawapp.learning.examples import as_dataset, load_examples
from drawapp.learning.scored import STEP, Scored, Scoring, with_labels_of
from drawapp.session.corrections import Correction
from nn_scratch.data.sample import load_sample
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.metrics import evaluate, worst_mistakes
from nn_scratch.network import DIGITS, mlp

CLASSES = ("a", "b", "c")


def score(network: nn_scratch.Network, data: Dataset) -> Scored:
    found = Scoring(network, lambda: data).run()
    assert found is not None
    return found


@pytest.fixture
def noise(rng: np.random.Generator) -> Dataset:
    """Images of noise with labels by chance: more than are read in one step, and not a multiple of it."""
    count = 2 * STEP + 37
    return Dataset(rng.integers(0, 256, (count, 28, 28), dtype=np.uint8), rng.integers(0, 3, count), CLASSES)


def test_the_figures_are_those_of_evaluate(noise: Dataset, rng: np.random.Generator) -> None:
    network = mlp((8,), CLASSES).initialize(rng)
    found, expected = score(network, noise), evaluate(network, noise)
    np.testing.assert_array_equal(found.score.confusion, expected.confusion)
    assert (found.score.classes, found.score.writer_accuracy) == (expected.classes, expected.writer_accuracy)
    for name in ("loss", "calibration_error"):  # the app takes fewer images at a time, which rounds otherwise
        assert getattr(found.score, name) == pytest.approx(getattr(expected, name), rel=1e-5), name
    worst = worst_mistakes(network, noise, len(noise))
    np.testing.assert_array_equal(found.examples(), worst.rows)
    np.testing.assert_allclose(found.confidence[worst.rows], worst.probability, rtol=1e-5)
    assert found.wrong == len(worst.rows)


def test_the_bundled_model_scores_on_the_sample_as_the_library_says(bundled: Path) -> None:
    network, test = nn_scratch.load(bundled), load_sample()[1]
    found = Scoring(network, lambda: load_examples("sample", ())).run()
    assert found is not None
    expected = evaluate(network, test)
    np.testing.assert_array_equal(found.score.confusion, expected.confusion)
    assert found.score.accuracy == expected.accuracy
    assert found.score.calibration_error == pytest.approx(expected.calibration_error, rel=1e-3)
    assert found.score.accuracy > 0.98


def test_a_cell_gives_its_examples_in_order(noise: Dataset, rng: np.random.Generator) -> None:
    found = score(mlp((8,), CLASSES).initialize(rng), noise)
    for meant in range(3):
        for read in range(3):
            rows = found.examples((meant, read))
            assert len(rows) == found.score.confusion[meant, read]
            assert (noise.labels[rows] == meant).all()
            assert (found.read[rows] == read).all()
            sure = found.confidence[rows] * (1 if meant == read else -1)
            assert (np.diff(sure) >= 0).all()  # what was nearly wrong, or the most certain mistake, comes first


def test_a_model_for_letters_is_asked_only_for_what_there_is(rng: np.random.Generator) -> None:
    data = Dataset(rng.integers(0, 256, (30, 28, 28), dtype=np.uint8), np.arange(30) % 3, ("1", "B", "7"))
    network = mlp((4,), ("A", "B", "7", "1")).initialize(rng)
    found = score(network, data)
    assert found.left_out == 0
    assert found.data.classes == network.classes
    assert [found.data.classes[label] for label in found.data.labels[:3]] == ["1", "B", "7"]
    assert found.meant == (1, 2, 3)
    assert set(found.meant) <= set(found.answers)


def test_examples_of_unknown_classes_are_left_out_and_counted(rng: np.random.Generator) -> None:
    data = Dataset(rng.integers(0, 256, (6, 28, 28), dtype=np.uint8), np.array([0, 1, 2, 0, 1, 2]), ("7", "x", "3"))
    found = score(mlp((4,)).initialize(rng), data)
    assert (len(found.data), found.left_out) == (4, 2)
    np.testing.assert_array_equal(found.data.images, data.images[[0, 2, 3, 5]])
    with pytest.raises(UserError, match="knows none of the classes"):
        score(mlp((4,)).initialize(rng), replace(data, classes=("x", "y", "z")))


def test_a_small_letter_counts_as_its_capital_where_a_model_tells_them_not_apart() -> None:
    data = Dataset(np.zeros((2, 28, 28), np.uint8), np.array([0, 1]), ("c", "C"))
    assert with_labels_of(("A", "C"), data).labels.tolist() == [1, 1]
    assert with_labels_of(("c", "C"), data).labels.tolist() == [0, 1]


def test_the_work_stops_when_it_is_not_wanted_any_more(noise: Dataset, rng: np.random.Generator) -> None:
    scoring = Scoring(mlp((4,), CLASSES).initialize(rng), lambda: noise)
    scoring.is_stopped = True
    assert scoring.run() is None
    assert scoring.fraction == 0


def test_the_network_of_the_window_is_left_alone(noise: Dataset, rng: np.random.Generator) -> None:
    network = mlp((4,), CLASSES).initialize(rng)
    scoring = Scoring(network, lambda: noise)
    before = network.parameters.copy()
    network.parameters[:] = np.nan
    found = scoring.run()
    network.parameters[:] = before
    assert found is not None
    assert found.score.accuracy == evaluate(network, noise).accuracy
    assert scoring.fraction == 1


def test_numbers_that_are_not_finite_are_an_error(noise: Dataset) -> None:
    network = mlp((4,), CLASSES).initialize(np.random.default_rng(0))
    network.parameters[:] = np.nan
    with pytest.raises(FloatingPointError):
        score(network, noise)


def test_mnist_is_read_where_it_is_and_not_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NN_SCRATCH_DATA", str(tmp_path))
    assert load_examples("mnist", ()) is None
    assert not list(tmp_path.iterdir())


def test_corrections_are_examples(rng: np.random.Generator) -> None:
    images = rng.integers(0, 256, (3, 28, 28), dtype=np.uint8)
    corrections = tuple(Correction(image, label) for image, label in zip(images, "949", strict=True))
    data = load_examples("corrections", corrections)
    assert data is not None
    assert [data.classes[label] for label in data.labels] == ["9", "4", "9"]
    np.testing.assert_array_equal(data.images, images)
    assert set(data.classes) <= set(DIGITS)
    assert as_dataset(()) is None
