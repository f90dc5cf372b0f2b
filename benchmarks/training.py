"""How fast training is: MNIST, 784-50-25-10, beside other libraries that do the same work.

    python benchmarks/training.py [--batch 128] [--threads 1] [--epochs 10] [--rounds 3]

Seconds depend on the machine, so the yardstick is the matmul floor: the time that only the matrix products of the same
run take, on arrays of the same shapes. What a library needs beyond that is its own cost. All competitors train on the
same 55,000 images in one process, and they take turns for several rounds, so that other load slows all of them. The
clock stands still while a competitor prepares and while it is validated, on the 5,000 images that are left. The table
has medians, the range of the ratio to the floor, the accuracy on the test set, and the seconds of training after which
97 % and 98 % of the validation images were read correctly. A library that is not installed is left out.
"""

from __future__ import annotations

import os
import sys

THREADS = int(sys.argv[sys.argv.index("--threads") + 1]) if "--threads" in sys.argv else 1
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={str(THREADS > 1).lower()}"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(THREADS)

import argparse
import itertools
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from beginner import beginner
from rich.console import Console
from rich.table import Table
from rivals import RIVALS
from task import SIZES, Competitor, Predict, Task, as_floats

from nn_scratch.data.mnist import load_mnist
from nn_scratch.data.variation import Augment
from nn_scratch.dataset import Dataset
from nn_scratch.network import mlp
from nn_scratch.optimizers import SGD, Adam, Optimizer
from nn_scratch.training import EpochReport, Vary, steps

GOALS = (0.97, 0.98)  # validation accuracy
FLOOR = "matrix products alone"


def ours(optimizer: Optimizer, vary: Vary | None = None) -> Competitor:
    """nn_scratch with its defaults. It reads the bytes, within the clock."""

    def competitor(task: Task) -> Iterator[Predict]:
        rng = np.random.default_rng(0)
        network = mlp().initialize(rng)
        size, epochs = task.batch, task.epochs
        reports = steps(
            network, task.training, None, rng, epochs=epochs, batch_size=size, optimizer=optimizer, vary=vary
        )
        return (network.predict for report in reports if isinstance(report, EpochReport))

    return competitor


def matmul_floor(task: Task) -> Iterator[None]:
    """Only the matrix products: forward, and backward without the gradient of the images."""
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal(pair, dtype=np.float32) for pair in itertools.pairwise(SIZES)]
    gradients = [np.empty_like(W) for W in weights]
    a = [rng.standard_normal((task.batch, units), dtype=np.float32) for units in SIZES]
    for _ in range(task.epochs):
        for _ in range(task.steps):
            for i, W in enumerate(weights):
                np.matmul(a[i], W)
            for i in reversed(range(len(weights))):
                np.matmul(a[i].T, a[i + 1], out=gradients[i])
                if i:
                    np.matmul(a[i + 1], weights[i].T)
        yield None


COMPETITORS: dict[str, Competitor] = {
    FLOOR: matmul_floor,
    "nn_scratch, SGD": ours(SGD()),
    "nn_scratch, Adam": ours(Adam()),
    "nn_scratch, Adam, augmented": ours(Adam(), Augment()),
    "beginner's NumPy": beginner,
    **RIVALS,
}


@dataclass
class Record:
    """What a competitor reached in each round."""

    seconds: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)  # on the test set
    reached: dict[float, list[float]] = field(default_factory=lambda: {goal: [] for goal in GOALS})  # seconds


def run(competitor: Competitor, task: Task, validation: Dataset, test: Dataset, record: Record) -> None:
    """Let a competitor train once; ImportError where its library is missing."""
    epochs, seconds, missed = competitor(task), 0.0, list(GOALS)
    predict: Predict | None = None
    for _ in range(task.epochs):
        start = time.perf_counter()
        predict = next(epochs)
        seconds += time.perf_counter() - start
        if predict:
            reached = float((predict(as_floats(validation)) == validation.labels).mean())
            while missed and reached >= missed[0]:
                record.reached[missed.pop(0)].append(seconds)
    record.seconds.append(seconds)
    if predict:
        record.accuracy.append(float((predict(as_floats(test)) == test.labels).mean()))


def row(name: str, record: Record, floor: list[float]) -> list[str]:
    """A line of the table."""
    ratios = [mine / least for mine, least in zip(record.seconds, floor, strict=True)]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    seconds = f"{statistics.median(record.seconds):.2f}"
    accuracy = f"{statistics.median(record.accuracy):.2%}" if record.accuracy else ""
    times = [
        f"{statistics.median(reached):.2f}" if len(reached) == len(record.seconds) else ""
        for reached in record.reached.values()
    ]
    return [name, seconds, f"{statistics.median(ratios):.2f}", spread, accuracy, *times]


def options() -> argparse.Namespace:
    """What the benchmark is asked for."""
    parser = argparse.ArgumentParser(description="Training, beside other libraries.")
    parser.add_argument("--batch", type=int, default=128, help="examples per step")
    parser.add_argument("--threads", type=int, default=THREADS, help="threads that each library may use")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[], metavar="NAME", help="competitors that are left out")
    return parser.parse_args()


def main() -> None:
    """Run all competitors and print the table."""
    asked, console = options(), Console(width=120)
    both, test = load_mnist()
    training, validation = both.split(5000, np.random.default_rng(0))
    task = Task(training, asked.epochs, asked.batch, asked.threads)
    records = {name: Record() for name in COMPETITORS if name not in asked.without}
    for _ in range(asked.rounds):
        for name in list(records):
            try:
                run(COMPETITORS[name], task, validation, test, records[name])
            except ImportError as error:
                console.print(f"{name} is left out: {error}")
                del records[name]
    title = f"{asked.epochs} epochs, batch {asked.batch}, threads {asked.threads}"
    table = Table(title, "seconds", "x floor", "range", "test accuracy", *(f"s to {g:.0%}" for g in GOALS), box=None)
    for name, record in records.items():
        table.add_row(*row(name, record, records[FLOOR].seconds))
    console.print(table)


if __name__ == "__main__":
    main()
