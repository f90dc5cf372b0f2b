"""The command that trains: python -m nn_scratch.train --help.

Whoever tinkers with data sets, layers or optimizers should not have to write a program for it. This command does what
such a program would do: prepare, fit, keep the best epoch, calibrate, save, and test.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from nn_scratch.command import print_score, run_command
from nn_scratch.data.progress import ReadingBar
from nn_scratch.errors import UserError
from nn_scratch.files import check_writable
from nn_scratch.metrics import evaluate
from nn_scratch.model_file import save
from nn_scratch.optimizers import Optimizer
from nn_scratch.parallel.ranks import mute_all_but_the_first
from nn_scratch.parallel.team import Team, team_for
from nn_scratch.runs import Run, read_arguments
from nn_scratch.training.arguments import parse_arguments
from nn_scratch.training.calibration import accept, calibrate, restore_frequencies
from nn_scratch.training.divergence import DivergedError
from nn_scratch.training.engines import what_to_expect, with_engine
from nn_scratch.training.fit import optimizer_for
from nn_scratch.training.rate_finder import find_learning_rate
from nn_scratch.training.reports import EpochReport
from nn_scratch.training.setup import Setup, setup_for


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the arguments say; returns the exit status: 0; 130 where Ctrl-C ended it, 1 where it diverged."""
    mute_all_but_the_first()
    args, arguments = parse(sys.argv[1:] if arguments is None else arguments)
    with team_for(args) as team:
        return train_as_asked(args, arguments, team)


def train_as_asked(args: argparse.Namespace, arguments: Sequence[str], team: Team) -> int:
    """What `main` does, as a member of `team`: only the process that leads it writes, and prints."""
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    setup = team.prepared(lambda: prepare(args, team.leads))
    network, data = setup.network, setup.data
    network.metadata |= team.metadata()
    optimizer = optimizer_for(network, setup.config)
    console.print(f"{len(data.training):,} examples for training, {len(data.validation):,} for validation")
    console.print(network.summary())
    if args.engine:
        console.print(what_to_expect(setup))
    if args.find_learning_rate:
        return show_rates(setup, console)

    run = team.run_for(args, arguments)
    if args.resume:
        run.resume(network, optimizer, setup.rng)
    for line in filter(None, [team.introduction(run)]):
        console.print(line)
    early = train(setup, optimizer, run, args.patience, console, team)
    best = run.best
    if best is None:
        raise UserError(f"{early} No epoch has ended, so there is no model to keep.", early.exit_status if early else 2)
    if early:
        goes_on = f"; --resume {run.folder} goes on" if early.exit_status == 130 else ""
        console.print(f"{early} Kept the best model so far, of epoch {best.epoch}{goes_on}.")
    for line in filter(None, [team.summary()]):
        console.print(line)
    if team.leads:
        finish(setup, run, best, args, console)
    return early.exit_status if early else 0


def prepare(args: argparse.Namespace, writes: bool) -> Setup:
    """All that the training starts from; UserError where something is missing, or the model could not be written."""
    if writes:
        check_writable(args.out)
    with ReadingBar() as feedback:
        setup = setup_for(args, feedback)
    return with_engine(setup, args.engine) if args.engine else setup


def show_rates(setup: Setup, console: Console) -> int:
    """Print how the loss falls and rises with the learning rate, and which one that suggests; nothing is saved."""
    curve = find_learning_rate(setup.network, setup.data.training, setup.config, setup.rng)
    for line in ("    rate     loss", *curve.lines()):
        console.print(line)
    console.print(f"A tenth of the rate where the loss is least: --learning-rate {curve.suggestion:.2g}")
    return 0


def finish(setup: Setup, run: Run, best: EpochReport, args: argparse.Namespace, console: Console) -> None:
    """Calibrate the network of the `best` epoch, save it, and print how it does on the test sets."""
    network = setup.network
    run.restore_best(network)
    temperature = settle(setup, args)
    network.metadata["scores"] = {"validation accuracy": best.validation_accuracy}
    run.write_model(network)
    save(network, args.out)
    console.print(
        f"Best epoch {best.epoch}: validation accuracy {best.validation_accuracy:.2%}; temperature {temperature:.2f}"
    )
    for name, test in setup.data.tests.items():
        score = evaluate(network, test)
        run.write_test(name, network, test, score)
        print_score(console, score, f"{name} test")
    console.print(f"Model: {args.out}\nRun:   {run.folder}")


def train(
    setup: Setup, optimizer: Optimizer, run: Run, patience: int | None, console: Console, team: Team
) -> UserError | None:
    """Fit, and record and print each epoch, until all are over or `patience` is; returns what ended it early."""
    done = len(run.reports)
    examples = setup.views_to_cache + setup.config.epochs * setup.examples_per_epoch
    with progress_bar(console, examples, done * setup.examples_per_epoch) as progress:
        epochs = team.fit(
            setup.network,
            setup.data.training,
            setup.data.validation,
            setup.config,
            setup.rng,
            teachers=setup.teachers,
            rehearsal=setup.rehearsal,
            optimizer=optimizer,
            epochs_done=done,
            progress=progress,
        )
        try:
            for report in epochs:
                run.record(report, setup.network, optimizer, setup.rng)
                console.print(line_of(report))
                if patience and run.best and report.epoch - run.best.epoch >= patience:
                    console.print(f"Stopped because {patience} epochs in a row were not better.")
                    break
        except KeyboardInterrupt:
            return UserError("Stopped.", exit_status=130)
        except DivergedError as error:
            return error
    return None


def line_of(report: EpochReport) -> str:
    """What is printed of an epoch."""
    return (
        f"epoch {report.epoch:3d}  train loss {report.train_loss:.4f}  "
        f"validation loss {report.validation_loss:.4f}  accuracy {report.validation_accuracy:7.2%}  "
        f"{report.seconds:6.2f} s  {report.images_per_second:9,.0f} images/s"
    )


def settle(setup: Setup, args: argparse.Namespace) -> float:
    """Calibrate the trained network, and shift its answers as `args` ask for; returns the temperature.

    A network that rehearses keeps its own probabilities, and its validation set may show what it has learned.
    """
    if args.true_frequencies:
        restore_frequencies(setup.network, setup.data.training)
    temperature = 1.0 if setup.rehearsal else calibrate(setup.network, setup.data.validation)
    if args.accept:
        accept(setup.network, setup.data.validation, *args.accept)
    return temperature


@contextmanager
def progress_bar(console: Console, total: int, done: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time left, while the block runs; yields the function that moves it on."""
    columns = (TextColumn("training"), BarColumn(), MofNCompleteColumn(), TextColumn("left:"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total, completed=done)
        yield lambda count: progress.advance(task, count)


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, Sequence[str]]:
    """The parsed `arguments`, and the arguments themselves: those of the resumed run where there is one.

    Raises:
        UserError: there are others beside `--resume`, or the run cannot be read.
    """
    args = parse_arguments(arguments)
    run: Path | None = args.resume
    if run is None:
        return args, arguments
    if len(arguments) > 2 or (len(arguments) == 2 and "=" in arguments[0]):
        raise UserError("A resumed run goes on with the options it had; give --resume alone.")
    arguments = read_arguments(run)
    args = parse_arguments(arguments)
    args.resume = run
    return args, arguments


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.train", main))
