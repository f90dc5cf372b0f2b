"""How much of what is not a digit the rejector refuses, and how many digits it accepts.

    python benchmarks/rejection.py [MODEL]

A rejector is of use only if it refuses much and hardly any digit, so both are measured. Digits, letters and symbols are
those of people who are not in the training data; symbols that many would read as a digit are not counted
(`unknown.LIKE_DIGITS`). Invented symbols, doodles and scribbles come from the same generator as in training, with other
random numbers, so their figures are better than those of real drawings would be.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import nn_scratch
from drawapp.reading import resources
from drawapp.reading.catalog import DIGIT_REJECTOR
from nn_scratch.arrays import Array, Images
from nn_scratch.data.mnist import load_mnist
from nn_scratch.data.unipen.doodles import DOODLES
from nn_scratch.data.unipen.outliers import SCRIBBLES, draw_images
from nn_scratch.data.unipen.rejection import KNOWN, UNKNOWN
from nn_scratch.data.unipen.strokes import PenData, load_pen_data
from nn_scratch.data.unipen.symbols import SYMBOLS
from nn_scratch.data.unipen.unknown import Source, Writing, pair_of_digits
from nn_scratch.data.unipen.variants import VARIANTS, make_variant
from nn_scratch.images import ink
from nn_scratch.nn.network import DIGITS, Network

EXAMPLES_PER_KIND = 300
INVENTED: dict[str, Iterable[str]] = {"invented symbols": SYMBOLS, "doodles": DOODLES, "scribbles": SCRIBBLES}


def main() -> None:
    """Measure and print."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else resources.resource(DIGIT_REJECTOR)
    rejector, rng = nn_scratch.load(path), np.random.default_rng(99)
    pen, symbols = load_pen_data(), load_pen_data(name="symbols.npz")
    for name, images in digits(pen, rng).items():
        print(f"accepted {(margins(rejector, images) >= 0).mean():7.2%} of {len(images):,} {name}")
    writing = Writing(pen, symbols, test=True)
    report_real(rejector, "letters", writing.letters)
    report_real(rejector, "symbols", writing.symbols)
    pairs = ink.render_all(pair_of_digits(writing, rng) for _ in range(EXAMPLES_PER_KIND))
    print(f"refused {refused(rejector, pairs):7.2%} of {len(pairs):,} pairs of digits")
    for group, kinds in INVENTED.items():
        report(group, {kind: refused(rejector, draw_images(np.full(EXAMPLES_PER_KIND, kind), rng)) for kind in kinds})


def digits(pen: PenData, rng: np.random.Generator) -> dict[str, Images]:
    """Images of digits, by where they come from."""
    is_test = pen.of_test_writers()
    found = {
        "pen test digits": pen.images(np.flatnonzero(is_test & np.isin(pen.labels, DIGITS))),
        "MNIST test digits": load_mnist()[1].images,
    }
    for name, variant in VARIANTS.items():
        drawings, _ = make_variant(pen, np.flatnonzero(is_test), variant, EXAMPLES_PER_KIND, rng)
        found[f"variants: {name}"] = ink.render_all(drawings)
    return found


def margins(rejector: Network, images: Images) -> Array:
    """How far the logit of the known class is above the other, for each image: (B,)."""
    logits = rejector.logits(images)  # (B, 2)
    difference: Array = logits[:, KNOWN] - logits[:, UNKNOWN]
    return difference


def refused(rejector: Network, images: Images) -> float:
    """The fraction of `images` that `rejector` refuses."""
    return float((margins(rejector, images) < 0).mean())


def report_real(rejector: Network, group: str, source: Source) -> None:
    """Print how many of the characters of `source` are refused, and how many of each label."""
    labels, is_refused = source.pen.labels[source.rows], margins(rejector, source.pen.images(source.rows)) < 0
    print(f"refused {is_refused.mean():7.2%} of {len(labels):,} {group}")
    report(group, {label: float(is_refused[labels == label].mean()) for label in np.unique(labels)})


def report(group: str, fractions: dict[str, float]) -> None:
    """Print the fraction refused of each kind of a group, the mean of all kinds first."""
    print(f"refused {np.mean(list(fractions.values())):7.2%} of {group}, mean of {len(fractions)} kinds:")
    print("   " + "  ".join(f"{kind}: {fraction:.0%}" for kind, fraction in sorted(fractions.items(), key=second)))


def second(pair: tuple[str, float]) -> float:
    """The fraction of a kind, by which kinds are sorted."""
    return pair[1]


if __name__ == "__main__":
    main()
