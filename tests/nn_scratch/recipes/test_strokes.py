"""Pen strokes: read whole or refused, and split by writer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nn_scratch import UserError
from nn_scratch.data.download import data_folder
from nn_scratch.recipes.strokes import load_pen_data
from tests.nn_scratch.recipes.small_pen import save_small, small_arrays


def test_strokes_come_back(tmp_path: Path) -> None:
    arrays = small_arrays()
    pen = load_pen_data(save_small(tmp_path))
    zero, four = pen.strokes(0), pen.strokes(2)
    assert [len(stroke) for stroke in zero] == [5]
    assert [len(stroke) for stroke in four] == [5, 5]
    assert (np.concatenate(four) == arrays["points"][10:20]).all()


def test_a_fifth_of_the_writers_is_for_testing(tmp_path: Path) -> None:
    pen = load_pen_data(save_small(tmp_path))
    is_test = pen.of_test_writers()
    assert not set(pen.writers[is_test]) & set(pen.writers[~is_test])
    assert len(set(pen.writers[is_test])) == 2


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
def test_a_file_with_wrong_arrays_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=r"pen\.npz (cannot be used|is not an \.npz file of plain arrays)"):
        load_pen_data(save_small(tmp_path, **changes))


def test_a_missing_or_damaged_file_gives_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no pen data"):
        load_pen_data(tmp_path / "none.npz")
    path = save_small(tmp_path)
    whole = path.read_bytes()
    for content in (b"", b"junk", whole[: len(whole) // 2]):
        path.write_bytes(content)
        with pytest.raises(UserError, match=r"is not an \.npz file"):
            load_pen_data(path)


def test_the_real_pen_data() -> None:
    if not (data_folder() / "pen" / "pen.npz").exists():
        pytest.skip(f"pen/pen.npz is not in {data_folder()} (python -m nn_scratch.recipes.convert makes it)")
    pen = load_pen_data()
    assert len(pen.labels) == 92_140
    assert np.char.isdigit(pen.labels).sum() == 15_306
    images = pen.images(np.flatnonzero(pen.labels == "8")[:50])
    assert images.max(axis=(1, 2)).min() > 200
