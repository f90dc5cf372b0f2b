"""EMNIST: digits and letters in MNIST's format (Cohen, Afshar, Tapson and van Schaik 2017).

MNIST has no letters. EMNIST was made in the same way from the same collection of handwriting (NIST Special Database
19), so a network for letters can learn from images that look like MNIST's.
"""

from __future__ import annotations

import string
import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data import idx
from nn_scratch.data.download import broken_file_error, data_folder, fetch_archive
from nn_scratch.dataset import Dataset

MIRRORS = ("https://biometrics.nist.gov/cs_links/EMNIST/",)
ARCHIVE = "gzip.zip"
MD5 = "58c8d27c78d21e728a6bc7b3cc06412e"

ALL = tuple(string.digits + string.ascii_uppercase + string.ascii_lowercase)
MERGED = tuple(label for label in ALL if label not in "cijklmopsuvwxyz")  # which look like, and count as, capitals
EMNIST_CLASSES: dict[str, tuple[str, ...]] = {
    "balanced": MERGED,  # as many of each
    "bymerge": MERGED,  # all that were written, as in byclass
    "byclass": ALL,
    "letters": tuple(string.ascii_uppercase),  # a small letter and its capital share a class
    "digits": tuple(string.digits),
    "mnist": tuple(string.digits),  # as many as MNIST has
}
FIRST_LABEL = {"letters": 1}  # A is 1 in this split; the others count from 0


def load_emnist(split: str, folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """EMNIST's `split`, one of `EMNIST_CLASSES`, from `folder` or the data folder; UserError as for `fetch_archive`."""
    path = (folder or data_folder() / "emnist") / ARCHIVE
    fetch_archive(MIRRORS, path, MD5)
    return read_set(path, split, "train"), read_set(path, split, "test")


def read_set(path: Path, split: str, name: str) -> Dataset:
    """The set `name`, "train" or "test", of a split in the archive `path`."""
    images = read_member(path, f"gzip/emnist-{split}-{name}-images-idx3-ubyte.gz", 3)
    labels = read_member(path, f"gzip/emnist-{split}-{name}-labels-idx1-ubyte.gz", 1).astype(np.int64)
    upright = np.ascontiguousarray(images.transpose(0, 2, 1))  # the file has them column by column
    try:
        return Dataset(upright, labels - FIRST_LABEL.get(split, 0), EMNIST_CLASSES[split])
    except ValueError as error:
        raise broken_file_error(path, f"its {split} images and labels do not fit together ({error})") from error


def read_member(path: Path, name: str, dimensions: int) -> NDArray[np.uint8]:
    """The IDX array `name` in the archive `path`."""
    try:
        with zipfile.ZipFile(path) as file, file.open(name) as compressed:
            content = compressed.read(idx.LARGEST)
    except (KeyError, EOFError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise broken_file_error(path, f"it has no readable {name}") from error
    return idx.parse(idx.decompress(content, path), path, dimensions)
