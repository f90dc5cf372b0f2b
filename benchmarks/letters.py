"""How well the networks for letters and digits read people who are not in the training data, and what they confuse.

    python benchmarks/letters.py [MODEL ...]

One accuracy says little about 47 classes: some are rare, and an O and a 0 may be the same drawing. So there are scores
per class, for digits and letters alone, and of confusions that nobody could avoid.
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
from nn_scratch.dataset import Dataset
from nn_scratch.losses import softmax
from nn_scratch.metrics import expected_calibration_error
from nn_scratch.recipes.datasets import load_pen_characters

LOOK_ALIKES = ("O0", "IL1", "Z2", "S5", "9gq")  # the same drawing may be either


def main() -> None:
    """Score the models that the arguments name, or else all bundled ones with letters."""
    _, test = load_pen_characters()
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
    correct = best[:, 0] == labels
    by_class = [correct[labels == label].mean() for label in range(len(classes))]
    in_three = (best == labels[:, None]).any(axis=1)
    print(f"  first answer {correct.mean():.2%}, one of the first three {in_three.mean():.2%}")
    print(f"  mean over classes {np.mean(by_class):.2%}")
    print(f"  expected calibration error {expected_calibration_error(softmax(logits), labels):.2%}")
    for charset in (Charset.DIGITS, Charset.LETTERS):
        is_allowed = charset.mask(classes)
        rows = is_allowed[labels]
        answers = np.where(is_allowed, logits[rows], -np.inf).argmax(axis=1)
        print(f"  {charset.value} only, of {rows.sum():,} {charset.value}: {(answers == labels[rows]).mean():.2%}")
    print("  by class:", " · ".join(f"{name} {100 * score:.0f}" for name, score in zip(classes, by_class, strict=True)))
    report_look_alikes(np.array(classes)[best[~correct, 0]], np.array(classes)[labels[~correct]])


def report_look_alikes(answers: NDArray[np.str_], truth: NDArray[np.str_]) -> None:
    """Print how many mistakes are confusions of look-alikes, from the wrong `answers` (M,) and the `truth` (M,)."""
    print(f"  of {len(answers):,} mistakes, confusions among", end="")
    for look_alikes in LOOK_ALIKES:
        confused = np.isin(answers, list(look_alikes)) & np.isin(truth, list(look_alikes))
        print(f"  {' '.join(look_alikes)}: {confused.sum()}", end="")
    print()


if __name__ == "__main__":
    main()
