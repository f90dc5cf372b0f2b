"""CIFAR-10: 60,000 colour photographs, 32x32, of ten kinds of things (Krizhevsky 2009).

The library is not only for handwriting, and this is the standard small data set in colour. It is read from the binary
version: each example is one byte, the label, and 3,072 bytes, the red, the green and the blue image. The version "for
Python" holds pickles, which can run code.
"""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path

import numpy as np

from nn_scratch.data.download import data_folder, fetch_archive
from nn_scratch.data.errors import broken_file_error
from nn_scratch.dataset import Dataset

MIRRORS = ("https://www.cs.toronto.edu/~kriz/",)
ARCHIVE = "cifar-10-binary.tar.gz"
MD5 = "c32a1d4ab5d03f1284b67883e8d87530"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
TRAIN_FILES = tuple(f"cifar-10-batches-bin/data_batch_{i}.bin" for i in range(1, 6))
TEST_FILE = "cifar-10-batches-bin/test_batch.bin"
EXAMPLE = 1 + 3 * 32 * 32  # bytes
LARGEST = 10_000 * EXAMPLE  # bytes of one file


def load_cifar_10(folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """CIFAR-10, 50,000 + 10,000 images (32, 32, 3), from `folder` or the data folder.

    Raises:
        UserError: the archive is missing and cannot be downloaded, or is not the one it should be.
    """
    path = (folder or data_folder() / "cifar-10") / ARCHIVE
    fetch_archive(MIRRORS, path, MD5)
    contents = read_members(path)
    training = b"".join(contents[name] for name in TRAIN_FILES)
    return parse_examples(training, path), parse_examples(contents[TEST_FILE], path)


def read_members(path: Path) -> dict[str, bytes]:
    """The six files in the archive `path`. Nothing is written to disk, so no name can lead to another folder."""
    contents = {}
    try:
        with tarfile.open(path, "r:gz") as file:
            for entry in file:
                if entry.name in (*TRAIN_FILES, TEST_FILE) and entry.isfile() and 0 < entry.size <= LARGEST:
                    opened = file.extractfile(entry)
                    contents[entry.name] = opened.read() if opened else b""
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise broken_file_error(path, "it is damaged or cut short") from error
    for name in (*TRAIN_FILES, TEST_FILE):
        if not contents.get(name) or len(contents[name]) % EXAMPLE:
            raise broken_file_error(path, f"it has no {name} of whole examples")
    return contents


def parse_examples(content: bytes, path: Path) -> Dataset:
    """The examples in `content`, which comes from the archive `path`."""
    rows = np.frombuffer(content, np.uint8).reshape(-1, EXAMPLE)
    labels = rows[:, 0].astype(np.int64)
    if labels.max() >= len(CLASSES):
        raise broken_file_error(path, f"it has labels that belong to none of the {len(CLASSES)} classes")
    planes = rows[:, 1:].reshape(-1, 3, 32, 32)  # (N, C, H, W)
    return Dataset(np.ascontiguousarray(planes.transpose(0, 2, 3, 1)), labels, CLASSES)
