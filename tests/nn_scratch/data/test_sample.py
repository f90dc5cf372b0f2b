"""The bundled sample: training examples only, small, and made again to the byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nn_scratch import TrainConfig, fit, mlp
from nn_scratch.data import sample
from nn_scratch.data.download import data_folder
from nn_scratch.data.registry import load_data
from nn_scratch.dataset import Dataset
from tests.helpers import ROOT


def test_it_is_small_and_balanced() -> None:
    assert (ROOT / sample.NAME).stat().st_size <= 1_500_000
    training, test = load_data("sample")
    assert (len(training), len(test)) == (6400, 1600)
    counts = np.bincount(np.concatenate([training.labels, test.labels]))
    assert (counts == 800).all()


def test_no_test_digit_is_in_it(mnist_data: tuple[Dataset, Dataset]) -> None:
    training, test = load_data("sample")
    tests = {image.tobytes() for image in mnist_data[1].images}
    trainings = {image.tobytes() for image in mnist_data[0].images}
    images = [image.tobytes() for data in (training, test) for image in data.images]
    assert not tests & set(images)
    assert sum(image in trainings for image in images) == sample.FROM_MNIST


@pytest.mark.slow
def test_the_command_makes_the_same_file(mnist_data: tuple[Dataset, Dataset], tmp_path: Path) -> None:
    if not (data_folder() / "pen" / "pen.npz").is_file():
        pytest.skip("pen/pen.npz is not in the data folder (python -m nn_scratch.recipes makes it)")
    assert sample.main([str(tmp_path / "again.npz")]) == 0
    with np.load(tmp_path / "again.npz") as again, np.load(ROOT / sample.NAME) as bundled:
        assert sorted(again.files) == sorted(bundled.files)
        assert all((again[name] == bundled[name]).all() for name in again.files)


def test_a_network_learns_to_read_from_it() -> None:
    training, test = load_data("sample")
    network = mlp().initialize(np.random.default_rng(0))
    *_, last = fit(network, training, test, TrainConfig(epochs=5), np.random.default_rng(0))
    assert last.validation_accuracy > 0.9
