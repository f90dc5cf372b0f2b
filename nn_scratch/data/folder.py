"""A folder of images, with one sub-folder per class.

That is how people collect images, and how many data sets are given away. Scans of handwriting must become what a
drawing in the app becomes, or a network would learn paper and pens; photographs must stay what they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch import ink
from nn_scratch.data.custom import LARGEST, check_and_split, check_custom, unusable_error
from nn_scratch.data.feedback import SILENT, Feedback
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.network import Network
from nn_scratch.recipes.rejection import CHARACTER_OR_NOT, DIGIT_OR_NOT

if TYPE_CHECKING:
    from nn_scratch.ink.files import Size

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
TRAINING, TEST = "train", "test"  # sub-folders of a folder that is already split
Pixels = NDArray[np.uint8]  # (H, W) or (H, W, 3)
Listing = tuple[tuple[str, ...], list[tuple[Path, int]]]  # the classes, and the path and the label of each image


@dataclass(frozen=True)
class FolderOptions:
    """How the images in a folder are read.

    Attributes:
        ink: as handwriting: the ink is cut out and made 28x28, as the app does with a drawing. Otherwise colours and
            size are kept.
        size: (width, height) that all images are stretched to; None where they have one size already.
    """

    ink: bool = False
    size: Size | None = None

    def as_metadata(self) -> dict[str, object]:
        """What a model file tells, so that `options_for` finds it again."""
        return {"ink": self.ink, "size": self.size}


AS_THEY_ARE = FolderOptions()


def options_for(network: Network) -> FolderOptions:
    """How a folder is read for `network`: as in its training, as far as its metadata tells."""
    return FolderOptions(ink=True) if reads_ink(network) else FolderOptions(size=stretched_size(network))


def reads_ink(network: Network) -> bool:
    """Whether `network` reads handwriting. Where its metadata does not tell, a network for 28x28 grey pixels and
    characters does.
    """
    told = network.metadata.get("ink")
    if isinstance(told, bool):
        return told
    characters = all(len(label) == 1 and label.isalnum() for label in network.classes)
    rejector = network.classes in (DIGIT_OR_NOT, CHARACTER_OR_NOT)
    return math.prod(network.input_shape) == 28 * 28 and (characters or rejector)


def stretched_size(network: Network) -> Size | None:
    """The size that images were stretched to for the training of `network`; None where its metadata tells none."""
    match network.metadata.get("size"):
        case [int(width), int(height)] if width > 0 and height > 0:
            pixels = width * height  # a file may tell anything: only a size that the network reads is believed
            return (width, height) if math.prod(network.input_shape) in (pixels, 3 * pixels) else None
    return None


def load_folder(
    folder: Path, options: FolderOptions = AS_THEY_ARE, feedback: Feedback = SILENT
) -> tuple[Dataset, Dataset]:
    """The images in the sub-folders of `folder`, uint8 (N, H, W), or (N, H, W, 3) if one has colours.

    The name of a sub-folder is its class. If `folder` has the sub-folders train and test, the classes are in these.
    Otherwise the same files are always split in the same way: (training set, test set). Images that are not readable
    or, as handwriting, blank are skipped; `feedback` is told how many.

    Raises:
        UserError: there are too few images, or they have different sizes.
    """
    if not is_split(folder):
        classes, files = find_images(folder)
        images, rows = read_images(folder, files, options, feedback)
        return check_and_split(Dataset(images, labels_of(files)[rows], classes), folder)
    classes, training = find_images(folder / TRAINING)
    test = find_test_images(folder, classes)
    images, rows = read_images(folder, training + test, options, feedback)
    data = Dataset(images, labels_of(training + test)[rows], classes)
    check_custom(data, folder)
    return data.take(np.flatnonzero(rows < len(training))), data.take(np.flatnonzero(rows >= len(training)))


def load_test_folder(folder: Path, options: FolderOptions = AS_THEY_ARE, feedback: Feedback = SILENT) -> Dataset:
    """The test set in `folder`: the images in its sub-folder test or, if it is not split, all of its images.

    Raises:
        UserError: as for `load_folder`.
    """
    split = is_split(folder)
    classes, files = find_images(folder / TRAINING if split else folder)
    if split:
        files = find_test_images(folder, classes)
    images, rows = read_images(folder, files, options, feedback)
    data = Dataset(images, labels_of(files)[rows], classes)
    check_custom(data, folder, fewest=1)
    return data


def is_split(folder: Path) -> bool:
    """Whether `folder` has sub-folders train and test, which have sub-folders themselves."""
    try:
        return all(any(path.is_dir() for path in (folder / name).iterdir()) for name in (TRAINING, TEST))
    except OSError:
        return False


def find_images(folder: Path) -> Listing:
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


def find_test_images(folder: Path, classes: tuple[str, ...]) -> list[tuple[Path, int]]:
    """The path and the label of each test image of a split `folder`, where the training set has these `classes`."""
    names, files = find_images(folder / TEST)
    unknown = [name for name in names if name not in classes]
    if unknown:
        raise unusable_error(folder, f"{TEST} has the class {unknown[0]}, which {TRAINING} does not have")
    return [(path, classes.index(names[label])) for path, label in files]


def labels_of(files: list[tuple[Path, int]]) -> NDArray[np.int64]:
    """(N,) the labels of `files`."""
    return np.array([label for _, label in files], np.int64)


def read_images(
    folder: Path, files: list[tuple[Path, int]], options: FolderOptions, feedback: Feedback
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The images in those of `files` that can be used, (M, H, W) or (M, H, W, 3), and the numbers (M,) of these files.

    Raises:
        UserError: they have different sizes, or are too large to be kept in memory; or pillow is not installed.
    """
    check_pillow()
    images: dict[int, Pixels] = {}
    skipped = []
    first: tuple[Path, Size] | None = None
    for row, (path, _) in enumerate(files):
        image = read_image(path, options)
        feedback.advance(row + 1, len(files))
        if image is None:
            skipped.append(path)
            continue
        size = image.shape[1], image.shape[0]
        first = first or (path, size)
        if size != first[1]:
            raise different_sizes_error(folder, first, (path, size))
        if image.nbytes * len(files) > LARGEST:
            raise unusable_error(folder, f"its {len(files):,} images need too much memory; make them smaller by --size")
        images[row] = image
    if skipped:
        feedback.note(
            f"Skipped {len(skipped):,} of {len(files):,} images in {folder}, which are blank or not readable, "
            f"such as {skipped[0]}."
        )
    return alike(list(images.values())), np.array(list(images), np.int64)


def read_image(path: Path, options: FolderOptions) -> Pixels | None:
    """The image in the file `path` as `options` ask for it; None where it cannot be read or, as ink, is blank."""
    from nn_scratch.ink import files as image_files

    try:
        return ink.normalize(image_files.read(path)) if options.ink else image_files.read_pixels(path, options.size)
    except UserError:
        return None


def check_pillow() -> None:
    """UserError unless image files can be opened: all other data needs nothing but NumPy."""
    try:
        import PIL  # noqa: F401
    except ImportError as error:
        raise UserError("Image files are opened by pillow, which is not installed: pip install pillow") from error


def alike(images: list[Pixels]) -> NDArray[Any]:
    """All `images` in one array: (N, H, W) if all are grey; otherwise (N, H, W, 3), where grey ones have three equal
    channels.
    """
    if len({image.ndim for image in images}) > 1:
        images = [image if image.ndim == 3 else np.repeat(image[:, :, None], 3, axis=2) for image in images]
    return np.stack(images) if images else np.zeros((0, 1, 1), np.uint8)


def different_sizes_error(folder: Path, *examples: tuple[Path, Size]) -> UserError:
    """The error for a folder of images of different sizes, of which there are two `examples`."""
    found = " and ".join(f"{path.relative_to(folder)} has {width}x{height}" for path, (width, height) in examples)
    return UserError(
        f"The images in {folder} have different sizes: {found}. Add --ink if they are handwriting, or choose a size "
        "for all, such as --size 32x32."
    )
