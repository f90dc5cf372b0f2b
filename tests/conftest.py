"""What several tests need: data and models that may be absent, and pygame without a screen."""

from __future__ import annotations

import gc
import os
from pathlib import Path

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported

import numpy as np
import pytest
from hypothesis import settings

from nn_scratch.data.download import data_folder
from nn_scratch.data.mnist import MNIST_SHA256, find_file, load_mnist
from nn_scratch.dataset import Dataset
from nn_scratch.network import DIGITS

# A busy machine is not a failure, and every run tries the same few examples: what fails here fails for everybody.
# New examples, and more of them: pytest --hypothesis-profile=random
settings.register_profile("random", deadline=None)
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=40)
settings.load_profile("repeatable")

gc.set_threshold(50_000)  # searching for garbage as often as by default takes a sixth of the time

BUNDLED = Path(__file__).parent.parent / "models" / "digits.npy"


def pytest_collection_finish() -> None:
    """What pytest itself has made, hundreds of thousands of objects, is not garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture(scope="session")
def mnist_data() -> tuple[Dataset, Dataset]:
    folder = data_folder() / "mnist"
    if not all(find_file(folder, name).exists() for name in MNIST_SHA256):
        pytest.skip(f"MNIST is not in {folder} (python -m nn_scratch.train downloads it)")
    return load_mnist(folder)


@pytest.fixture(scope="session")
def bundled() -> Path:
    if not BUNDLED.exists():
        pytest.skip("models/digits.npy is missing")
    return BUNDLED


@pytest.fixture(scope="session")
def small_digits() -> tuple[Dataset, Dataset]:
    """scikit-learn's 1,797 digits of 8x8 pixels, enlarged to 24x24 in the middle of 28x28; a quarter is held out."""
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn is not installed")
    digits = datasets.load_digits()
    big = np.repeat(np.repeat(digits.images, 3, axis=1), 3, axis=2) * (255 / 16)
    images = np.pad(big, ((0, 0), (2, 2), (2, 2))).astype(np.uint8)
    whole = Dataset(images, digits.target.astype(np.int64), DIGITS)
    return whole.split(450, np.random.default_rng(1))
