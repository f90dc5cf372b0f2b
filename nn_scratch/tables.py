"""Tables in the terminal: what a network reached, for the commands that score one.

Two commands end with the same table. It lies in neither of them, so that no module imports a command: the name
`nn_scratch.evaluate` belongs to the function that users import, and `python -m` finds the command without it.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from nn_scratch.metrics import Score


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
