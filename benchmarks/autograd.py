"""What automatic differentiation costs: each engine beside what it is measured by, in one run.

    python benchmarks/autograd.py

The tensor engine and the hand-derived network train 784-50-25-10 on MNIST from the same seed, batch by batch the same,
with SGD; the table gives each one's time, and how far their losses ever were apart. The scalar engine and micrograd
compute and differentiate the same graph, a 2-16-16-1 network's loss on 40 points; micrograd is left out where it is not
installed. Rounds alternate, and ratios are medians of the ratio within a round.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import gc
import importlib
import random
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from nn_scratch.arrays import Array, Labels
from nn_scratch.autograd import SGD, Tensor, Value, cross_entropy
from nn_scratch.autograd import mlp as tensor_mlp
from nn_scratch.data.dataset import Dataset
from nn_scratch.data.mnist import mnist
from nn_scratch.nn import optimizers
from nn_scratch.nn.losses import SoftmaxCrossEntropy
from nn_scratch.nn.network import mlp

EPOCHS, BATCH, SIZES, LEARNING_RATE = 3, 128, (784, 50, 25, 10), 0.05
TRAINING_ROUNDS, GRAPH_ROUNDS, POINTS = 5, 15, 40


def batches(data: Dataset) -> Iterator[tuple[Array, Labels]]:
    """The same for everyone."""
    rng = np.random.default_rng(1)
    images = data.images.reshape(len(data), -1)
    for _ in range(EPOCHS):
        order = rng.permutation(len(data))
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            yield images.take(rows, axis=0) * np.float32(1 / 255), data.labels[rows]


def by_hand(data: Dataset) -> list[float]:
    """The losses of the hand-derived network."""
    network, loss = mlp(SIZES[1:-1]).initialize(np.random.default_rng(0)), SoftmaxCrossEntropy()
    optimizer = optimizers.SGD(network.parameters, network.gradients)
    losses = []
    for x, labels in batches(data):
        value, dz = loss.value_and_gradient(network.forward(x, training=True), labels)
        network.backward(dz)
        optimizer.step(LEARNING_RATE)
        losses.append(value)
    return losses


def by_tensors(data: Dataset) -> list[float]:
    """The losses of the same network on the tensor engine."""
    model = tensor_mlp(SIZES, np.random.default_rng(0))
    optimizer = SGD(model.parameters())
    losses = []
    for x, labels in batches(data):
        loss = cross_entropy(model(Tensor(x)), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step(LEARNING_RATE)
        losses.append(loss.item())
    return losses


def graph(kind: Callable[[float], Any]) -> tuple[float, float]:
    """Build the loss of values of that kind and go back through it; returns two numbers by which to compare."""
    rng = random.Random(0)
    sizes = ((2, 16), (16, 16), (16, 1))
    layers = [[[kind(rng.uniform(-1, 1)) for _ in range(n)] for _ in range(units)] for n, units in sizes]
    total = kind(0.0)
    for _ in range(POINTS):
        signal = [kind(rng.uniform(-1, 1)), kind(rng.uniform(-1, 1))]
        for layer in layers:
            sums = [sum((w * x for w, x in zip(unit, signal, strict=True)), kind(0.1)) for unit in layer]
            signal = [z.relu() for z in sums]
        total = total + (1 - sums[0]) ** 2 / POINTS
    total.backward()
    return total.data, layers[0][0][0].grad


def alternate(ways: dict[str, Callable[[], Any]], rounds: int) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Seconds of each way in each round, and what it returned."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    results = {}
    for _ in range(rounds):
        for name, way in ways.items():
            gc.collect()  # nobody pays for another's garbage
            start = time.perf_counter()
            results[name] = way()
            seconds[name].append(time.perf_counter() - start)
    return seconds, results


def show(console: Console, title: str, seconds: dict[str, list[float]], yardstick: str) -> None:
    """One line for each way."""
    table = Table(title, "milliseconds", f"x {yardstick}", box=None, pad_edge=False)
    for name, times in seconds.items():
        ratio = statistics.median(t / y for t, y in zip(times, seconds[yardstick], strict=True))
        table.add_row(name, f"{1000 * statistics.median(times):,.1f}", f"{ratio:.2f}")
    console.print(table)


def main() -> None:
    """Run both comparisons and print them."""
    console = Console(highlight=False, soft_wrap=True)
    data, _ = mnist()
    seconds, losses = alternate(
        {"by hand": lambda: by_hand(data), "tensor engine": lambda: by_tensors(data)}, TRAINING_ROUNDS
    )
    show(console, f"{EPOCHS} epochs of MNIST, batch {BATCH}, one thread", seconds, "by hand")
    apart = np.subtract(losses["by hand"], losses["tensor engine"])
    console.print(
        f"losses: the first {int((apart == 0).cumprod().sum()):,} of {len(apart):,} are the same to the bit, "
        f"the first 100 at most {np.abs(apart[:100]).max():.1e} apart, "
        f"the epochs' means at most {np.abs(apart.reshape(EPOCHS, -1).mean(axis=1)).max():.1e}\n"
    )
    kinds: dict[str, Callable[[], Any]] = {"scalar engine": lambda: graph(Value)}
    try:
        micrograd = importlib.import_module("micrograd.engine")
    except ImportError:
        console.print("micrograd is not installed, so the scalar engine is measured alone.")
        yardstick = "scalar engine"
    else:
        kinds["micrograd"] = lambda: graph(micrograd.Value)
        yardstick = "micrograd"
    seconds, results = alternate(kinds, GRAPH_ROUNDS)
    show(console, f"a graph of a 2-16-16-1 network on {POINTS} points", seconds, yardstick)
    (value, slope), *others = results.values()
    for other in others:
        console.print(
            f"their values differ by {abs(value - other[0]):.1e}, their gradients by {abs(slope - other[1]):.1e}"
        )


if __name__ == "__main__":
    main()
