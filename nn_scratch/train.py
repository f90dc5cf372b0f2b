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

from nn_scratch.checks.ranges import COUNT, NOT_NEGATIVE, Range
from nn_scratch.command import run_command
from nn_scratch.data.progress import ReadingBar
from nn_scratch.data.registry import WHAT_DATA
from nn_scratch.errors import UserError
from nn_scratch.evaluate import print_score
from nn_scratch.files import check_writable
from nn_scratch.nn.model_file import save
from nn_scratch.nn.optimizers import OPTIMIZERS, Optimizer
from nn_scratch.nn.presets import PRESETS
from nn_scratch.nn.schedules import SCHEDULES
from nn_scratch.options import class_fraction, image_size, number
from nn_scratch.training.calibration import accept, calibrate, restore_frequencies
from nn_scratch.training.divergence import DivergedError
from nn_scratch.training.engines import ENGINES, what_to_expect, with_engine
from nn_scratch.training.fit import LIMITS, TrainConfig, optimizer_for
from nn_scratch.training.metrics import evaluate
from nn_scratch.training.parallel.ranks import mute_all_but_the_first
from nn_scratch.training.parallel.team import Team, add_parallel_options, team_for
from nn_scratch.training.reports import EpochReport
from nn_scratch.training.runs import Run, read_arguments
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
    args = make_parser().parse_args(arguments)
    run: Path | None = args.resume
    if run is None:
        return args, arguments
    if len(arguments) > 2 or (len(arguments) == 2 and "=" in arguments[0]):
        raise UserError("A resumed run goes on with the options it had; give --resume alone.")
    arguments = read_arguments(run)
    args = make_parser().parse_args(arguments)
    args.resume = run
    return args, arguments


def within(name: str) -> Callable[[str], float]:
    """What reads the option for the number called `name` in a `TrainConfig`."""
    return number(LIMITS[name])


def make_parser() -> argparse.ArgumentParser:
    """What can be asked for; the defaults are those of `TrainConfig`."""
    config = TrainConfig()
    border = "of two classes: accept this fraction of the validation examples of CLASS, such as digit=0.98"
    parser = argparse.ArgumentParser(
        "python -m nn_scratch.train", description="Train a network that reads digits or letters, and save it as .npy."
    )
    add, count, default = parser.add_argument, number(COUNT), "(default: %(default)s)"
    add("--data", nargs="+", default=["mnist"], metavar="NAME", help=f"what to learn: {WHAT_DATA} (default: mnist)")
    shown = "times each data set is shown per epoch (default: once)"
    add("--weights", type=number(NOT_NEGATIVE), nargs="+", help=shown)
    add_folder_options(parser)
    add_teacher_options(parser, config)
    add_start_options(parser)
    network = parser.add_mutually_exclusive_group()
    network.add_argument("--preset", choices=PRESETS, default="mlp", help=f"which network {default}")
    network.add_argument("--start-from", type=Path, metavar="MODEL", help="the network of a model file, as it is there")
    network.add_argument("--hidden", type=count, nargs="*", help="an mlp with these units per layer: 256 128")
    add("--deslant", action="store_true", help="let the network set images upright before it reads them")
    add("--epochs", type=within("epochs"), default=config.epochs, help=f"passes over all examples {default}")
    add("--batch-size", type=within("batch_size"), default=config.batch_size, help=f"examples per step {default}")
    add_optimizer_options(parser, config)
    add("--patience", type=count, help="stop after this many epochs without a better one")
    add("--augment", action="store_true", help="move, turn, stretch and slant images at random, anew each time")
    add("--true-frequencies", action="store_true", help="assume classes as frequent as they are, not as often as shown")
    add("--accept", type=class_fraction, metavar="CLASS=FRACTION", help=border)
    engine = "compute the gradients by this engine of nn_scratch.autograd (default: by the derivations)"
    add("--engine", choices=sorted(ENGINES), help=engine)
    add_parallel_options(parser)
    seed = Range(0, whole=True)
    add("--seed", type=number(seed), default=0, help=f"the same seed gives the same model {default}")
    add("--out", type=Path, default=Path("models/mine.npy"), help="the model file to write (default: %(default)s)")
    add("--runs", type=Path, default=Path("runs"), help="the folder of all run folders (default: %(default)s)")
    add("--resume", type=Path, metavar="RUN", help="continue the stopped run in this folder, with the options it had")
    return parser


def add_folder_options(parser: argparse.ArgumentParser) -> None:
    """The options of how a folder of images is read."""
    group = parser.add_mutually_exclusive_group()
    ink = "folders hold handwriting: cut out the ink and make it 28x28, as the app does (default: keep colour and size)"
    size = "resize the images of folders: 32x32 (default: they must have one size)"
    group.add_argument("--ink", action="store_true", help=ink)
    group.add_argument("--size", type=image_size, metavar="WxH", help=size)


def add_teacher_options(parser: argparse.ArgumentParser, config: TrainConfig) -> None:
    """The options of learning from other models."""
    teacher = "learn the probabilities that these models give to each image, in place of its label"
    views = "ask the teachers only once, about this many views of each image (default: ask for every batch)"
    softens = "how much the probabilities of the teachers and of the student are softened (default: %(default)s)"
    add = parser.add_argument
    add("--teacher", type=Path, nargs="+", default=[], metavar="MODEL", help=teacher)
    add("--views", type=within("views"), help=views)
    add("--temperature", type=within("temperature"), default=config.temperature, help=softens)


def add_start_options(parser: argparse.ArgumentParser) -> None:
    """The options of learning more with what a model has learned."""
    rehearse = "with --start-from: examples whose answers by that model are kept beside what is learned: mnist, sample"
    freeze = "with --start-from: the first COUNT layers that have parameters do not learn (default: all learn)"
    parser.add_argument("--rehearse", nargs="+", default=[], metavar="NAME", help=rehearse)
    parser.add_argument("--freeze", type=number(Range(0, whole=True)), default=0, metavar="COUNT", help=freeze)


def add_optimizer_options(parser: argparse.ArgumentParser, config: TrainConfig) -> None:
    """The options of how steps are taken."""
    decay = "shrinks all parameters, biases too, in each step (default: 0.1; 0.001 for sgd and nesterov; "
    decay += "0 with --start-from)"
    quarter = "a quarter of that with --start-from"
    penalty = "strength of the penalty |w|^2 / 2 of all parameters, biases too (default: none)"
    smoothing = "fraction of the target that is spread over all classes (default: none)"
    add = parser.add_argument
    add("--optimizer", choices=sorted(OPTIMIZERS), default=config.optimizer, help="default: %(default)s")
    add("--learning-rate", type=within("learning_rate"), help=f"default: 0.008; 0.1 for sgd and nesterov; {quarter}")
    add("--weight-decay", type=within("weight_decay"), help=decay)
    add("--l2", type=within("l2"), default=config.l2, help=penalty)
    add("--clip-norm", type=within("clip_norm"), help="limit of the length of the gradient (default: none)")
    add("--label-smoothing", type=within("label_smoothing"), default=config.label_smoothing, help=smoothing)
    add("--schedule", choices=sorted(SCHEDULES), default=config.schedule, help="default: %(default)s")


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.train", main))
