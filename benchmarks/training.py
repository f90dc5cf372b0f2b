"""How fast training is: ten epochs of MNIST, batch 128, one thread, beside other libraries that do the same work.

    python benchmarks/training.py

Seconds depend on the machine, so the yardstick is the matmul floor: the time that only the matrix products of the same
run take, on arrays of the same shapes. What a library needs beyond that is its own cost. All competitors train
784-50-25-10 on the same 60,000 images in the same process, one after the other, for several rounds. The table gives
the median time of each, its median ratio to the floor, and its test accuracy. scikit-learn and PyTorch are left out
where they are not installed.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import itertools
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from rich.console import Console
from rich.table import Table

from nn_scratch.data.dataset import Dataset
from nn_scratch.data.mnist import load_mnist
from nn_scratch.nn.network import mlp
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import fit
from nn_scratch.training.metrics import evaluate

EPOCHS, BATCH, SIZES = 10, 128, (784, 50, 25, 10)
ROUNDS = 5

Competitor = Callable[[Dataset, Dataset], float]  # trains on the first, returns its accuracy on the second


def ours(config: TrainConfig) -> Competitor:
    """nn_scratch with `config`, but the epochs and the batch size of all."""

    def run(training: Dataset, test: Dataset) -> float:
        rng = np.random.default_rng(0)
        network = mlp().initialize(rng)
        few = test.take(np.arange(1))  # each epoch ends with a validation, which the others do not have
        same_work = replace(config, epochs=EPOCHS, batch_size=BATCH)
        for _ in fit(network, training, few, same_work, rng):
            pass
        return evaluate(network, test).accuracy

    return run


def matmul_floor(training: Dataset, test: Dataset) -> float:
    """Only the matrix products: forward, and backward without the gradient of the images."""
    rng = np.random.default_rng(0)
    weights = [rng.standard_normal(pair, dtype=np.float32) for pair in itertools.pairwise(SIZES)]
    gradients = [np.empty_like(W) for W in weights]
    a = [rng.standard_normal((BATCH, units), dtype=np.float32) for units in SIZES]
    last = len(weights) - 1
    for _ in range(EPOCHS * -(-len(training) // BATCH)):
        for i, W in enumerate(weights):
            np.matmul(a[i], W)
        for i in range(last, -1, -1):
            np.matmul(a[i].T, a[i + 1], out=gradients[i])
            if i:
                np.matmul(a[i + 1], weights[i].T)
    return float("nan")


def sklearn_mlp(training: Dataset, test: Dataset) -> float:
    """scikit-learn's MLPClassifier, Adam."""
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(SIZES[1:-1], batch_size=BATCH, max_iter=EPOCHS, random_state=0, tol=0, n_iter_no_change=99)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that it has not converged
        model.fit(training.images.reshape(-1, 784) / np.float32(255), training.labels)
    return float(model.score(test.images.reshape(-1, 784) / np.float32(255), test.labels))


def pytorch(training: Dataset, test: Dataset) -> float:
    """PyTorch eager, Adam with the same one-cycle."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    x, y = torch.tensor(training.images.reshape(-1, 784) / np.float32(255)), torch.tensor(training.labels)
    layers: list[torch.nn.Module] = []
    for inputs, outputs in itertools.pairwise(SIZES):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.008)
    steps = EPOCHS * -(-len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.008, total_steps=steps + 1)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(x)).split(BATCH):
            loss = torch.nn.functional.cross_entropy(model(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    with torch.no_grad():
        answers = model(torch.tensor(test.images.reshape(-1, 784) / np.float32(255))).argmax(1)
    return float((answers.numpy() == test.labels).mean())


def main() -> None:
    """Run all competitors and print the table."""
    training, test = load_mnist()
    competitors: dict[str, Competitor] = {
        "matrix products alone": matmul_floor,
        "nn_scratch, SGD": ours(TrainConfig(optimizer="sgd", learning_rate=0.1, weight_decay=0.001)),
        "nn_scratch, Adam": ours(TrainConfig()),
        "nn_scratch, Adam, augmented": ours(TrainConfig(augment=True)),
        "scikit-learn MLPClassifier, Adam": sklearn_mlp,
        "PyTorch eager, Adam": pytorch,
    }
    seconds: dict[str, list[float]] = {}
    accuracies: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, competitor in competitors.items():
            start = time.perf_counter()
            try:
                accuracies[name] = competitor(training, test)
            except ImportError:
                continue
            seconds.setdefault(name, []).append(time.perf_counter() - start)
    floor = seconds["matrix products alone"]
    table = Table(
        f"{EPOCHS} epochs of MNIST, batch {BATCH}, one thread", "seconds", "x floor", "test accuracy", box=None
    )
    for name, times in seconds.items():
        ratio = statistics.median(t / f for t, f in zip(times, floor, strict=True))
        accuracy = "" if np.isnan(accuracies[name]) else f"{accuracies[name]:.2%}"
        table.add_row(name, f"{statistics.median(times):.2f}", f"{ratio:.2f}", accuracy)
    Console(soft_wrap=True).print(table)


if __name__ == "__main__":
    main()
