"""The recognizer: from ink to what the network thinks of it.

The window, `--image` and the self-test all read through here, so they cannot disagree.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.canvas import FINENESS, Canvas
from drawapp.reading.charset import Only, allowed, makes_sense, restricted
from drawapp.reading.from_raster import DrawnRaster
from drawapp.reading.from_strokes import DrawnStrokes
from drawapp.reading.grouping import around
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.segment import Drawn, best_split, candidates
from nn_scratch.arrays import Pictures

KNOWN = 1  # the guard's class for what the network knows; 0 is all else
LEAST = 1e-6  # probability: even what is impossible has a logarithm


class Network(Protocol):
    """What a recognizer asks of a network; `nn_scratch.load` gives one."""

    @property
    def classes(self) -> tuple[str, ...]: ...

    def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
        """The probabilities (B, K) of the classes for pictures (B, 28, 28)."""
        ...

    def seen(self, images: NDArray[np.uint8], /) -> NDArray[np.uint8]:
        """The pictures (B, 28, 28) as the network sees them."""
        return images


def knows_only_digits(classes: tuple[str, ...]) -> bool:
    return all(name.isdigit() for name in classes)


class Recognizer:
    """Reads drawings with one network. A `guard` says what is nothing that the network knows.

    The guard is a network of two classes, "no digit" and "digit" for instance; the likelier one decides.

    `only` restricts the answers of a network that knows both digits and letters; another has nothing to restrict.
    """

    def __init__(self, network: Network, guard: Network | None = None) -> None:
        self.network = network
        self._guard = guard

    @property
    def classes(self) -> tuple[str, ...]:
        return self.network.classes

    def read(self, canvas: Canvas, only: Only = Only.ALL) -> Prediction:
        """What the network says of the drawing on `canvas`, read from its centre lines.

        Only where an eraser has left ink beside every centre line is it read from the ink.
        """
        if canvas.is_empty:
            return Prediction((), self.classes)
        strokes = canvas.strokes()
        return self._read(DrawnStrokes(strokes) if strokes else DrawnRaster(canvas.ink, 1 / FINENESS), only)

    def read_raster(self, raster: NDArray[np.float32], only: Only = Only.ALL) -> Prediction:
        """What the network says of ink in a `raster` (H, W) of any size, 0 paper ... 1 full ink."""
        if not (raster > 0).any():
            return Prediction((), self.classes)
        return self._read(DrawnRaster(raster), only)

    def _read(self, drawn: Drawn, only: Only) -> Prediction:
        """Read all that may be a character at once, and choose the best way through it."""
        spans = candidates(drawn.parts)
        pictures = np.stack([drawn.picture(span) for span in spans])  # (C, 28, 28)
        probabilities = self.network.predict_proba(pictures)  # (C, K)
        is_known, trust = self._trust(pictures)
        may = allowed(self.classes, only if makes_sense(self.classes) else Only.ALL)
        # Not yet divided by their sum: what looks like no allowed class at all is not likely to be one character.
        scores = np.log(np.maximum(probabilities[:, may].max(axis=1) * trust, LEAST))
        answers = restricted(probabilities, may)
        chosen = best_split(drawn.parts, spans, scores)
        characters = []
        for number, seen in zip(chosen, self.network.seen(pictures[chosen]), strict=True):
            named = dict(zip(self.classes, map(float, answers[number]), strict=True))
            label = max(named, key=named.__getitem__) if is_known[number] else None
            bounds = around(drawn.parts[spans[number].first : spans[number].last])
            characters.append(Character(label, named, seen, bounds))
        return Prediction(tuple(characters), self.classes)

    def _trust(self, pictures: Pictures) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Whether each of `pictures` (C, 28, 28) is something known, and how probably (C,)."""
        if self._guard is None:
            return np.ones(len(pictures), np.bool_), np.ones(len(pictures), np.float32)
        trust = self._guard.predict_proba(pictures)[:, KNOWN]
        return trust >= 0.5, trust
