"""Custom data in other formats: a pair of IDX files, or a CSV file.

MNIST is given away in both, and many data sets have taken their form over from it. An IDX file of images has a file of
labels beside it; in a CSV file, as Kaggle has them, each line is a label and all pixels of an image.
"""

from __future__ import annotations

import io
import math
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data import idx
from nn_scratch.data.custom import FEWEST, LARGEST, check_and_split, check_custom, dataset_of, unusable_error
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.files import read_file

LARGEST_CSV = 2**30  # bytes
MOST_PIXELS = 2**20  # of an image


def is_table(path: Path) -> bool:
    """Whether `path` is called like a CSV file, or like an IDX file of images: train-images-idx3-ubyte.gz."""
    return path.suffix == ".csv" or ("images" in path.name and "idx" in path.name)


def load_table(path: Path, fewest: int = FEWEST) -> tuple[Dataset, Dataset]:
    """The data in `path`, as `read_table` reads it, always split in the same way: (training set, test set).

    Raises:
        UserError: as for `read_table`, or there are less than `fewest` images.
    """
    return check_and_split(read_table(path), path, fewest)


def load_test_table(path: Path) -> Dataset:
    """All of the data in `path`; UserError as for `read_table`."""
    data = read_table(path)
    check_custom(data, path, fewest=1)
    return data


def read_table(path: Path) -> Dataset:
    """The data in the CSV file or the IDX file of images `path`.

    Raises:
        UserError: it, or the file of labels beside it, cannot be read or used.
    """
    return read_csv(path) if path.suffix == ".csv" else read_idx(path)


def read_idx(path: Path) -> Dataset:
    """The images in the IDX file `path`, with the labels in the file beside it.

    Images are (N, H, W) or (N, H, W, C): bytes or whole numbers from 0 to 255, or floats from 0 to 1.

    Raises:
        UserError: a file cannot be read, or is not what it should be.
    """
    beside = labels_beside(path)
    images, labels = (idx.parse_any(idx.read(file), file) for file in (path, beside))
    if labels.dtype.kind == "f":
        raise unusable_error(beside, "labels are whole numbers, not floats")
    return dataset_of(as_pixels(images, path), labels.astype(np.int64), None, path)


def labels_beside(path: Path) -> Path:
    """The file of labels that belongs to the file of images `path`: train-labels-idx1-ubyte.gz.

    Raises:
        UserError: there is none.
    """
    name = path.name.replace("images", "labels")
    digit = name.find("idx") + 3
    for candidate in (name, f"{name[:digit]}1{name[digit + 1 :]}"):
        for file in (candidate, f"{candidate}.gz", candidate.removesuffix(".gz")):
            if path.with_name(file).exists():
                return path.with_name(file)
    raise UserError(f"The images in {path} need a file of labels beside them, {candidate}; put it there.")


def read_csv(path: Path) -> Dataset:
    """The square grey images in the CSV file `path`: lines of a label and all pixels, from 0 to 255; a header may lead.

    Raises:
        UserError: it cannot be read, or a line is something else.
    """
    content = read_file(path, LARGEST_CSV, "CSV file")
    first = content[: MOST_PIXELS * 4].partition(b"\n")[0]
    side = math.isqrt(first.count(b","))
    if not 0 < side * side == first.count(b",") <= MOST_PIXELS:
        raise unusable_error(path, f"a line has {first.count(b',') + 1} numbers, not a label and a square of pixels")
    if (content.count(b"\n") + 1) * (side * side + 1) * 2 > LARGEST:
        raise unusable_error(path, "it has more images than fit into memory")
    header = not first.split(b",")[0].strip().isdigit()
    if header and not content[len(first) :].strip():
        raise unusable_error(path, "it has no images")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", DeprecationWarning)  # older NumPy only warns of 0.5 as a whole number
            rows = np.loadtxt(
                io.BytesIO(content), np.int16, delimiter=",", skiprows=int(header), ndmin=2, comments=None
            )
        images = rows[:, 1:].reshape(len(rows), side, side)
    except (ValueError, DeprecationWarning) as error:
        why = "a line is not a label and as many pixels as in the first, all whole numbers"
        raise unusable_error(path, why) from error
    return dataset_of(as_pixels(images, path), rows[:, 0].astype(np.int64), None, path)


def as_pixels(images: NDArray[Any], path: Path) -> NDArray[Any]:
    """`images` as bytes where they are whole numbers from 0 to 255, or floats from 0 to 1 as they are.

    Raises:
        UserError: there are other numbers.
    """
    floats = images.dtype.kind == "f"
    if images.size and not (images.min() >= 0 and images.max() <= (1 if floats else 255)):
        limits = "floats from 0 to 1" if floats else "whole numbers from 0 to 255"
        raise unusable_error(path, f"its pixels are not {limits}")
    return images if floats else images.astype(np.uint8, copy=False)
