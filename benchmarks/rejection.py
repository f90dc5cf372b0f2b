"""How much of what it cannot read a rejector refuses, and how much of the rest it accepts.

    python benchmarks/rejection.py [MODEL]

A rejector is of use only if it refuses much and hardly any digit, so both are measured; or character, for a rejector of
characters. Digits, letters and symbols are those of people who are not in the training data; symbols that many would
read as a digit, or as a character, are not counted (`LIKE_DIGITS`, `LIKE_CHARACTERS` in `unknown`). Invented symbols,
doodles and scribbles come from the same generator as in training, with other random numbers, so their figures are
better than those of real drawings would be.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from pathlib import Path

import numpy as np

import nn_scratch
from drawapp.reading import resources
from drawapp.reading.catalog import DIGIT_REJECTOR
from nn_scratch import ink
from nn_scratch.arrays import Array, Images
from nn_scratch.data.mnist import load_mnist
from nn_scratch.network import Network
from nn_scratch.recipes.datasets import CHARACTER_OR_NOT, KNOWN, UNKNOWN
from nn_scratch.recipes.doodles import DOODLES, SCRIBBLES, SYMBOLS, draw
from nn_scratch.recipes.strokes import load_pen_data
from nn_scratch.recipes.unknown import INVENTED_LIKE_LETTERS, NO_CHARACTER, NO_DIGIT, Kinds, Source, Writing
from nn_scratch.recipes.variants import VARIANTS, make_variant

EXAMPLES_PER_KIND = 300
INVENTED: dict[str, Iterable[str]] = {"invented symbols": SYMBOLS, "doodles": DOODLES, "scribbles": SCRIBBLES}


def main() -> None:
    """Measure and print."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else resources.resource(DIGIT_REJECTOR)
    rejector, rng = nn_scratch.load(path), np.random.default_rng(99)
    pen, symbols = load_pen_data(), load_pen_data(name="symbols.npz")
    writing = Writing(pen, symbols, test=True)
    if rejector.classes == CHARACTER_OR_NOT:
        report_characters(rejector, writing, rng)
    else:
        report_digits(rejector, writing, rng)


def report_digits(rejector: Network, writing: Writing, rng: np.random.Generator) -> None:
    """Print what a rejector of digits accepts and refuses."""
    for name, images in digits(writing.digits, rng).items():
        report_accepted(rejector, name, images)
    report_real(rejector, "letters", writing.letters)
    report_real(rejector, "symbols", writing.symbols)
    report_pairs(rejector, "pairs of digits", NO_DIGIT, writing, rng)
    report_invented(rejector, (), rng)


def report_characters(rejector: Network, writing: Writing, rng: np.random.Generator) -> None:
    """Print what a rejector of characters accepts and refuses."""
    for name, source in (("characters", writing.everything), ("digits", writing.digits)):
        report_accepted(rejector, name, source.pen.images(source.rows))
    report_real(rejector, "symbols", writing.signs)
    report_pairs(rejector, "pairs of characters", NO_CHARACTER, writing, rng)
    report_invented(rejector, INVENTED_LIKE_LETTERS, rng)


def digits(source: Source, rng: np.random.Generator) -> dict[str, Images]:
    """Images of digits, by where they come from: those of `source`, those of MNIST, and variants of the first."""
    found = {"pen test digits": source.pen.images(source.rows), "MNIST test digits": load_mnist()[1].images}
    for name, variant in VARIANTS.items():
        drawings, _ = make_variant(source.pen, source.rows, variant, EXAMPLES_PER_KIND, rng)
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


def report_accepted(rejector: Network, name: str, images: Images) -> None:
    """Print how many of `images` are accepted."""
    print(f"accepted {1 - refused(rejector, images):7.2%} of {len(images):,} {name}")


def report_pairs(rejector: Network, name: str, kinds: Kinds, writing: Writing, rng: np.random.Generator) -> None:
    """Print how many of the pairs that are one of the `kinds` are refused."""
    pairs = ink.render_all(kinds[name][1](writing, rng) for _ in range(EXAMPLES_PER_KIND))
    print(f"refused {refused(rejector, pairs):7.2%} of {len(pairs):,} {name}")


def report_invented(rejector: Network, but: Collection[str], rng: np.random.Generator) -> None:
    """Print how many invented drawings of each kind that is not one of `but` are refused."""
    for group, kinds in INVENTED.items():
        drawn = {kind: invented(kind, rng) for kind in kinds if kind not in but}
        report(group, {kind: refused(rejector, images) for kind, images in drawn.items()})


def invented(kind: str, rng: np.random.Generator) -> Images:
    """Drawings of that kind, with thinner and thicker pens."""
    drawings = [(draw(kind, rng), float(rng.choice([1.8, ink.PEN, ink.PEN, 3.0]))) for _ in range(EXAMPLES_PER_KIND)]
    images = [ink.render(strokes, pen) for strokes, pen in drawings]
    return np.stack([image for image in images if image is not None])


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
