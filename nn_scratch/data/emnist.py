"""EMNIST: MNIST's digits and letters, from one archive (Cohen, Afshar, Tapson and van Schaik 2017)."""

from __future__ import annotations

import string
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data import idx
from nn_scratch.data.dataset import Dataset
from nn_scratch.data.download import archive, data_folder

MIRRORS = ("https://biometrics.nist.gov/cs_links/EMNIST/",)
NAME = "gzip.zip"
MD5 = "58c8d27c78d21e728a6bc7b3cc06412e"

EMNIST_CLASSES: dict[str, tuple[str, ...]] = {
    "balanced": tuple(
        string.digits + string.ascii_uppercase + "abdefghnqrt"
    ),  # the other small ones look like capitals
    "letters": tuple(string.ascii_uppercase),  # small ones and capitals in one class
    "digits": tuple(string.digits),
}
FIRST_LABEL = {"letters": 1}  # A is 1 there


def emnist(split: str, folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """EMNIST's `split` "balanced", "letters" or "digits", from `folder` or the data folder.

    Raises:
        UserError: the archive is missing and cannot be downloaded, or is not the one it should be.
    """
    path = archive(MIRRORS, (folder or data_folder() / "emnist") / NAME, MD5)
    return part(path, split, "train"), part(path, split, "test")


def part(path: Path, split: str, name: str) -> Dataset:
    """Training or test set, `name`, of a split in the archive `path`."""
    images = member(path, f"gzip/emnist-{split}-{name}-images-idx3-ubyte.gz", 3)
    labels = member(path, f"gzip/emnist-{split}-{name}-labels-idx1-ubyte.gz", 1).astype(np.int64)
    labels -= FIRST_LABEL.get(split, 0)
    classes = EMNIST_CLASSES[split]
    if len(images) != len(labels) or images.shape[1:] != (28, 28):
        raise idx.broken(path, f"its {split} images and labels do not match")
    if ((labels < 0) | (labels >= len(classes))).any():
        raise idx.broken(path, f"its {split} labels name classes that there are not")
    return Dataset(np.ascontiguousarray(images.transpose(0, 2, 1)), labels, classes)  # they lie there column by column


def member(path: Path, name: str, dimensions: int) -> NDArray[np.uint8]:
    """The IDX array `name` in the archive `path`; it is read in memory, so no name can lead to another folder."""
    try:
        with zipfile.ZipFile(path) as file, file.open(name) as compressed:
            content = compressed.read(idx.LARGEST)
    except (KeyError, EOFError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise idx.broken(path, f"it has no readable {name}") from error
    return idx.parse(idx.decompressed(content, path), path, dimensions)
