"""The drawing comes back as it was, and a file that is not a drawing does no harm."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawapp.drawing import sample_digits
from drawapp.drawing.canvas import Canvas
from drawapp.session import kept_drawing
from drawapp.session.kept_drawing import PAUSE, KeptDrawing
from drawapp.session.session import Session
from nn_scratch.errors import UserError


def drawn(digit: str = "4") -> Canvas:
    canvas = Canvas()
    sample_digits.draw(digit, canvas)
    return canvas


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "drawing.npz"


def test_the_drawing_comes_back_with_its_ink_and_its_strokes(path: Path) -> None:
    canvas = drawn("5")
    canvas.place_image(np.eye(9, dtype=np.float32))
    canvas.draw([(14, 10), (14, 20)], erase=True)
    KeptDrawing(path).keep(canvas)
    again = Canvas()
    KeptDrawing(path).restore(again)
    np.testing.assert_array_equal(again.ink, canvas.ink)
    assert [stroke.tobytes() for stroke in again.strokes()] == [stroke.tobytes() for stroke in canvas.strokes()]
    assert again.has_image
    assert not again.can_undo
    again.draw([(2, 2), (2, 9)])
    again.undo()
    np.testing.assert_array_equal(again.ink, canvas.ink)


def test_an_empty_sheet_is_kept_too_but_not_one_that_nobody_has_touched(path: Path) -> None:
    KeptDrawing(path).keep(Canvas())
    assert not path.exists()
    canvas = drawn()
    KeptDrawing(path).keep(canvas)
    canvas.clear()
    KeptDrawing(path).keep(canvas)
    again = drawn()
    KeptDrawing(path).restore(again)
    assert again.is_empty


def test_a_stroke_is_kept_when_it_is_done_but_not_more_often_than_every_few_seconds(path: Path) -> None:
    keeper, canvas = KeptDrawing(path), Canvas()
    canvas.pen_down((5, 5))
    keeper.keep_up(canvas, 100.0)
    assert not path.exists()
    canvas.pen_up()
    keeper.keep_up(canvas, 100.1)
    first = path.read_bytes()
    canvas.draw([(5, 5), (9, 9)])
    keeper.keep_up(canvas, 100.1 + PAUSE / 2)
    assert path.read_bytes() == first
    keeper.keep_up(canvas, 100.2 + PAUSE)
    assert path.read_bytes() != first
    path.unlink()
    keeper.keep_up(canvas, 999.0)
    assert not path.exists()  # nothing has changed


def test_the_last_window_that_closes_wins(path: Path) -> None:
    KeptDrawing(path).keep(drawn("1"))
    one, other = Canvas(), Canvas()
    keep_one, keep_other = KeptDrawing(path), KeptDrawing(path)
    keep_one.restore(one)
    keep_other.restore(other)
    other.clear()
    keep_other.keep(other)
    keep_one.keep(one)
    again = Canvas()
    KeptDrawing(path).restore(again)
    np.testing.assert_array_equal(again.ink, drawn("1").ink)


def arrays(canvas: Canvas) -> dict[str, Any]:
    snapshot = canvas.snapshot()
    return {
        "ink": snapshot.ink,
        "points": np.concatenate([path.points for path in snapshot.paths]),
        "kept": np.concatenate([path.kept for path in snapshot.paths]),
        "starts": np.cumsum([0, *(len(path.points) for path in snapshot.paths)]),
        "has_image": np.array(False),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"ink": np.zeros((3, 3), np.float32)},
        {"ink": np.full((224, 224), np.nan, np.float32)},
        {"ink": np.full((224, 224), 2, np.float32)},
        {"ink": np.zeros((224, 224))},
        {"points": np.full((2, 2), np.inf, np.float32), "kept": np.ones(2, np.bool_), "starts": np.array([0, 2])},
        {"points": np.zeros((0, 3), np.float32)},
        {"kept": np.zeros((), np.bool_)},
        {"starts": np.array([0, 5])},
        {"starts": np.array([], np.int64)},
        {"starts": np.array([0, 40, 10, 99])},
        {"starts": np.array(3)},
        {"has_image": np.zeros(3, np.bool_)},
        {"more": np.zeros(3)},
        {"ink": np.array([{}], object)},
    ],
)
def test_arrays_that_are_not_a_drawing_give_a_blank_sheet_and_a_sentence(path: Path, wrong: dict[str, Any]) -> None:
    path.parent.mkdir()
    np.savez(path, **{**arrays(drawn()), **wrong})
    canvas = Canvas()
    with pytest.raises(UserError, match=r"sheet is blank.*drawing\.npz"):
        KeptDrawing(path).restore(canvas)
    assert canvas.is_empty
    KeptDrawing(path).keep(drawn())
    KeptDrawing(path).restore(canvas)
    assert not canvas.is_empty


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 1), byte=st.integers(0, 255), cut=st.booleans())
def test_a_damaged_file_gives_a_drawing_or_a_sentence(tmp_path: Path, at: float, byte: int, cut: bool) -> None:
    path = tmp_path / "drawing.npz"
    KeptDrawing(path).keep(drawn("7"))
    content = bytearray(path.read_bytes())
    place = int(at * (len(content) - 1))
    content[place] = byte
    path.write_bytes(content[:place] if cut else content)
    canvas = Canvas()
    trouble = Session(drawing=KeptDrawing(path)).restore(canvas)
    assert canvas.is_empty == bool(trouble)


def test_an_archive_that_says_it_is_huge_is_not_unpacked(path: Path) -> None:
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ink.npy", bytes(kept_drawing.LARGEST + 1))
    with pytest.raises(UserError, match="MB"):
        KeptDrawing(path).restore(Canvas())


def test_a_new_session_begins_with_an_empty_sheet_and_leaves_what_was_kept(path: Path) -> None:
    KeptDrawing(path).keep(drawn())
    session, canvas = Session(drawing=KeptDrawing(path), is_new=True), Canvas()
    assert session.restore(canvas) == ""
    assert canvas.is_empty
    session.keep(canvas)
    KeptDrawing(path).restore(canvas)
    assert not canvas.is_empty


def test_a_drawing_that_cannot_be_kept_is_told_of_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    session, canvas = Session(drawing=KeptDrawing(tmp_path / "file" / "drawing.npz")), drawn()
    assert "Cannot write" in session.keep_up(canvas, 1.0)
    assert session.keep_up(canvas, 99.0) == ""
