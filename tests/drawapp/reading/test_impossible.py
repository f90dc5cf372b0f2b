"""Probabilities of exactly 0: what is impossible is read without an error, and never chosen."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading.charset import Charset
from drawapp.reading.recognizer import Recognizer
from nn_scratch.arrays import Images

CLASSES = ("0", "1", "A", "B")


class Certain:
    """A network that gives one class the probability 1, and all others 0."""

    def __init__(self, label: str, classes: tuple[str, ...] = CLASSES) -> None:
        self.classes = classes
        self.answer = np.array([float(each == label) for each in classes], np.float32)

    def predict_proba(self, images: Images) -> NDArray[np.float32]:
        return np.tile(self.answer, (len(images), 1))

    def seen(self, images: Images) -> Images:
        return images


@pytest.fixture
def canvas() -> Canvas:
    canvas = Canvas()
    sample_digits.draw("4", canvas)
    return canvas


def test_a_rejector_that_is_certain_leaves_no_label(canvas: Canvas) -> None:
    nothing = Recognizer(Certain("1"), Certain("no", ("no", "yes"))).read(canvas)
    assert (nothing.label, nothing.best) == (None, "1")
    assert Recognizer(Certain("1"), Certain("yes", ("no", "yes"))).read(canvas).label == "1"


def test_a_charset_without_the_only_possible_class_is_read_all_the_same(canvas: Canvas) -> None:
    prediction = Recognizer(Certain("A")).read(canvas, Charset.DIGITS)
    assert set(prediction.best or "") <= {"0", "1"}
    assert all(np.isfinite(value) for value in prediction.probabilities.values())
