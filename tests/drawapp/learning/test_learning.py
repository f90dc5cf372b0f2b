"""From what was read to corrections, to what is learned from, to a file and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nn_scratch
from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.learning import adapting, correcting
from drawapp.learning.adapting import Lesson, learn, rehearsed
from drawapp.learning.correcting import corrected, label_among, learnable, left_out, warped
from drawapp.reading.catalog import load_recognizer
from drawapp.session.corrections import Correction
from nn_scratch import ink
from nn_scratch.data import custom
from nn_scratch.errors import UserError
from nn_scratch.network import DIGITS

LETTERS = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt")


def image(number: int = 0) -> nn_scratch.arrays.Images:
    return np.random.default_rng(number).integers(0, 256, (28, 28), dtype=np.uint8)


def test_a_correction_has_the_strokes_of_its_character_alone(bundled: Path) -> None:
    canvas = Canvas()
    for digit, left in (("4", -7.0), ("7", 7.0)):
        for stroke in sample_digits.STROKES[digit]:
            canvas.draw([(14 + (x - 14) * 0.5 + left, y) for x, y in stroke])
    found = load_recognizer(bundled).read(canvas)
    assert found.label == "47"
    for character, digit in zip(found.characters, "47", strict=True):
        kept = corrected(character, "1", canvas, "Digits", 5.0)
        assert (kept.read, kept.label, kept.model, kept.time) == (digit, "1", "Digits", 5.0)
        assert len(kept.strokes) == len(sample_digits.STROKES[digit])
        rendered = ink.render(kept.strokes)
        assert rendered is not None
        assert np.abs(rendered.astype(int) - kept.image).max() <= 1  # what the network was given
        assert kept.ink is None


def test_a_correction_of_an_image_has_its_fine_ink(bundled: Path) -> None:
    canvas = Canvas()
    sample_digits.draw("4", canvas)
    image_of_four = canvas.ink.copy()
    canvas.replace(image_of_four)
    (character,) = load_recognizer(bundled).read(canvas).characters
    kept = corrected(character, "9", canvas, "Digits", 5.0)
    assert kept.strokes == ()
    assert kept.ink is not None
    assert kept.ink.max() == 255
    assert max(kept.ink.shape) <= 224
    canvas.replace(kept.ink / 255)
    assert load_recognizer(bundled).read(canvas).label == "4"


@pytest.mark.parametrize(
    ("text", "label"), [("4", "4"), ("c", "C"), ("a", "a"), ("A", "A"), ("x", "X"), ("", None), ("ñ", None)]
)
def test_what_is_typed_is_a_class(text: str, label: str | None) -> None:
    assert label_among(LETTERS, text) == label


def test_a_model_learns_only_the_classes_it_has() -> None:
    kept = [Correction(image(n), label) for n, label in enumerate("4W9b")]
    data = learnable(kept, DIGITS)
    assert data is not None
    assert data.labels.tolist() == [4, 9]
    assert data.classes == DIGITS
    assert left_out(kept, DIGITS) == ("W", "b")
    assert learnable(kept[1:2], DIGITS) is None


def test_a_file_of_corrections_is_a_data_set_and_comes_back(tmp_path: Path) -> None:
    kept = [Correction(image(n), label) for n, label in enumerate("4499112233aa")]
    path = tmp_path / "mine.npz"
    correcting.write_npz(kept, DIGITS, path)
    training, test = custom.load_custom(path)
    assert len(training) + len(test) == len(kept)
    assert training.classes == (*DIGITS, "a")
    again = correcting.read_npz(path, 7.0)
    assert [each.label for each in again] == [each.label for each in kept]
    assert all(np.array_equal(one.image, other.image) for one, other in zip(again, kept, strict=True))
    assert {each.time for each in again} == {7.0}
    correcting.write_npz(kept[:1], DIGITS, path)
    assert len(correcting.read_npz(path, 7.0)) == 1


@pytest.mark.parametrize(
    ("images", "classes", "words"),
    [
        (np.zeros((3, 8, 8), np.uint8), ["a", "b"], r"not \(28, 28\)"),
        (np.zeros((3, 28, 28, 3), np.uint8), ["a", "b"], r"not \(28, 28\)"),
        (np.full((3, 28, 28), 0.5), ["a", "b"], "not whole numbers from 0 to 255"),
        (np.zeros((0, 28, 28), np.uint8), ["a", "b"], "0 images"),
        (np.zeros((1001, 28, 28), np.uint8), ["a", "b"], "at most 1000"),
        (np.zeros((3, 28, 28), np.uint8), ["a\x1b", "b"], "cannot be used"),
    ],
)
def test_a_file_that_has_no_corrections_gives_a_sentence(
    tmp_path: Path, images: nn_scratch.arrays.Images, classes: list[str], words: str
) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=images, labels=np.zeros(len(images), np.int64), classes=np.array(classes))
    with pytest.raises(UserError, match=words):
        correcting.read_npz(path, 0.0)


def test_a_lesson_compares_before_and_after(bundled: Path) -> None:
    network = nn_scratch.load(bundled)
    before = network.parameters.copy()
    canvas = Canvas()
    sample_digits.draw("7", canvas)
    (character,) = load_recognizer(bundled).read(canvas).characters
    kept = [corrected(character, "1", canvas, "Digits", 0.0)]
    data, copies = learnable(kept, DIGITS), warped(kept, DIGITS, np.random.default_rng(0))
    assert data is not None
    assert copies is not None
    assert len(copies) == 30
    assert set(copies.labels) == {1}
    assert (copies.images != data.images).any(axis=(1, 2)).all()
    *states, lesson = learn(network, data, copies, np.random.default_rng(0))
    assert isinstance(lesson, Lesson)
    assert states == sorted(states)  # type: ignore[type-var]
    assert (lesson.corrections.before, lesson.corrections.after) == (0, 1)
    assert lesson.variations.before < lesson.variations.after
    assert lesson.others is not None
    assert lesson.others.after > lesson.others.before - 0.02
    assert (lesson.count, lesson.varied, lesson.tested) == (1, 20, 1600)
    np.testing.assert_array_equal(network.parameters, before)


def test_what_is_rehearsed_suits_the_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    training, others = rehearsed(DIGITS)
    assert training is not None
    assert others is not None
    backwards, _ = rehearsed(DIGITS[::-1])
    assert backwards is not None
    np.testing.assert_array_equal(backwards.labels, 9 - training.labels)
    none, letters = rehearsed(LETTERS)
    assert none is None
    assert letters is not None
    assert rehearsed(tuple("ab")) == (None, None)

    def missing() -> None:
        raise UserError("There is no sample.")

    monkeypatch.setattr(adapting, "load_sample", missing)
    assert rehearsed(DIGITS) == (None, None)
