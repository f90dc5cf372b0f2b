"""How well the networks for letters and digits read people they were not trained on, and what they take for what.

python benchmarks/letters.py [MODEL ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import nn_scratch
from drawapp.reading import resources
from drawapp.reading.catalog import BUNDLED
from drawapp.reading.charset import Charset
from nn_scratch.data.dataset import Dataset
from nn_scratch.data.unipen import datasets as drawn
from nn_scratch.nn.losses import softmax
from nn_scratch.training.metrics import expected_calibration_error

LOOK_ALIKES = ("O0", "IL1", "Z2", "S5", "9gq")  # the same drawing may be either; only the word around it tells


def main() -> None:
    """Score the models named, or else all bundled ones that know letters."""
    test = drawn.characters()[1]
    paths = list(map(Path, sys.argv[1:])) or [resources.resource(file) for file in BUNDLED.values()]
    for path in paths:
        network = nn_scratch.load(path)
        if network.classes == test.classes:
            print(f"\n{path.name}: {network.parameters.size:,} parameters, {len(test):,} characters")
            report(network.logits(test.images), test)


def report(logits: NDArray[np.float32], test: Dataset) -> None:
    """Print all scores of `logits` (N, K)."""
    classes, labels = test.classes, test.labels
    best = np.argsort(-logits, axis=1)[:, :3]  # (N, 3)
    right = best[:, 0] == labels
    by_class = [right[labels == number].mean() for number in range(len(classes))]
    print(
        f"  first answer {right.mean():.2%}, one of the first three {(best == labels[:, None]).any(axis=1).mean():.2%}"
    )
    print(f"  mean over classes {np.mean(by_class):.2%}")
    print(f"  expected calibration error {expected_calibration_error(softmax(logits), labels):.2%}")
    for charset in (Charset.DIGITS, Charset.LETTERS):
        mask = charset.mask(classes)
        some = mask[labels]
        named = np.where(mask, logits[some], -np.inf).argmax(axis=1)
        print(f"  {charset.value} only, of {some.sum():,} {charset.value}: {(named == labels[some]).mean():.2%}")
    print(f"  by class: {' · '.join(f'{name} {100 * part:.0f}' for name, part in zip(classes, by_class, strict=True))}")
    names = np.array(classes)
    said, is_really = names[best[~right, 0]], names[labels[~right]]
    print(f"  of {len(said):,} mistakes, one for another of", end="")
    for alike in LOOK_ALIKES:
        among = np.isin(said, list(alike)) & np.isin(is_really, list(alike))
        print(f"  {' '.join(alike)}: {among.sum()}", end="")
    print()


if __name__ == "__main__":
    main()
