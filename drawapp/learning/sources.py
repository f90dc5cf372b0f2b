"""Where the app finds something to learn from: the bundled sample, and what else lies on this computer.

A program that is double-clicked must be able to train at once, without a download. So the sample is always there, and
everything else is offered only where it is already on the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from drawapp.session.corrections import Correction
from drawapp.session.language import marked
from nn_scratch.data.custom import VALIDATION_EVERY, load_custom
from nn_scratch.data.sample import load_sample
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError

SIDE = 28  # pixels of the images that the sheet gives
FEWEST = 2 * VALIDATION_EVERY  # corrections from which on something can be learned, and measured


@dataclass(frozen=True)
class Source:
    """Images to learn from: `words` are what the user calls them, `load` gives (training set, test set)."""

    name: str
    words: str
    load: Callable[[], tuple[Dataset, Dataset]]
    is_there: Callable[[], bool] = lambda: True


def has_mnist() -> bool:
    """Whether all of MNIST's files are in the data folder."""
    from nn_scratch.data.download import data_folder  # here and below: what the start of the app does not need
    from nn_scratch.data.mnist import MNIST_SHA256, find_file

    return all(find_file(data_folder() / "mnist", name).is_file() for name in MNIST_SHA256)


def load_mnist() -> tuple[Dataset, Dataset]:
    """MNIST."""
    from nn_scratch.data import mnist

    return mnist.load_mnist()


def has_pen() -> bool:
    """Whether the pen data is in the data folder."""
    from nn_scratch.data.download import data_folder

    return (data_folder() / "pen" / "pen.npz").is_file()


def load_pen() -> tuple[Dataset, Dataset]:
    """The digits of the pen data."""
    from nn_scratch.recipes.datasets import load_pen_digits

    return load_pen_digits()


SOURCES = (
    Source("sample", marked("Sample"), load_sample),
    Source("mnist", "MNIST", load_mnist, has_mnist),
    Source("pen", marked("Pen"), load_pen, has_pen),
)


def available(corrections: Sequence[Correction] = ()) -> tuple[Source, ...]:
    """The sources that are on this computer, and `corrections` where they are enough to learn from."""
    own = [of_corrections(corrections)] if len(corrections) >= FEWEST else []
    return (*(source for source in SOURCES if source.is_there()), *own)


def of_corrections(corrections: Sequence[Correction]) -> Source:
    """What the user has corrected."""

    def load() -> tuple[Dataset, Dataset]:
        classes = tuple(sorted({each.label for each in corrections}))
        labels = np.array([classes.index(each.label) for each in corrections], np.int64)
        own = Dataset(np.stack([each.image for each in corrections]), labels, classes)
        return own, own.take(np.arange(0))

    return Source("corrections", marked("Mine"), load)


def custom(path: Path) -> Source:
    """The images in the .npz file `path`."""
    return Source(str(path), path.stem, lambda: checked(path))


def checked(path: Path) -> tuple[Dataset, Dataset]:
    """The images in `path`, which must be like those of the sheet.

    Raises:
        UserError: they are not, or the file cannot be read.
    """
    training, test = load_custom(path)
    if training.images.shape[1:] != (SIDE, SIDE):
        size = "x".join(map(str, training.images.shape[1:]))
        raise UserError(f"The images in {path} are {size}; a network for the sheet needs grey images of 28x28.")
    if training.images.dtype != np.uint8:
        raise UserError(f"The images in {path} are not whole numbers from 0 to 255, as those of the sheet are.")
    return training, test
