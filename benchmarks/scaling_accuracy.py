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
from pathlib import Path

from rich.console import Console
from rich.table import Table

SEEDS = (0, 1, 2)
EPOCHS = 10
BATCH, RATE = 128, 0.1  # of descent with momentum, to which the rules refer
BATCHES = (128, 256, 512, 1024, 2048, 4096)


def trained(ranks: int, seed: int, *options: object) -> tuple[float, float]:
    """The test accuracy in per cent, and by how many steps gradients were stale, after a training by the command."""
    mpiexec = shutil.which("mpiexec", path=str(Path(sys.executable).parent)) or "mpiexec"
    launch = [mpiexec, "-n", ranks] if ranks else []
    with tempfile.TemporaryDirectory() as folder:
        command = [*launch, sys.executable, "-m", "nn_scratch.train", "--epochs", EPOCHS, "--seed", seed, *options]
        command += ["--runs", folder, "--out", Path(folder, "model.npy")]
        out = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False).stdout
    accuracy, stale = re.search(r"test: accuracy ([\d.]+)%", out), re.search(r"stale by ([\d.]+)", out)
    return float(accuracy[1]) if accuracy else 10.0, float(stale[1]) if stale else 0.0  # without a model: guessing


def mean(ranks: int, *options: object) -> tuple[str, str]:
    """The mean over seeds of the accuracy and of the staleness, as they are shown."""
    found = [trained(ranks, seed, *options) for seed in SEEDS]
    accuracies, stale = zip(*found, strict=True)
    spread = max(accuracies) - min(accuracies)
    return f"{statistics.mean(accuracies):.2f} ({spread:.2f})", f"{statistics.mean(stale):.1f}"


def show_batches(console: Console) -> None:
    """Larger batches with the same rate, and with a rate that grows with them, with a warm-up and without."""
    title = "test accuracy in per cent (largest difference between seeds)"
    table = Table("batch", "the same rate", "k x rate", "k x rate, no warm-up", box=None, title=title)
    for batch in BATCHES:
        scaled = RATE * batch / BATCH
        row = []
        for rate, schedule in ((RATE, "one-cycle"), (scaled, "one-cycle"), (scaled, "cosine")):
            options = ("--batch-size", batch, "--learning-rate", rate, "--schedule", schedule)
            row.append(mean(0, "--optimizer", "sgd", *options)[0])
        table.add_row(str(batch), *row)
    console.print(table)


def show_stale(console: Console) -> None:
    """Asynchronous training beside synchronous, with the correction in several strengths."""
    title = "test accuracy in per cent (largest difference between seeds)"
    table = Table("optimizer", "ranks", "strength", "test accuracy", "stale by", box=None, title=title)
    for optimizer in ("adam", "sgd"):
        for ranks, strengths in ((2, (None, 0, 2, 20)), (4, (0, 20))):
            for strength in strengths:
                way = ("sync",) if strength is None else ("async", "--compensation", strength)
                accuracy, stale = mean(ranks, "--optimizer", optimizer, "--parallel", *way)
                table.add_row(optimizer, str(ranks), "sync" if strength is None else str(strength), accuracy, stale)
    console.print(table)


def main() -> None:
    """Train with all of them, and print the tables."""
    console = Console(soft_wrap=True)
    show_stale(console)
    show_batches(console)


if __name__ == "__main__":
    main()
