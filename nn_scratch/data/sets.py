"""The data sets by name, each as (training set, test set)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data import drawn, idx
from nn_scratch.data.dataset import Dataset
from nn_scratch.data.download import data_folder, fetch, unavailable
from nn_scratch.network import DIGITS

MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
MNIST_SHA256 = {  # of the decompressed bytes: two compressions of one file differ
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}


def mnist(folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """MNIST (LeCun, Cortes and Burges 1998): 60,000 + 10,000 digits, from `folder` or the data folder.

    Files that are missing are downloaded; those that are there are verified.

    Raises:
        UserError: a file is missing and cannot be downloaded, or is not the one it should be.
    """
    folder = folder or data_folder() / "mnist"
    paths = {name: present(folder, name) for name in MNIST_SHA256}
    missing = [f"{name}.gz" for name, path in paths.items() if path is None]
    failures = []
    for name in MNIST_SHA256:
        if paths[name] is None:
            paths[name] = folder / f"{name}.gz"
            failures += fetch(MNIST_MIRRORS, folder / f"{name}.gz", partial(verified, name))
            if failures:  # the other files would fail the same way
                raise unavailable(missing, folder, failures)
    train_images, train_labels, test_images, test_labels = (
        verified(name, path) for name, path in paths.items() if path
    )
    return labelled(train_images, train_labels), labelled(test_images, test_labels)


def present(folder: Path, name: str) -> Path | None:
    """The file `name` in `folder`, compressed or not; None where there is neither."""
    return next((path for path in (folder / f"{name}.gz", folder / name) if path.exists()), None)


def verified(name: str, path: Path) -> NDArray[np.uint8]:
    """The array in `path`, which is MNIST's file `name` and no other; UserError where it is not."""
    content = idx.read(path)
    array = idx.parse(content, path, dimensions=3 if "images" in name else 1)
    if hashlib.sha256(content).hexdigest() != MNIST_SHA256[name]:
        raise idx.broken(path, f"it is not MNIST's {name} (its SHA-256 differs)")
    return array


def labelled(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> Dataset:
    """Images and the digits they show, as a data set."""
    return Dataset(images, labels.astype(np.int64), DIGITS)


DATA_SETS: dict[str, Callable[[], tuple[Dataset, Dataset]]] = {
    "mnist": mnist,
    "pen": drawn.digits,
    "digit-or-not": lambda: drawn.digit_or_not([mnist(), drawn.digits()], [0.5, 3]),
}
