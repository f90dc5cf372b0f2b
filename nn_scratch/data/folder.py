"""A folder of images, with one sub-folder per class.

That is how people collect images, and how many data sets are given away. Scans of handwriting must become what a
drawing in the app becomes, or a network would learn paper and pens; photographs must stay what they are. Commands read
a folder as it is. `python -m nn_scratch.data.folder FOLDER --ink --out mine.npz` converts one, once.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_scratch import ink
from nn_scratch.arrays import Images
from nn_scratch.command import SILENT, Bar, Feedback, image_size, run_command
from nn_scratch.data.custom import LARGEST, Sets, check_custom, unusable_error
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, check_writable
from nn_scratch.network import Network

if TYPE_CHECKING:
    from nn_scratch.ink.files import Size

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
TRAINING, TEST = "train", "test"  # sub-folders of a folder that is already split


class FolderOptions(NamedTuple):
    """How the images in a folder are read. As they are, they must have one size, and colours are kept."""

    ink: bool = False  # as handwriting: the ink is cut out and made 28x28, as the app does with a drawing
    size: Size | None = None  # (width, height) that all images are stretched to

    def as_metadata(self) -> dict[str, object]:
        """What a model file tells, so that `options_for` finds it again."""
        return self._asdict()


AS_THEY_ARE = FolderOptions()


def options_for(network: Network) -> FolderOptions:
    """How a folder is read for `network`: as in its training, as far as its metadata tells.

    Where it does not tell, a network for 28x28 grey pixels and characters, or a rejector of these, reads ink.
    """
    classes, pixels = network.classes, math.prod(network.input_shape)
    told = network.metadata.get("ink")
    if not isinstance(told, bool):
        characters = all(len(label) == 1 and label.isalnum() for label in classes)
        told = pixels == 28 * 28 and (characters or classes[0] == f"no {classes[-1]}")
    match network.metadata.get("size"):
        case [int(width), int(height)] if not told and 0 < width * height in (pixels, pixels / 3):
            return FolderOptions(size=(width, height))  # a file may tell anything: this is a size that it reads
    return FolderOptions(ink=told)


def read_folder(
    folder: Path, options: FolderOptions = AS_THEY_ARE, feedback: Feedback = SILENT, only_test: bool = False
) -> Sets:
    """The images in the sub-folders of `folder`, uint8 (N, H, W), or (N, H, W, 3) if one has colours.

    The name of a sub-folder is its class. If `folder` has the sub-folders train and test, the classes are in these;
    with `only_test`, the training set is left empty then. Images that are not readable or, as handwriting, blank are
    skipped; `feedback` is told how many. UserError where a folder cannot be read, or images differ in size.
    """
    if not is_split(folder):
        data, _ = read_images(folder, *find_images(folder), options, feedback)
        return data, None
    classes, training = find_images(folder / TRAINING)
    names, test = find_images(folder / TEST)
    unknown = [name for name in names if name not in classes]
    if unknown:
        raise unusable_error(folder, f"{TEST} has the class {unknown[0]}, which {TRAINING} does not have")
    training = [] if only_test else training
    data, rows = read_images(folder, classes, training + test, options, feedback)
    return data[rows < len(training)], data[rows >= len(training)]


def is_split(folder: Path) -> bool:
    """Whether `folder` has sub-folders train and test, which have sub-folders themselves."""
    try:
        return all(any(path.is_dir() for path in (folder / name).iterdir()) for name in (TRAINING, TEST))
    except OSError:
        return False


def find_images(folder: Path) -> tuple[tuple[str, ...], list[Path]]:
    """The classes in `folder`, and the path of each image, always in the same order; its folder's name is its class."""
    try:
        classes = sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
        found = [path for name in classes for path in sorted((folder / name).iterdir())]
    except OSError as error:
        raise UserError(f"Cannot read the folder {folder}: {error.strerror or error}.") from error
    return tuple(classes), [p for p in found if p.suffix.lower() in SUFFIXES and not p.name.startswith(".")]


def read_images(
    folder: Path, classes: tuple[str, ...], files: Sequence[Path], options: FolderOptions, feedback: Feedback
) -> tuple[Dataset, NDArray[np.int64]]:
    """The images in those of `files` that can be used, and the numbers (M,) of these files."""
    if not find_spec("PIL"):  # all other data needs nothing but NumPy
        raise UserError("Image files are opened by pillow, which is not installed: pip install pillow")
    images: dict[int, Images] = {}
    for row, path in enumerate(files):
        image = read_image(path, options)
        feedback.advance(row + 1, len(files))
        if image is None:
            continue
        images[row] = image
        if image.shape[:2] != next(iter(images.values())).shape[:2]:
            found = [f"{files[i].relative_to(folder)} has {a.shape[1]}x{a.shape[0]}" for i, a in images.items()]
            raise UserError(
                f"The images in {folder} have different sizes: {found[0]} and {found[-1]}. Convert them first: "
                "python -m nn_scratch.data.folder FOLDER --out mine.npz, with --ink if they are handwriting, or with a "
                "size for all, such as --size 32x32."
            )
        if image.nbytes * len(files) > LARGEST:
            raise unusable_error(folder, f"its {len(files):,} images need too much memory; make them smaller by --size")
    skipped = [path for row, path in enumerate(files) if row not in images]
    if skipped:
        feedback.note(
            f"Skipped {len(skipped):,} of {len(files):,} images in {folder}, which are blank or not readable, "
            f"such as {skipped[0]}."
        )
    rows = np.array(list(images), np.int64)
    labels = np.array([classes.index(files[row].parent.name) for row in rows], np.int64)
    return Dataset(alike(list(images.values())), labels, classes), rows


def read_image(path: Path, options: FolderOptions) -> Images | None:
    """The image in the file `path` as `options` ask for it; None where it cannot be read or, as ink, is blank."""
    from nn_scratch.ink import files as image_files

    try:
        return ink.normalize(image_files.read(path)) if options.ink else image_files.read_pixels(path, options.size)
    except UserError:
        return None


def alike(images: list[Images]) -> Images:
    """All `images`, each (H, W) or (H, W, 3), in one array: (N, H, W) if all are grey, and (N, H, W, 3) otherwise."""
    if len({image.ndim for image in images}) > 1:
        images = [image if image.ndim == 3 else np.repeat(image[:, :, None], 3, axis=2) for image in images]
    return np.stack(images) if images else np.zeros((0, 1, 1), np.uint8)


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert the folder that the arguments name; returns the exit status."""
    description = "Convert a folder with one sub-folder of images per class into an .npz file that all commands read."
    parser = argparse.ArgumentParser("python -m nn_scratch.data.folder", description=description)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--ink", action="store_true", help="handwriting: cut out the ink, 28x28, as the app does")
    how.add_argument("--size", type=image_size, metavar="WxH", help="stretch all images to this size, such as 32x32")
    parser.add_argument("--out", type=Path, required=True, metavar="OUT.npz", help="the file to write")
    args = parser.parse_args(arguments)
    if args.out.suffix != ".npz":
        raise UserError(f"Commands know the file by its ending; call it {args.out.with_suffix('.npz')}.")
    check_writable(args.out)
    with Bar() as feedback:
        training, test = read_folder(args.folder, FolderOptions(args.ink, args.size), feedback)
    check_custom(training, args.folder)
    arrays = {"images": training.images, "labels": training.labels, "classes": np.array(training.classes)}
    if test is not None:
        arrays |= {"test_images": test.images, "test_labels": test.labels}
    with atomic_write(args.out) as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
    apart = "" if test is None else f" for training and {len(test):,} for testing"
    print(f"{args.out}: {len(training):,} images{apart}, of {' '.join(training.classes)}")
    return 0


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.data.folder", main))
