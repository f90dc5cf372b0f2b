"""The catalog: the models that the user can choose from, and the chosen one.

There are several bundled models, and users train their own. A model is loaded when it is first chosen and is then kept,
so that the app starts no slower for offering several. This module also holds the one table of the bundled files: which
models there are, and which rejector suits which classes.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import nn_scratch
from drawapp.drawing.canvas import CELLS
from drawapp.reading import recent, resources
from drawapp.reading.charset import knows_only_digits
from drawapp.reading.recognizer import Recognizer
from nn_scratch.errors import UserError, shown

BUNDLED = {  # the first is the default
    "Digits": "models/digits.npy",
    "Letters and digits": "models/letters.npy",
    "Digits (convnet)": "models/digits-convnet.npy",
    "Letters and digits (convnet)": "models/letters-convnet.npy",
}
DIGIT_REJECTOR = "models/doubt.npy"  # tells digits from everything else
CHARACTER_REJECTOR = "models/doubt-letters.npy"  # tells letters and digits from everything else, such as two of them


@dataclass(frozen=True)
class Model:
    """A model that can be chosen: what it is called, and its file."""

    name: str
    path: Path


def bundled_models() -> list[Model]:
    """The models of the table, the default one first. Files may be missing."""
    return [Model(name, resources.resource(file)) for name, file in BUNDLED.items()]


def default_model() -> Model:
    """The model to read with unless another is chosen. Its file may be missing."""
    return bundled_models()[0]


def offered() -> list[Model]:
    """The default model, the other bundled ones whose files are there, and the recently used custom ones."""
    default, *others = bundled_models()  # the default is offered even if its file is missing: an error can name it then
    return [default, *(model for model in others if model.path.is_file()), *map(model_at, recent.recent())]


def model_at(path: Path) -> Model:
    """The model in the file `path`: a bundled one by its name, another is called by its folder and file."""
    path = Path(os.path.realpath(path))  # Path.resolve fails where links lead in a circle
    custom = Model(shown(f"{path.parent.name}/{path.name}"), path)
    return next((model for model in bundled_models() if model.path.resolve() == path), custom)


def load_recognizer(path: Path) -> Recognizer:
    """The recognizer with the network in the file `path`, and the rejector that suits it.

    Raises UserError where the file cannot be read, or where its network does not read images of 28x28.
    """
    network = nn_scratch.load(path)
    if math.prod(network.input_shape) != CELLS * CELLS:
        shape = "x".join(map(str, network.input_shape))
        raise UserError(f"The network in {path} reads inputs of {shape}, not grey images of 28x28; choose another.")
    rejector = rejector_for(network.classes)
    return Recognizer(network, nn_scratch.load(rejector) if rejector and rejector.is_file() else None)


def rejector_for(classes: tuple[str, ...]) -> Path | None:
    """The network that tells `classes` from everything else; None where there is none for them."""
    if knows_only_digits(classes):
        return resources.resource(DIGIT_REJECTOR)
    are_characters = all(len(label) == 1 and label.isascii() and label.isalnum() for label in classes)
    return resources.resource(CHARACTER_REJECTOR) if are_characters else None


class Catalog:
    """The `models` to choose from. `load` reads a file, `remember` is told of custom files that the user opens."""

    def __init__(
        self,
        models: Iterable[Model],
        load: Callable[[Path], Recognizer] = load_recognizer,
        remember: Callable[[Path], None] = recent.remember,
    ) -> None:
        self.offered = list(models)
        self.chosen = self.offered[0]
        self._load = load
        self._remember = remember
        self._loaded: dict[Path, Recognizer] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(model.name for model in self.offered)

    @property
    def number(self) -> int:
        """The place of the chosen model in the list, from 0."""
        return self.offered.index(self.chosen)

    @property
    def recognizer(self) -> Recognizer:
        """The chosen model, ready to read. Raises UserError where the first one cannot be read."""
        return self._recognizer(self.chosen)

    def choose(self, number: int) -> None:
        """Choose the model at `number`; after the last one comes the first.

        Raises UserError where it cannot be read: then it leaves the list, and the old one stays chosen.
        """
        model = self.offered[number % len(self.offered)]
        try:
            self._recognizer(model)
        except UserError:
            if model != self.chosen:
                self.offered.remove(model)
            raise
        self.chosen = model

    def open(self, path: Path) -> None:
        """Choose the model in the file `path`, read anew. Raises UserError where it is bad: then nothing changes."""
        model = model_at(path)
        self._loaded[model.path] = self._load(model.path)
        if model not in self.offered:
            self.offered.append(model)
        self.chosen = model
        if model.name not in BUNDLED:
            self._remember(model.path)

    def _recognizer(self, model: Model) -> Recognizer:
        if model.path not in self._loaded:
            self._loaded[model.path] = self._load(model.path)
        return self._loaded[model.path]
