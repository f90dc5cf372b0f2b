"""MNIST and Fashion-MNIST, four IDX files each, as (training set, test set)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data import idx
from nn_scratch.data.dataset import Dataset
from nn_scratch.data.download import data_folder, fetch, unavailable
from nn_scratch.nn.network import DIGITS

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


FASHION_MIRRORS = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
FASHION_COUNTS = {"train": 6000, "t10k": 1000}  # examples of each class
FASHION = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)


def mnist(folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """MNIST (LeCun, Cortes and Burges 1998): 60,000 + 10,000 digits, from `folder` or the data folder.

    Files that are missing are downloaded; those that are there are verified.

    Raises:
        UserError: a file is missing and cannot be downloaded, or is not the one it should be.
    """
    return four_files(folder or data_folder() / "mnist", MNIST_MIRRORS, verified, DIGITS)


def fashion_mnist(folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 60,000 + 10,000 pieces of clothing in MNIST's format.

    Raises:
        UserError: as for `mnist`.
    """
    return four_files(folder or data_folder() / "fashion-mnist", FASHION_MIRRORS, counted, FASHION)


def four_files(
    folder: Path, mirrors: Sequence[str], verify: Callable[[str, Path], NDArray[np.uint8]], classes: tuple[str, ...]
) -> tuple[Dataset, Dataset]:
    """Training and test set from MNIST's four file names in `folder`, each downloaded where missing, then verified."""
    paths = {name: present(folder, name) for name in MNIST_SHA256}
    missing = [f"{name}.gz" for name, path in paths.items() if path is None]
    failures = []
    for name in MNIST_SHA256:
        if paths[name] is None:
            paths[name] = folder / f"{name}.gz"
            failures += fetch(mirrors, folder / f"{name}.gz", partial(verify, name))
            if failures:  # the other files would fail the same way
                raise unavailable(missing, folder, failures)
    train_images, train_labels, test_images, test_labels = (verify(name, path) for name, path in paths.items() if path)
    return (
        Dataset(train_images, train_labels.astype(np.int64), classes),
        Dataset(test_images, test_labels.astype(np.int64), classes),
    )


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


def counted(name: str, path: Path) -> NDArray[np.uint8]:
    """The array in `path`, if it has the shape and the counts of Fashion-MNIST's `name`; nobody publishes a hash."""
    array = idx.parse(idx.read(path), path, dimensions=3 if "images" in name else 1)
    each = FASHION_COUNTS[name.split("-")[0]]
    if "images" in name and array.shape != (each * len(FASHION), 28, 28):
        raise idx.broken(path, f"it has not {each * len(FASHION):,} images of 28x28")
    if "labels" in name and (np.bincount(array, minlength=len(FASHION)) != each).any():
        raise idx.broken(path, f"it has not {each:,} examples of each of {len(FASHION)} classes")
    return array
