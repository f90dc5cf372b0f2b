"""The command that trains: python -m nn_scratch.train --help.

Whoever tinkers with data sets, networks or optimizers should not have to write a program for it. This command does what
such a program would do: prepare, train, keep the best epoch, calibrate, save, and test. What has no option here is an
argument of `nn_scratch.fit`; the programs in nn_scratch/recipes use them.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from nn_scratch.arrays import Shape
from nn_scratch.calibration import calibrate
from nn_scratch.checks import COUNT, POSITIVE, Range, check_memory
from nn_scratch.command import Bar, number, print_score, run_command
from nn_scratch.convolution import Conv2D
from nn_scratch.data.custom import FEWEST, VALIDATION_EVERY
from nn_scratch.data.folder import AS_THEY_ARE, options_for
from nn_scratch.data.registry import DATA_SETS, WHAT_DATA, Mixture, load_mixture, name_and_times
from nn_scratch.data.variation import Augment
from nn_scratch.dataset import Dataset, concatenate
from nn_scratch.engines import ENGINES, EngineNetwork, time_estimate, with_engine
from nn_scratch.errors import UserError
from nn_scratch.files import check_writable
from nn_scratch.layers import Dense
from nn_scratch.metrics import evaluate
from nn_scratch.model_file import load, save
from nn_scratch.network import Network, mlp
from nn_scratch.optimizers import OPTIMIZERS, SGD
from nn_scratch.parallel.ranks import mute_all_but_the_first
from nn_scratch.parallel.strategy import Strategy, strategy_for
from nn_scratch.runs import Run, read_arguments
from nn_scratch.training import DivergedError, EpochReport, StepReport, check_ready, loss_for, shuffled
from nn_scratch.transfer.adapting import CORRECTED, LEARNING_RATE, REHEARSED, STEPS, adapt, compare
from nn_scratch.zoo.deslant import Deslant
from nn_scratch.zoo.presets import PRESETS, preset, preset_settings

EPOCHS, BATCH_SIZE = 10, 128  # where neither the arguments nor the preset say something else
MOST_SHOWN = 100_000_000  # examples in an epoch: their order alone takes 800 MB
FEWEST_SHOWN = 50  # examples in an epoch, on average: then it practically never happens that none is shown
FLOAT = 4  # bytes
WHILE_TRAINING = 8  # vectors of all parameters: gradients, three of Adam, the best so far, two while they are saved


def make_parser() -> argparse.ArgumentParser:
    """What can be asked for; what depends on the preset has no default here."""
    what = "Train a network that reads digits or letters, and save it as .npy."
    parser = argparse.ArgumentParser("python -m nn_scratch.train", description=what)
    add, count, network = parser.add_argument, number(COUNT), parser.add_mutually_exclusive_group()
    what = f"what to learn; NAME=3 is shown three times per epoch: {WHAT_DATA} (default: mnist)"
    add("--data", nargs="+", default=["mnist"], metavar="NAME[=TIMES]", help=what)
    network.add_argument("--preset", choices=PRESETS, help="which network (default: mlp)")
    network.add_argument("--hidden", type=count, nargs="*", help="an mlp with these units per layer: 256 128")
    network.add_argument("--start-from", type=Path, metavar="MODEL", help="the network of a model file, as it is there")
    what = "with --start-from: learn the data as the app learns corrections, and keep what is read of these: sample"
    add("--rehearse", nargs="+", default=[], metavar="NAME", help=what)
    add("--augment", action="store_true", help="move, turn, stretch and slant images at random, anew each time")
    what = f"passes over all examples (default: {EPOCHS}, if the preset has no other, as for the next three)"
    add("--epochs", type=number(Range(1, 10**9, whole=True)), help=what)
    add("--batch-size", type=count, help=f"examples per step (default: {BATCH_SIZE})")
    add("--optimizer", choices=sorted(OPTIMIZERS), help="default: adam")
    what = "default: 0.008; 0.1 for sgd and nesterov; a quarter of that with --start-from"
    add("--learning-rate", type=number(POSITIVE), help=what)
    what = "compute the gradients by this engine of nn_scratch.autograd (default: by the derivations)"
    add("--engine", choices=sorted(ENGINES), help=what)
    what = "train with all processes of mpiexec: one step together (sync), or each at its own pace (async; "
    what += "async:0.5 corrects stale gradients by half)"
    add("--parallel", type=way_of_training, metavar="{sync,async}", help=what)
    what = "the same seed gives the same model (default: %(default)s)"
    add("--seed", type=number(Range(0, whole=True)), default=0, help=what)
    add("--out", type=Path, default=Path("models/mine.npy"), help="the model file to write (default: %(default)s)")
    add("--resume", type=Path, metavar="RUN", help="continue the stopped run in this folder, with the options it had")
    return parser


def way_of_training(text: str) -> str:
    """The value of --parallel."""
    if not re.fullmatch(r"sync|async(:[0-9]{1,9}(\.[0-9]{1,9})?)?", text):
        raise argparse.ArgumentTypeError(f"{text} is not sync, async or async:STRENGTH")
    return text


def parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, Sequence[str]]:
    """The parsed `arguments`, and the arguments themselves: those of the resumed run where there is one.

    Raises:
        UserError: the run cannot be read, or options do not go together.
    """
    args = make_parser().parse_args(arguments)
    run: Path | None = args.resume
    if run is not None:
        if len(arguments) > 2 or (len(arguments) == 2 and "=" in arguments[0]):
            raise UserError("A resumed run goes on with the options it had; give --resume alone.")
        arguments = read_arguments(run)
        parser = make_parser()
        parser.exit_on_error = False
        try:
            args, unknown = parser.parse_known_args(arguments)
        except argparse.ArgumentError as error:
            raise UserError(f"The run {run} began with options that this version does not have: {error}.") from error
        if unknown or args.rehearse:
            told = " ".join(unknown or ["--rehearse"])
            raise UserError(f"The run {run} began with {told}, which this version cannot go on with; train again.")
        args.resume = run
    if args.rehearse and args.start_from is None:
        raise UserError("--rehearse is for a training that starts from a model; add --start-from MODEL.")
    if args.start_from and args.start_from.resolve() == args.out.resolve():
        raise UserError(f"--out would overwrite {args.out}, the model that training starts from; name another file.")
    read = [Path(name_and_times(name)[0]).expanduser().resolve() for name in [*args.data, *args.rehearse]]
    if args.out.resolve() in read:
        raise UserError(f"--out would overwrite {args.out}, the data that is learned; name another file.")
    for option in ("augment", "batch_size", "optimizer", "learning_rate", "engine", "parallel"):
        if args.rehearse and getattr(args, option):
            raise UserError(f"--{option.replace('_', '-')} is for learning without --rehearse; leave out one of them.")
    return args, arguments


@dataclass(frozen=True)
class Setup:
    """All that a training starts from; `settings` are the keywords of `fit`."""

    network: Network
    training: Dataset
    validation: Dataset
    tests: dict[str, Dataset]
    settings: dict[str, Any]
    rng: np.random.Generator
    shown: int  # examples in an epoch, on average


def setup_for(args: argparse.Namespace) -> Setup:
    """Load the data and make the network that `args` name, or raise a UserError that says why that is not possible.

    The same seed must give the same model, also when a run is resumed. So all that is drawn before the first epoch is
    drawn here, in the same order: which examples validate, then the numbers that the network starts from.
    """
    start = load(args.start_from) if args.start_from else None
    choice, rng = mixture_for(args.data, start), np.random.default_rng(args.seed)
    training, validation = choice.split(rng)
    if not len(validation):
        raise UserError(
            f"No example is left for validation: one of {VALIDATION_EVERY} of each set is held out, or whole writers "
            f"where they are known, and there are {len(training)} examples; add more."
        )
    (settings, recipe), shape = settings_for(args, training), training.images.shape[1:]
    name = f"model {args.start_from}" if start else f"preset {args.preset or 'mlp'}"
    with sentences(f"The {name} does not suit {' and '.join(choice.test)}"):
        if start:
            network = start
        elif args.hidden is not None:
            network = mlp(args.hidden, training.classes, inputs=math.prod(shape))
        else:
            network = preset(args.preset or "mlp", shape, training.classes)
        check_size(network, settings, training)
        if start is None:
            network.initialize(rng)
        check_ready(network, training, validation, loss_for(network, training, None, None))
    network.metadata = metadata_for(args, choice, network) | {"seed": args.seed, "recipe": recipe}
    if args.engine:
        network = with_engine(network, args.engine, min(settings["batch_size"], len(training)))
    shown = round(float(training.shown().sum()))
    return Setup(network, training, validation, choice.test, settings, rng, shown)


def mixture_for(names: Sequence[str], start: Network | None, fewest: int = FEWEST) -> Mixture:
    """The data sets of these names, for the network `start` if there is one; a set needs so many examples.

    Raises:
        UserError: a set cannot be had or read, or an epoch would show far too many examples, or hardly any.
    """
    with Bar() as feedback:
        folders = options_for(start) if start else AS_THEY_ARE
        choice = load_mixture(names, folders=folders, feedback=feedback, fewest=fewest)
    pairs = zip(choice.training, choice.weights, strict=True)
    shown = sum(float(data.shown().sum()) * weight for data, weight in pairs)
    least = min(FEWEST_SHOWN, sum(map(len, choice.training)))
    if not least <= shown <= MOST_SHOWN:
        raise UserError(
            f"An epoch would show {shown:.3g} examples, and {least} to {MOST_SHOWN:,} are possible; change =TIMES."
        )
    return choice


def settings_for(args: argparse.Namespace, data: Dataset) -> tuple[dict[str, Any], dict[str, Any]]:
    """The keywords of `fit`: what `args` ask for or, where they do not, what suits the preset and the optimizer.

    The second dictionary says the same in the words that all model files have.
    """
    images, shape = data.images, data.images.shape[1:]
    if args.augment and (images.dtype != np.uint8 or len(shape) != 2 or shape[0] != shape[1]):
        raise UserError(f"--augment is for square grey images of bytes, not {images.dtype} {shape}; leave it out.")
    usual = {"epochs": EPOCHS, "batch_size": BATCH_SIZE, "schedule": "one-cycle"}
    asked = {name: value for name in ("epochs", "batch_size") if (value := getattr(args, name)) is not None}
    settings = usual | preset_settings(args.preset or "") | asked
    name = args.optimizer or ("sgd" if "optimizer" in settings else "adam")
    optimizer: Any = settings["optimizer"] if name == "sgd" and "optimizer" in settings else OPTIMIZERS[name]()
    if args.start_from:  # small steps, and none that only shrink what was learned
        optimizer = replace(optimizer, learning_rate=optimizer.learning_rate / 4, weight_decay=0.0)
    optimizer = replace(optimizer, learning_rate=args.learning_rate or optimizer.learning_rate)
    recipe = {
        **{"epochs": settings["epochs"], "batch_size": settings["batch_size"], "optimizer": name},
        **{"learning_rate": optimizer.learning_rate, "weight_decay": optimizer.weight_decay},
        **{"schedule": settings["schedule"], "augment": args.augment, "label_smoothing": 0.0, "clip_norm": None},
        **{"l2": optimizer.l2, "views": None, "temperature": 2.0},
    }
    if isinstance(optimizer, SGD) and optimizer.momentum != SGD.momentum:
        recipe["momentum"] = optimizer.momentum
    return settings | {"optimizer": optimizer, "vary": Augment() if args.augment else None}, recipe


def check_size(network: Network, settings: dict[str, Any], data: Dataset) -> None:
    """UserError where the network, a batch and images that are moved do not fit into memory, one beside another."""
    examples = min(settings["batch_size"], math.ceil(data.shown().sum()) + len(data))
    shapes: list[Shape] = 2 * [network.input_shape, *network.shapes]  # signals and their gradients
    shapes += [(*layer.windows.places, layer.inputs) for layer in network.layers if isinstance(layer, Conv2D)]
    needed = FLOAT * WHILE_TRAINING * network.parameters.size
    check_memory(needed, "Training this network", "choose a smaller one")
    needed += FLOAT * examples * sum(map(math.prod, shapes))
    check_memory(needed, "A batch of so many examples", "choose a smaller --batch-size")
    needed += 4 * data.images.nbytes if settings["vary"] else 0  # to twice the height and width
    check_memory(needed, "Moving these images", "leave out --augment, or take fewer images")


def metadata_for(args: argparse.Namespace, choice: Mixture, network: Network) -> dict[str, Any]:
    """What the model file tells of what `network` has learned, and of how folders were read."""
    names = list(choice.test)
    custom = [Path(name).expanduser() for name in names if name not in DATA_SETS]
    told: dict[str, Any] = {"data": names}
    if custom and (args.start_from or any(map(Path.is_dir, custom))):
        told |= (options_for(network) if args.start_from else AS_THEY_ARE).as_metadata()
    told["weights"] = choice.weights if any(weight != 1 for weight in choice.weights) else None
    if args.start_from:
        return told | {"start_from": str(args.start_from), "rehearse": args.rehearse}
    deslant = any(isinstance(layer, Deslant) for layer in network.layers)
    return told | {"network": args.preset or "mlp", "deslant": deslant}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the arguments say; returns the exit status: 0; 130 where Ctrl-C ended it, 1 where it diverged."""
    mute_all_but_the_first()
    args, arguments = parse(sys.argv[1:] if arguments is None else arguments)
    console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
    strategy = strategy_for(args.parallel)
    with strategy.ranks:
        return adapt_as_asked(args, console) if args.rehearse else train_as_asked(args, arguments, strategy, console)


def train_as_asked(args: argparse.Namespace, arguments: Sequence[str], strategy: Strategy, console: Console) -> int:
    """Train by `strategy`: only the process that leads writes, and prints."""

    def prepare() -> Setup:
        if strategy.leads:
            check_writable(args.out)
        return setup_for(args)

    setup = strategy.ranks.first_then_all(prepare)
    network, optimizer = setup.network, setup.settings["optimizer"]
    network.metadata |= strategy.metadata()
    optimizer.attach(network.parameters[network.learning], network.gradients[network.learning])
    console.print(f"{len(setup.training):,} examples for training, {len(setup.validation):,} for validation")
    console.print(network.summary())
    if isinstance(network, EngineNetwork):
        console.print(time_estimate(network, setup.shown))
    args.batch_size = setup.settings["batch_size"]  # as the strategy must know it
    run = strategy.run_for(args, arguments)
    if args.resume:
        strategy.ranks.together(partial(run.resume, network, optimizer, setup.rng))
    if introduction := strategy.introduction(run):
        console.print(introduction)
    early = train(setup, run, console, strategy)
    best = run.best
    if best is None:
        raise UserError(f"{early} No epoch has ended, so there is no model to keep.", early.exit_status if early else 2)
    if early:
        goes_on = f"; --resume {run.folder} goes on" if early.exit_status == 130 else ""
        console.print(f"{early} Kept the best model so far, of epoch {best.epoch}{goes_on}.")
    if summary := strategy.summary():
        console.print(summary)
    if strategy.leads:
        finish(setup, run, best, args.out, console)
    return early.exit_status if early else 0


def train(setup: Setup, run: Run, console: Console, strategy: Strategy) -> UserError | None:
    """Take all steps, and record and print each epoch; returns what ended it early."""
    done, network, rng = len(run.reports), setup.network, setup.rng
    bar = progress_bar(console, "training", setup.settings["epochs"] * setup.shown, done * setup.shown)
    with sentences("The training cannot go on"), bar as advance:
        steps = strategy.steps(network, setup.training, setup.validation, rng, epochs_done=done, **setup.settings)
        try:
            for report in steps:
                if isinstance(report, StepReport):
                    advance(report.examples)
                    continue
                strategy.ranks.together(partial(run.record, report, network, setup.settings["optimizer"], rng))
                console.print(
                    f"epoch {report.epoch:3d}  train loss {report.train_loss:.4f}  "
                    f"validation loss {report.validation_loss:.4f}  accuracy {report.validation_accuracy:7.2%}  "
                    f"{report.seconds:6.2f} s  {report.images_per_second:9,.0f} images/s"
                )
        except KeyboardInterrupt:
            return UserError("Stopped.", exit_status=130)
        except DivergedError as error:
            return error
    return None


def finish(setup: Setup, run: Run, best: EpochReport, out: Path, console: Console) -> None:
    """Calibrate the network of the `best` epoch, save it, and print how it does on the test sets."""
    network = setup.network
    run.restore_best(network)
    said = f"Best epoch {best.epoch}: validation accuracy {best.validation_accuracy:.2%}"
    if isinstance(network.layers[-1], Dense) and network.loss.kind == "cross-entropy":
        said += f"; temperature {calibrate(network, setup.validation):.2f}"
    network.metadata["scores"] = {"validation accuracy": best.validation_accuracy}
    run.write_model(network)
    save(network, out)
    console.print(said)
    for name, test in setup.tests.items():
        score = evaluate(network, test)
        run.write_test(name, network, test, score)
        print_score(console, score, f"{name} test")
    console.print(f"Model: {out}\nRun:   {run.folder}")


def adapt_as_asked(args: argparse.Namespace, console: Console) -> int:
    """Let a copy of the model learn the data and rehearse other data, as the app does with corrections, and save it.

    Each new example is shown as often as `--epochs` says, but there are never fewer steps than the app takes.
    """
    check_writable(args.out)
    before, rng = load(args.start_from), np.random.default_rng(args.seed)
    choice, old = (mixture_for(names, before, fewest=1) for names in (args.data, args.rehearse))
    with sentences(f"The model {args.start_from} cannot learn this"):
        sets = [concatenate(each.training, each.weights) for each in (choice, old)]
        new, rehearsed = (data.take(shuffled(data, rng)) for data in sets)  # each example as often as it is shown
        steps = max(STEPS, math.ceil((args.epochs or EPOCHS) * len(new) / CORRECTED))
        with progress_bar(console, "adapting", steps) as advance:
            for report in adapt(before, new, rehearsed, rng, steps=steps):
                advance(1)
                network = report.network
    recipe = {"steps": steps, "batch_size": CORRECTED + REHEARSED, "optimizer": "adam", "learning_rate": LEARNING_RATE}
    recipe |= {"weight_decay": 0.0, "schedule": "cosine", "augment": True}
    accuracy = {"accuracy of what was learned": evaluate(network, new).accuracy}
    network.metadata = metadata_for(args, choice, before) | {"seed": args.seed, "recipe": recipe, "scores": accuracy}
    save(network, args.out)
    console.print(f"Learned {len(new):,} examples in {steps:,} steps.")
    tests = {f"{name} test": test for name, test in (old.test | choice.test).items() if len(test)}
    for title, data in ({"What was learned": new} | tests).items():
        result = compare(before, network, data)
        console.print(f"{title}: accuracy {result.before:.2%} before, {result.after:.2%} now")
    console.print(f"Model: {args.out}")
    return 0


@contextmanager
def sentences(subject: str) -> Iterator[None]:
    """Turn a ValueError within the block into a sentence about `subject`."""
    try:
        yield
    except ValueError as error:
        raise UserError(f"{subject}: {error}") from error


@contextmanager
def progress_bar(console: Console, title: str, total: int, done: int = 0) -> Iterator[Callable[[int], None]]:
    """A bar with the time left, while the block runs; yields the function that moves it on."""
    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TextColumn("left:"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=total, completed=done)
        yield lambda count: progress.advance(task, count)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.train", main))
