"""Pen strokes: read whole or refused, split by writer, and turned into the drawings that training needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch import UserError
from nn_scratch.data.download import data_folder
from nn_scratch.data.unipen import datasets as drawn
from nn_scratch.data.unipen import outliers, rejection
from nn_scratch.data.unipen import strokes as pen
from nn_scratch.data.unipen.variants import VARIANTS, as_variant, box_of


def small(writers: int = 10, labels: str = "01478KX") -> dict[str, Any]:
    """The arrays of a small pen file: each writer draws each label once, a 4 in two strokes and the others in one."""
    rng = np.random.default_rng(0)
    per_character = np.tile([2 if label == "4" else 1 for label in labels], writers)
    strokes = int(per_character.sum())
    return {
        "points": rng.integers(0, 1001, (strokes * 5, 2)).astype(np.int16),
        "stroke_offsets": np.arange(0, strokes * 5 + 1, 5, dtype=np.int32),
        "character_offsets": np.concatenate([[0], np.cumsum(per_character)]).astype(np.int32),
        "labels": np.array(list(labels) * writers),
        "writers": np.repeat([f"abc/w{i}" for i in range(writers)], len(labels)),
    }


def saved(tmp_path: Path, **changes: Any) -> Path:
    path = tmp_path / "pen.npz"
    np.savez(path, **(small() | changes))
    return path


def test_strokes_come_back(tmp_path: Path) -> None:
    arrays = small()
    data = pen.load(saved(tmp_path))
    first, two = data.strokes(0), data.strokes(2)
    assert [len(stroke) for stroke in first] == [5]
    assert [len(stroke) for stroke in two] == [5, 5]
    assert (np.concatenate(two) == arrays["points"][10:20]).all()


def test_nobody_is_in_training_and_test(tmp_path: Path) -> None:
    path = saved(tmp_path)
    data = pen.load(path)
    test = data.test_writers()
    assert not set(data.writers[test]) & set(data.writers[~test])
    assert len(set(data.writers[test])) == 2
    training, testing = drawn.digits(path)
    assert len(testing) == 2 * 5
    assert len(training) == 8 * 5 + len(VARIANTS) * drawn.VARIANTS_EACH
    rest, validation = training.split(700, np.random.default_rng(0))
    assert rest.writers is not None
    assert validation.writers is not None
    assert 0 < len(validation) <= 700
    assert not set(rest.writers.tolist()) & set(validation.writers.tolist())


def test_no_writer_is_shown_too_much(tmp_path: Path) -> None:
    training, _ = drawn.digits(saved(tmp_path))
    assert training.writers is not None
    shown = np.bincount(training.writers, training.shown())
    assert shown.max() <= drawn.MOST_OF_A_WRITER * 1.001


@pytest.mark.parametrize(
    "changes",
    [
        {"points": np.zeros((5, 3), np.int16)},
        {"points": np.zeros((400, 2), np.float64)},
        {"stroke_offsets": np.array([0, 5, 3], np.int32)},
        {"stroke_offsets": np.zeros(0, np.int32)},
        {"character_offsets": np.array([0, 99], np.int32)},
        {"labels": np.array(["0"])},
        {"writers": np.zeros(70)},
        {"labels": np.array([{}], dtype=object)},
    ],
)
def test_a_file_that_lies_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"pen\.npz cannot be used"):
        pen.load(saved(tmp_path, **changes))


def test_what_is_no_pen_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no pen data"):
        pen.load(tmp_path / "none.npz")
    path = saved(tmp_path)
    whole = path.read_bytes()
    for content in (b"", b"junk", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(UserError, match="cannot be used"):
            pen.load(path)


@pytest.mark.parametrize("name", sorted(VARIANTS))
def test_a_style_adds_to_what_was_drawn(name: str, tmp_path: Path) -> None:
    data, variant = pen.load(saved(tmp_path)), VARIANTS[name]
    rng = np.random.default_rng(0)
    rows = np.flatnonzero(data.labels == variant.source)
    made = variant.make(data.strokes(int(rows[0])), rng)
    assert len(made) == 2
    assert np.isfinite(np.concatenate(made)).all()
    images, made_of = as_variant(data, np.arange(len(data.labels)), variant, 20, rng)
    assert images.shape == (20, 28, 28)
    assert images.any(axis=(1, 2)).all()
    assert set(data.labels[made_of]) == {variant.source}


def test_the_stem_of_an_open_four_is_short() -> None:
    angle = np.array([[40, 0], [0, 60], [80, 60]], np.float32)
    stem = np.stack([np.full(50, 60), np.linspace(5, 100, 50)], axis=1).astype(np.float32)
    for seed in range(20):
        same, short = VARIANTS["open four"].make([angle, stem], np.random.default_rng(seed))
        assert same is angle
        assert 12 < short[0, 1] < 46
        assert 78 < short[-1, 1] <= 100


def test_a_style_that_nobody_could_have_written_is_left_out(tmp_path: Path) -> None:
    """Without a 4, there are no open fours, and the data serves all the same."""
    np.savez(tmp_path / "pen.npz", **small(labels="0178KX"))
    training, _ = drawn.digits(tmp_path / "pen.npz")
    assert len(training) == 8 * 4 + (len(VARIANTS) - 1) * drawn.VARIANTS_EACH


def test_the_loops_of_an_eight_lie_one_on_the_other() -> None:
    angle = np.linspace(0, 2 * np.pi, 40)
    zero = [np.stack([50 * np.cos(angle), 80 * np.sin(angle)], axis=1).astype(np.float32)]
    for seed in range(20):
        upper, lower = VARIANTS["eight in two loops"].make(zero, np.random.default_rng(seed))
        (_, top), (_, height) = box_of([upper])
        assert top + height == pytest.approx(float(box_of([lower])[0][1]), abs=0.1 * float(height))


@pytest.mark.parametrize("kind", [*outliers.SYMBOLS, *outliers.SCRIBBLES])
def test_every_kind_of_outlier_can_be_drawn(kind: str) -> None:
    rng = np.random.default_rng(0)
    images = outliers.images(np.full(12, kind), rng)
    assert images.shape == (12, 28, 28)
    assert images.any(axis=(1, 2)).all()
    assert len(np.unique(images, axis=0)) == 12


def test_letters_fall_into_the_classes_of_emnist(tmp_path: Path) -> None:
    training, test = drawn.characters(saved(tmp_path, **small(labels="0aAcCz")))
    assert len(training.classes) == 47
    read_as = [training.classes[label] for label in training.labels[:6]]
    assert read_as == ["0", "a", "A", "C", "C", "Z"]
    assert len(training) + len(test) == 60
    shown = np.bincount(training.labels, training.shown())
    two_names, one_name = shown[training.classes.index("C")], shown[training.classes.index("a")]
    assert two_names / one_name == pytest.approx(np.sqrt(2), rel=1e-3)


def test_digit_or_not_shows_both_equally_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejection, "OUTLIERS", 200)
    path = saved(tmp_path)
    training, test = rejection.digit_or_not([drawn.digits(path)], [1], path)
    assert training.classes == test.classes == ("no digit", "digit")
    shown = np.bincount(training.labels, training.shown())
    assert shown[0] == pytest.approx(shown[1], rel=1e-3)
    assert np.bincount(test.labels).tolist() == [2 * 2 + 20 + 20 // 3, 2 * 5]


def test_character_or_not_shows_single_ones_and_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejection, "PAIRS", 200)
    path = saved(tmp_path)
    training, test = rejection.character_or_not(path)
    assert training.classes == test.classes == ("no character", "character")
    shown = np.bincount(training.labels, training.shown())
    assert shown[0] == pytest.approx(shown[1], rel=1e-3)
    characters = [len(data) for data in drawn.characters(path)]
    assert np.bincount(training.labels).tolist() == [200 + 50, characters[0]]
    assert np.bincount(test.labels).tolist() == [20 + 5, characters[1]]


def test_the_real_pen_data() -> None:
    if not (data_folder() / "pen" / "pen.npz").exists():
        pytest.skip(f"pen/pen.npz is not in {data_folder()} (python -m nn_scratch.data.unipen makes it)")
    data = pen.load()
    assert len(data.labels) == 92_140
    assert np.char.isdigit(data.labels).sum() == 15_306
    images = pen.images_of(data, np.flatnonzero(data.labels == "8")[:50])
    assert images.max(axis=(1, 2)).min() > 200
