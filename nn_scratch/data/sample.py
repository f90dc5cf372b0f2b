"""The sample: 8,000 training digits that come with the project, so that something can be learned without a download.

Half of the point of a network is to watch it learn. MNIST is a download, and the pen data needs a conversion. This file
has enough of both for a network to read nine digits in ten, for rehearsal while it adapts to one person, and for
nearest examples. It holds training examples only: no test digit is in it.

`python -m nn_scratch.data.sample OUT.npz` makes it. `custom.load_npz` reads it like any other .npz.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from nn_scratch.command import run_command
from nn_scratch.data.custom import load_npz
from nn_scratch.dataset import Dataset
from nn_scratch.files import atomic_write, check_writable
from nn_scratch.network import DIGITS

NAME = "models/sample.npz"
FROM_MNIST, FROM_PENS = 5_000, 3_000  # examples
ATTRIBUTION = (
    "MNIST (LeCun, Cortes and Burges 1998), CC BY-SA 3.0; UNIPEN train_r01_v07 (Guyon, Schomaker, Plamondon, Liberman "
    "and Janet 1994), DOI 10.5281/zenodo.1195803, CC BY 4.0, rendered as images"
)


def load_sample() -> tuple[Dataset, Dataset]:
    """The bundled sample: (four fifths to learn from, one fifth to test with).

    Raises:
        UserError: the file is missing or damaged.
    """
    return load_npz(sample_path())


def sample_path() -> Path:
    """Where the bundled file lies: beside the source tree, or within the installed app."""
    spec = find_spec("drawapp")
    within = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    beside = Path(__file__).resolve().parent.parent.parent
    return next((root / NAME for root in (beside, *within) if (root / NAME).is_file()), beside / NAME)


def make_sample(mnist: Dataset, pens: Dataset, rng: np.random.Generator) -> Dataset:
    """Examples drawn by `rng`, equally many of each digit: `FROM_MNIST` of one set and `FROM_PENS` of the other."""
    images, labels = [], []
    for data, count in ((mnist, FROM_MNIST), (pens, FROM_PENS)):
        for digit in range(len(DIGITS)):
            rows = rng.permutation(np.flatnonzero(data.labels == digit))[: count // len(DIGITS)]
            images.append(data.images[rows])
            labels.append(data.labels[rows])
    order = rng.permutation(sum(map(len, labels)))
    return Dataset(np.concatenate(images)[order], np.concatenate(labels)[order], DIGITS)


def pen_training_digits() -> Dataset:
    """The digits of the training writers, without made variants."""
    from nn_scratch.recipes.strokes import load_pen_data  # here, because the app loads the sample without it

    pen = load_pen_data()
    rows = np.flatnonzero(np.isin(pen.labels, DIGITS) & ~pen.of_test_writers())
    return Dataset(pen.images(rows), pen.labels[rows].astype(np.int64), DIGITS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the file that the arguments name; returns the exit status."""
    parser = argparse.ArgumentParser("python -m nn_scratch.data.sample", description="Make the bundled sample.")
    parser.add_argument("out", type=Path, metavar="OUT.npz", help=f"the file to write, {NAME} in the project")
    args = parser.parse_args(arguments)
    check_writable(args.out)
    from nn_scratch.data.mnist import load_mnist  # here, because it needs what downloads; the app has no such library

    sample = make_sample(load_mnist()[0], pen_training_digits(), np.random.default_rng(0))
    with atomic_write(args.out) as file:
        np.savez_compressed(
            file,
            images=sample.images,
            labels=sample.labels.astype(np.uint8),
            classes=np.array(sample.classes),
            attribution=np.array(ATTRIBUTION),
        )
    print(f"{args.out}: {len(sample):,} digits, {args.out.stat().st_size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.data.sample", main))
