"""The catalog: the models that the user can choose from, and the chosen one.

There are several bundled models, and users train their own. A model is loaded when it is first chosen and is then kept,
so that the app starts no slower for offering several. This module also holds the one table of the bundled files: which
models there are, and which rejector suits which classes.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import nn_scratch
from drawapp.drawing.canvas import CELLS, Canvas
from drawapp.reading import own_models, recent, resources
from drawapp.reading.charset import Charset, knows_only_digits
from drawapp.reading.prediction import Prediction
from drawapp.reading.recognizer import Network, Recognizer
from nn_scratch.errors import UserError, shown

BUNDLED = {  # the first is the default
    "Digits": "models/digits.npy",
    "Letters and digits": "models/letters.npy",
    "Digits (convnet)": "models/digits-convnet.npy",
    "Letters and digits (convnet)": "models/letters-convnet.npy",
}
READS_LETTERS = {"Digits (convnet)": "Letters and digits (convnet)"}  # instead of a model for digits, where it is there
LETTERS = "Letters and digits"  # instead of all others
CONVNETS = {"Digits": "Digits (convnet)", LETTERS: "Letters and digits (convnet)"}  # beside each dense network
MUCH_BETTER = 0.9  # probability from which a model for letters is offered for what is not a digit
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
    """The default model, the other bundled ones whose files are there, the user's own, and the recently used ones."""
    default, *others = bundled_models()  # the default is offered even if its file is missing: an error can name it then
    custom = dict.fromkeys(map(model_at, [*own_models.files(), *recent.recent()]))
    return [default, *(model for model in others if model.path.is_file()), *custom]


def model_at(path: Path) -> Model:
    """The model in the file `path`: a bundled one and the user's own by its name, another by its folder and file."""
    path = Path(os.path.realpath(path))  # Path.resolve fails where links lead in a circle
    custom = Model(shown(path.stem if own_models.has(path) else f"{path.parent.name}/{path.name}"), path)
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

    def read(self, canvas: Canvas, charset: Charset = Charset.ALL) -> Prediction:
        """What the chosen model says of the drawing on `canvas`, with answers from `charset`.

        Where it knows only digits and is not sure of them, and a model for letters reads a letter, that one is offered.
        """
        prediction = self.recognizer.read(canvas, charset)
        if not prediction.has_ink or prediction.is_sure or prediction.shape:
            return prediction
        other, reader = self._other_reader()
        if other is None or reader is None:
            return prediction
        letters = reader.read(canvas)
        is_better = letters.is_sure and letters.probability >= MUCH_BETTER and not (letters.label or "").isdigit()
        return replace(prediction, offer=other.name) if is_better else prediction

    def _other_reader(self) -> tuple[Model | None, Recognizer | None]:
        """The model for letters to offer in place of the chosen one for digits, loaded. None where there is none.

        It is loaded when a drawing first asks for it, which takes a few hundredths of a second.
        """
        name = READS_LETTERS.get(self.chosen.name, LETTERS)
        other = next((model for model in self.offered if model.name == name), None)
        if other is None or not knows_only_digits(self.recognizer.classes):
            return None, None
        try:
            return other, self._recognizer(other)
        except UserError:  # the user did not ask for it, and is told when choosing it
            return None, None

    def counterpart(self) -> Model | None:
        """The model whose answer to the same image is worth a comparison, None where it is not offered.

        Beside a convolutional network it is the dense one for the same classes, beside any other the convolutional one.
        """
        dense = {convnet: name for name, convnet in CONVNETS.items()}
        kind = "Digits" if knows_only_digits(self.recognizer.classes) else LETTERS
        name = dense.get(self.chosen.name) or CONVNETS.get(self.chosen.name, CONVNETS[kind])
        return next((model for model in self.offered if model.name == name), None)

    def network_of(self, model: Model) -> Network:
        """The network of an offered `model`, which is loaded when it is first needed.

        Raises UserError where its file cannot be read.
        """
        return self._recognizer(model).network

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
        if model not in bundled_models() and not own_models.has(model.path):
            self._remember(model.path)

    def forget(self, path: Path) -> None:
        """Take the model in the file `path` off the list. Where it is the chosen one, the first one is chosen."""
        model = model_at(path)
        self.offered = [each for each in self.offered if each != model]
        self._loaded.pop(model.path, None)
        if self.chosen == model:
            self.chosen = self.offered[0]

    def _recognizer(self, model: Model) -> Recognizer:
        if model.path not in self._loaded:
            self._loaded[model.path] = self._load(model.path)
        return self._loaded[model.path]
