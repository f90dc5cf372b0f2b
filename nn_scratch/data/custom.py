"""Custom data: an .npz file of arrays, and what all custom data must be.

Published data sets do not have everything that somebody may want to recognize. Whoever has drawn or collected images
can train on them with the same commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.files import read_npz
from nn_scratch.model_file import MAX_CLASSES, check_classes

LARGEST = 2**32  # bytes of arrays
TEST_EVERY = 5  # one of so many examples is for testing
FEWEST = 2 * TEST_EVERY  # examples


def load_npz(path: Path, fewest: int = FEWEST) -> tuple[Dataset, Dataset]:
    """The data in `path`, as `read_data` reads it, always split in the same way: (training set, test set).

    Of less than `TEST_EVERY` images, none is for testing.

    Raises:
        UserError: as for `read_data`, or there are less than `fewest` images.
    """
    return check_and_split(read_data(path), path, fewest)


def load_test_npz(path: Path) -> Dataset:
    """All of the data in `path`, as `read_data` reads it.

    Raises:
        UserError: as for `read_data`.
    """
    data = read_data(path)
    check_custom(data, path, fewest=1)
    return data


def read_data(path: Path, largest: int | None = None) -> Dataset:
    """The arrays `images`, uint8 (N, H, W) or (N, H, W, C), `labels` (N,) and, optionally, `classes` (K,) in `path`.

    Ink is high. Labels are numbers from 0; without `classes`, the numbers are the names of the classes. The arrays have
    at most `largest` bytes, or `LARGEST`.

    Raises:
        UserError: it cannot be read, or an array is missing or has the wrong shape or type.
    """
    arrays = read_npz(path, LARGEST if largest is None else largest)
    if not {"images", "labels"} <= set(arrays):
        raise unusable_error(path, "it needs arrays named images and labels")
    if arrays["images"].dtype != np.uint8:
        raise unusable_error(path, f"images are {arrays['images'].dtype}, not uint8")
    return dataset_of(arrays["images"], arrays["labels"], arrays.get("classes"), path)


def dataset_of(images: NDArray[Any], labels: NDArray[Any], classes: NDArray[Any] | None, path: Path) -> Dataset:
    """The data set of `images`, (N, H, W) or (N, H, W, C), and `labels` (N,), which come from `path`.

    Without `classes` (K,), the numbers are the names of the classes.

    Raises:
        UserError: an array has another shape or type, or labels are beyond the classes.
    """
    if images.ndim not in (3, 4):
        raise unusable_error(path, f"images are {images.dtype} {images.shape}, not uint8 (N, H, W) or (N, H, W, C)")
    if not np.issubdtype(labels.dtype, np.integer) or labels.shape != (len(images),):
        raise unusable_error(path, f"labels are {labels.dtype} {labels.shape}, not whole numbers ({len(images)},)")
    if len(labels) and (int(labels.min()) < 0 or int(labels.max()) >= MAX_CLASSES):
        raise unusable_error(path, f"labels must be from 0 to {MAX_CLASSES - 1}")
    named = np.arange(int(labels.max(initial=0)) + 1) if classes is None else classes
    names = tuple(str(name) for name in np.atleast_1d(named).ravel())
    if len(labels) and int(labels.max()) >= len(names):
        raise unusable_error(path, f"label {labels.max()} has no name among its {len(names)} classes")
    return Dataset(images, labels, names)


def check_and_split(data: Dataset, path: Path, fewest: int = FEWEST) -> tuple[Dataset, Dataset]:
    """The training set and the test set of `data`, which comes from `path`; UserError as for `check_custom`."""
    check_custom(data, path, fewest)
    return data.split(len(data) // TEST_EVERY, np.random.default_rng(0))


def check_custom(data: Dataset, path: Path, fewest: int = FEWEST) -> None:
    """UserError unless `data`, which comes from `path`, has usable classes and at least `fewest` images with pixels."""
    try:
        check_classes(list(data.classes))
    except ValueError as error:
        raise unusable_error(path, str(error)) from error
    if len(data) < fewest:
        raise unusable_error(path, f"it has {len(data)} images, and at least {fewest} are needed")
    if data.images.size == 0:
        raise unusable_error(path, "its images have no pixels")


def unusable_error(path: Path, why: str) -> UserError:
    """The error for custom data that nothing can be learned from; `why` is a clause that says what is wrong with it."""
    return UserError(f"The data in {path} cannot be used: {why}.")
