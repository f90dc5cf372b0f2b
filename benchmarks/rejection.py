"""How much of what is not a digit the rejector refuses, and how many digits it accepts.

    python benchmarks/rejection.py

A rejector is of use only if it refuses much and hardly any digit, so both are measured. Letters and digits are those of
people who are not in the training data. The symbols and scribbles come from the same generator as in training, with
other random numbers, so their figures are better than those of real symbols would be; the figures of letters are not.
"""

from __future__ import annotations

import numpy as np

import nn_scratch
from drawapp.reading import resources
from drawapp.reading.catalog import DIGIT_REJECTOR
from nn_scratch.arrays import Array, Images
from nn_scratch.data.mnist import load_mnist
from nn_scratch.data.unipen.datasets import load_pen_digits
from nn_scratch.data.unipen.outliers import LETTERS, SCRIBBLES, SYMBOLS, draw_images
from nn_scratch.data.unipen.rejection import KNOWN, UNKNOWN
from nn_scratch.data.unipen.strokes import load_pen_data
from nn_scratch.data.unipen.variants import VARIANTS, draw_variant
from nn_scratch.nn.network import Network

EXAMPLES_PER_KIND = 300
GROUPS = {"letters": LETTERS, "symbols": tuple(SYMBOLS), "scribbles": tuple(SCRIBBLES)}
TARGET = 0.97  # fraction of pen digits that the second table accepts


def main() -> None:
    """Measure and print."""
    rejector = nn_scratch.load(resources.resource(DIGIT_REJECTOR))
    digit_images, outlier_images = draw_all(np.random.default_rng(99))
    digits = {name: margins(rejector, images) for name, images in digit_images.items()}
    outliers = {kind: margins(rejector, images) for kind, images in outlier_images.items()}
    report("as it is", digits, outliers, 0.0)
    threshold = float(np.quantile(digits["pen digits"], 1 - TARGET))
    report(f"with {TARGET:.0%} of pen digits accepted", digits, outliers, threshold)


def draw_all(rng: np.random.Generator) -> tuple[dict[str, Images], dict[str, Images]]:
    """Images of digits, by where they come from, and of all else, by kind."""
    pen = load_pen_data()
    is_test = pen.of_test_writers()
    digits = {"pen digits": load_pen_digits()[1].images, "MNIST test": load_mnist()[1].images}
    for name, variant in VARIANTS.items():
        digits[name], _ = draw_variant(pen, np.flatnonzero(is_test), variant, EXAMPLES_PER_KIND, rng)
    outliers = {letter: pen.images(np.flatnonzero(is_test & (pen.labels == letter))) for letter in LETTERS}
    for kind in (*SYMBOLS, *SCRIBBLES):
        outliers[kind] = draw_images(np.full(EXAMPLES_PER_KIND, kind), rng)
    return digits, outliers


def margins(rejector: Network, images: Images) -> Array:
    """How far the logit of the known class is above the other, for each image: (B,)."""
    logits = rejector.logits(images)  # (B, 2)
    difference: Array = logits[:, KNOWN] - logits[:, UNKNOWN]
    return difference


def report(title: str, digits: dict[str, Array], outliers: dict[str, Array], threshold: float) -> None:
    """Print what is accepted and what is refused if an image is accepted from the margin `threshold` on."""
    print(f"\nthe rejector {title}:")
    for name, values in digits.items():
        print(f"  accepted {(values >= threshold).mean():7.2%} of {name}")
    for group, kinds in GROUPS.items():
        refused = {kind: float((outliers[kind] < threshold).mean()) for kind in kinds}
        worst = min(refused, key=refused.__getitem__)
        mean = np.mean(list(refused.values()))
        print(f"  refused {mean:7.2%} of {group}, mean of {len(refused)} kinds; least {worst}: {refused[worst]:.1%}")


if __name__ == "__main__":
    main()
