"""What data-parallel training does to accuracy: larger batches, and gradients that are stale.

    python benchmarks/scaling_accuracy.py

784-50-25-10, ten epochs of MNIST; means over seeds of the accuracy on MNIST's test images. docs/scaling.md explains the
tables. Ranks that outnumber the cores take turns, which changes the seconds but not what is learned.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from nn_scratch.data.custom import VALIDATION_EVERY
from nn_scratch.data.mnist import load_mnist
from nn_scratch.metrics import evaluate
from nn_scratch.optimizers import SGD
from nn_scratch.training import DivergedError, EpochReport, fit
from nn_scratch.zoo.presets import preset

ROOT = Path(__file__).resolve().parent.parent
SEEDS = (0, 1, 2)
EPOCHS = 10
BATCH, RATE = 128, 0.1  # of descent with momentum, to which the rules refer
BATCHES = (128, 256, 512, 1024, 2048, 4096)
GUESSING = 10.0  # per cent: the accuracy where no epoch has ended before the training diverged


def learned(batch: int, rate: float, schedule: str, seed: int) -> float:
    """The test accuracy in per cent of the best epoch, of those before the training diverges if it does."""
    training, test = load_mnist()
    rng = np.random.default_rng(seed)
    training, validation = training.split(len(training) // VALIDATION_EVERY, rng)
    network = preset("mlp").initialize(rng)
    found = [((-1.0, 0.0), GUESSING)]

    def keep(report: EpochReport) -> None:
        found.append((report.quality(), 100 * evaluate(network, test).accuracy))

    sets, descent = (training, validation), SGD(rate)
    with suppress(DivergedError):
        fit(network, *sets, rng, epochs=EPOCHS, schedule=schedule, on_epoch=keep, batch_size=batch, optimizer=descent)
    return max(found)[1]


def learned_by(ranks: int, seed: int, *options: object) -> tuple[float, float]:
    """The test accuracy in per cent, and by how many steps gradients were stale, after a training by the command."""
    mpiexec = shutil.which("mpiexec", path=str(Path(sys.executable).parent)) or "mpiexec"
    command = [mpiexec, "-n", ranks, sys.executable, "-m", "nn_scratch.train", "--epochs", EPOCHS, "--seed", seed]
    command += [*options, "--out", "model.npy"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        run = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, check=False, cwd=folder, env=environment
        )
    accuracy, stale = re.search(r"test: accuracy ([\d.]+)%", run.stdout), re.search(r"stale by ([\d.]+)", run.stdout)
    return float(accuracy[1]) if accuracy else GUESSING, float(stale[1]) if stale else 0.0


def mean(accuracies: Sequence[float]) -> str:
    """The mean over seeds and the largest difference, as they are shown."""
    return f"{statistics.mean(accuracies):.2f} ({max(accuracies) - min(accuracies):.2f})"


def show_batches(console: Console) -> None:
    """Larger batches with the same rate, and with a rate that grows with them, with a warm-up and without."""
    title = "test accuracy in per cent (largest difference between seeds)"
    table = Table("batch", "the same rate", "k x rate", "k x rate, no warm-up", box=None, title=title)
    for batch in BATCHES:
        scaled = RATE * batch / BATCH
        row = []
        for rate, schedule in ((RATE, "one-cycle"), (scaled, "one-cycle"), (scaled, "cosine")):
            row.append(mean([learned(batch, rate, schedule, seed) for seed in SEEDS]))
        table.add_row(str(batch), *row)
    console.print(table)


def show_stale(console: Console) -> None:
    """Asynchronous training beside synchronous, with the correction in several strengths."""
    title = "test accuracy in per cent (largest difference between seeds)"
    table = Table("optimizer", "ranks", "strength", "test accuracy", "stale by", box=None, title=title)
    for optimizer in ("adam", "sgd"):
        for ranks, strengths in ((2, (None, 0, 2, 20)), (4, (0, 20))):
            for strength in strengths:
                way = "sync" if strength is None else f"async:{strength}"
                runs = [learned_by(ranks, seed, "--optimizer", optimizer, "--parallel", way) for seed in SEEDS]
                accuracies, stale = zip(*runs, strict=True)
                shown = "sync" if strength is None else str(strength)
                table.add_row(optimizer, str(ranks), shown, mean(accuracies), f"{statistics.mean(stale):.1f}")
    console.print(table)


def main() -> None:
    """Train with all of them, and print the tables."""
    console = Console(soft_wrap=True)
    show_stale(console)
    show_batches(console)


if __name__ == "__main__":
    main()
