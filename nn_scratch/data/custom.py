"""Custom data: a folder with one sub-folder of images per class, or an .npz file of arrays.

Published data sets do not have everything that somebody may want to recognize. Whoever has drawn or collected images
can train on them with the same commands.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nn_scratch.data.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.files import read_npz
from nn_scratch.images import files as image_files
from nn_scratch.images import ink
from nn_scratch.nn.model_file import MAX_CLASSES, check_classes

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
LARGEST = 2**32  # bytes of arrays
TEST_EVERY = 5  # one of so many examples is for testing
FEWEST = 2 * TEST_EVERY  # examples


def load_folder(folder: Path) -> tuple[Dataset, Dataset]:
    """The images in the sub-folders of `folder`, each normalized like a drawing in the app: uint8 (N, 28, 28).

    The name of a sub-folder is its class. The same files are always split in the same way: (training set, test set).

    Raises:
        UserError: there are too few images, or one cannot be read or is empty.
    """
    classes, files = find_images(folder)
    images = []
    for path, _ in files:
        image = ink.normalize(image_files.read(path))
        if image is None:
            raise UserError(f"{path} shows nothing; remove it from the data, or draw it again.")
        images.append(image)
    labels = np.array([label for _, label in files], np.int64)
    return check_and_split(Dataset(np.array(images, np.uint8), labels, classes), folder)


def find_images(folder: Path) -> tuple[tuple[str, ...], list[tuple[Path, int]]]:
    """The classes in `folder`, and the path and the label of each image, always in the same order."""
    try:
        classes = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
        files = [
            (path, label)
            for label, name in enumerate(classes)
            for path in sorted((folder / name).iterdir())
            if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
        ]
    except OSError as error:
        raise UserError(f"Cannot read the folder {folder}: {error.strerror or error}.") from error
    return tuple(classes), files


def load_npz(path: Path) -> tuple[Dataset, Dataset]:
    """The arrays `images`, uint8 (N, H, W) or (N, H, W, C), `labels` (N,) and, optionally, `classes` (K,) in `path`.

    Ink is high. Labels are numbers from 0; without `classes`, the numbers are the names of the classes. The same file
    is always split in the same way: (training set, test set).

    Raises:
        UserError: it cannot be read, or an array is missing or has the wrong shape or type.
    """
    arrays = read_npz(path, LARGEST)
    if not {"images", "labels"} <= set(arrays):
        raise unusable_error(path, "it needs arrays named images and labels")
    images, labels = arrays["images"], arrays["labels"]
    if images.dtype != np.uint8 or images.ndim not in (3, 4):
        raise unusable_error(path, f"images are {images.dtype} {images.shape}, not uint8 (N, H, W) or (N, H, W, C)")
    if not np.issubdtype(labels.dtype, np.integer) or labels.shape != (len(images),):
        raise unusable_error(path, f"labels are {labels.dtype} {labels.shape}, not whole numbers ({len(images)},)")
    if len(labels) and (int(labels.min()) < 0 or int(labels.max()) >= MAX_CLASSES):
        raise unusable_error(path, f"labels must be from 0 to {MAX_CLASSES - 1}")
    names = arrays.get("classes", np.arange(int(labels.max(initial=0)) + 1))
    classes = tuple(str(name) for name in np.atleast_1d(names).ravel())
    if len(labels) and int(labels.max()) >= len(classes):
        raise unusable_error(path, f"label {labels.max()} has no name among its {len(classes)} classes")
    return check_and_split(Dataset(images, labels.astype(np.int64), classes), path)


def check_and_split(data: Dataset, path: Path) -> tuple[Dataset, Dataset]:
    """The training set and the test set of `data`, which comes from `path`."""
    try:
        check_classes(list(data.classes))
    except ValueError as error:
        raise unusable_error(path, str(error)) from error
    if len(data) < FEWEST:
        raise unusable_error(path, f"it has {len(data)} images, and at least {FEWEST} are needed")
    if data.images.size == 0:
        raise unusable_error(path, "its images have no pixels")
    return data.split(len(data) // TEST_EVERY, np.random.default_rng(0))


def unusable_error(path: Path, why: str) -> UserError:
    """The error for custom data that nothing can be learned from; `why` is a clause that says what is wrong with it."""
    return UserError(f"The data in {path} cannot be used: {why}.")
