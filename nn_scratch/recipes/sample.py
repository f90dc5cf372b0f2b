"""How models/sample.npz is made: python -m nn_scratch.recipes.sample OUT.npz. It needs MNIST and the pen data."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nn_scratch.command import run_command
from nn_scratch.data.mnist import load_mnist
from nn_scratch.dataset import Dataset
from nn_scratch.files import atomic_write, check_writable
from nn_scratch.network import DIGITS
from nn_scratch.recipes.strokes import load_pen_data

FROM_MNIST, FROM_PENS = 5_000, 3_000  # examples
ATTRIBUTION = (
    "MNIST (LeCun, Cortes and Burges 1998), CC BY-SA 3.0; UNIPEN train_r01_v07 (Guyon, Schomaker, Plamondon, Liberman "
    "and Janet 1994), DOI 10.5281/zenodo.1195803, CC BY 4.0, rendered as images"
)


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
    pen = load_pen_data()
    rows = np.flatnonzero(np.isin(pen.labels, DIGITS) & ~pen.of_test_writers())
    return Dataset(pen.images(rows), pen.labels[rows].astype(np.int64), DIGITS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the file that the arguments name; returns the exit status."""
    parser = argparse.ArgumentParser("python -m nn_scratch.recipes.sample", description="Make the bundled sample.")
    parser.add_argument("out", type=Path, metavar="OUT.npz", help="the file to write, models/sample.npz in the project")
    args = parser.parse_args(arguments)
    check_writable(args.out)
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
    sys.exit(run_command("nn_scratch.recipes.sample", main))
