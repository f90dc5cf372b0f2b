"""The command line that trains: python -m nn_scratch.train --help."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from nn_scratch.data.sets import DATA_SETS
from nn_scratch.errors import UserError, run_command
from nn_scratch.evaluate import print_score
from nn_scratch.evaluation import evaluate
from nn_scratch.files import check_writable
from nn_scratch.network import Network, mlp
from nn_scratch.optimizers import OPTIMIZERS
from nn_scratch.schedules import SCHEDULES
from nn_scratch.training import EpochReport, Recipe, fit

VALIDATION = 5000  # examples of the training set that choose the best epoch and are never trained on


def number(kind: type[float], least: float, open_end: bool = False) -> Callable[[str], float]:
    """A reader of option values for argparse: finite, of `kind`, at least `least` or, with `open_end`, above it."""

    def read(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not least <= value < math.inf or (open_end and value == least):
            name = "whole number" if kind is int else "number"
            raise argparse.ArgumentTypeError(f"{text} is no {name} {'above' if open_end else 'of at least'} {least}")
        return value

    return read


def parser() -> argparse.ArgumentParser:
    """The options; the defaults are those of `Recipe`."""
    recipe = Recipe()
    options = argparse.ArgumentParser(
        "python -m nn_scratch.train", description="Train a digit reader; save it as .npy."
    )
    add = options.add_argument
    add("--data", choices=sorted(DATA_SETS), default="mnist", help="what to learn (default: %(default)s)")
    add("--hidden", type=number(int, 1), nargs="*", default=[50, 25], help="units by layer (default: 50 25)")
    add("--epochs", type=number(int, 1), default=recipe.epochs, help="times to see it all (default: %(default)s)")
    add("--batch-size", type=number(int, 1), default=recipe.batch_size, help="examples a step (default: %(default)s)")
    add("--optimizer", choices=sorted(OPTIMIZERS), default=recipe.optimizer, help="default: %(default)s")
    add(
        "--learning-rate",
        type=number(float, 0, open_end=True),
        help="default: 0.008, 0.1 for sgd",
    )
    add("--weight-decay", type=number(float, 0), help="default: 0.1, 0.001 for sgd")
    add("--schedule", choices=sorted(SCHEDULES), default=recipe.schedule, help="default: %(default)s")
    add("--augment", action="store_true", help="move, turn, stretch and slant each picture at random, anew each epoch")
    add("--seed", type=number(int, 0), default=0, help="the same seed gives the same model (default: %(default)s)")
    add("--out", type=Path, default=Path("models/mine.npy"), help="the model file to write (default: %(default)s)")
    add("--runs", type=Path, default=Path("runs"), help="folder for this run's folder (default: %(default)s)")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the options say; returns the exit status: 0, or 130 where Ctrl-C cut it short."""
    options = parser().parse_args(arguments)
    check_writable(options.out)
    run = new_run_folder(options.runs)
    console = Console(highlight=False, soft_wrap=True)
    training, test = DATA_SETS[options.data]()
    rng = np.random.default_rng(options.seed)
    training, validation = training.split(min(VALIDATION, len(training) // 5), rng)
    network = mlp(options.hidden, training.classes).initialize(rng)
    recipe = Recipe(
        options.epochs,
        options.batch_size,
        options.optimizer,
        *step_of(options),
        options.schedule,
        options.augment,
    )
    network.about = {"data": options.data, "hidden": options.hidden, "recipe": asdict(recipe), "seed": options.seed}
    sizes = "-".join(str(units) for units in (784, *options.hidden, len(training.classes)))
    console.print(
        f"{sizes}: {network.parameters.size:,} parameters, {len(training):,} examples, {len(validation):,} to choose by"
    )

    with progress_bar(console, recipe.epochs * len(training)) as advance:
        best, finished = keep_best(
            network, fit(network, training, validation, recipe, rng, progress=advance), run, console
        )
    if best is None:
        raise UserError("Stopped before the first epoch ended: there is no model to keep.", exit_status=130)
    network.about["scores"] = {"validation accuracy": best.validation_accuracy}
    network.save(options.out)
    if not finished:
        console.print(f"Stopped; kept the best model so far, of epoch {best.epoch}.")
    console.print(f"Best epoch {best.epoch}: validation accuracy {best.validation_accuracy:.2%}")
    print_score(console, evaluate(network, test), f"{options.data} test")
    console.print(f"Model: {options.out}\nRun:   {run}")
    return 0 if finished else 130


def step_of(options: argparse.Namespace) -> tuple[float, float]:
    """Learning rate and weight decay: those asked for, else what suits the optimizer."""
    rate, decay = {"adam": (0.008, 0.1), "sgd": (0.1, 0.001)}[options.optimizer]
    return (
        rate if options.learning_rate is None else options.learning_rate,
        decay if options.weight_decay is None else options.weight_decay,
    )


def keep_best(
    network: Network, reports: Iterator[EpochReport], run: Path, console: Console
) -> tuple[EpochReport | None, bool]:
    """Follow a training, print and log each report, and leave in `network` the parameters of its best epoch.

    Best is the highest validation accuracy, the lowest loss among equals. Returns that epoch's report and whether the
    training ran to its end; Ctrl-C ends it early.
    """
    best, parameters, finished = None, network.parameters.copy(), True
    try:
        with (run / "report.jsonl").open("w", encoding="utf-8") as log:
            for report in reports:
                if best is None or quality(report) > quality(best):
                    best = report
                    parameters[...] = network.parameters
                    network.save(run / "model.npy")
                print(json.dumps(asdict(report)), file=log, flush=True)
                console.print(
                    f"epoch {report.epoch:3d}  train loss {report.train_loss:.4f}  validation loss "
                    f"{report.validation_loss:.4f}  accuracy {report.validation_accuracy:7.2%}  "
                    f"{report.seconds:6.2f} s  {report.images_per_second:9,.0f} images/s"
                )
    except KeyboardInterrupt:
        finished = False
    network.parameters[...] = parameters
    return best, finished


def quality(report: EpochReport) -> tuple[float, float]:
    """What makes an epoch better than another."""
    return report.validation_accuracy, -report.validation_loss


def new_run_folder(runs: Path) -> Path:
    """A new folder in `runs`, named after the time."""
    name = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    for attempt in range(1000):
        folder = runs / (f"{name}-{attempt}" if attempt else name)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise UserError(
                f"Cannot make the run folder {folder}: {error.strerror or error}; choose another with --runs."
            ) from error
        return folder
    raise UserError(f"There are too many runs of this second in {runs}.")


@contextmanager
def progress_bar(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time left, while the block runs; yields the function that moves it on."""
    columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TextColumn("left:"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total)
        yield lambda count: progress.advance(task, count)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.train", main))
