"""What a training starts from: the data, the network and the configuration that the arguments of nn_scratch.train mean.

The same seed must give the same model, also when a run is resumed. So all that is drawn before the first epoch is drawn
here, always in the same order: which examples validate, then the numbers that the network starts from.
"""

from __future__ import annotations

import argparse
import copy
import math
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from nn_scratch.arrays import Shape
from nn_scratch.checks import check_memory
from nn_scratch.data.custom import FEWEST
from nn_scratch.data.feedback import SILENT, Feedback
from nn_scratch.data.folder import FolderOptions
from nn_scratch.data.mixture import Mixture
from nn_scratch.data.registry import DATA_SETS, check_folder_options, load_mixture
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.layers import Conv2D, Standardize
from nn_scratch.model_file import load
from nn_scratch.network import Network, mlp
from nn_scratch.presets import preset, standardized, upright
from nn_scratch.training.batches import view_counts
from nn_scratch.training.config import TrainConfig
from nn_scratch.training.fit import balanced_class_weights
from nn_scratch.training.rehearsal import Rehearsal
from nn_scratch.training.splits import Splits, split, split_with_rehearsed
from nn_scratch.training.start import check_reads, check_start_options, folders_for, rehearsed_for, start_network

MOST_SHOWN = 100_000_000  # examples in an epoch: their order alone takes 800 MB
FEWEST_SHOWN = 50  # examples in an epoch, on average: then it practically never happens that none is shown
FLOAT = 4  # bytes
WHILE_TRAINING = 8  # vectors of all parameters: gradients, three of Adam, the best so far, two while they are saved


@dataclass(frozen=True)
class Setup:
    """All that `fit` needs."""

    data: Splits
    network: Network
    config: TrainConfig
    teachers: list[Network]
    rehearsal: Rehearsal | None
    rng: np.random.Generator

    @property
    def examples_per_epoch(self) -> int:
        """How many examples an epoch shows, on average."""
        return round(float(self.data.training.shown().sum()))

    @property
    def views_to_cache(self) -> int:
        """How many images are shown to the teachers before the first epoch."""
        return int(view_counts(self.data.training, self.config.views or 0).sum())


def setup_for(args: argparse.Namespace, feedback: Feedback = SILENT) -> Setup:
    """Load the data and make the network that `args` name; `feedback` is told how far the reading of a folder is.

    Raises:
        UserError: a file cannot be had or read, or the arguments do not fit together.
    """
    check_teacher_options(args)
    check_start_options(args)
    if args.weights and not any(args.weights):
        raise UserError("All --weights are 0, so that no example is shown; give at least one above 0.")
    check_folder_options(args.data, FolderOptions(args.ink, args.size))
    start = start_network(args.start_from, args.freeze) if args.start_from else None
    folders = folders_for(args, start)
    choice = load_mixture(args.data, args.weights, folders, feedback, 1 if args.rehearse else FEWEST)
    check_accept(args.accept, choice.classes)
    check_shown(choice)
    teachers = [teacher_from(path, choice.training[0]) for path in args.teacher]
    if start is not None:
        check_reads(start, args.start_from, "model", choice.training[0])
    rng = np.random.default_rng(args.seed)
    data = split_with_rehearsed(choice, rehearsed_for(args, choice), rng) if args.rehearse else split(choice, rng)
    config = config_for(args, data.training)
    network = start or network_for(args, data.training)
    check_size(network, config, data.training)
    rehearsal = None if data.first_rehearsed is None else Rehearsal(copy.deepcopy(network), data.first_rehearsed)
    if start is None:
        network.initialize(rng)
        for layer in network.layers:
            if isinstance(layer, Standardize):
                layer.fit(data.training.images)
    network.metadata = metadata_for(args, config, folders)
    return Setup(data, network, config, teachers, rehearsal, rng)


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


def check_shown(choice: Mixture) -> None:
    """UserError where an epoch would show far too many examples, or hardly any."""
    pairs = zip(choice.training, choice.weights, strict=True)
    shown = sum(float(data.shown().sum()) * weight for data, weight in pairs)
    if shown > MOST_SHOWN:
        raise UserError(
            f"An epoch would show {shown:.3g} examples, and at most {MOST_SHOWN:,} are shown; give smaller --weights."
        )
    if shown < min(FEWEST_SHOWN, sum(map(len, choice.training))):
        raise UserError(
            f"An epoch would show {shown:.3g} examples, and at least {FEWEST_SHOWN} are needed; give larger --weights."
        )


def check_size(network: Network, config: TrainConfig, data: Dataset) -> None:
    """UserError where the network, a batch, images that are moved or views do not fit into memory, one beside another.

    They are counted in this order, so that the sentence names the one that is too much.
    """
    enlarged = 4 * data.images.nbytes if config.augment else 0  # to twice the height and width
    view = data.images[0].nbytes + FLOAT * len(data.classes)  # an image and its soft targets
    total = 0
    for needed, what, advice in (
        (FLOAT * WHILE_TRAINING * network.parameters.size, "Training this network", "choose a smaller one"),
        (bytes_of_batch(network, config, data), "A batch of so many examples", "choose a smaller --batch-size"),
        (enlarged, "Moving these images", "leave out --augment, or take fewer images"),
        (view * int(view_counts(data, config.views or 0).sum()), "So many views", "ask for fewer --views"),
    ):
        total += needed
        check_memory(total, what, advice)


def bytes_of_batch(network: Network, config: TrainConfig, data: Dataset) -> int:
    """How many bytes the largest batch takes: all signals, their gradients, and the columns of convolutions."""
    examples: int = min(config.batch_size, math.ceil(data.shown().sum()) + len(data))
    shapes: list[Shape] = [network.input_shape, *network.shapes]
    shapes += shapes  # signals and their gradients
    shapes += [(*layer.output_shape[:2], layer.inputs) for layer in network.layers if isinstance(layer, Conv2D)]
    return FLOAT * examples * sum(math.prod(shape) for shape in shapes)


def teacher_from(path: Path, data: Dataset) -> Network:
    """The network in the model file `path`; UserError where it does not read images and classes such as in `data`."""
    teacher = load(path)
    check_reads(teacher, path, "teacher", data)
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
    network = standardized(network, shape) if args.standardize else network
    return upright(network, shape) if args.deslant else network


def config_for(args: argparse.Namespace, data: Dataset) -> TrainConfig:
    """The configuration that `args` name; a rate and a decay that are not given are what suits the optimizer.

    Raises:
        UserError: choices do not go together, or do not suit the images or classes of `data`.
    """
    shape = data.images.shape[1:]
    if args.augment and (len(shape) != 2 or shape[0] != shape[1]):
        raise UserError(f"--augment is for square grey images, and these are {shape}; use --crop and --flip instead.")
    descent = args.optimizer in ("sgd", "nesterov")
    rate, decay = (0.1, 0.001) if descent else (TrainConfig.learning_rate, TrainConfig.weight_decay)
    if args.start_from:
        rate, decay = rate / 4, 0.0  # small steps, and none that only shrink what was learned
    chosen = {field.name: getattr(args, field.name) for field in fields(TrainConfig)}
    chosen["learning_rate"] = rate if args.learning_rate is None else args.learning_rate
    chosen["weight_decay"] = decay if args.weight_decay is None else args.weight_decay
    chosen["betas"] = tuple(args.betas) if args.betas else None
    chosen["class_weights"] = class_weights_for(args, data)
    if args.loss != TrainConfig.loss and (args.teacher or args.rehearse):
        raise UserError(f"--loss {args.loss} is for learning from labels; leave it out, or --teacher and --rehearse.")
    try:
        return TrainConfig(**chosen)
    except ValueError as error:
        raise UserError(str(error)) from error


def class_weights_for(args: argparse.Namespace, data: Dataset) -> tuple[float, ...] | None:
    """The weight of each class of `data`; None where `args` ask for none."""
    weights: list[float | str] = args.class_weights or []
    if not weights:
        return None
    if args.teacher or args.rehearse:
        raise UserError("--class-weights are for learning from labels; leave them out, or --teacher and --rehearse.")
    if weights == ["balanced"]:
        return balanced_class_weights(data)
    if len(weights) != len(data.classes) or "balanced" in weights:
        raise UserError(f"--class-weights takes balanced, or {len(data.classes)} numbers, one for each class.")
    return tuple(map(float, weights))


def metadata_for(args: argparse.Namespace, config: TrainConfig, folders: FolderOptions) -> dict[str, object]:
    """What the model file tells of how the network was made."""
    custom = not set(args.data) <= set(DATA_SETS)
    if args.start_from:
        network = {"start_from": str(args.start_from), "rehearse": args.rehearse, "freeze": args.freeze}
    else:
        network = {"network": args.preset if args.hidden is None else "mlp", "deslant": args.deslant}
        network |= {"standardize": True} if args.standardize else {}
    return {
        "data": args.data,
        **(folders.as_metadata() if custom else {}),
        "weights": args.weights,
        **network,
        "seed": args.seed,
        "recipe": config.as_metadata(),
    }
