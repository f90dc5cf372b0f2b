"""What all recipes share: their arguments, a training whose epochs are printed, and the model file at the end.

A recipe is a short program that says how one bundled model was made: from what data, as what network, with what
settings. The metadata of the model file tells the same, in the words of `nn_scratch.train`.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nn_scratch.checks import COUNT, Range
from nn_scratch.command import number
from nn_scratch.data.registry import Mixture
from nn_scratch.data.variation import Augment
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.files import check_writable
from nn_scratch.losses import SoftmaxCrossEntropy
from nn_scratch.metrics import evaluate
from nn_scratch.model_file import load, save
from nn_scratch.network import Network
from nn_scratch.optimizers import Optimizer
from nn_scratch.training import EpochReport, fit
from nn_scratch.transfer.distillation import Teachers
from nn_scratch.zoo.deslant import Deslant


def parse(arguments: Sequence[str] | None, out: str, epochs: int) -> argparse.Namespace:
    """The parsed arguments of a recipe that writes `out` after so many `epochs`, if they say nothing else."""
    parser = argparse.ArgumentParser(command_for(out), description=f"Make {out}.")
    what = "passes over all examples (default: %(default)s)"
    parser.add_argument("--epochs", type=number(COUNT), default=epochs, metavar="N", help=what)
    what = "the model file to write (default: %(default)s)"
    parser.add_argument("--out", type=Path, default=Path(out), metavar="PATH", help=what)
    what = "the same seed gives the same model (default: %(default)s)"
    parser.add_argument("--seed", type=number(Range(0, whole=True)), default=0, metavar="N", help=what)
    args = parser.parse_args(arguments)
    check_writable(args.out)
    return args


def command_for(out: str) -> str:
    """The command that makes the model file `out`: a recipe is called as its model is."""
    return f"python -m nn_scratch.recipes.{Path(out).stem.replace('-', '_')}"


def teacher(path: str) -> Network:
    """The network in the model file `path`; UserError where it is still to be made."""
    if not Path(path).exists():
        raise UserError(f"There is no teacher {path}; make it first: {command_for(path)}")
    return load(Path(path))


def train(
    args: argparse.Namespace,
    data: Mixture,
    network: Network,
    name: str,
    *,
    optimizer: Optimizer,
    batch_size: int = 128,
    smoothing: float = 0.0,
    targets: Teachers | None = None,
) -> tuple[Dataset, Dataset]:
    """Train `network`, which is called `name`, from its beginning; returns the training and the validation set.

    Images are moved at random. What else can be chosen is as in `fit`; `smoothing` is that of the labels.
    """
    rng = np.random.default_rng(args.seed)
    training, validation = data.split(rng)
    network.initialize(rng)
    print(f"{len(training):,} examples for training, {len(validation):,} for validation", flush=True)
    loss = targets.loss if targets else SoftmaxCrossEntropy(smoothing=smoothing)
    settings: dict[str, Any] = {"epochs": args.epochs, "batch_size": batch_size, "optimizer": optimizer, "loss": loss}
    reports = fit(network, training, validation, rng, vary=Augment(), targets=targets, on_epoch=print_epoch, **settings)
    best = max(reports, key=EpochReport.quality)
    network.metadata = {
        "data": list(data.test),
        "weights": data.weights if any(weight != 1 for weight in data.weights) else None,
        "network": name,
        "deslant": any(isinstance(layer, Deslant) for layer in network.layers),
        "seed": args.seed,
        "recipe": {
            **{"epochs": args.epochs, "batch_size": batch_size, "optimizer": "adam"},
            **{"learning_rate": optimizer.learning_rate, "weight_decay": optimizer.weight_decay},
            **{"schedule": "one-cycle", "augment": True, "label_smoothing": smoothing, "clip_norm": None, "l2": 0.0},
            "views": targets.views if targets else None,
            "temperature": targets.temperature if targets else Teachers.temperature,
        },
        "scores": {"validation accuracy": best.validation_accuracy},
    }
    return training, validation


def print_epoch(report: EpochReport) -> None:
    """Print one line."""
    print(
        f"epoch {report.epoch:3d}  train loss {report.train_loss:.4f}  validation loss {report.validation_loss:.4f}  "
        f"accuracy {report.validation_accuracy:7.2%}  {report.seconds:6.2f} s",
        flush=True,
    )


def finish(args: argparse.Namespace, data: Mixture, network: Network) -> int:
    """Save the trained `network`, and print how it does on the test sets; returns the exit status."""
    save(network, args.out)
    for name, test in data.test.items():
        score = evaluate(network, test)
        print(f"{name} test: accuracy {score.accuracy:.2%}, calibration error {score.calibration_error:.2%}")
    print(f"Model: {args.out}")
    return 0
