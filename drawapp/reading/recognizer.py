"""The recognizer: from ink to what the network thinks of it.

The window, `--image` and the self-test all read through here, so they cannot disagree.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.canvas import FINENESS, Canvas
from drawapp.reading.charset import Charset, allowed, makes_sense, restricted
from drawapp.reading.from_raster import DrawnRaster
from drawapp.reading.from_strokes import DrawnStrokes
from drawapp.reading.grouping import around
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.segment import Drawn, best_split, candidates
from nn_scratch.arrays import Images

KNOWN = 1  # the guard's class for what the network knows; 0 is all else
LEAST = 1e-6  # probability: even what is impossible has a logarithm


class Network(Protocol):
    """What a recognizer asks of a network; `nn_scratch.load` gives one."""

    @property
    def classes(self) -> tuple[str, ...]: ...

    def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
        """The probabilities (B, K) of the classes for images (B, 28, 28)."""
        ...

    def seen(self, images: NDArray[np.uint8], /) -> NDArray[np.uint8]:
        """The images (B, 28, 28) as the network sees them."""
        return images


def knows_only_digits(classes: tuple[str, ...]) -> bool:
    return all(name.isdigit() for name in classes)


class Recognizer:
    """Reads drawings with one network. A `guard` says what is nothing that the network knows.

    The guard is a network of two classes, "no digit" and "digit" for instance; the likelier one decides.

    `only` restricts the answers of a network that knows both digits and letters; another has nothing to restrict.
    """

    def __init__(self, network: Network, rejector: Network | None = None) -> None:
        self.network = network
        self._rejector = rejector

    @property
    def classes(self) -> tuple[str, ...]:
        return self.network.classes

    def read(self, canvas: Canvas, charset: Charset = Charset.ALL) -> Prediction:
        """What the network says of the drawing on `canvas`, read from its centre lines.

        Only where an eraser has left ink beside every centre line is it read from the ink.
        """
        if canvas.is_empty:
            return Prediction((), self.classes)
        strokes = canvas.strokes()
        return self._read(DrawnStrokes(strokes) if strokes else DrawnRaster(canvas.ink, 1 / FINENESS), charset)

    def read_raster(self, raster: NDArray[np.float32], charset: Charset = Charset.ALL) -> Prediction:
        """What the network says of ink in a `raster` (H, W) of any size, 0 paper ... 1 full ink."""
        if not (raster > 0).any():
            return Prediction((), self.classes)
        return self._read(DrawnRaster(raster), charset)

    def _read(self, drawn: Drawn, charset: Charset) -> Prediction:
        """Read all that may be a character at once, and choose the best way through it."""
        spans = candidates(drawn.parts)
        images = np.stack([drawn.image(span) for span in spans])  # (C, 28, 28)
        probabilities = self.network.predict_proba(images)  # (C, K)
        is_known, p_known = self._p_known(images)
        may = allowed(self.classes, charset if makes_sense(self.classes) else Charset.ALL)
        # Not yet divided by their sum: what looks like no allowed class at all is not likely to be one character.
        scores = np.log(np.maximum(probabilities[:, may].max(axis=1) * p_known, LEAST))
        answers = restricted(probabilities, may)
        chosen = best_split(drawn.parts, spans, scores)
        characters = []
        for number, seen in zip(chosen, self.network.seen(images[chosen]), strict=True):
            named = dict(zip(self.classes, map(float, answers[number]), strict=True))
            label = max(named, key=named.__getitem__) if is_known[number] else None
            bounds = around(drawn.parts[spans[number].first : spans[number].last])
            characters.append(Character(label, named, seen, bounds))
        return Prediction(tuple(characters), self.classes)

    def _p_known(self, images: Images) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Whether each of `images` (C, 28, 28) is something known, and how probably (C,)."""
        if self._rejector is None:
            return np.ones(len(images), np.bool_), np.ones(len(images), np.float32)
        p_known = self._rejector.predict_proba(images)[:, KNOWN]
        return p_known >= 0.5, p_known
