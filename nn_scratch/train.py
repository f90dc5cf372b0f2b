"""The command line that trains: python -m nn_scratch.train --help."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from nn_scratch import checkpoint
from nn_scratch.data.dataset import Dataset
from nn_scratch.data.load import WHAT_DATA, load_data
from nn_scratch.errors import UserError, run_command
from nn_scratch.evaluate import print_score
from nn_scratch.evaluation import evaluate
from nn_scratch.files import check_writable
from nn_scratch.network import Network, mlp
from nn_scratch.optimizers import OPTIMIZERS
from nn_scratch.presets import PRESETS, preset
from nn_scratch.runs import Run, new_run_folder
from nn_scratch.schedules import SCHEDULES
from nn_scratch.training import EpochReport, Recipe, fit, optimizer_of

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
    add("--data", default="mnist", metavar="NAME", help=f"what to learn: {WHAT_DATA} (default: %(default)s)")
    network = options.add_mutually_exclusive_group()
    network.add_argument("--preset", choices=PRESETS, default="mlp", help="which network (default: %(default)s)")
    network.add_argument("--hidden", type=number(int, 1), nargs="*", help="an mlp with these units by layer: 256 128")
    add("--epochs", type=number(int, 1), default=recipe.epochs, help="times to see it all (default: %(default)s)")
    add("--batch-size", type=number(int, 1), default=recipe.batch_size, help="examples a step (default: %(default)s)")
    add("--optimizer", choices=sorted(OPTIMIZERS), default=recipe.optimizer, help="default: %(default)s")
    add("--learning-rate", type=number(float, 0, open_end=True), help="default: 0.008; 0.1 for sgd and nesterov")
    add("--weight-decay", type=number(float, 0), help="default: 0.1; 0.001 for sgd and nesterov")
    add("--l2", type=number(float, 0), default=recipe.l2, help="strength of the penalty |w|^2 / 2 (default: none)")
    add("--clip-norm", type=number(float, 0, open_end=True), help="longest gradient (default: any)")
    add("--label-smoothing", type=share, default=recipe.label_smoothing, help="default: none")
    add("--schedule", choices=sorted(SCHEDULES), default=recipe.schedule, help="default: %(default)s")
    add("--patience", type=number(int, 1), help="stop after so many epochs without a better one")
    add("--augment", action="store_true", help="move, turn, stretch and slant each picture at random, anew each epoch")
    add("--seed", type=number(int, 0), default=0, help="the same seed gives the same model (default: %(default)s)")
    add("--out", type=Path, default=Path("models/mine.npy"), help="the model file to write (default: %(default)s)")
    add("--runs", type=Path, default=Path("runs"), help="folder for this run's folder (default: %(default)s)")
    add("--resume", type=Path, metavar="RUN", help="go on with a run that was stopped, with the options it had")
    return options


def share(text: str) -> float:
    """A reader of option values for argparse: from 0 to below 1."""
    value = number(float, 0)(text)
    if value >= 1:
        raise argparse.ArgumentTypeError(f"{text} is not below 1")
    return value


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the options say; returns the exit status: 0, or 130 where Ctrl-C cut it short."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    options = parser().parse_args(arguments)
    resume: Path | None = options.resume
    if resume:
        arguments = arguments_of(resume, arguments)
        options = parser().parse_args(arguments)
    check_writable(options.out)
    console = Console(highlight=False, soft_wrap=True)
    training, test = load_data(options.data)
    rng = np.random.default_rng(options.seed)
    training, validation = training.split(min(VALIDATION, len(training) // 5), rng)
    network = network_of(options, training).initialize(rng)
    recipe = recipe_of(options, training)
    kind = options.preset if options.hidden is None else "mlp"
    network.about = {"data": options.data, "network": kind, "recipe": asdict(recipe), "seed": options.seed}
    console.print(f"{len(training):,} examples, {len(validation):,} to choose by\n{network.summary()}")

    optimizer = optimizer_of(network, recipe)
    run = Run(resume or new_run_folder(options.runs), arguments)
    if resume:
        run.restore(network, optimizer, rng)
    done = len(run.reports)
    with progress_bar(console, recipe.epochs * len(training), done * len(training)) as advance:
        reports = fit(
            network, training, validation, recipe, rng, optimizer=optimizer, epochs_done=done, progress=advance
        )
        finished = watch(run, run.follow(network, optimizer, rng, reports), options.patience, console)
    if run.best is None:
        raise UserError("Stopped before the first epoch ended: there is no model to keep.", exit_status=130)
    network.about["scores"] = {"validation accuracy": run.best.validation_accuracy}
    network.save(options.out)
    if not finished:
        console.print(f"Stopped; kept the best model so far, of epoch {run.best.epoch}; --resume {run.folder} goes on.")
    conclude(run, network, test, console)
    console.print(f"Model: {options.out}\nRun:   {run.folder}")
    return 0 if finished else 130


def conclude(run: Run, network: Network, test: Dataset, console: Console) -> None:
    """Print what the training came to, and leave in the run folder what the report shows of it."""
    if run.best:
        console.print(f"Best epoch {run.best.epoch}: validation accuracy {run.best.validation_accuracy:.2%}")
    score = evaluate(network, test)
    run.write_test(network, test, score)
    print_score(console, score, f"{network.about['data']} test")


def watch(run: Run, reports: Generator[EpochReport, None, None], patience: int | None, console: Console) -> bool:
    """Print each epoch until all are over or `patience` is; False where Ctrl-C ends it."""
    with closing(reports):  # its end puts the best epoch back
        try:
            for report in reports:
                console.print(
                    f"epoch {report.epoch:3d}  train loss {report.train_loss:.4f}  validation loss "
                    f"{report.validation_loss:.4f}  accuracy {report.validation_accuracy:7.2%}  "
                    f"{report.seconds:6.2f} s  {report.images_per_second:9,.0f} images/s"
                )
                if patience and run.best and report.epoch - run.best.epoch >= patience:
                    console.print(f"No better epoch for {patience}: enough.")
                    break
        except KeyboardInterrupt:
            return False
    return True


def network_of(options: argparse.Namespace, data: Dataset) -> Network:
    """The network that the options name, for pictures and classes as in `data`."""
    shape = data.images.shape[1:]
    if options.hidden is not None:
        return mlp(options.hidden, data.classes, inputs=math.prod(shape))
    try:
        return preset(options.preset, shape, data.classes)
    except ValueError as error:
        raise UserError(f"The preset {options.preset} does not suit {options.data}: {error}") from error


def recipe_of(options: argparse.Namespace, data: Dataset) -> Recipe:
    """The recipe that the options name for `data`; rate and decay not asked for are what suits the optimizer."""
    shape = data.images.shape[1:]
    if options.augment and (len(shape) != 2 or shape[0] != shape[1]):
        raise UserError(f"--augment is for square grey pictures, and these are {shape}; leave it out.")
    descent = options.optimizer in ("sgd", "nesterov")
    rate, decay = (0.1, 0.001) if descent else (Recipe.learning_rate, Recipe.weight_decay)
    return Recipe(
        epochs=options.epochs,
        batch_size=options.batch_size,
        optimizer=options.optimizer,
        learning_rate=rate if options.learning_rate is None else options.learning_rate,
        weight_decay=decay if options.weight_decay is None else options.weight_decay,
        schedule=options.schedule,
        augment=options.augment,
        label_smoothing=options.label_smoothing,
        clip_norm=options.clip_norm,
        l2=options.l2,
    )


def arguments_of(run: Path, given: Sequence[str]) -> list[str]:
    """The arguments that `run` was started with; `UserError` where more are `given` now, or it has no checkpoint."""
    if len(given) > 2 or (len(given) == 2 and "=" in given[0]):
        raise UserError("A resumed run goes on with the options it had; give --resume alone.")
    path = run / "checkpoint.npz"
    _, words = checkpoint.load(path)
    arguments = words.get("arguments")
    if not isinstance(arguments, list) or not all(isinstance(argument, str) for argument in arguments):
        raise checkpoint.foreign(path)
    return arguments


@contextmanager
def progress_bar(console: Console, total: int, done: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time left, while the block runs; yields the function that moves it on."""
    columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TextColumn("left:"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total, completed=done)
        yield lambda count: progress.advance(task, count)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.train", main))
