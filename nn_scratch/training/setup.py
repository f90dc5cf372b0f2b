"""What a training starts from: the data, the network and the configuration that the arguments of nn_scratch.train mean.

The same seed must give the same model, also when a run is resumed. So all that is drawn before the first epoch is drawn
here, always in the same order: which examples validate, then the numbers that the network starts from.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from nn_scratch.data.dataset import Dataset
from nn_scratch.data.folder import FolderOptions
from nn_scratch.data.progress import SILENT, Feedback
from nn_scratch.data.registry import DATA_SETS, load_mixture
from nn_scratch.errors import UserError
from nn_scratch.nn.model_file import load
from nn_scratch.nn.network import Network, mlp
from nn_scratch.nn.presets import preset, upright
from nn_scratch.training.fit import TrainConfig


@dataclass(frozen=True)
class Splits:
    """What is learned from, what chooses the best epoch, and what tests the result: the test sets, by name."""

    training: Dataset
    validation: Dataset
    tests: dict[str, Dataset]


@dataclass(frozen=True)
class Setup:
    """All that `fit` needs."""

    data: Splits
    network: Network
    config: TrainConfig
    teachers: list[Network]
    rng: np.random.Generator

    @property
    def examples_per_epoch(self) -> int:
        """How many examples an epoch shows, on average."""
        return round(float(self.data.training.shown().sum()))

    @property
    def views_to_cache(self) -> int:
        """How many images are shown to the teachers before the first epoch."""
        return len(self.data.training) * (self.config.views or 0)


def setup_for(args: argparse.Namespace, feedback: Feedback = SILENT) -> Setup:
    """Load the data and make the network that `args` name; `feedback` is told how far the reading of a folder is.

    Raises:
        UserError: a file cannot be had or read, or the arguments do not fit together.
    """
    check_teacher_options(args)
    if args.weights and not any(args.weights):
        raise UserError("All --weights are 0, so that no example is shown; give at least one above 0.")
    choice = load_mixture(args.data, args.weights, FolderOptions(args.ink, args.size), feedback)
    check_accept(args.accept, choice.classes)
    teachers = [teacher_from(path, choice.classes) for path in args.teacher]
    rng = np.random.default_rng(args.seed)
    training, validation = choice.split(rng)
    network = network_for(args, training).initialize(rng)
    config = config_for(args, training)
    network.metadata = metadata_for(args, config)
    return Setup(Splits(training, validation, choice.test), network, config, teachers, rng)


def check_teacher_options(args: argparse.Namespace) -> None:
    """UserError where an option means nothing without teachers, or with them."""
    if args.views and not args.teacher:
        raise UserError("--views is how many views of each image the teachers are asked about; add --teacher MODEL.")
    if args.true_frequencies and args.teacher:
        raise UserError("--true-frequencies is for learning from labels; leave it out where there is a --teacher.")


def check_accept(wanted: tuple[str, float] | None, classes: tuple[str, ...]) -> None:
    """UserError where `--accept` names a class that is not there, or there are more than two."""
    if wanted and (len(classes) != 2 or wanted[0] not in classes):
        raise UserError(f"--accept needs one of two classes, but the data has {' '.join(classes)}; leave it out.")


def teacher_from(path: Path, classes: tuple[str, ...]) -> Network:
    """The network in the model file `path`; UserError where its classes are not these `classes`."""
    teacher = load(path)
    if teacher.classes != classes:
        known, shown = " ".join(teacher.classes), " ".join(classes)
        raise UserError(f"The teacher {path} knows {known}, but the data shows {shown}; choose another.")
    return teacher


def network_for(args: argparse.Namespace, data: Dataset) -> Network:
    """The network that `args` name, for images and classes as in `data`."""
    shape = data.images.shape[1:]
    if args.hidden is not None:
        network = mlp(args.hidden, data.classes, inputs=math.prod(shape))
    else:
        try:
            network = preset(args.preset, shape, data.classes)
        except ValueError as error:
            names = " and ".join(args.data)
            raise UserError(f"The preset {args.preset} does not suit {names}: {error}") from error
    return upright(network, shape) if args.deslant else network


def config_for(args: argparse.Namespace, data: Dataset) -> TrainConfig:
    """The configuration that `args` name; a rate and a decay that are not given are what suits the optimizer."""
    shape = data.images.shape[1:]
    if args.augment and (len(shape) != 2 or shape[0] != shape[1]):
        raise UserError(f"--augment is for square grey images, and these are {shape}; leave it out.")
    descent = args.optimizer in ("sgd", "nesterov")
    rate, decay = (0.1, 0.001) if descent else (TrainConfig.learning_rate, TrainConfig.weight_decay)
    return TrainConfig(
        epochs=args.epochs,
        batch_size=args.batch_size,
        optimizer=args.optimizer,
        learning_rate=rate if args.learning_rate is None else args.learning_rate,
        weight_decay=decay if args.weight_decay is None else args.weight_decay,
        schedule=args.schedule,
        augment=args.augment,
        label_smoothing=args.label_smoothing,
        clip_norm=args.clip_norm,
        l2=args.l2,
        views=args.views,
        temperature=args.temperature,
    )


def metadata_for(args: argparse.Namespace, config: TrainConfig) -> dict[str, object]:
    """What the model file tells of how the network was made."""
    custom = not set(args.data) <= set(DATA_SETS)
    return {
        "data": args.data,
        **(FolderOptions(args.ink, args.size).as_metadata() if custom else {}),
        "weights": args.weights,
        "network": args.preset if args.hidden is None else "mlp",
        "deslant": args.deslant,
        "seed": args.seed,
        "recipe": asdict(config),
    }
