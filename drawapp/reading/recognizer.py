"""The recognizer: from ink to what the network says of it.

The window, `--image` and the self-test all read through here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.canvas import FINENESS, Canvas
from drawapp.drawing.geometry import Bounds, around
from drawapp.reading.charset import Charset, renormalized
from drawapp.reading.context import Context
from drawapp.reading.from_raster import RasterDrawing
from drawapp.reading.from_strokes import StrokeDrawing
from drawapp.reading.lines import Drawing, Line, stacked
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.segment import best_path, candidates
from drawapp.reading.shapes import Kind, Shape
from nn_scratch.arrays import Images
from nn_scratch.ink.rendering import Raster, Stroke
from nn_scratch.zoo.deslant import seen

KNOWN = 1  # the rejector's class for what the network knows; 0 is everything else
DOT = 1.0  # cells: the extent of a centre line for which the pen hardly moved
SURELY = 0.98  # probability: a line whose characters are all read so surely needs no cuts through ink
CLEARLY = 0.6  # probability: ink is cut only into characters that are each read so clearly
LEAST = 1e-6  # probability: even what is impossible has a logarithm


class Network(Protocol):
    """What a recognizer asks of a network; `nn_scratch.load` gives one."""

    @property
    def classes(self) -> tuple[str, ...]: ...

    def predict_proba(self, images: Images, /) -> NDArray[np.float32]:
        """The probabilities (B, K) of the classes for images (B, 28, 28)."""
        ...


class Reading(NamedTuple):
    """What the network says of one line: P characters from left to right."""

    bounds: list[Bounds]
    shapes: list[Shape | None]
    images: Images  # (P, 28, 28)
    probabilities: NDArray[np.float32]  # (P, K) of the classes, before any charset
    p_known: NDArray[np.float32]  # (P,)
    strokes: list[tuple[Stroke, ...]]
    scores: NDArray[np.float32]  # (P,) log-probabilities that each is one character, of the charset
    total: float  # the score of the path

    @property
    def is_writing(self) -> bool:
        """Whether any of them may be a character by its geometry."""
        return any(shape is None or shape.is_character for shape in self.shapes)


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

        It is read from its centre lines. Ink that has none, of an image or left by an eraser, is read as it is.
        """
        if canvas.is_empty:
            return Prediction((), self.classes)
        strokes = [] if canvas.has_image else canvas.strokes()
        return self._read(StrokeDrawing(strokes, DOT) if strokes else RasterDrawing(canvas.ink, 1 / FINENESS), charset)

    def read_raster(self, raster: Raster, charset: Charset = Charset.ALL) -> Prediction:
        """What the network says of the ink in a `raster` (H, W) of any size, 0 paper ... 1 full ink."""
        if not (raster > 0).any():
            return Prediction((), self.classes)
        return self._read(RasterDrawing(raster), charset)

    def _read(self, drawing: Drawing, charset: Charset) -> Prediction:
        """Read the drawing line by line. Where there may be several lines of one group each, reading decides."""
        context = Context(self.classes, charset.mask(self.classes))
        lines = [Line(drawing, numbers) for numbers in stacked(drawing)]
        readings = [self._read_line(line, context) for line in lines]
        if len(lines) > 1 and all(len(line.groups) == 1 for line in lines):
            whole = self._best_reading(Line(drawing), context)
            if not whole.is_writing or likelihood([whole]) >= likelihood(readings):
                readings = [whole]
        characters = [
            each for line, reading in enumerate(readings) for each in self._characters(reading, context, line)
        ]
        return Prediction(tuple(characters), self.classes)

    def _read_line(self, line: Line, context: Context) -> Reading:
        """Read `line`. Where that leaves a doubt, cut apart what touches, if cutting reads better than not."""
        reading = self._best_reading(line, context)
        fragments = line.cut() if reading.is_writing and reading.scores.min() < np.log(SURELY) else None
        if fragments is not None:
            cut = self._best_reading(fragments, context)
            cost = line.cut_cost * max(len(cut.bounds) - len(reading.bounds), 0)
            if cut.total - cost > reading.total and cut.scores.min() > np.log(CLEARLY):
                return cut
        return reading

    def _best_reading(self, line: Line, context: Context) -> Reading:
        """Read every span of `line` that may be a character, and choose the best path through them."""
        spans = candidates(line.groups)
        images = np.stack([line.image(span) for span in spans])  # (C, 28, 28)
        probabilities = self.network.predict_proba(images)  # (C, K)
        p_known = self._p_known(images)  # (C,)
        # Not yet renormalized: ink that looks like no class of the charset is not likely to be one character.
        is_first = np.array([span.first == 0 for span in spans])  # (C,)
        fitting, log_kinds = context.of_kinds(probabilities, is_first)  # (J, C), (J,)
        scores = np.log(np.maximum(fitting * p_known, LEAST))  # (J, C), the last of them for words of any characters
        paths = [best_path(line.groups, spans, row, line.touching) for row in scores]
        total, path = max((score + log_kind, path) for (score, path), log_kind in zip(paths, log_kinds, strict=True))
        shapes = [line.shape(spans[k]) for k in path]
        is_possible = np.array([shape is None or shape.is_character for shape in shapes])  # (P,)
        bounds = [around(line.groups[spans[k].first : spans[k].last]) for k in path]
        known = p_known[path] * is_possible  # (P,)
        strokes = [line.strokes(spans[k]) for k in path]
        return Reading(bounds, shapes, images[path], probabilities[path], known, strokes, scores[-1, path], total)

    def _characters(self, reading: Reading, context: Context, line: int) -> Iterator[Character]:
        """The characters of `reading`, with answers from the classes that `context` allows."""
        is_bar = [shape is not None and shape.kind is Kind.UPRIGHT_BAR for shape in reading.shapes]
        probabilities = renormalized(reading.probabilities, context.mask)
        told = context.read(probabilities, reading.bounds, is_bar)
        alone = [context.alone(row, bar)[0] for row, bar in zip(probabilities, is_bar, strict=True)]
        upright, known, images, lines = (
            seen(self.network, reading.images),
            reading.p_known,
            reading.images,
            reading.strokes,
        )
        rows = zip(reading.bounds, reading.shapes, told, alone, known, upright, images, lines, strict=True)
        for bounds, shape, (row, forms), row_alone, p_known, image, source, strokes in rows:
            best, best_alone = (self.classes[int(each.argmax())] for each in (row, row_alone))
            yield Character(
                label=best if p_known >= 0.5 else None,
                probabilities=dict(zip(self.classes, row.tolist(), strict=True)),
                image=image,
                bounds=bounds,
                shape=shape,
                line=line,
                forms=forms,
                source=source,
                strokes=strokes,
                alone=best_alone if best_alone != best else None,
            )

    def _p_known(self, images: Images) -> NDArray[np.float32]:
        """How probably each of `images` (C, 28, 28) is something that the network knows: (C,)."""
        if self._rejector is None:
            return np.ones(len(images), np.float32)
        return self._rejector.predict_proba(images)[:, KNOWN]


def likelihood(readings: Sequence[Reading]) -> float:
    """The mean log-probability of the characters of `readings`."""
    return float(np.concatenate([reading.scores for reading in readings]).mean())
