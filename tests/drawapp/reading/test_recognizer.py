"""The recognizer: no ink, no prediction; the same drawing anywhere is the same image; what is rejected has no label."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

import nn_scratch
from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Bounds
from drawapp.headless import json_line, self_test, sentence
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.recognizer import Network, Recognizer


@pytest.fixture
def untrained() -> Recognizer:
    return Recognizer(nn_scratch.mlp().initialize(np.random.default_rng(0)))


def character(label: str | None, **probabilities: float) -> Character:
    """A reading of some ink: `d0`, `d1` ... are the probabilities of the digits."""
    by_label = {name[1:]: value for name, value in probabilities.items()}
    return Character(label, by_label, np.zeros((28, 28), np.uint8), Bounds(0, 0, 1, 1))


def prediction(*characters: Character) -> Prediction:
    return Prediction(characters, tuple(characters[0].probabilities))


def test_an_empty_canvas_has_no_prediction(untrained: Recognizer) -> None:
    nothing = untrained.read(Canvas())
    assert nothing.label is None
    assert nothing.best is None
    assert nothing.characters == ()
    assert nothing.probability == 0
    assert not nothing.has_ink
    assert set(nothing.probabilities.values()) == {0.0}


def test_what_erasing_leaves_that_nobody_can_see_is_no_ink(untrained: Recognizer) -> None:
    canvas = Canvas()
    canvas.draw([(10, 10)])
    canvas.ink *= 0.1
    assert not untrained.read(canvas).has_ink


def test_a_prediction_has_every_class_and_what_the_network_saw(untrained: Recognizer) -> None:
    canvas = Canvas()
    sample_digits.draw("5", canvas)
    result = untrained.read(canvas)
    assert tuple(result.probabilities) == untrained.classes
    assert sum(result.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert result.label == result.best == max(result.probabilities, key=result.probabilities.__getitem__)
    assert [read.image.shape for read in result.characters] == [(28, 28)]


def test_a_drawing_is_read_alike_wherever_it_is(untrained: Recognizer) -> None:
    results = []
    for shift in (-6, 0, 6):
        canvas = Canvas()
        canvas.draw([(11 + shift, 8 + shift), (17 + shift, 8 + shift), (13 + shift, 20 + shift)])
        results.append(untrained.read(canvas).characters[0])
    for result in results[1:]:
        np.testing.assert_allclose(result.image, results[0].image, atol=1)
        assert result.best == results[0].best


def test_the_runner_up_is_named_only_when_close() -> None:
    assert prediction(character("3", d3=0.6, d8=0.35, d5=0.05)).runner_up == ("8", 0.35)
    assert prediction(character("3", d3=0.9, d8=0.07, d5=0.03)).runner_up is None


def test_several_characters_are_one_answer() -> None:
    four, two = character("4", d4=0.9, d2=0.1), character("2", d4=0.4, d2=0.6)
    both = prediction(four, two)
    assert both.label == both.best == "42"
    assert both.probability == pytest.approx(0.54)
    assert both.probabilities == two.probabilities
    assert both.runner_up is not None
    assert both.runner_up[0] == "44"
    assert both.runner_up[1] == pytest.approx(0.36)
    answer = json.loads(json_line("x.png", both))
    assert (answer["label"], answer["best"], answer["probability"]) == ("42", "42", 0.54)
    assert [read["label"] for read in answer["characters"]] == ["4", "2"]
    assert "characters" not in json.loads(json_line("x.png", prediction(four)))


def test_one_rejected_character_leaves_the_whole_without_an_answer() -> None:
    both = prediction(character(None, d4=0.9, d2=0.1), character("2", d4=0.4, d2=0.6))
    assert (both.label, both.best) == (None, "42")
    assert both.least_sure == 0
    assert sentence(both) == "not every digit is one I recognize (nearest 42, 54.0%)"


def test_a_rejected_character_has_a_best_class_but_no_label() -> None:
    rejected = prediction(character(None, d3=0.4, d8=0.3, d1=0.3))
    assert (rejected.label, rejected.best, rejected.probability) == (None, "3", 0.4)
    assert json.loads(json_line("x.png", rejected))["label"] is None
    assert json.loads(json_line("x.png", rejected))["best"] == "3"
    assert sentence(rejected) == "not a digit I recognize (nearest 3, 40.0%)"
    assert sentence(Prediction(rejected.characters, ("3", "A"))) == "not a character I recognize (nearest 3, 40.0%)"


def test_an_answer_is_a_sentence_with_its_runner_up() -> None:
    assert sentence(Prediction((), ("3", "8"))) == "no ink"
    assert sentence(prediction(character("3", d3=0.9, d8=0.1))) == "3 (90.0%)"
    assert sentence(prediction(character("3", d3=0.6, d8=0.35, d1=0.05))) == "3 (60.0%), or 8 (35.0%)"


def test_the_bundled_model_reads_all_sample_digits(
    digits_recognizer: Recognizer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert self_test(digits_recognizer) == 0
    assert capsys.readouterr().out.count(": right") == 10


@pytest.mark.parametrize("scale", [0.35, 0.6, 1.0])
@pytest.mark.parametrize("corner", [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)])
def test_the_bundled_model_reads_a_digit_at_any_size_in_any_corner(
    digits_recognizer: Recognizer, scale: float, corner: tuple[float, float]
) -> None:
    wrong = []
    for digit, lines in sample_digits.STROKES.items():
        canvas = Canvas()
        for line in lines:
            left, top = (2 + (26 - 2 - 24 * scale) * fraction for fraction in corner)
            canvas.draw([(left + (x - 2) * scale, top + (y - 2) * scale) for x, y in line], width=2 * scale**0.5)
        if digits_recognizer.read(canvas).label != digit:
            wrong.append(digit)
    assert wrong == []


@pytest.mark.parametrize("degrees", [-45, -25, 25, 45])
def test_the_bundled_model_reads_a_digit_that_leans(digits_recognizer: Recognizer, degrees: float) -> None:
    shear = math.tan(math.radians(degrees))
    wrong = []
    for digit, lines in sample_digits.STROKES.items():
        canvas = Canvas()
        for line in lines:
            canvas.draw([(x + shear * (14 - y), y) for x, y in line])
        if digits_recognizer.read(canvas).label != digit:
            wrong.append(digit)
    assert wrong == []


def test_a_failing_self_test_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    class SevensOnly(Network):
        classes = tuple("0123456789")

        def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
            return np.tile(np.eye(10, dtype=np.float32)[7], (len(images), 1))

    assert self_test(Recognizer(SevensOnly())) == 1
    assert "1 of 10 digits were read correctly" in capsys.readouterr().out


class AlwaysSame(Network):
    """A rejector that says the same of everything: that it is a digit with the probability `p_known`."""

    classes = ("no digit", "digit")

    def __init__(self, p_known: float) -> None:
        self._row = np.array([1 - p_known, p_known], np.float32)

    def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
        return np.tile(self._row, (len(images), 1))


def test_what_is_rejected_has_no_label() -> None:
    network, canvas = nn_scratch.mlp().initialize(np.random.default_rng(0)), Canvas()
    sample_digits.draw("5", canvas)
    plain, accepted, rejected = (
        Recognizer(network, rejector).read(canvas) for rejector in (None, AlwaysSame(0.51), AlwaysSame(0.49))
    )
    assert plain == accepted
    assert plain.label == plain.best == rejected.best
    assert rejected.label is None
    assert rejected.probabilities == plain.probabilities


def test_the_width_of_the_pen_changes_nothing(untrained: Recognizer) -> None:
    images = []
    for width in (1.0, 4.0):
        canvas = Canvas()
        canvas.draw([(8, 8), (20, 8), (14, 20)], width)
        images.append(untrained.read(canvas).characters[0].image)
    np.testing.assert_array_equal(images[0], images[1])


def test_what_is_shown_is_what_the_network_sees(untrained: Recognizer) -> None:
    """A leaning bar, and the same bar set upright where the network does that before it reads."""
    canvas = Canvas()
    canvas.draw([(20, 6), (10, 22)])
    upright = Recognizer(nn_scratch.upright(nn_scratch.mlp()).initialize(np.random.default_rng(0)))
    leaning, standing = (reader.read(canvas).characters[0].image for reader in (untrained, upright))
    assert leaning.dtype == standing.dtype == np.uint8
    columns = [(image > 64).any(axis=0).sum() for image in (leaning, standing)]
    assert columns[0] > 10
    assert columns[1] < 6


def test_ink_without_centre_lines_is_read_all_the_same(untrained: Recognizer) -> None:
    canvas = Canvas()
    canvas.draw([(6, 14), (22, 14)], width=4)
    canvas.draw([(4, 14), (24, 14)], width=1, erase=True)
    assert canvas.strokes() == []
    assert not canvas.is_empty
    (first, *_) = untrained.read(canvas).characters
    assert 3 < first.bounds.left < 5
    assert first.bounds.right < 25


def drawn_dot() -> Canvas:
    canvas = Canvas()
    canvas.draw([(14, 14)], 1)
    return canvas


def one_fine_cell() -> Canvas:
    canvas = Canvas()
    canvas.ink[100, 100] = 1
    return canvas


def all_black() -> Canvas:
    canvas = Canvas()
    canvas.draw([(28 * (row % 2), row / 2) for row in range(57)], 2)
    assert canvas.grid().min() == 255
    return canvas


def off_the_edge() -> Canvas:
    canvas = Canvas()
    canvas.draw([(-500, 5), (14, 5), (14, 900)], 2)
    return canvas


def all_dots() -> Canvas:
    canvas = Canvas()
    for number in range(400):
        canvas.draw([(number % 20 * 1.4, number // 20 * 1.4)], 1)
    return canvas


def half_a_number() -> Canvas:
    canvas = Canvas()
    canvas.draw([(5, 5), (math.nan, 9), (5, 20), (math.inf, 3)], 2)
    return canvas


@pytest.mark.parametrize("draw", [drawn_dot, one_fine_cell, all_black, off_the_edge, all_dots, half_a_number])
def test_odd_ink_gets_an_answer(untrained: Recognizer, draw: Callable[[], Canvas]) -> None:
    canvas = draw()
    for result in (untrained.read(canvas), untrained.read_raster(canvas.ink)):
        assert result.label == result.best
        assert result.best is not None
        assert 0 < result.probability <= 1
        assert 1 <= len(result.characters) <= 12
        for read in result.characters:
            assert np.isfinite(read.bounds).all()


@pytest.mark.parametrize("raster", [np.zeros((5, 7)), np.full((5, 7), np.nan), np.zeros((1, 1))])
def test_a_raster_without_ink_has_no_prediction(untrained: Recognizer, raster: NDArray[np.float64]) -> None:
    assert not untrained.read_raster(raster.astype(np.float32)).has_ink


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (2000, 3)])
def test_a_raster_of_any_shape_is_read(untrained: Recognizer, shape: tuple[int, int]) -> None:
    assert untrained.read_raster(np.ones(shape, np.float32)).label is not None
