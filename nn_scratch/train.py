"""The command line that trains: python -m nn_scratch.train --help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich.console import Console

from nn_scratch.calibration import accept, calibrate
from nn_scratch.data.choice import choose
from nn_scratch.data.sets import DATA_SETS
from nn_scratch.errors import UserError, run_command
from nn_scratch.evaluate import print_score
from nn_scratch.evaluation import evaluate
from nn_scratch.files import check_writable
from nn_scratch.model_file import load
from nn_scratch.network import Network, mlp
from nn_scratch.optimizers import OPTIMIZERS
from nn_scratch.options import number, share
from nn_scratch.runs import keep_best, new_run_folder, progress_bar
from nn_scratch.schedules import SCHEDULES
from nn_scratch.training import Recipe, fit

STEPS = {"adam": (0.008, 0.1), "sgd": (0.1, 0.001)}  # learning rate and weight decay that suit each optimizer


def parser() -> argparse.ArgumentParser:
    """The options; the defaults are those of `Recipe`."""
    recipe = Recipe()
    options = argparse.ArgumentParser("python -m nn_scratch.train", description="Train a network; save it as .npy.")
    add = options.add_argument
    add("--data", choices=sorted(DATA_SETS), nargs="+", default=["mnist"], help="what to learn (default: mnist)")
    add("--weights", type=number(float, 0), nargs="+", help="times each data set is shown in an epoch (default: once)")
    add("--teacher", type=Path, nargs="+", default=[], help="models whose opinion is learned instead of the labels")
    add("--hidden", type=number(int, 1), nargs="*", default=[50, 25], help="units by layer (default: 50 25)")
    add("--epochs", type=number(int, 1), default=recipe.epochs, help="times to see it all (default: %(default)s)")
    add("--batch-size", type=number(int, 1), default=recipe.batch_size, help="examples a step (default: %(default)s)")
    add("--optimizer", choices=sorted(OPTIMIZERS), default=recipe.optimizer, help="default: %(default)s")
    add("--learning-rate", type=number(float, 0, open_end=True), help="default: 0.008, 0.1 for sgd")
    add("--weight-decay", type=number(float, 0), help="default: 0.1, 0.001 for sgd")
    add("--schedule", choices=sorted(SCHEDULES), default=recipe.schedule, help="default: %(default)s")
    add("--augment", action="store_true", help="move, turn, stretch and slant each picture at random, anew each epoch")
    add(
        "--accept",
        type=share,
        metavar="CLASS=PART",
        help="of two: accept that part of validation examples",
    )
    add("--seed", type=number(int, 0), default=0, help="the same seed gives the same model (default: %(default)s)")
    add("--out", type=Path, default=Path("models/mine.npy"), help="the model file to write (default: %(default)s)")
    add("--runs", type=Path, default=Path("runs"), help="folder for this run's folder (default: %(default)s)")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the options say; returns the exit status: 0, or 130 where Ctrl-C cut it short."""
    options = parser().parse_args(arguments)
    check_writable(options.out)
    chosen = choose(options.data, options.weights)
    check_accept(options.accept, chosen.classes)
    teachers = [teacher_of(path, chosen.classes) for path in options.teacher]
    run = new_run_folder(options.runs)
    console = Console(highlight=False, soft_wrap=True)
    rng = np.random.default_rng(options.seed)
    training, validation = chosen.split(rng)
    network = mlp(options.hidden, chosen.classes).initialize(rng)
    recipe = recipe_of(options)
    network.about = {"recipe": asdict(recipe)}
    for name in ("data", "weights", "hidden", "seed"):
        network.about[name] = getattr(options, name)
    size, count = network.parameters.size, len(training)
    console.print(f"{size:,} parameters; {count:,} examples, and {len(validation):,} to choose by")

    with progress_bar(console, round(recipe.epochs * float(training.shown().sum()))) as advance:
        reports = fit(network, training, validation, recipe, rng, teachers=teachers, progress=advance)
        best, finished = keep_best(network, reports, run, console)
    if best is None:
        raise UserError("Stopped before the first epoch ended: there is no model to keep.", exit_status=130)
    if not finished:
        console.print(f"Stopped; kept the best model so far, of epoch {best.epoch}.")
    temperature = calibrate(network, validation)
    if options.accept:
        accept(network, validation, *options.accept)
    network.about["scores"] = {"validation accuracy": best.validation_accuracy}
    network.save(options.out)
    console.print(f"Best epoch {best.epoch}: validation accuracy {best.validation_accuracy:.2%}; T = {temperature:.2f}")
    for name, test in chosen.test.items():
        print_score(console, evaluate(network, test), f"{name} test")
    console.print(f"Model: {options.out}\nRun:   {run}")
    return 0 if finished else 130


def recipe_of(options: argparse.Namespace) -> Recipe:
    """The recipe that the options ask for, with a learning rate and weight decay that suit the optimizer."""
    rate, decay = STEPS[options.optimizer]
    return Recipe(
        options.epochs,
        options.batch_size,
        options.optimizer,
        rate if options.learning_rate is None else options.learning_rate,
        decay if options.weight_decay is None else options.weight_decay,
        options.schedule,
        options.augment,
    )


def teacher_of(path: Path, classes: tuple[str, ...]) -> Network:
    """The network in `path`; UserError where it does not know just these `classes`."""
    teacher = load(path)
    if teacher.classes != classes:
        known, shown = " ".join(teacher.classes), " ".join(classes)
        raise UserError(f"The teacher {path} knows {known}, but the data shows {shown}; choose another.")
    return teacher


def check_accept(wanted: tuple[str, float] | None, classes: tuple[str, ...]) -> None:
    """UserError where `--accept` names no class, or there are more than two."""
    if wanted and (len(classes) != 2 or wanted[0] not in classes):
        raise UserError(f"--accept needs one of two classes, but the data has {' '.join(classes)}; leave it out.")


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.train", main))
