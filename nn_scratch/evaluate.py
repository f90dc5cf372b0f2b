"""The command line that scores a model: python -m nn_scratch.evaluate --help."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nn_scratch.data.registry import WHAT_DATA, load_data
from nn_scratch.errors import UserError, run_command
from nn_scratch.nn.model_file import load
from nn_scratch.training.metrics import Score, evaluate


def main(arguments: Sequence[str] | None = None) -> int:
    """Score the model that the options name; returns the exit status."""
    options = argparse.ArgumentParser("python -m nn_scratch.evaluate", description="Score a model on test examples.")
    options.add_argument("model", type=Path, metavar="MODEL", help="a .npy that nn_scratch.train wrote")
    options.add_argument("--data", default="mnist", metavar="NAME", help=f"{WHAT_DATA} (default: %(default)s)")
    options.add_argument("--json", action="store_true", help="print one JSON object instead of tables")
    chosen = options.parse_args(arguments)
    network = load(chosen.model)
    _, test = load_data(chosen.data)
    try:
        score = evaluate(network, test)
    except ValueError as error:
        raise UserError(f"{chosen.model} cannot be scored on {chosen.data}: {error}") from error
    if chosen.json:
        print(json.dumps({"model": str(chosen.model), "data": chosen.data, **score_as_json(score)}))
    else:
        print_score(Console(highlight=False, soft_wrap=True), score, f"{chosen.model} on {chosen.data} test")
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
    """Print accuracy and loss, and one table of both the accuracy of each class and what it was taken for."""
    wrong = int(score.confusion.sum() - score.confusion.trace())
    console.print(
        f"{title}: accuracy {score.accuracy:.2%} ({wrong:,} wrong of {score.confusion.sum():,}), "
        f"loss {score.loss:.4f}, calibration error {score.calibration_error:.2%}"
    )
    if score.writer_accuracy is not None:
        console.print(f"mean over writers {score.writer_accuracy:.2%}")
    table = Table("is", "read rightly", title="what each class was read as", box=None, pad_edge=False)
    for name in score.classes:
        table.add_column(name, justify="right")
    for name, row in zip(score.classes, score.confusion, strict=True):
        accuracy = f"{score.class_accuracy[name]:.2%}" if name in score.class_accuracy else "no example"
        table.add_row(name, accuracy, *(str(count) if count else "·" for count in row))
    console.print(table)


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.evaluate", main))
