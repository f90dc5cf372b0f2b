"""Random samples of every class in one picture: python -m nn_scratch.data.gallery --help.

Before one learns from data one should have looked at it: at what its classes are, how much they vary, and what is wrong
with some of its labels.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from nn_scratch.arrays import Images
from nn_scratch.checks import Range
from nn_scratch.command import number, run_command
from nn_scratch.data.folder import FolderOptions
from nn_scratch.data.registry import WHAT_DATA, load_data
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, check_writable

GAP = 2  # pixels between images


def gallery(data: Dataset, count: int, rng: np.random.Generator) -> Images:
    """One row per class of `data`, with `count` of its examples drawn by `rng`: (K (H + GAP), count (W + GAP), 3).

    Colours are shown as they are, of others the first channel, dark on light, as ink on paper. What is left where a
    class has fewer examples is white.
    """
    _, height, width, *_ = data.images.shape
    picture = np.full((len(data.classes) * (height + GAP), count * (width + GAP), 3), 255, np.uint8)
    for row in range(len(data.classes)):
        chosen = rng.permutation(np.flatnonzero(data.labels == row))[:count]
        for column, image in enumerate(data.images[chosen]):
            pixels = image if image.dtype == np.uint8 else np.rint(image.clip(0, 1) * 255).astype(np.uint8)
            pixels = pixels.reshape(height, width, -1)  # (H, W, C)
            top, left = row * (height + GAP), column * (width + GAP)
            coloured = pixels if pixels.shape[2] == 3 else 255 - pixels[:, :, :1]
            picture[top : top + height, left : left + width] = coloured
    return picture


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw the data that the arguments name; returns the exit status."""
    parser = argparse.ArgumentParser(
        "python -m nn_scratch.data.gallery", description="Draw random training examples of every class, row by row."
    )
    parser.add_argument("data", metavar="DATA", help=WHAT_DATA)
    parser.add_argument("out", type=Path, metavar="OUT.png", help="the picture to write")
    count = number(Range(1, 100, whole=True))
    parser.add_argument("--count", type=count, default=20, help="examples of each class (default: %(default)s)")
    parser.add_argument("--ink", action="store_true", help="read a folder as handwriting")
    parser.add_argument("--seed", type=number(Range(0, whole=True)), default=0, help="another one, other examples")
    args = parser.parse_args(arguments)
    if args.out.resolve() == Path(args.data).expanduser().resolve():
        raise UserError(f"The picture would overwrite {args.data}, the data that it shows; name another file.")
    check_writable(args.out)
    training, _ = load_data(args.data, FolderOptions(args.ink))
    if training.images.ndim < 3:
        raise UserError(f"{args.data} is a table of numbers, and has no images to be shown.")
    picture = gallery(training, args.count, np.random.default_rng(args.seed))
    with atomic_write(args.out) as file:
        Image.fromarray(picture).save(file, "PNG")
    print(f"{args.out}: {args.count} examples of each of {' '.join(training.classes)}, from top to bottom")
    return 0


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.data.gallery", main))
