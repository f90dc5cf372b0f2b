"""The recognizer: no ink, no prediction; the same drawing anywhere is the same picture; ties and many classes."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.typing import NDArray

import nn_scratch
from drawapp import known_digits, resources, self_test
from drawapp.canvas import Canvas
from drawapp.reading import json_line, sentence
from drawapp.recognizer import Prediction, Recognizer


@pytest.fixture
def untrained() -> Recognizer:
    return Recognizer(nn_scratch.mlp().initialize(np.random.default_rng(0)))


@pytest.fixture
def bundled() -> Recognizer:
    if not resources.default_model().is_file():
        pytest.skip("there is no models/digits.npy")
    return Recognizer(nn_scratch.load(resources.default_model()))


def prediction(label: str | None, **probabilities: float) -> Prediction:
    """A prediction of some ink, with the classes named d0, d1 ... by their digits."""
    named = {name[1:]: value for name, value in probabilities.items()}
    return Prediction(label, np.zeros((28, 28), np.uint8), named)


def test_an_empty_canvas_has_no_prediction(untrained: Recognizer) -> None:
    nothing = untrained.read(Canvas())
    assert nothing.label is None
    assert nothing.best is None
    assert nothing.picture is None
    assert not nothing.has_ink
    assert set(nothing.probabilities.values()) == {0.0}


def test_what_erasing_leaves_that_nobody_sees_is_no_ink(untrained: Recognizer) -> None:
    canvas = Canvas()
    canvas.draw([(10, 10)])
    canvas.ink *= 0.1
    assert not untrained.read(canvas).has_ink


def test_a_prediction_has_every_class_and_what_the_network_saw(untrained: Recognizer) -> None:
    canvas = Canvas()
    known_digits.draw("5", canvas)
    result = untrained.read(canvas)
    assert tuple(result.probabilities) == untrained.classes
    assert sum(result.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert result.label == result.best == max(result.probabilities, key=result.probabilities.__getitem__)
    assert result.picture is not None
    assert result.picture.shape == (28, 28)


def test_a_drawing_is_read_alike_wherever_it_is(untrained: Recognizer) -> None:
    results = []
    for shift in (-6, 0, 6):
        canvas = Canvas()
        canvas.draw([(11 + shift, 8 + shift), (17 + shift, 8 + shift), (13 + shift, 20 + shift)])
        results.append(untrained.read(canvas))
    assert results[0] == results[1] == results[2]


def test_the_runner_up_is_named_only_when_close() -> None:
    assert prediction("3", d3=0.6, d8=0.35, d5=0.05).runner_up == ("8", 0.35)
    assert prediction("3", d3=0.9, d8=0.07, d5=0.03).runner_up is None


def test_doubt_has_a_best_class_but_no_label() -> None:
    doubt = prediction(None, d3=0.4, d8=0.3, d1=0.3)
    assert (doubt.label, doubt.best, doubt.probability) == (None, "3", 0.4)
    assert json.loads(json_line("x.png", doubt))["label"] is None
    assert json.loads(json_line("x.png", doubt))["best"] == "3"
    assert "nothing known" in sentence("x.png", doubt)


def test_the_bundled_model_reads_all_known_digits(bundled: Recognizer, capsys: pytest.CaptureFixture[str]) -> None:
    assert self_test.run(bundled) == 0
    assert capsys.readouterr().out.count(": right") == 10


@pytest.mark.parametrize("scale", [0.35, 0.6, 1.0])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_the_bundled_model_reads_a_digit_at_any_size_in_any_corner(
    bundled: Recognizer, scale: float, corner: tuple[float, float]
) -> None:
    wrong = []
    for digit, lines in known_digits.STROKES.items():
        canvas = Canvas()
        for line in lines:
            left, top = (2 + (26 - 2 - 24 * scale) * share for share in corner)
            canvas.draw([(left + (x - 2) * scale, top + (y - 2) * scale) for x, y in line], width=2 * scale**0.5)
        if bundled.read(canvas).label != digit:
            wrong.append(digit)
    assert wrong == []


def test_a_failing_self_test_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    class SevensOnly:
        classes = tuple("0123456789")

        def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
            return np.tile(np.eye(10, dtype=np.float32)[7], (len(images), 1))

    assert self_test.run(Recognizer(SevensOnly())) == 1
    assert "1 of 10 digits read right" in capsys.readouterr().out
