"""The command that scores a model: python -m nn_scratch.evaluate --help.

The end of a training scores its model once. A model that was trained long ago, or by somebody else, can be scored with
this command, and on other data sets than its own.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nn_scratch.command import run_command
from nn_scratch.data.registry import WHAT_DATA, load_data
from nn_scratch.errors import UserError
from nn_scratch.nn.model_file import load
from nn_scratch.training.metrics import Score, evaluate


def main(arguments: Sequence[str] | None = None) -> int:
    """Score the model that the arguments name; returns the exit status."""
    parser = argparse.ArgumentParser("python -m nn_scratch.evaluate", description="Score a model on test examples.")
    parser.add_argument("model", type=Path, metavar="MODEL", help="a model file (.npy) of nn_scratch.train")
    parser.add_argument("--data", default="mnist", metavar="NAME", help=f"{WHAT_DATA} (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    args = parser.parse_args(arguments)
    network = load(args.model)
    _, test = load_data(args.data)
    try:
        score = evaluate(network, test)
    except (ValueError, FloatingPointError) as error:
        raise UserError(f"{args.model} cannot be scored on {args.data}: {str(error).rstrip('.')}.") from error
    if args.json:
        print(json.dumps({"model": str(args.model), "data": args.data, **score_as_json(score)}))
    else:
        print_score(
            Console(highlight=False, soft_wrap=True, markup=False, emoji=False),
            score,
            f"{args.model} on {args.data} test",
        )
    return 0


def score_as_json(score: Score) -> dict[str, object]:
    """All of a score as JSON values."""
    return {
        "examples": int(score.confusion.sum()),
        "accuracy": score.accuracy,
        "loss": score.loss,
        "calibration_error": score.calibration_error,
        "writer_accuracy": score.writer_accuracy,
        "class_accuracy": score.class_accuracy,
        "classes": list(score.classes),
        "confusion": score.confusion.tolist(),
    }


def print_score(console: Console, score: Score, title: str) -> None:
    """Print accuracy and loss, and a table with the accuracy of each class and what it was read as."""
    wrong = int(score.confusion.sum() - score.confusion.trace())
    console.print(
        f"{title}: accuracy {score.accuracy:.2%} ({wrong:,} wrong of {score.confusion.sum():,}), "
        f"loss {score.loss:.4f}, calibration error {score.calibration_error:.2%}"
    )
    if score.writer_accuracy is not None:
        console.print(f"mean over writers {score.writer_accuracy:.2%}")
    table = Table("class", "accuracy", title="what each class was read as", box=None, pad_edge=False)
    for label in score.classes:
        table.add_column(label, justify="right")
    for label, row in zip(score.classes, score.confusion, strict=True):
        accuracy = f"{score.class_accuracy[label]:.2%}" if label in score.class_accuracy else "no example"
        table.add_row(label, accuracy, *(str(count) if count else "·" for count in row))
    console.print(table)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.evaluate", main))
