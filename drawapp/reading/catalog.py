"""The models: those that the app offers to read with, and the chosen one.

A model is loaded when it is first chosen and kept, so that the app starts no slower for offering several.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import nn_scratch
from drawapp.drawing.canvas import CELLS
from drawapp.reading import recent, resources
from drawapp.reading.recognizer import Recognizer, knows_only_digits
from nn_scratch.errors import UserError

BUNDLED = {
    "Digits": "models/digits.npy",
    "Letters and digits": "models/letters.npy",
    "Digits (convnet)": "models/digits-convnet.npy",
    "Letters and digits (convnet)": "models/letters-convnet.npy",
}


@dataclass(frozen=True)
class Model:
    """A model that can be chosen: what it is called and its file."""

    name: str
    path: Path


def offered() -> list[Model]:
    """The bundled models that are there, the one for digits first, and the recently used ones of the user's own."""
    bundled = [Model(name, resources.resource(file)) for name, file in BUNDLED.items()]
    first, *others = bundled  # the first is offered even if it is missing: then an error can name it
    return [first, *(model for model in others if model.path.is_file()), *map(model_at, recent.recent())]


def model_at(path: Path) -> Model:
    """The model in the file `path`: a bundled one has its own name, another is called by its folder and file."""
    path = path.resolve()
    for name, file in BUNDLED.items():
        if path == resources.resource(file).resolve():
            return Model(name, resources.resource(file))
    return Model(f"{path.parent.name}/{path.name}", path)


def load(path: Path) -> Recognizer:
    """The recognizer with the network in the file `path`, and the guard that suits it.

    Raises UserError where the file cannot be read or its network is not one for what is drawn here.
    """
    network = nn_scratch.load(path)
    if math.prod(network.input_shape) != CELLS * CELLS:
        shape = "x".join(map(str, network.input_shape))
        raise UserError(f"The network in {path} reads inputs of {shape}, not grey images of 28x28; choose another.")
    rejector = rejector_for(network.classes)
    return Recognizer(network, nn_scratch.load(rejector) if rejector and rejector.is_file() else None)


def rejector_for(classes: tuple[str, ...]) -> Path | None:
    """The network that tells `classes` from all else: there is one for digits, and one for letters and digits."""
    if knows_only_digits(classes):
        return resources.rejector_model()
    characters = all(len(name) == 1 and name.isascii() and name.isalnum() for name in classes)
    return resources.letters_rejector_model() if characters else None


class Models:
    """The `models` to choose from. `load` reads a file, `remember` is told of files that the user opens."""

    def __init__(
        self,
        models: Iterable[Model],
        load: Callable[[Path], Recognizer] = load,
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
        """Where the chosen model stands in the list."""
        return self.offered.index(self.chosen)

    @property
    def recognizer(self) -> Recognizer:
        """The chosen model, ready to read. Raises UserError where the first one cannot be read."""
        return self._recognizer(self.chosen)

    def choose(self, number: int) -> None:
        """Choose the model at `number`, counted round and round.

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
        """Choose the model in the file `path`, as it is there now. Where it is bad: UserError, no change."""
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
