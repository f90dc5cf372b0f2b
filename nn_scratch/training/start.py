"""Where a training starts that does not start from random numbers: from a model, with what it knew beside the new data.

What a network has learned is worth keeping when it is to read something more: digits of another pen, or one person's
own. This is fine-tuning. Smaller steps than from scratch, frozen layers and rehearsal are the usual ways not to lose
what was there; `training.rehearsal` explains the last one.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

from nn_scratch.arrays import Shape
from nn_scratch.data.folder import AS_THEY_ARE, FolderOptions, options_for
from nn_scratch.data.mixture import Mixture
from nn_scratch.data.registry import load_mixture
from nn_scratch.dataset import Dataset
from nn_scratch.errors import UserError
from nn_scratch.model_file import load
from nn_scratch.network import Network


def check_start_options(args: argparse.Namespace) -> None:
    """UserError where an option means nothing without a model to start from, or not beside one."""
    if args.start_from is None:
        for option, given in (("--rehearse", args.rehearse), ("--freeze", args.freeze)):
            if given:
                raise UserError(f"{option} is for a training that starts from a model; add --start-from MODEL.")
    elif args.deslant or args.standardize:
        option = "--deslant" if args.deslant else "--standardize"
        raise UserError(f"The network is that of --start-from, with the layers it has; leave out {option}.")
    elif args.start_from.resolve() == args.out.resolve():
        raise UserError(f"--out would overwrite {args.out}, the model that training starts from; name another file.")
    if args.rehearse:
        for option, given in (("--teacher", args.teacher), ("--true-frequencies", args.true_frequencies)):
            if given:
                raise UserError(f"{option} is for learning without --rehearse; leave out one of them.")


def start_network(path: Path, freeze: int) -> Network:
    """The network in the model file `path`, with its first layers frozen.

    Raises:
        UserError: it cannot be read, or has not so many layers that could be frozen.
    """
    network = load(path)
    try:
        network.freeze(freeze)
    except ValueError as error:
        raise UserError(f"--freeze {freeze} does not suit {path}: {error}") from error
    return network


def check_reads(network: Network, path: Path, role: str, data: Dataset) -> None:
    """UserError unless `network`, from the model file `path`, reads images and classes such as in `data`.

    `role` is what the sentence calls it: "teacher" or "model".
    """
    if network.classes != data.classes:
        known, there = " ".join(network.classes), " ".join(data.classes)
        raise UserError(f"The {role} {path} knows {known}, but the data shows {there}; choose another.")
    shape = data.images.shape[1:]
    if math.prod(network.input_shape) != math.prod(shape):
        reads, found = size_of(network.input_shape), size_of(shape)
        raise UserError(f"The {role} {path} reads images of {reads} numbers, but the data has {found}; choose another.")


def rehearsed_for(args: argparse.Namespace, new: Mixture) -> Mixture:
    """The data sets to rehearse; UserError where their classes or images are of another kind than those of `new`."""
    old = load_mixture(args.rehearse)
    shapes = [data.training[0].images.shape[1:] for data in (old, new)]
    if old.classes != new.classes or shapes[0] != shapes[1]:
        raise UserError(
            f"--rehearse {' '.join(args.rehearse)} has other classes or images of another size than "
            f"{' '.join(args.data)}; rehearse what the model has learned from."
        )
    return old


def size_of(shape: Shape) -> str:
    """A shape as it is written in sentences: 28x28."""
    return "x".join(map(str, shape))


def folders_for(args: argparse.Namespace, start: Network | None) -> FolderOptions:
    """How a folder is read: as `args` ask for or, where they do not, as for the model that training starts from."""
    asked = FolderOptions(args.ink, args.size)
    return options_for(start) if start is not None and asked == AS_THEY_ARE else asked
