"""The charset: what is outside of it has no probability, and the sum of the rest is one again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.reading.charset import Charset, knows_only_digits, offers_charsets, renormalized
from drawapp.reading.prediction import Prediction
from drawapp.reading.recognizer import Network, Recognizer

CLASSES = ("0", "1", "A", "b", "10")


@pytest.mark.parametrize(
    ("charset", "labels"), [(Charset.ALL, "0 1 A b 10"), (Charset.LETTERS, "A b"), (Charset.DIGITS, "0 1 10")]
)
def test_a_class_is_a_digit_if_its_label_is_one(charset: Charset, labels: str) -> None:
    assert list(np.array(CLASSES)[charset.mask(CLASSES)]) == labels.split()


def test_there_are_charsets_for_digits_and_letters_together() -> None:
    assert offers_charsets(CLASSES)
    for classes in (("0", "1"), ("A", "b")):
        assert not offers_charsets(classes)
        assert all(charset.mask(classes).all() for charset in Charset)


def test_a_network_that_knows_only_digits_is_told_from_others() -> None:
    assert knows_only_digits(("0", "10"))
    assert not knows_only_digits(CLASSES)


def test_after_the_last_charset_comes_the_first() -> None:
    assert [Charset.ALL.next(), Charset.LETTERS.next(), Charset.DIGITS.next()] == [
        Charset.LETTERS,
        Charset.DIGITS,
        Charset.ALL,
    ]


@given(
    rows=st.lists(st.lists(st.floats(0, 1, width=32), min_size=5, max_size=5), min_size=1),
    charset=st.sampled_from(Charset),
)
def test_the_charset_has_all_probability_in_the_same_proportions(rows: list[list[float]], charset: Charset) -> None:
    before, mask = np.array(rows, np.float32), charset.mask(CLASSES)
    after = renormalized(before, mask)
    assert after.dtype == np.float32
    assert not after[:, ~mask].any()
    np.testing.assert_allclose(after.sum(axis=1), 1, atol=1e-5)
    total = before[:, mask].sum(axis=1)
    for row in np.flatnonzero(total > 1e-6):
        np.testing.assert_allclose(after[row, mask], before[row, mask] / total[row], rtol=1e-4, atol=1e-6)


def test_where_no_class_of_the_charset_is_possible_all_are_equally_probable() -> None:
    after = renormalized(np.array([[0, 0, 1, 0, 0]], np.float32), Charset.DIGITS.mask(CLASSES))
    np.testing.assert_allclose(after, [[1 / 3, 1 / 3, 0, 0, 1 / 3]], rtol=1e-6)


class Undecided(Network):
    """A network that reads one line as I or 1 or 7, and two lines side by side as an H."""

    classes = ("1", "7", "8", "H", "I")

    def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
        inked = images.max(axis=1) > 64  # (B, 28): the columns with ink
        several = (inked[:, 1:] & ~inked[:, :-1]).sum(axis=1) > 1
        rows = np.where(several[:, None], [[0, 0, 0.001, 0.999, 0]], [[0.36, 0.24, 0, 0, 0.4]])
        return rows.astype(np.float32)


def read(charset: Charset, *places: float) -> Prediction:
    """What the network says of upright lines at `places`."""
    canvas = Canvas()
    for x in places:
        canvas.draw([(x, 4.0), (x, 24.0)])
    return Recognizer(Undecided()).read(canvas, charset)


def test_the_recognizer_answers_with_classes_of_the_charset() -> None:
    answers = {charset: read(charset, 14) for charset in Charset}
    labels = [answers[charset].label for charset in (Charset.ALL, Charset.LETTERS, Charset.DIGITS)]
    assert labels == ["I", "I", "1"]
    assert answers[Charset.ALL].probability == pytest.approx(0.76)  # a bare bar is an I or a 1
    assert answers[Charset.LETTERS].probability == pytest.approx(1)
    assert answers[Charset.DIGITS].probabilities == pytest.approx({"1": 0.6, "7": 0.4, "8": 0, "H": 0, "I": 0})


def test_what_looks_like_a_letter_is_read_as_two_digits_where_there_are_only_digits() -> None:
    assert read(Charset.ALL, 11, 15).label == "H"
    assert read(Charset.DIGITS, 11, 15).label == "11"


def test_a_word_is_read_from_left_to_right() -> None:
    class Word(Network):
        """Knows a bar, a circle and nothing else."""

        classes = ("H", "I", "O")

        def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
            narrow = (images > 0).any(axis=1).sum(axis=1) < 10
            hollow = images[:, 10:18, 13:15].max(axis=(1, 2)) < 40
            return np.eye(3, dtype=np.float32)[np.where(narrow, 1, np.where(hollow, 2, 0))]

    canvas = Canvas()
    circle = [(2 + 4 + 4 * np.cos(a), 14 + 6 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 40)]
    canvas.draw([(14.0, 8.0), (14.0, 20.0)])
    canvas.draw([(float(x) + 15, float(y)) for x, y in circle])
    canvas.draw([(float(x), float(y)) for x, y in circle])
    assert Recognizer(Word()).read(canvas).label == "OIO"


def test_a_charset_changes_nothing_for_a_network_that_knows_only_digits() -> None:
    class Digits(Network):
        classes = ("0", "1")

        def predict_proba(self, images: NDArray[np.uint8], /) -> NDArray[np.float32]:
            return np.tile(np.array([0.3, 0.7], np.float32), (len(images), 1))

    canvas = Canvas()
    sample_digits.draw("1", canvas)
    assert Recognizer(Digits()).read(canvas, Charset.LETTERS) == Recognizer(Digits()).read(canvas)
