"""Your own data: a folder of images, a sub-folder a class, or an .npz file of arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nn_scratch.data.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.files import read_npz
from nn_scratch.images import files as image_files
from nn_scratch.images import ink
from nn_scratch.nn.model_file import check_classes

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
LARGEST = 2**32  # bytes of arrays
TEST_PART = 5  # one example in so many is for the test
LEAST = 2 * TEST_PART  # examples


def from_folder(folder: Path) -> tuple[Dataset, Dataset]:
    """The images in the sub-folders of `folder`, normalized as the app normalizes a drawing; each name is a class.

    The same files are always parted in the same way into training and test set.

    Raises:
        UserError: there are too few, or one is no image or empty.
    """
    try:
        classes = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
        files = [
            (path, number)
            for number, name in enumerate(classes)
            for path in sorted((folder / name).iterdir())
            if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
        ]
    except OSError as error:
        raise UserError(f"Cannot read the folder {folder}: {error.strerror or error}.") from error
    images = []
    for path, _ in files:
        image = ink.normalize(image_files.read(path))
        if image is None:
            raise UserError(f"{path} shows nothing; take it out of the data, or draw it anew.")
        images.append(image)
    labels = np.array([number for _, number in files], np.int64)
    return parted(folder, Dataset(np.array(images, np.uint8), labels, tuple(classes)))


def from_npz(path: Path) -> tuple[Dataset, Dataset]:
    """The arrays `images`, uint8 (N, H, W) or (N, H, W, C), `labels` (N,) and, if there, `classes` (K,) in `path`.

    Labels are numbers from 0; without `classes`, the numbers are the names. Ink is high. Parted as a folder is.

    Raises:
        UserError: it cannot be read, or an array is missing or of another shape or type.
    """
    arrays = read_npz(path, LARGEST)
    if not {"images", "labels"} <= set(arrays):
        raise unfit(path, "it needs arrays named images and labels")
    images, labels = arrays["images"], arrays["labels"]
    if images.dtype != np.uint8 or images.ndim not in (3, 4):
        raise unfit(path, f"images are {images.dtype} {images.shape}, not uint8 (N, H, W) or (N, H, W, C)")
    if not np.issubdtype(labels.dtype, np.integer) or labels.shape != (len(images),):
        raise unfit(path, f"labels are {labels.dtype} {labels.shape}, not whole numbers ({len(images)},)")
    if len(labels) and (int(labels.min()) < 0 or int(labels.max()) >= 1000):
        raise unfit(path, "labels count from 0, and there are at most 1,000 classes")
    names = arrays.get("classes", np.arange(int(labels.max(initial=0)) + 1))
    classes = tuple(str(name) for name in np.atleast_1d(names).ravel())
    if len(labels) and int(labels.max()) >= len(classes):
        raise unfit(path, f"label {labels.max()} has no name among its {len(classes)} classes")
    return parted(path, Dataset(images, labels.astype(np.int64), classes))


def parted(path: Path, data: Dataset) -> tuple[Dataset, Dataset]:
    """Training and test set of `data`, which came from `path`."""
    try:
        check_classes(list(data.classes))
    except ValueError as error:
        raise unfit(path, str(error)) from error
    if len(data) < LEAST or 0 in data.images.shape:
        raise unfit(path, f"it has {len(data)} images, and {LEAST} are the least")
    return data.split(len(data) // TEST_PART, np.random.default_rng(0))


def unfit(path: Path, why: str) -> UserError:
    """The sentence for data that cannot be learned from."""
    return UserError(f"{path} cannot be learned from: {why}.")
