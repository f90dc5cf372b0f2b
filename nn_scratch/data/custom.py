"""Custom data: an .npz file of arrays, a CSV file, or a pair of IDX files.

Published data sets do not have everything that somebody may want to recognize. Whoever has drawn, collected or measured
something can train on it with the same commands. Bytes are images, of which 255 is ink; other numbers are taken as they
are. Whatever is wrong with a file is one sentence, a UserError.
"""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nn_scratch import files
from nn_scratch.data import idx
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.model_file import MAX_CLASSES, check_classes

LARGEST = 2**32  # bytes of arrays
LARGEST_CSV = 2**30  # bytes
SMALLEST_SIDE = 8  # pixels of an image in a CSV file: fewer numbers are measurements
LONGEST_LINE, MOST_NUMBERS = 2**24, 2**20  # bytes, and numbers, in a line of a CSV file
TEST_EVERY = 5  # one of so many examples is for testing, where no test set is apart
VALIDATION_EVERY = 12  # one of so many that train is for validation: 5,000 of MNIST
FEWEST = 2 * TEST_EVERY  # examples
TEST_ARRAYS = {"test_images", "test_labels"}  # of an .npz file whose test set is apart

Sets: TypeAlias = tuple[Dataset, Dataset | None]  # what trains, and what tests; all together where there is no second


def load_custom(path: Path, fewest: int = FEWEST) -> tuple[Dataset, Dataset]:
    """The training set and the test set in the .npz, .csv or IDX file `path`, at least `fewest` examples."""
    return with_test_set(read_custom(path), path, fewest)


def with_test_set(sets: Sets, path: Path, fewest: int = FEWEST) -> tuple[Dataset, Dataset]:
    """The training set and the test set of `sets`, which come from `path`, always split in the same way.

    Of less than `TEST_EVERY` examples, none is for testing.
    """
    training, test = sets
    check_custom(training, path, fewest)
    if test is not None and not len(test):
        raise unusable_error(path, "its test set is empty; add images to it, or leave it out")
    return training.split(len(training) // TEST_EVERY, np.random.default_rng(0)) if test is None else (training, test)


def check_custom(data: Dataset, path: Path, fewest: int = 1) -> None:
    """UserError unless `data`, from `path`, has two or more usable classes and `fewest` examples that are not empty."""
    try:
        check_classes(list(data.classes))
    except ValueError as error:
        raise unusable_error(path, str(error)) from error
    if len(data.classes) < 2:
        raise unusable_error(path, f"it does not name 2 to {MAX_CLASSES} classes")
    if len(data) < fewest:
        raise unusable_error(path, f"it has {len(data)} images, and at least {fewest} are needed")
    if data.images.size == 0:
        raise unusable_error(path, "its images have no pixels")


def unusable_error(path: Path, why: str) -> UserError:
    """The error for custom data that nothing can be learned from; `why` is a clause that says what is wrong with it."""
    return UserError(f"The data in {path} cannot be used: {why.rstrip('.')}.")


def is_custom(path: Path) -> bool:
    """Whether `path` is called like a file of data: .npz, .csv, or as IDX is, such as train-images-idx3-ubyte.gz."""
    return path.suffix in (".npz", ".csv") or ("images" in path.name and "idx" in path.name)


def read_custom(path: Path) -> Sets:
    """The data in the file `path`, whose name tells its format."""
    if path.suffix == ".npz":
        return read_npz(path)
    return (read_csv if path.suffix == ".csv" else read_idx)(path), None


def dataset_of(images: NDArray[Any], labels: NDArray[Any], classes: ArrayLike | None, path: Path) -> Dataset:
    """The data set of `images`, (N, n), (N, H, W) or (N, H, W, C), and `labels` (N,), which come from `path`.

    Whole numbers from 0 to 255 are bytes, unless they are all 0 and 1. Without `classes` (K,), the numbers are the
    names of the classes.
    """
    if not 2 <= images.ndim <= 4:
        raise unusable_error(path, f"images are {images.dtype} {images.shape}, not (N, n), (N, H, W) or (N, H, W, C)")
    if labels.dtype.kind not in "iu" or labels.shape != (len(images),):
        raise unusable_error(path, f"labels are {labels.dtype} {labels.shape}, not whole numbers ({len(images)},)")
    if len(labels) and not 0 <= labels.min() <= labels.max() < MAX_CLASSES:
        raise unusable_error(path, f"labels must be from 0 to {MAX_CLASSES - 1}")
    if images.dtype.kind in "iu" and images.size and 0 <= images.min() <= images.max() <= 255:
        images = images.astype(np.float32 if images.max() == 1 else np.uint8, copy=False)
    try:
        return Dataset(images, labels, () if classes is None else tuple(map(str, np.ravel(classes))))
    except ValueError as error:
        raise unusable_error(path, str(error)) from error


def read_npz(path: Path, largest: int | None = None) -> Sets:
    """The arrays `images` and `labels` and, optionally, `classes` in `path`, as `dataset_of` takes them.

    Where `TEST_ARRAYS` are there too, they are the test set. All have at most `largest` bytes, or `LARGEST`.
    """
    arrays = files.read_npz(path, LARGEST if largest is None else largest)
    if not {"images", "labels"} <= set(arrays):
        raise unusable_error(path, "it needs arrays named images and labels")
    data = dataset_of(arrays["images"], arrays["labels"], arrays.get("classes"), path)
    if not set(arrays) >= TEST_ARRAYS:
        return data, None
    test = dataset_of(arrays["test_images"], arrays["test_labels"], data.classes, path)
    if test.images.shape[1:] != data.images.shape[1:]:
        raise unusable_error(path, "its images and its test_images have different sizes")
    return data, test


def has_test_arrays(path: Path) -> bool:
    """Whether `path` is an .npz file whose test set is apart."""
    try:
        with (
            files.ShortReads(files.open_file(path, LARGEST, "file").detach()) as file,
            zipfile.ZipFile(file) as archive,
        ):
            return {f"{name}.npy" for name in TEST_ARRAYS} <= set(archive.namelist())
    except Exception:  # arbitrary bytes make zipfile fail in many ways; whoever reads the file says what is wrong
        return False


def read_idx(path: Path) -> Dataset:
    """The images in the IDX file `path`, with the labels in the file beside it."""
    beside = labels_beside(path)
    images, labels = (idx.parse(idx.read(file), file) for file in (path, beside))
    return dataset_of(images, labels, None, path)


def labels_beside(path: Path) -> Path:
    """The file of labels that belongs to the file of images `path`: train-labels-idx1-ubyte.gz."""
    name = path.name.replace("images", "labels")
    digit = name.find("idx") + 3
    for candidate in (name, f"{name[:digit]}1{name[digit + 1 :]}"):
        for file in (candidate, f"{candidate}.gz", candidate.removesuffix(".gz")):
            if path.with_name(file).exists():
                return path.with_name(file)
    raise UserError(f"The images in {path} need a file of labels beside them, {candidate}; put it there.")


def read_csv(path: Path) -> Dataset:
    """The CSV file `path`: lines of a label and numbers, always as many; a header may lead.

    A square of whole numbers from 0 to 255, 8x8 or larger, is a grey image, as Kaggle has MNIST.
    """
    content = files.read_file(path, LARGEST_CSV, "CSV file")
    first = content[:LONGEST_LINE].partition(b"\n")[0]
    count = first.count(b",")
    if not 0 < count <= MOST_NUMBERS:
        raise unusable_error(path, f"its first line has {count + 1} numbers, not a label and 1 to {MOST_NUMBERS:,}")
    if (content.count(b"\n") + 1) * (count + 1) * 4 > LARGEST:
        raise unusable_error(path, "it has more numbers than fit into memory")
    header = not first.partition(b",")[0].strip().lstrip(b"+-").replace(b".", b"", 1).isdigit()
    if header and not content[len(first) :].strip():
        raise unusable_error(path, "it has no images")
    try:
        rows = np.loadtxt(io.BytesIO(content), np.float32, delimiter=",", skiprows=int(header), ndmin=2, comments=None)
    except ValueError as error:
        raise unusable_error(path, f"a line is not a label and {count} numbers") from error
    if rows.shape[1] != count + 1:
        raise unusable_error(path, f"a line is not a label and {count} numbers")
    if not np.isfinite(rows).all():
        raise unusable_error(path, "a number is not finite")
    if (rows[:, 0] % 1).any():
        raise unusable_error(path, "its first column are not labels, whole numbers")
    labels = rows[:, 0].clip(-1, MAX_CLASSES).astype(np.int64)  # what is beyond the limits stays so
    numbers, side = np.ascontiguousarray(rows[:, 1:]), math.isqrt(count)
    if side * side == count and side >= SMALLEST_SIDE:
        numbers = numbers.reshape(-1, side, side)
        if numbers.min() >= 0 and numbers.max() <= 255 and not (numbers % 1).any():
            numbers = numbers.astype(np.uint8)
    return dataset_of(numbers, labels, None, path)
