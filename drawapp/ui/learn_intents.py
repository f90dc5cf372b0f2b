"""Intents of the place Learn: what the user means there.

They are intents like all others. They stand in a file of their own because they belong to one place.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nn_scratch.arrays import Images


@dataclass(frozen=True)
class ChoosePart:
    """Go to a part of Learn: "correct", "train" or "mistakes"."""

    name: str


@dataclass(frozen=True)
class AskForLabel:
    """Show the labels to choose from, because the answer is wrong."""


@dataclass(frozen=True)
class Correct:
    """The character whose bars are shown is a `label`."""

    label: str


@dataclass(frozen=True)
class PutOnSheet:
    """Put an `image`, uint8 (28, 28), on the sheet as ink, in place of the drawing."""

    image: Images = field(repr=False, compare=False)


@dataclass(frozen=True)
class ChooseExamples:
    """Read the examples of the set called `source`, to see which are read wrong."""

    source: str


@dataclass(frozen=True)
class ChooseCell:
    """Show the examples of a `cell` of the confusion matrix, the numbers of its row's and its column's classes.

    The cell that is chosen already, and None, mean all mistakes.
    """

    cell: tuple[int, int] | None = None


@dataclass(frozen=True)
class ShowExample:
    """Put the example at `number` of those that are shown on the sheet."""

    number: int


LearnIntent = ChoosePart | Correct | ChooseExamples | ChooseCell | ShowExample
