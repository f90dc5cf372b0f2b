"""CIFAR-10 and CIFAR-100: 60,000 colour photographs each, 32x32, of 10 and of 100 kinds of things (Krizhevsky 2009).

The library is not only for handwriting, and these are the standard small data sets in colour. They are read from their
binary version: each example is its label, one byte (in CIFAR-100 a coarse label and then the fine one, which is taken),
and 3,072 bytes, the red, the green and the blue image. The version "for Python" holds pickles, which can run code.
"""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path

import numpy as np

from nn_scratch.data.download import broken_file_error, data_folder, fetch_archive
from nn_scratch.dataset import Dataset

MIRRORS = ("https://www.cs.toronto.edu/~kriz/",)
MD5 = {10: "c32a1d4ab5d03f1284b67883e8d87530", 100: "03b5dce01913d631647c71ecec9e9cb8"}  # by the number of classes
TRAINING = {
    10: [f"cifar-10-batches-bin/data_batch_{i}.bin" for i in range(1, 6)],
    100: ["cifar-100-binary/train.bin"],
}
TEST = {10: "cifar-10-batches-bin/test_batch.bin", 100: "cifar-100-binary/test.bin"}
NAMES = {10: "cifar-10-batches-bin/batches.meta.txt", 100: "cifar-100-binary/fine_label_names.txt"}
LABELS = {10: 1, 100: 2}  # bytes of each example before its pixels; the last one of them is the label
PIXELS = 3 * 32 * 32  # bytes
LARGEST = 50_000 * (2 + PIXELS)  # bytes of one file


def load_cifar(count: int, folder: Path | None = None) -> tuple[Dataset, Dataset]:
    """CIFAR of `count` classes, 10 or 100: 50,000 + 10,000 images (32, 32, 3), from `folder` or the data folder.

    UserError as for `fetch_archive`.
    """
    path = (folder or data_folder() / f"cifar-{count}") / f"cifar-{count}-binary.tar.gz"
    fetch_archive(MIRRORS, path, MD5[count])
    contents = read_members(path, [*TRAINING[count], TEST[count], NAMES[count]])
    classes = tuple(contents[NAMES[count]].decode("latin-1").split())
    training = b"".join(contents[name] for name in TRAINING[count])
    try:
        if len(set(classes)) != count:
            raise ValueError(f"{NAMES[count]} does not name {count} classes")
        return parse(training, LABELS[count], classes), parse(contents[TEST[count]], LABELS[count], classes)
    except ValueError as error:
        raise broken_file_error(path, str(error).rstrip(".")) from error


def read_members(path: Path, names: list[str]) -> dict[str, bytes]:
    """The files called `names` in the archive `path`."""
    contents = {}
    try:
        with tarfile.open(path, "r:gz") as file:
            for entry in file:
                if entry.name in names and entry.isfile() and 0 < entry.size <= LARGEST:
                    opened = file.extractfile(entry)
                    contents[entry.name] = opened.read() if opened else b""
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise broken_file_error(path, "it is damaged or cut short") from error
    for name in names:
        if not contents.get(name):
            raise broken_file_error(path, f"it has no readable {name}")
    return contents


def parse(content: bytes, label_bytes: int, classes: tuple[str, ...]) -> Dataset:
    """The examples in `content`; ValueError where they are not whole, or a label has no class."""
    if len(content) % (label_bytes + PIXELS):
        raise ValueError(f"its examples are not whole, of {label_bytes + PIXELS} bytes each")
    rows = np.frombuffer(content, np.uint8).reshape(-1, label_bytes + PIXELS)
    planes = rows[:, label_bytes:].reshape(-1, 3, 32, 32)  # (N, C, H, W)
    return Dataset(np.ascontiguousarray(planes.transpose(0, 2, 3, 1)), rows[:, label_bytes - 1], classes)
