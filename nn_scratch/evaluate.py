"""The command that scores a model: python -m nn_scratch.evaluate --help.

The end of a training scores its model once. A model that was trained long ago, or by somebody else, can be scored with
this command, and on other data sets than its own.

The command and the function `nn_scratch.evaluate` have one name. `import nn_scratch.evaluate` binds this module to it,
so the module can be called as the function can.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

from rich.console import Console

from nn_scratch.command import Bar, image_size, print_score, run_command
from nn_scratch.data.folder import FolderOptions, options_for
from nn_scratch.data.registry import WHAT_DATA, has_test_set, load_test_set
from nn_scratch.errors import UserError
from nn_scratch.metrics import evaluate
from nn_scratch.model_file import load
from nn_scratch.network import Network


def main(arguments: Sequence[str] | None = None) -> int:
    """Score the model that the arguments name; returns the exit status."""
    parser = argparse.ArgumentParser("python -m nn_scratch.evaluate", description="Score a model on test examples.")
    parser.add_argument("model", type=Path, metavar="MODEL", help="a model file (.npy) of nn_scratch.train")
    parser.add_argument("--data", default="mnist", metavar="NAME", help=f"{WHAT_DATA} (default: %(default)s)")
    ink, size = "read a folder as handwriting", "resize the images of a folder, WIDTHxHEIGHT"
    parser.add_argument("--ink", action=argparse.BooleanOptionalAction, help=f"{ink} (default: as the model learned)")
    parser.add_argument("--size", type=image_size, metavar="WxH", help=f"{size} (default: as the model learned)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    args = parser.parse_args(arguments)
    network = load(args.model)
    with Bar() as feedback:
        test = load_test_set(args.data, folder_options(network, args), feedback)
        learned = network.metadata.get("data")
        if isinstance(learned, list) and args.data in learned and not has_test_set(args.data):
            feedback.note(f"The model learned from most of the images in {args.data}, so this score is too good.")
    try:
        score = evaluate(network, test)
    except (ValueError, FloatingPointError) as error:
        raise UserError(f"{args.model} cannot be scored on {args.data}: {str(error).rstrip('.')}.") from error
    if args.json:
        values = {"model": str(args.model), "data": args.data, "examples": int(score.confusion.sum()), **asdict(score)}
        print(json.dumps(values | {"class_accuracy": score.class_accuracy, "confusion": score.confusion.tolist()}))
    else:
        console = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
        print_score(console, score, f"{args.model} on {args.data}{' test' if has_test_set(args.data) else ''}")
    return 0


def folder_options(network: Network, args: argparse.Namespace) -> FolderOptions:
    """How a folder is read for `network`: as `args` ask for or, where they do not, as the network learned."""
    if args.ink and args.size:
        raise UserError("--ink makes all images 28x28; leave out --size.")
    if args.ink is None and args.size is None:
        return options_for(network)
    return FolderOptions(bool(args.ink), args.size)


class Evaluate(ModuleType):
    """This module, which is called as `metrics.evaluate` is; `inspect.unwrap` finds the function."""

    __call__ = __wrapped__ = staticmethod(evaluate)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.evaluate", main))
sys.modules[__name__].__class__ = Evaluate
