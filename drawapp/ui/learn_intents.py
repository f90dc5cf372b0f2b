"""Intents of the place Learn: what the user means there.

They are intents like all others. They stand in a file of their own because they belong to one place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from nn_scratch.arrays import Images
from nn_scratch.images.ink import Stroke


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
    """Forget the correction at `number` of the list."""

    number: int


@dataclass(frozen=True)
class ExportCorrections:
    """Save all corrections as one file."""


@dataclass(frozen=True)
class ImportCorrections:
    """Take over the corrections in the file `path`."""

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
LearnIntent = ChoosePart | CorrectionIntent | LessonIntent
