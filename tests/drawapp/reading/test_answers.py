"""Answers: what is an answer, what is only a guess, and what is said of it; what a class of letters stands for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from drawapp.drawing.canvas import Canvas
from drawapp.drawing.geometry import Bounds
from drawapp.headless import sentence
from drawapp.reading import resources
from drawapp.reading.catalog import Catalog, Model, load_recognizer, offered
from drawapp.reading.charset import Charset, forms
from drawapp.reading.prediction import Character, Prediction
from drawapp.reading.recognizer import Recognizer
from nn_scratch.data.emnist import EMNIST_CLASSES

DIGITS = tuple("0123456789")
SQUARE, LONG = Bounds(0, 0, 10, 10), Bounds(0, 0, 20, 10)


def character(label: str | None, bounds: Bounds = SQUARE, line: int = 0, **probabilities: float) -> Character:
    by_label = dict.fromkeys(DIGITS, 0.0) | {name[1:]: value for name, value in probabilities.items()}
    return Character(label, by_label, np.zeros((28, 28), np.uint8), bounds, line=line)


def test_an_answer_is_accepted_and_at_least_half_probable() -> None:
    cases = {0.5: "6", 0.499: None}
    for probability, answer in cases.items():
        read = Prediction((character("6", d6=probability, d4=0.4),), DIGITS)
        assert (read.label, read.answer, read.is_sure) == ("6", answer, answer is not None)
    rejected = Prediction((character(None, d6=0.99),), DIGITS)
    assert (rejected.answer, rejected.is_sure, rejected.alternatives) == (None, False, ())


def test_doubt_is_said_as_doubt() -> None:
    unsure = Prediction((character("6", d6=0.45, d4=0.41),), DIGITS)
    assert unsure.alternatives == ("6", "4")
    assert unsure.remark == "maybe 6 or 4"
    assert sentence(unsure) == "maybe 6 or 4 (45.0%)"
    sure = Prediction((character("6", d6=0.95),), DIGITS)
    assert (sure.alternatives, sure.remark) == ((), None)
    assert Prediction((), DIGITS).remark is None


def test_of_several_characters_the_least_sure_one_has_two_alternatives() -> None:
    read = Prediction((character("7", d7=0.9), character("6", line=1, d6=0.4, d4=0.3)), DIGITS)
    assert read.alternatives == ("7\n6", "7\n4")
    assert read.remark == "maybe 7 / 6 or 7 / 4"
    assert (read.label, read.answer) == ("7\n6", None)


def test_what_is_wide_and_not_read_surely_may_be_characters_that_touch() -> None:
    wide = Prediction((character(None, LONG, d8=0.6),), DIGITS)
    assert wide.hint == "leave a little space"
    assert sentence(wide).endswith("(nearest 8, 60.0%); leave a little space")
    assert Prediction((character("8", LONG, d8=0.9),), DIGITS).hint is None
    assert Prediction((character(None, SQUARE, d8=0.6),), DIGITS).hint is None


def test_digits_that_touch_get_the_hint(bundled: Path) -> None:
    canvas = Canvas()
    canvas.draw(
        [(4, 8), (9, 8), (6, 20), (11, 14), (13, 9), (13, 20), (16, 12), (20, 8), (24, 14), (19, 20), (16, 18)], 1
    )
    assert load_recognizer(bundled).read(canvas).hint is not None


def test_classes_that_hold_both_cases_say_so() -> None:
    balanced = EMNIST_CLASSES["balanced"]
    both = [label for label in balanced if len(forms(label, balanced)) == 2]
    assert [label.lower() for label in both] == list("cijklmopsuvwxyz")
    assert forms("C", balanced) == ("C", "c")
    assert forms("C", tuple("ABC")) == ("C",)
    assert forms("C", tuple("abcC")) == ("C",)


@pytest.fixture(params=["letters.npy", "letters-convnet.npy"])
def letters(request: pytest.FixtureRequest) -> Recognizer:
    path = resources.resource(f"models/{request.param}")
    if not path.is_file():
        pytest.skip(f"there is no {path}")
    return load_recognizer(path)


@pytest.mark.parametrize("lean", [-4, 0, 4])
@pytest.mark.parametrize("height", [6, 22])
def test_a_bare_bar_is_not_an_l_with_a_foot(letters: Recognizer, lean: float, height: float) -> None:
    canvas = Canvas()
    lean *= height / 22
    canvas.draw([(14 + lean / 2, 14 - height / 2), (14 - lean / 2, 14 + height / 2)], 1)
    says = {Charset.ALL: ("I", "l, I or 1"), Charset.LETTERS: ("I", "l or I"), Charset.DIGITS: ("1", "1")}
    for charset, expected in says.items():
        for read in (letters.read(canvas, charset), letters.read_raster(canvas.ink, charset)):
            assert (read.answer, read.characters[0].says) == expected
            assert sum(read.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_an_l_with_a_foot_and_a_c_say_both_cases(letters: Recognizer) -> None:
    canvas = Canvas()
    canvas.draw([(9, 4), (9, 24), (20, 24)])
    read = letters.read(canvas)
    assert (read.label, read.characters[0].says) == ("L", "L or l")
    assert sentence(read).startswith("L or l (")


LETTER_A = [[(6.0, 24.0), (14.0, 4.0), (22.0, 24.0)], [(9.0, 16.0), (19.0, 16.0)]]


def drawn_a() -> Canvas:
    canvas = Canvas()
    for stroke in LETTER_A:
        canvas.draw(stroke)
    return canvas


def test_a_letter_in_digits_mode_offers_the_model_for_letters(bundled: Path) -> None:
    loads: list[str] = []

    def load(path: Path) -> Recognizer:
        loads.append(path.stem)
        return load_recognizer(path)

    models = Catalog(offered(), load)
    seven = Canvas()
    seven.draw([(8, 6), (20, 6), (16, 14), (13, 24)])
    assert models.read(seven).offer is None
    assert loads == ["digits"]  # nothing is loaded that is not needed
    for _ in range(2):
        read = models.read(drawn_a())
        assert (read.answer, read.offer) == (None, "Letters and digits")
    assert loads == ["digits", "letters"]
    models.choose(models.names.index("Letters and digits"))
    assert (models.read(drawn_a()).answer, models.read(drawn_a()).offer) == ("A", None)


@pytest.mark.parametrize(("probability", "offer"), [(0.89, None), (0.9, "Letters and digits")])
def test_a_model_for_letters_is_offered_from_nine_tenths_on(
    bundled: Path, monkeypatch: pytest.MonkeyPatch, probability: float, offer: str | None
) -> None:
    models = Catalog(offered())
    letters = models.network_of(models.offered[models.names.index("Letters and digits")])
    row = np.full((1, len(letters.classes)), (1 - probability) / (len(letters.classes) - 1), np.float32)
    row[0, letters.classes.index("A")] = probability
    monkeypatch.setattr(letters, "predict_proba", lambda images: np.repeat(row, len(images), axis=0))
    assert models.read(drawn_a()).offer == offer


def test_nothing_is_offered_for_a_scribble_nor_where_no_model_for_letters_is_at_hand(bundled: Path) -> None:
    scribble = Canvas()
    scribble.draw([(float(x), float(y)) for x, y in np.random.default_rng(3).uniform(3, 25, (30, 2))])
    assert Catalog(offered()).read(scribble).offer is None
    assert Catalog([Model("Digits", bundled)]).read(drawn_a()).offer is None
    missing = [Model("Digits", bundled), Model("Letters and digits", Path("/nowhere.npy"))]
    assert Catalog(missing).read(drawn_a()).offer is None


def test_ink_of_an_image_on_the_canvas_is_read(digits_recognizer: Recognizer) -> None:
    drawn, canvas = Canvas(), Canvas()
    drawn.draw([(8, 6), (20, 6), (16, 14), (13, 24)])
    canvas.place_image(drawn.ink)
    assert digits_recognizer.read(canvas).label == "7"
    canvas.draw([(1.0, 5.0), (1.0, 25.0)], 1)
    assert digits_recognizer.read(canvas).label == "17"
