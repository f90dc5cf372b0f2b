"""How much of what is no digit the guard refuses, and how many digits it lets pass.

    python benchmarks/doubt.py

Letters and digits are those of people never trained on. The symbols and scribbles come from the generator that training
drew from, with other random numbers, so their figures flatter; the letters do not.
"""

from __future__ import annotations

import numpy as np

import nn_scratch
from drawapp.reading.catalog import DIGIT_REJECTOR
from drawapp.reading.resources import resource
from nn_scratch.arrays import Array, Images
from nn_scratch.data.mnist import mnist
from nn_scratch.data.unipen import datasets as drawn
from nn_scratch.data.unipen import outliers, rejection
from nn_scratch.data.unipen import strokes as pen_data
from nn_scratch.data.unipen.variants import VARIANTS, as_variant

EACH = 300  # drawings of each kind


def main() -> None:
    """Refuse, print."""
    rejector = nn_scratch.load(resource(DIGIT_REJECTOR))
    pen = pen_data.load()
    test, rng = pen.test_writers(), np.random.default_rng(99)
    digits = {"pen digits": drawn.digits()[1].images, "MNIST test": mnist()[1].images}
    for name, variant in VARIANTS.items():
        digits[name] = as_variant(pen, np.flatnonzero(test), variant, EACH, rng)[0]
    others = {
        letter: pen_data.images_of(pen, np.flatnonzero(test & (pen.labels == letter))) for letter in outliers.LETTERS
    }
    for kind in (*outliers.SYMBOLS, *outliers.SCRIBBLES):
        others[kind] = outliers.images(np.full(EACH, kind), rng)

    def lead(images: Images) -> Array:
        logits = rejector.logits(images)  # (B, 2)
        difference: Array = logits[:, rejection.KNOWN] - logits[:, rejection.UNKNOWN]
        return difference

    border97 = float(np.quantile(lead(digits["pen digits"]), 0.03))
    for title, border in (("as it is", 0.0), ("at 97 % of pen digits accepted", border97)):
        print(f"\nthe guard {title}:")
        for name, images in digits.items():
            print(f"  accepted {(lead(images) >= border).mean():7.2%} of {name}")
        refused = {name: float((lead(images) < border).mean()) for name, images in others.items()}
        for group, kinds in (
            ("letters", outliers.LETTERS),
            ("symbols", outliers.SYMBOLS),
            ("scribbles", outliers.SCRIBBLES),
        ):
            shares = {kind: refused[kind] for kind in kinds}
            worst = min(shares, key=shares.__getitem__)
            mean = np.mean(list(shares.values()))
            print(f"  refused {mean:7.2%} of {group}, mean of {len(shares)} kinds; least {worst}: {shares[worst]:.1%}")


if __name__ == "__main__":
    main()
