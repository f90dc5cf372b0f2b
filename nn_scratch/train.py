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

from nn_scratch.data.dataset import Dataset
from nn_scratch.data.registry import WHAT_DATA, load_mixture
from nn_scratch.errors import UserError, run_command
from nn_scratch.evaluate import print_score
from nn_scratch.files import check_writable
from nn_scratch.nn.model_file import load, save
from nn_scratch.nn.network import Network, mlp
from nn_scratch.nn.optimizers import OPTIMIZERS
from nn_scratch.nn.presets import PRESETS, preset, upright
from nn_scratch.nn.schedules import SCHEDULES
from nn_scratch.options import class_part, number, part
from nn_scratch.training import checkpoint
from nn_scratch.training.calibration import accept, calibrate, restore_frequencies
from nn_scratch.training.fit import EpochReport, TrainConfig, fit, optimizer_of
from nn_scratch.training.metrics import evaluate
from nn_scratch.training.runs import Run, new_run_folder

SOFTENS = "by how much the teachers' probabilities are softened, and the student's (default: %(default)s)"


def parser() -> argparse.ArgumentParser:
    """The options; the defaults are those of `Recipe`."""
    config = TrainConfig()
    options = argparse.ArgumentParser(
        "python -m nn_scratch.train", description="Train a digit reader; save it as .npy."
    )
    add = options.add_argument
    add("--data", nargs="+", default=["mnist"], metavar="NAME", help=f"what to learn: {WHAT_DATA} (default: mnist)")
    add("--weights", type=number(float, 0), nargs="+", help="times each data set is shown in an epoch (default: once)")
    add("--teacher", type=Path, nargs="+", default=[], help="models whose opinion is learned instead of the labels")
    add("--views", type=number(int, 1), help="ask teachers once, about so many views of each image (default: anew)")
    add("--temperature", type=number(float, 0, open_end=True), default=config.temperature, help=SOFTENS)
    network = options.add_mutually_exclusive_group()
    network.add_argument("--preset", choices=PRESETS, default="mlp", help="which network (default: %(default)s)")
    network.add_argument("--hidden", type=number(int, 1), nargs="*", help="an mlp with these units by layer: 256 128")
    add("--deslant", action="store_true", help="set images upright before the network reads them, now and later")
    add("--epochs", type=number(int, 1), default=config.epochs, help="times to see it all (default: %(default)s)")
    add("--batch-size", type=number(int, 1), default=config.batch_size, help="examples a step (default: %(default)s)")
    add("--optimizer", choices=sorted(OPTIMIZERS), default=config.optimizer, help="default: %(default)s")
    add("--learning-rate", type=number(float, 0, open_end=True), help="default: 0.008; 0.1 for sgd and nesterov")
    add("--weight-decay", type=number(float, 0), help="default: 0.1; 0.001 for sgd and nesterov")
    add("--l2", type=number(float, 0), default=config.l2, help="strength of the penalty |w|^2 / 2 (default: none)")
    add("--clip-norm", type=number(float, 0, open_end=True), help="longest gradient (default: any)")
    add("--label-smoothing", type=part, default=config.label_smoothing, help="default: none")
    add("--schedule", choices=sorted(SCHEDULES), default=config.schedule, help="default: %(default)s")
    add("--patience", type=number(int, 1), help="stop after so many epochs without a better one")
    add("--augment", action="store_true", help="move, turn, stretch and slant each image at random, anew each epoch")
    add("--true-frequencies", action="store_true", help="answer by how frequent classes are, not by how often shown")
    add("--accept", type=class_part, metavar="CLASS=PART", help="of two: accept that part of validation examples")
    add("--seed", type=number(int, 0), default=0, help="the same seed gives the same model (default: %(default)s)")
    add("--out", type=Path, default=Path("models/mine.npy"), help="the model file to write (default: %(default)s)")
    add("--runs", type=Path, default=Path("runs"), help="folder for this run's folder (default: %(default)s)")
    add("--resume", type=Path, metavar="RUN", help="go on with a run that was stopped, with the options it had")
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the options say; returns the exit status: 0, or 130 where Ctrl-C cut it short."""
    options, arguments = options_of(list(sys.argv[1:] if arguments is None else arguments))
    check_teacher_options(options)
    check_writable(options.out)
    console = Console(highlight=False, soft_wrap=True)
    chosen = load_mixture(options.data, options.weights)
    check_accept(options.accept, chosen.classes)
    teachers = [teacher_of(path, chosen.classes) for path in options.teacher]
    rng = np.random.default_rng(options.seed)
    training, validation = chosen.split(rng)
    network = network_of(options, training).initialize(rng)
    config = config_of(options, training)
    network.metadata = about(options, config)
    console.print(f"{len(training):,} examples, {len(validation):,} to choose by\n{network.summary()}")

    optimizer = optimizer_of(network, config)
    run = Run(options.resume or new_run_folder(options.runs), arguments)
    if options.resume:
        run.restore(network, optimizer, rng)
    done, shown = len(run.reports), round(float(training.shown().sum()))
    first = len(training) * (options.views or 0)  # what is prepared before the first epoch
    with progress_bar(console, first + config.epochs * shown, done * shown) as progress:
        reports = fit(
            network,
            training,
            validation,
            config,
            rng,
            teachers=teachers,
            optimizer=optimizer,
            epochs_done=done,
            progress=progress,
        )
        finished = watch(run, run.follow(network, optimizer, rng, reports), options.patience, console)
    best = best_of(run, finished, console)
    temperature = settle(network, training, validation, options)
    network.metadata["scores"] = {"validation accuracy": best.validation_accuracy}
    save(network, options.out)
    console.print(
        f"Best epoch {best.epoch}: validation accuracy {best.validation_accuracy:.2%}; temperature {temperature:.2f}"
    )
    score_on(chosen.test, network, run, console)
    console.print(f"Model: {options.out}\nRun:   {run.folder}")
    return 0 if finished else 130


def best_of(run: Run, finished: bool, console: Console) -> EpochReport:
    """The best epoch; where Ctrl-C came, say what is kept. UserError where there is nothing."""
    if run.best is None:
        raise UserError("Stopped before the first epoch ended: there is no model to keep.", exit_status=130)
    if not finished:
        console.print(f"Stopped; kept the best model so far, of epoch {run.best.epoch}; --resume {run.folder} goes on.")
    return run.best


def settle(network: Network, training: Dataset, validation: Dataset, options: argparse.Namespace) -> float:
    """Let the answers of `network` mean what the options ask for; returns the temperature that calibrates it."""
    if options.true_frequencies:
        restore_frequencies(network, training)
    temperature = calibrate(network, validation)
    if options.accept:
        accept(network, validation, *options.accept)
    return temperature


def options_of(arguments: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """The options, and the arguments that give them: those of the run where it is to be resumed."""
    options = parser().parse_args(arguments)
    run: Path | None = options.resume
    if run is None:
        return options, arguments
    arguments = arguments_of(run, arguments)
    options = parser().parse_args(arguments)
    options.resume = run
    return options, arguments


def score_on(tests: dict[str, Dataset], network: Network, run: Run, console: Console) -> None:
    """Print how good `network` is on each of `tests`, and leave it in the run folder for the report."""
    for name, test in tests.items():
        score = evaluate(network, test)
        run.write_test(network, test, score)
        print_score(console, score, f"{name} test")


def about(options: argparse.Namespace, config: TrainConfig) -> dict[str, object]:
    """What the model file tells of its making."""
    kind = options.preset if options.hidden is None else "mlp"
    told = {"data": options.data, "weights": options.weights, "network": kind, "deslant": options.deslant}
    return {**told, "seed": options.seed, "recipe": asdict(config)}


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
    """The network that the options name, for images and classes as in `data`."""
    shape = data.images.shape[1:]
    if options.hidden is not None:
        network = mlp(options.hidden, data.classes, inputs=math.prod(shape))
    else:
        try:
            network = preset(options.preset, shape, data.classes)
        except ValueError as error:
            names = " and ".join(options.data)
            raise UserError(f"The preset {options.preset} does not suit {names}: {error}") from error
    return upright(network, shape) if options.deslant else network


def config_of(options: argparse.Namespace, data: Dataset) -> TrainConfig:
    """The recipe that the options name for `data`; rate and decay not asked for are what suits the optimizer."""
    shape = data.images.shape[1:]
    if options.augment and (len(shape) != 2 or shape[0] != shape[1]):
        raise UserError(f"--augment is for square grey images, and these are {shape}; leave it out.")
    descent = options.optimizer in ("sgd", "nesterov")
    rate, decay = (0.1, 0.001) if descent else (TrainConfig.learning_rate, TrainConfig.weight_decay)
    return TrainConfig(
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
        views=options.views,
        temperature=options.temperature,
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


def check_teacher_options(options: argparse.Namespace) -> None:
    """UserError where an option means nothing without teachers, or with them."""
    if options.views and not options.teacher:
        raise UserError("--views is how many views of each image the teachers are asked about; add --teacher MODEL.")
    if options.true_frequencies and options.teacher:
        raise UserError("--true-frequencies is for learning from labels: a teacher's opinion is learned as it is.")


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
