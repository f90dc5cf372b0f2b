"""Intents of the place Learn: what the user means there.

They are intents like all others. They stand in a file of their own because they belong to one place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from drawapp.learning.start import Choices
from drawapp.learning.trainer import Pace
from nn_scratch.arrays import Images
from nn_scratch.ink.rendering import Stroke


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
class ShowCorrection:
    """Put the correction at `number` of the list on the sheet."""

    number: int


@dataclass(frozen=True)
class DeleteCorrection:
    """Delete the correction at `number` of the list."""

    number: int


@dataclass(frozen=True)
class ExportCorrections:
    """Save all corrections as one file."""


@dataclass(frozen=True)
class ImportCorrections:
    """Import the corrections in the file `path`."""

    path: Path


@dataclass(frozen=True)
class LearnCorrections:
    """Let a copy of the chosen model learn the corrections."""


@dataclass(frozen=True)
class StopLearning:
    """The copy is not wanted any more."""


@dataclass(frozen=True)
class UndoLearning:
    """Read with the model from before the learning, and forget the copy."""


@dataclass(frozen=True)
class NameModel:
    """Call the model that has learned `name`."""

    name: str


@dataclass(frozen=True)
class PutOnSheet:
    """Put `strokes`, in cells, on the sheet in place of the drawing; where there are none, an `image` as ink: uint8."""

    image: Images = field(repr=False, compare=False)
    strokes: tuple[Stroke, ...] = field(default=(), repr=False, compare=False)


CorrectionIntent = Correct | ShowCorrection | DeleteCorrection | ExportCorrections | ImportCorrections
LessonIntent = LearnCorrections | StopLearning | UndoLearning | NameModel


@dataclass(frozen=True)
class ChangeTraining:
    """Choose what the next training is to be."""

    choices: Choices


@dataclass(frozen=True)
class TrainingCommand:
    """A command for the training. "keep": keep its curves as a run. "draw": read with its network from here on."""

    what: Literal["play", "pause", "step", "stop", "discard", "keep", "draw"]


@dataclass(frozen=True)
class ChangePace:
    """Train in slow motion, at a steady pace, or as fast as possible."""

    pace: Pace


@dataclass(frozen=True)
class CompareRuns:
    """Show trainings beside one another, or no longer."""

    shown: bool


@dataclass(frozen=True)
class OpenRun:
    """Show the run in the folder `path` beside the others."""

    path: Path


@dataclass(frozen=True)
class CloseRun:
    """Show the run in the folder `path` no longer."""

    path: Path


@dataclass(frozen=True)
class OpenData:
    """Train with the images in the .npz file `path`."""

    path: Path


TrainIntent = ChangeTraining | TrainingCommand | ChangePace | CompareRuns | OpenRun | CloseRun | OpenData


@dataclass(frozen=True)
class ChooseExamples:
    """Read the examples called `name`, to see which of them are read wrong."""

    name: str


@dataclass(frozen=True)
class ChooseCell:
    """Show the examples of a `cell` of the confusion matrix: the numbers of the classes of its row and its column.

    The cell that is chosen already, and None, mean all mistakes.
    """

    cell: tuple[int, int] | None = None


@dataclass(frozen=True)
class ShowExample:
    """Put the example at `number` of those that are shown on the sheet."""

    number: int


MistakesIntent = ChooseExamples | ChooseCell | ShowExample
LearnIntent = ChoosePart | CorrectionIntent | LessonIntent | TrainIntent | MistakesIntent
