"""One rank of a measured run: steps of synchronous training, with the delay of a network that is not there.

    mpiexec -n 2 python benchmarks/scaling_ranks.py convnet 128

`scaling.py` starts this with several numbers of ranks. Ranks on one machine talk through its memory, so the delay of a
network is added by waiting after each sum, for as long as an all-reduce would take there. Rank 0 prints a line of JSON:
the seconds of each step, of its all-reduces, and the processor seconds that this rank computed.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import json
import math
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data.mnist import load_mnist
from nn_scratch.optimizers import Adam
from nn_scratch.parallel.ranks import Ranks, load_mpi
from nn_scratch.parallel.synchronous import Synchronous
from nn_scratch.training import StepReport
from nn_scratch.zoo.presets import PRESETS, preset


class DelayedRanks(Ranks):
    """Ranks between which each sum takes as long as over a network of this latency (s) and bandwidth (bytes/s)."""

    def __init__(self, mpi: Any, latency: float, bandwidth: float) -> None:
        super().__init__(mpi)
        self.latency, self.bandwidth = latency, bandwidth
        self.seconds = 0.0  # in sums
        self.processor_seconds = 0.0

    def sum(self, vector: NDArray[Any]) -> None:
        start, processor = time.perf_counter(), time.process_time()
        super().sum(vector)
        delay = all_reduce_seconds(self.size, vector.nbytes, self.latency, self.bandwidth)
        if delay:
            time.sleep(delay)
        self.seconds += time.perf_counter() - start
        self.processor_seconds += time.process_time() - processor


def all_reduce_seconds(ranks: int, size: int, latency: float, bandwidth: float) -> float:
    """How long an all-reduce of `size` bytes takes at least: docs/scaling.md has the formula and its source."""
    return 2 * math.log2(ranks) * latency + 2 * (ranks - 1) / ranks * size / bandwidth


def measure(ranks: DelayedRanks, name: str, batch: int, count: int) -> dict[str, list[float]]:
    """The seconds of `count` steps of the preset `name`: all of each, in sums, and of the processor outside of them."""
    data, rng = load_mnist()[0], np.random.default_rng(0)
    network = preset(name).initialize(rng)
    reports = Synchronous(ranks).steps(
        *(network, data, data[:100], rng), epochs=count, batch_size=batch, optimizer=Adam(1e-6), schedule="constant"
    )
    found: dict[str, list[float]] = {"step": [], "sums": [], "processor": []}
    while len(found["step"]) < count:
        start, processor = time.perf_counter(), time.process_time()
        sums, in_sums = ranks.seconds, ranks.processor_seconds
        if not isinstance(next(reports), StepReport):
            continue  # the end of an epoch is no step
        found["step"].append(time.perf_counter() - start)
        found["sums"].append(ranks.seconds - sums)
        found["processor"].append(time.process_time() - processor - (ranks.processor_seconds - in_sums))
    return found


def main() -> None:
    """Measure, and print what rank 0 has found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("preset", choices=PRESETS)
    parser.add_argument("batch", type=int, help="examples per step, of all ranks together")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--bandwidth", type=float, default=math.inf, help="bytes per second")
    args = parser.parse_args()
    ranks = DelayedRanks(load_mpi(), args.latency, args.bandwidth)
    with ranks:
        found = measure(ranks, args.preset, args.batch, args.steps)
        if ranks.rank == 0:
            print(json.dumps(found))


if __name__ == "__main__":
    main()
