"""MNIST and Fashion-MNIST: four IDX files each, with the same names.

MNIST is the data set on which readers of digits are compared. Fashion-MNIST has the same format and is harder.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data import idx
from nn_scratch.data.download import broken_file_error, data_folder, fetch_missing
from nn_scratch.dataset import Dataset
from nn_scratch.network import DIGITS

MNIST_MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
MNIST_SHA256 = {  # of the decompressed bytes: the compressed ones differ from mirror to mirror
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}

FASHION_MIRRORS = ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",)
FASHION_COUNTS = {"train": 6000, "t10k": 1000}  # examples of each class
FASHION_CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)


def load_mnist(folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """MNIST (LeCun, Cortes and Burges 1998): 60,000 + 10,000 digits, from `folder` or the data folder.

    Missing files are downloaded; files that are there are verified. UserError where one cannot be had, or is another.
    """
    return load_four_files(folder or data_folder() / "mnist", MNIST_MIRRORS, read_verified, DIGITS)


def cached_test_set(folder: Path | None = None) -> Dataset | None:
    """MNIST's 10,000 test digits, from `folder` or the data folder; None where they are not there yet.

    Nothing is downloaded, and the training set is not read. UserError where a file is not the one it should be.
    """
    folder = folder or data_folder() / "mnist"
    images, labels = (find_file(folder, name) for name in MNIST_SHA256 if name.startswith("t10k"))
    if not (images.exists() and labels.exists()):
        return None
    return Dataset(read_verified(images), read_verified(labels).astype(np.int64), DIGITS)


def load_fashion_mnist(folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 60,000 + 10,000 pieces of clothing; else as `load_mnist`."""
    return load_four_files(folder or data_folder() / "fashion-mnist", FASHION_MIRRORS, read_counted, FASHION_CLASSES)


def load_four_files(
    folder: Path, mirrors: Sequence[str], read: Callable[[Path], NDArray[np.uint8]], classes: tuple[str, ...]
) -> tuple[Dataset, Dataset]:
    """The training set and the test set in four files of MNIST's names in `folder`, downloaded where they are missing.

    `read` gives the array in a file, and raises UserError for a file that is not the right one.
    """
    paths = [find_file(folder, name) for name in MNIST_SHA256]
    fetch_missing(mirrors, paths, read)
    train_images, train_labels, test_images, test_labels = map(read, paths)
    return Dataset(train_images, train_labels, classes), Dataset(test_images, test_labels, classes)


def find_file(folder: Path, name: str) -> Path:
    """The path of MNIST's file `name` in `folder`: the compressed one, unless only the uncompressed one exists."""
    compressed, plain = folder / f"{name}.gz", folder / name
    return plain if plain.exists() and not compressed.exists() else compressed


def read_verified(path: Path) -> NDArray[np.uint8]:
    """The array in `path`; UserError where it is not exactly MNIST's file of that name."""
    name, content = path.name.removesuffix(".gz"), idx.read(path)
    array = idx.parse(content, path, dimensions=3 if "images" in name else 1)
    if hashlib.sha256(content).hexdigest() != MNIST_SHA256[name]:
        raise broken_file_error(path, f"it is not MNIST's {name} (its SHA-256 differs)")
    return array


def read_counted(path: Path) -> NDArray[np.uint8]:
    """The array in `path`; UserError where its shape or its counts are not those of Fashion-MNIST's file of that name.

    Nobody publishes a hash of the decompressed files.
    """
    array = idx.parse(idx.read(path), path, dimensions=3 if "images" in path.name else 1)
    per_class, classes = FASHION_COUNTS[path.name.split("-")[0]], len(FASHION_CLASSES)
    if "images" in path.name and array.shape != (classes * per_class, 28, 28):
        raise broken_file_error(path, f"it does not hold {classes * per_class:,} images of 28x28 pixels")
    if "labels" in path.name and (np.bincount(array, minlength=classes) != per_class).any():
        raise broken_file_error(path, f"it does not hold {per_class:,} examples of each of {classes} classes")
    return array
