"""What automatic differentiation costs, and that it gives the same numbers.

    python benchmarks/autograd.py

An engine that differentiates by itself must pay for that with time; here one sees how much. The tensor engine and the
hand-derived network train 784-50-25-10 on MNIST with SGD, from the same seed and with the same batches; the table gives
the time of each and how far their losses are apart. The scalar engine and micrograd compute and differentiate the same
graph, the loss of a 2-16-16-1 network on 40 points; micrograd is left out where it is not installed. All run in turns
in one process, and ratios are medians of the ratios within a round.
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

from nn_scratch import optimizers
from nn_scratch.arrays import Array, Labels
from nn_scratch.autograd import SGD, Tensor, Value, cross_entropy
from nn_scratch.autograd import mlp as tensor_mlp
from nn_scratch.data.mnist import load_mnist
from nn_scratch.dataset import Dataset
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.network import mlp

EPOCHS, BATCH, SIZES, LEARNING_RATE = 3, 128, (784, 50, 25, 10), 0.05
TRAINING_ROUNDS, GRAPH_ROUNDS, POINTS = 5, 15, 40


def batches(data: Dataset) -> Iterator[tuple[Array, Labels]]:
    """The batches of all epochs, always the same: pixels (B, 784) and labels (B,)."""
    rng = np.random.default_rng(1)
    images = data.images.reshape(len(data), -1)
    for _ in range(EPOCHS):
        order = rng.permutation(len(data))
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            yield images.take(rows, axis=0) * np.float32(1 / 255), data.labels[rows]


def train_by_hand(data: Dataset) -> list[float]:
    """Train the hand-derived network; returns the loss of each batch."""
    network, loss = mlp(SIZES[1:-1]).initialize(np.random.default_rng(0)), SoftmaxCrossEntropy()
    optimizer = optimizers.SGD(LEARNING_RATE, weight_decay=0).attach(network.parameters, network.gradients)
    losses = []
    for x, labels in batches(data):
        value, dz = loss.value_and_gradient(network.forward(x, training=True), labels)
        network.backward(dz)
        optimizer.step()
        losses.append(value)
    return losses


def train_by_tensors(data: Dataset) -> list[float]:
    """Train the same network on the tensor engine; returns the loss of each batch."""
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


def run_graph(kind: Callable[[float], Any]) -> tuple[float, float]:
    """Compute and differentiate the loss with values of that `kind`; returns the loss and one of its derivatives."""
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


def alternate(competitors: dict[str, Callable[[], Any]], rounds: int) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Seconds of each competitor in each round, and what it returned."""
    seconds: dict[str, list[float]] = {name: [] for name in competitors}
    results = {}
    for _ in range(rounds):
        for name, competitor in competitors.items():
            gc.collect()  # or one would pay for the garbage of another
            start = time.perf_counter()
            results[name] = competitor()
            seconds[name].append(time.perf_counter() - start)
    return seconds, results


def print_table(console: Console, title: str, seconds: dict[str, list[float]], yardstick: str) -> None:
    """Print one line per competitor: its time, and the ratio to the time of `yardstick`."""
    table = Table(title, "milliseconds", f"x {yardstick}", box=None, pad_edge=False)
    for name, times in seconds.items():
        ratio = statistics.median(t / y for t, y in zip(times, seconds[yardstick], strict=True))
        table.add_row(name, f"{1000 * statistics.median(times):,.1f}", f"{ratio:.2f}")
    console.print(table)


def main() -> None:
    """Run both comparisons and print them."""
    console = Console(highlight=False, soft_wrap=True)
    compare_training(console)
    compare_graphs(console)


def compare_training(console: Console) -> None:
    """The tensor engine beside the network whose derivatives were derived by hand."""
    data, _ = load_mnist()
    seconds, losses = alternate(
        {"by hand": lambda: train_by_hand(data), "tensor engine": lambda: train_by_tensors(data)}, TRAINING_ROUNDS
    )
    print_table(console, f"{EPOCHS} epochs of MNIST, batch {BATCH}, one thread", seconds, "by hand")
    difference = np.subtract(losses["by hand"], losses["tensor engine"])
    console.print(
        f"losses: the first {int((difference == 0).cumprod().sum()):,} of {len(difference):,} are the same to the bit; "
        f"the first 100 differ by at most {np.abs(difference[:100]).max():.1e}, "
        f"the means of the epochs by at most {np.abs(difference.reshape(EPOCHS, -1).mean(axis=1)).max():.1e}\n"
    )


def compare_graphs(console: Console) -> None:
    """The scalar engine beside micrograd."""
    engines: dict[str, Callable[[], Any]] = {"scalar engine": lambda: run_graph(Value)}
    try:
        micrograd = importlib.import_module("micrograd.engine")
    except ImportError:
        console.print("micrograd is not installed, so the scalar engine is measured alone.")
        yardstick = "scalar engine"
    else:
        engines["micrograd"] = lambda: run_graph(micrograd.Value)
        yardstick = "micrograd"
    seconds, results = alternate(engines, GRAPH_ROUNDS)
    print_table(console, f"a graph of a 2-16-16-1 network on {POINTS} points", seconds, yardstick)
    (loss, derivative), *others = results.values()
    for other_loss, other_derivative in others:
        console.print(
            f"their losses differ by {abs(loss - other_loss):.1e}, "
            f"their derivatives by {abs(derivative - other_derivative):.1e}"
        )


if __name__ == "__main__":
    main()
