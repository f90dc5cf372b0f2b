"""The arguments of nn_scratch.train: what a training can be asked for on the command line.

A choice that is not made is made here: by the configuration of the preset, where it has its own, or by `TrainConfig`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from nn_scratch.checks import COUNT, FRACTION, NOT_NEGATIVE, Range
from nn_scratch.data.registry import WHAT_DATA
from nn_scratch.losses import LOSSES
from nn_scratch.optimizers import OPTIMIZERS
from nn_scratch.options import class_fraction, class_weight, image_size, number
from nn_scratch.parallel.team import add_parallel_options
from nn_scratch.presets import PRESETS
from nn_scratch.schedules import SCHEDULES
from nn_scratch.training.config import LIMITS, TrainConfig
from nn_scratch.training.engines import ENGINES
from nn_scratch.training.preset_configs import defaults_of, preset_config


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """The parsed `arguments`, where those that are not given are as in the configuration of the preset."""
    parser = make_parser()
    preset = parser.parse_args(arguments).preset
    parser.set_defaults(optimizer=preset_config(preset).optimizer)
    optimizer = parser.parse_args(arguments).optimizer
    parser.set_defaults(**defaults_of(preset, optimizer))
    return parser.parse_args(arguments)


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
    add("--standardize", action="store_true", help="let the network subtract the mean and divide by the deviation")
    add("--epochs", type=within("epochs"), default=config.epochs, help=f"passes over all examples {default}")
    add("--batch-size", type=within("batch_size"), default=config.batch_size, help=f"examples per step {default}")
    add_optimizer_options(parser, config)
    find = "show how the loss falls and rises with the learning rate, and which rate that suggests; save nothing"
    add("--find-learning-rate", action="store_true", help=find)
    add("--patience", type=count, help="stop after this many epochs without a better one")
    add_variation_options(parser, config)
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


def add_variation_options(parser: argparse.ArgumentParser, config: TrainConfig) -> None:
    """The options of how images are varied, anew each time that they are shown."""
    add = parser.add_argument
    add("--augment", action="store_true", help="move, turn, stretch and slant images at random, anew each time")
    add("--crop", type=within("crop"), default=config.crop, help="move images by up to this many pixels at random")
    add("--flip", action="store_true", help="mirror images at random")


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
    add("--momentum", type=within("momentum"), help="for sgd and nesterov (default: 0.9)")
    add("--betas", type=number(FRACTION), nargs=2, metavar="BETA", help="for adam and adamw (default: 0.9 0.999)")
    add("--epsilon", type=within("epsilon"), help="for adam and adamw (default: 1e-8)")
    add("--loss", choices=sorted(LOSSES), default=config.loss, help="what is made smaller (default: %(default)s)")
    weights = "how much each class counts: balanced, or one number for each (default: as often as it is shown)"
    add("--class-weights", type=class_weight, nargs="+", metavar="WEIGHT", help=weights)
    add("--schedule", choices=sorted(SCHEDULES), default=config.schedule, help="default: %(default)s")
