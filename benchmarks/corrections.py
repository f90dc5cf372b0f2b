"""How well a network reads a person's digit after two corrections, and how much it forgets.

    python benchmarks/corrections.py

Some people write a digit so that it is misread again and again. For each writer of pen test and each digit of theirs
that `models/digits.npy` misreads at least four times, two misread drawings are corrected and learned by a copy of the
network, which then reads the others. What it has forgotten is measured on MNIST's test images. It rehearses with the
bundled sample or with all of MNIST's training images, and learns warped copies of the strokes too, or images alone.

A straight bar with the label of another digit than 1 is a wrong label of the data, and is left out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

import nn_scratch
from drawapp.reading import resources
from drawapp.reading.catalog import BUNDLED
from nn_scratch import ink
from nn_scratch.command import one_blas_thread
from nn_scratch.data.mnist import load_mnist
from nn_scratch.data.sample import load_sample
from nn_scratch.dataset import Dataset
from nn_scratch.network import DIGITS, Network
from nn_scratch.recipes.strokes import PenData, Rows, Strokes, load_pen_data
from nn_scratch.recipes.variants import warp
from nn_scratch.transfer.adapting import adapt

FEWEST, CORRECTED = 4, 2  # misread drawings of one digit by one writer; how many of them are corrected
PAIRS = 5  # choices of the corrected ones per writer and digit
WARPED = 30  # copies of each corrected drawing
BAR = 0.06  # a drawing is a bar if it spreads so little across its length


@dataclass(frozen=True)
class Case:
    """A digit of one writer, and its drawings that the network misreads."""

    writer: str
    digit: int
    misread: list[Strokes]


def is_bar(strokes: Strokes) -> bool:
    """Whether `strokes` form one straight line, of any direction."""
    points = np.concatenate(strokes)
    length, breadth = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(breadth < BAR * length)


def misread_rows(network: Network, pen: PenData) -> Rows:
    """The digits of test writers that `network` misreads, without bars that are labelled as another digit than 1."""
    rows = np.flatnonzero(np.isin(pen.labels, DIGITS) & pen.of_test_writers())
    wrong = rows[network.predict(pen.images(rows)) != pen.labels[rows].astype(np.int64)]
    return np.array([i for i in wrong if pen.labels[i] == "1" or not is_bar(pen.strokes(int(i)))])


def cases(network: Network, pen: PenData) -> Iterator[Case]:
    """The digits of test writers that are misread at least `FEWEST` times."""
    wrong = misread_rows(network, pen)
    for writer, digit in sorted({(str(pen.writers[i]), str(pen.labels[i])) for i in wrong}):
        rows = wrong[(pen.writers[wrong] == writer) & (pen.labels[wrong] == digit)]
        if len(rows) >= FEWEST:
            yield Case(writer, int(digit), [pen.strokes(int(i)) for i in rows])


def accuracy(network: Network, data: Dataset) -> float:
    """The fraction of `data` that `network` reads correctly."""
    return float((network.predict(data.images) == data.labels).mean())


def examples(drawings: list[Strokes], digit: int) -> Dataset:
    """`drawings` as images with the label `digit`."""
    return Dataset(ink.render_all(drawings), np.full(len(drawings), digit), DIGITS)


@dataclass(frozen=True)
class Result:
    """What one adaptation gave: fractions from 0 to 1, and seconds of one core."""

    read: float
    lost: float
    seconds: float


@dataclass(frozen=True)
class Trial:
    """What is tried: a set to rehearse, and how many warped copies of each corrected drawing are learned."""

    title: str
    rehearsal: Dataset
    warped: int

    def run(self, network: Network, case: Case, test: Dataset, seed: int) -> Result:
        """Correct some drawings of `case`, chosen by `seed`, and read the others."""
        rng = np.random.default_rng(seed)
        drawings = [case.misread[i] for i in rng.permutation(len(case.misread))]
        corrected, others = drawings[:CORRECTED], examples(drawings[CORRECTED:], case.digit)
        start = time.process_time()
        corrected += [warp(strokes, rng) for strokes in corrected for _ in range(self.warped)]
        *_, last = adapt(network, examples(corrected, case.digit), self.rehearsal, rng)
        seconds = time.process_time() - start
        return Result(accuracy(last.network, others), accuracy(network, test) - accuracy(last.network, test), seconds)


def report(trial: Trial, network: Network, found: list[Case], test: Dataset) -> None:
    """Run and print one trial."""
    print(f"\n{trial.title}:")
    everything, means = [], []
    for case in found:
        results = [trial.run(network, case, test, seed) for seed in range(PAIRS)]
        everything += results
        means.append(float(np.mean([result.read for result in results])))
        name = f"  {case.writer:16} {case.digit}  {len(case.misread):2d} misread"
        print(f"{name}; others read afterwards {means[-1]:6.1%}, lost {np.mean([r.lost for r in results]):6.2%}")
    lost = [result.lost for result in everything]
    print(f"  mean over writers {np.mean(means):.1%}")
    print(f"  MNIST test loses {np.mean(lost):.2%} on average, {max(lost):.2%} at worst")
    print(f"  {np.median([result.seconds for result in everything]):.2f} s of one core")


def main() -> None:
    """Measure and print."""
    network = nn_scratch.load(resources.resource(BUNDLED["Digits"]))
    mnist, test = load_mnist()
    sample, _ = load_sample()
    found = list(cases(network, load_pen_data()))
    with one_blas_thread():
        report(Trial("the sample, with warped copies", sample, WARPED), network, found, test)
        report(Trial("the sample, images alone", sample, 0), network, found, test)
        report(Trial("MNIST, with warped copies", mnist, WARPED), network, found, test)


if __name__ == "__main__":
    main()
