"""The recognizer: from ink to what the network says of it.

The window, `--image` and the self-test all read through here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.canvas import FINENESS, Canvas
from drawapp.drawing.geometry import Bounds, around
from drawapp.reading.charset import Charset, renormalized
from drawapp.reading.from_raster import RasterDrawing
from drawapp.reading.from_strokes import StrokeDrawing
from drawapp.reading.grouping import Span
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.segment import best_path, candidates
from nn_scratch.arrays import Images
from nn_scratch.images.ink import Raster

KNOWN = 1  # the rejector's class for what the network knows; 0 is everything else
LEAST = 1e-6  # probability: even what is impossible has a logarithm


class Network(Protocol):
    """What a recognizer asks of a network; `nn_scratch.load` gives one."""

    @property
    def classes(self) -> tuple[str, ...]: ...

    def predict_proba(self, images: Images, /) -> NDArray[np.float32]:
        """The probabilities (B, K) of the classes for images (B, 28, 28)."""
        ...

    def seen(self, images: Images, /) -> Images:
        """The images (B, 28, 28) as the network sees them."""
        return images


class Drawing(Protocol):
    """What a recognizer asks of a drawing: groups of ink, from left to right, between which it may be cut."""

    @property
    def groups(self) -> Sequence[Bounds]: ...

    def image(self, span: Span, /) -> Images:
        """The groups of `span` as a network reads them: uint8 (28, 28)."""
        ...


class Recognizer:
    """Reads drawings with one network. A `rejector` tells what the network knows from everything else.

    The rejector is a network of two classes, "no digit" and "digit" for instance; the likelier one decides.
    """

    def __init__(self, network: Network, rejector: Network | None = None) -> None:
        self.network = network
        self._rejector = rejector

    @property
    def classes(self) -> tuple[str, ...]:
        return self.network.classes

    def read(self, canvas: Canvas, charset: Charset = Charset.ALL) -> Prediction:
        """What the network says of the drawing on `canvas`, with answers from `charset`.

        It is read from its centre lines. Only where an eraser has left ink but no centre line, it is read from the ink.
        """
        if canvas.is_empty:
            return Prediction((), self.classes)
        strokes = canvas.strokes()
        return self._read(StrokeDrawing(strokes) if strokes else RasterDrawing(canvas.ink, 1 / FINENESS), charset)

    def read_raster(self, raster: Raster, charset: Charset = Charset.ALL) -> Prediction:
        """What the network says of the ink in a `raster` (H, W) of any size, 0 paper ... 1 full ink."""
        if not (raster > 0).any():
            return Prediction((), self.classes)
        return self._read(RasterDrawing(raster), charset)

    def _read(self, drawing: Drawing, charset: Charset) -> Prediction:
        """Read every span that may be a character, and choose the best path through them."""
        spans = candidates(drawing.groups)
        images = np.stack([drawing.image(span) for span in spans])  # (C, 28, 28)
        probabilities = self.network.predict_proba(images)  # (C, K)
        p_known = self._p_known(images)  # (C,)
        mask = charset.mask(self.classes)  # (K,)
        # Not yet renormalized: ink that looks like no class of the charset is not likely to be one character.
        scores = np.log(np.maximum(probabilities[:, mask].max(axis=1) * p_known, LEAST))  # (C,)
        path = best_path(drawing.groups, spans, scores)
        answers, seen = renormalized(probabilities[path], mask), self.network.seen(images[path])
        characters = [
            Character(
                label=self.classes[int(answer.argmax())] if p_known[number] >= 0.5 else None,
                probabilities=dict(zip(self.classes, answer.tolist(), strict=True)),
                image=image,
                bounds=around(drawing.groups[spans[number].first : spans[number].last]),
            )
            for number, answer, image in zip(path, answers, seen, strict=True)
        ]
        return Prediction(tuple(characters), self.classes)

    def _p_known(self, images: Images) -> NDArray[np.float32]:
        """How probably each of `images` (C, 28, 28) is something that the network knows: (C,)."""
        if self._rejector is None:
            return np.ones(len(images), np.float32)
        return self._rejector.predict_proba(images)[:, KNOWN]
