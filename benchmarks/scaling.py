"""How far data-parallel training scales: a model of one step, up to 1,000 ranks, checked against real ones.

    python benchmarks/scaling.py

docs/scaling.md explains the model. Its numbers are processor seconds, measured in one process, so that other work on
the machine changes them little. The check starts 1, 2 and 4 ranks with mpiexec, also with the delays of a network.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import json
import math
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from scaling_ranks import all_reduce_seconds

from nn_scratch.arrays import to_inputs
from nn_scratch.data.mnist import load_mnist
from nn_scratch.optimizers import Adam
from nn_scratch.training import labelled
from nn_scratch.zoo.presets import PRESETS, preset

BATCH = 128
SIZES = (1, 4, 16, 64, 128)  # of batches, for the cost of a rank's examples
RANKS = (1, 10, 100, 1000)
ROUNDS = 3
WHAT = ("step", "sums", "processor")  # what a real rank measures


@dataclass(frozen=True)
class Link:
    """What lies between two ranks: seconds until a message arrives, and bytes per second."""

    name: str
    latency: float
    bandwidth: float


LINKS = (
    Link("1 Gbit Ethernet", 50e-6, 0.125e9),
    Link("10 Gbit Ethernet", 20e-6, 1.25e9),
    Link("100 Gbit InfiniBand", 2e-6, 12.5e9),
)


@dataclass(frozen=True)
class Cost:
    """What a step of one preset costs a rank, in seconds, and how many bytes its gradient has.

    Attributes:
        fixed, per_example: forward and backward of b examples take fixed + b per_example.
        update: the optimizer's step, which every rank takes.
    """

    fixed: float
    per_example: float
    update: float
    size: int

    def step(self, ranks: int, batch: float, link: Link) -> float:
        """The seconds of a step of `ranks` with `batch` examples in total."""
        compute = self.fixed + batch / ranks * self.per_example
        return compute + self.update + all_reduce_seconds(ranks, self.size, link.latency, link.bandwidth)


def typical(work: Callable[[], object], seconds: float = 0.4) -> float:
    """The median of the processor seconds of `work`, repeated for about so long."""
    found: list[float] = []
    end = time.process_time() + seconds
    while len(found) < 7 or time.process_time() < end:
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return float(np.median(found))


def cost_of(name: str) -> Cost:
    """Measure one preset in this process."""
    data, rng = load_mnist()[0], np.random.default_rng(0)
    network = preset(name).initialize(rng)
    optimizer = Adam(1e-6).attach(network.parameters, network.gradients)
    examples = labelled(data, None, rng)
    buffer = np.empty((max(SIZES), *network.input_shape), network.parameters.dtype)

    def gradient(size: int) -> None:
        images, labels = examples(0, rng.integers(0, len(data), size))
        z = network.forward(to_inputs(images, buffer[:size]), training=True)  # (B, K)
        _, dz = network.loss.value_and_gradient(z, labels)
        network.backward(dz)

    seconds = [typical(partial(gradient, size)) for size in SIZES]
    per_example, fixed = np.polyfit(SIZES, seconds, 1, w=1 / np.array(seconds))  # relative errors count
    update = typical(optimizer.step)
    return Cost(max(fixed, 0.0), per_example, update, network.gradients.nbytes)


def fastest(cost: Cost, link: Link) -> int:
    """The number of ranks that take a step of `BATCH` examples in the least time."""
    return min(range(1, BATCH + 1), key=lambda ranks: cost.step(ranks, BATCH, link))


def show_model(costs: dict[str, Cost], console: Console) -> None:
    """The costs, where more ranks stop paying, and how fast ever larger batches are."""
    table = Table("preset", "KB", "fixed us", "us per example", "update us", box=None, title="one rank")
    for name, cost in costs.items():
        numbers = (cost.fixed, cost.per_example, cost.update)
        table.add_row(name, f"{cost.size / 1000:.0f}", *(f"{number * 1e6:.0f}" for number in numbers))
    console.print(table)
    for link in LINKS:
        same = f"{link.name}: a batch of {BATCH} in total"
        table = Table("preset", "ranks", "speed-up", *(f"{n} ranks" for n in RANKS[1:]), box=None, title=same)
        for name, cost in costs.items():
            best, alone = fastest(cost, link), cost.step(1, BATCH, link)
            growing = (alone / cost.step(ranks, ranks * BATCH, link) for ranks in RANKS[1:])
            speed_up = f"{alone / cost.step(best, BATCH, link):.1f}"
            table.add_row(name, str(best), speed_up, *(f"{efficiency:.0%}" for efficiency in growing))
        console.print(table, f"(the last columns: efficiency with {BATCH} examples for each rank)\n")


def measured(ranks: int, name: str, batch: int, link: Link) -> dict[str, np.ndarray]:
    """What rank 0 of a real run finds, as `scaling_ranks` tells it, without the first steps."""
    mpiexec = shutil.which("mpiexec", path=str(Path(sys.executable).parent)) or "mpiexec"
    steps = 20 if name.startswith("conv") else 60
    script = Path(__file__).with_name("scaling_ranks.py")
    command = [mpiexec, "-n", ranks, sys.executable, script, name, batch, "--steps", steps]
    command += ["--latency", link.latency, "--bandwidth", link.bandwidth]
    result = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, check=True)
    return {what: np.array(numbers[5:]) for what, numbers in json.loads(result.stdout).items()}


def show_check(costs: dict[str, Cost], batch: int, console: Console) -> None:
    """Steps of real ranks beside the model, where the machine is the network and where a network is mimicked."""
    cores = os.cpu_count() or 1
    shared = Link("memory", 10e-6, 4e9)
    slow = Link("1 ms, 100 MB/s", 1e-3, 0.1e9)
    title = f"batch {batch}, {cores} cores; milliseconds per step"
    heads = ("preset", "network", "ranks", "model", "on free cores", "speed-up", "on the clock")
    table = Table(*heads, box=None, title=title)
    for name in ("mlp-wide", "convnet"):
        for link in (shared, slow):
            given = Link("", 0.0, math.inf) if link is shared else link
            runs: dict[int, list[dict[str, np.ndarray]]] = {}
            for _ in range(ROUNDS):  # alternating, because other work comes and goes
                for ranks in (1, 2, 4):
                    runs.setdefault(ranks, []).append(measured(ranks, name, batch, given))
            show_runs(table, name, link, batch, costs[name], runs, cores)
    console.print(table)


def show_runs(
    table: Table,
    name: str,
    link: Link,
    batch: int,
    cost: Cost,
    runs: dict[int, list[dict[str, np.ndarray]]],
    cores: int,
) -> None:
    """Add a row for each number of ranks. With more ranks than cores, cores take turns."""
    alone = 0.0
    for ranks, found in runs.items():
        turns = max(1.0, ranks / cores)
        wait = all_reduce_seconds(ranks, cost.size, link.latency, link.bandwidth)
        model = turns * (cost.step(ranks, batch, link) - wait) + wait
        steps, sums, processor = (np.concatenate([run[what] for run in found]) for what in WHAT)
        free = f"{1e3 * (np.median(processor) + sums.min()):.2f}" if ranks <= cores else ""  # else nobody waits in vain
        alone = alone or float(free)
        speed_up = f"{alone / float(free):.2f}" if free else ""
        wall = np.percentile(steps, 10)
        table.add_row(name, link.name, str(ranks), f"{model * 1e3:.2f}", free, speed_up, f"{wall * 1e3:.2f}")


def main() -> None:
    """Measure, and print the model and its check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-check", action="store_true", help="only the model, without mpiexec")
    args = parser.parse_args()
    console = Console(soft_wrap=True)
    costs = {name: cost_of(name) for name in PRESETS}
    show_model(costs, console)
    if not args.no_check:
        for batch in (128, 512):
            show_check(costs, batch, console)


if __name__ == "__main__":
    main()
