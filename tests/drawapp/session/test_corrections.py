"""Corrections are there at the next start, whatever happened to the program, and damaged files do no harm."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drawapp.session import corrections
from drawapp.session.corrections import Correction, Corrections, correction_of
from nn_scratch.errors import UserError
from nn_scratch.files import read_npz
from tests.helpers import ROOT

STROKE = np.array([(5, 5), (9, 20), (11, 21)], np.float32)


def image(number: int = 0) -> Any:
    return np.random.default_rng(number).integers(0, 256, (28, 28), dtype=np.uint8)


def correction(number: int = 0, **others: Any) -> Correction:
    return replace(Correction(image(number), "4", "9", 0.75, "Digits", float(number), (STROKE, STROKE[:1])), **others)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "corrections"


def test_all_of_a_correction_comes_back_the_newest_first(folder: Path) -> None:
    kept = Corrections(folder)
    kept.add(correction(1))
    kept.add(correction(2, strokes=(), ink=np.eye(7, dtype=np.uint8), label="Ñ", read="?"))
    for found in (kept.all, Corrections(folder).all):
        second, first = found
        assert (first.label, first.read, first.probability, first.model, first.time) == ("4", "9", 0.75, "Digits", 1.0)
        assert [stroke.tolist() for stroke in first.strokes] == [STROKE.tolist(), STROKE[:1].tolist()]
        np.testing.assert_array_equal(first.image, image(1))
        assert first.ink is None
        assert (second.label, second.read, second.strokes) == ("Ñ", "?", ())
        np.testing.assert_array_equal(second.ink, np.eye(7, dtype=np.uint8))


def test_without_a_folder_they_last_as_long_as_the_window() -> None:
    kept = Corrections()
    kept.add(correction(1))
    before = kept.all
    kept.add(correction(2))
    assert [each.time for each in kept.all] == [2.0, 1.0]
    kept.delete(before[0])
    assert [each.time for each in kept.all] == [2.0]
    assert Corrections().all == ()


def test_a_deleted_correction_is_gone(folder: Path) -> None:
    kept = Corrections(folder)
    for number in range(3):
        kept.add(correction(number))
    kept.delete(kept.all[1])
    assert [each.time for each in kept.all] == [2.0, 0.0]
    assert [each.time for each in Corrections(folder).all] == [2.0, 0.0]
    (Corrections(folder).all[0].path or Path()).unlink()
    kept.delete(kept.all[0])  # another window has deleted it already
    assert [each.time for each in kept.all] == [0.0]


def test_the_same_image_is_corrected_once_and_the_last_word_counts(folder: Path) -> None:
    kept = Corrections(folder)
    kept.add(correction(1, label="4"))
    kept.add(correction(1, label="9"))
    assert [each.label for each in kept.all] == ["9"]
    assert [each.label for each in Corrections(folder).all] == ["9"]


def test_damaged_files_are_left_out_and_told_of(folder: Path) -> None:
    kept = Corrections(folder)
    kept.add(correction(1))
    kept.add(correction(2))
    (kept.all[0].path or Path()).write_bytes(b"not an archive")
    with zipfile.ZipFile(folder / "0.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("image.npy", bytes(corrections.LARGEST + 1))
    again = Corrections(folder)
    assert again.trouble == ""
    assert [each.time for each in again.all] == [1.0]
    assert again.trouble.startswith("2 of 3 corrections cannot be read. ")


@pytest.mark.parametrize(
    "wrong",
    [
        {"image": np.zeros((28, 27), np.uint8)},
        {"image": np.zeros((28, 28), np.float32)},
        {"points": np.full((4, 2), np.nan, np.float32)},
        {"points": np.zeros((4, 3), np.float32)},
        {"points": np.full((4, 2), 1e9, np.float32)},
        {"starts": np.array([0, 3])},
        {"starts": np.array([0, 0, 4])},
        {"starts": np.array(4)},
        {"ink": np.zeros((225, 3), np.uint8)},
        {"ink": np.zeros(4, np.uint8)},
        {"label": np.array("")},
        {"label": np.array("4" * 81)},
        {"label": np.array("4\x1b[2J")},
        {"label": np.array(["4"])},
        {"label": np.array(4)},
        {"read": np.array("\n")},
        {"probability": np.array(1.5)},
        {"probability": np.array(np.nan)},
        {"time": np.array(np.inf)},
        {"time": np.array(1)},
        {"more": np.zeros(2)},
    ],
)
def test_arrays_that_are_not_a_correction_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    corrections.write(tmp_path / "a.npz", correction())
    arrays = read_npz(tmp_path / "a.npz", corrections.LARGEST)
    correction_of(arrays)
    with pytest.raises(ValueError, match=r"it |its |has the type"):
        correction_of({**arrays, **wrong})


def test_a_file_or_a_folder_that_cannot_be_written_gives_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = Corrections(tmp_path / "file")
    assert kept.all == ()
    with pytest.raises(UserError, match="Cannot write"):
        kept.add(correction())
    assert kept.all == ()


WRITER = """
import sys
import numpy as np
from pathlib import Path
from drawapp.learning.correcting import label_among
from drawapp.reading import own_models
from drawapp.session.corrections import Correction, Corrections
from nn_scratch import mlp
kept, network = Corrections(Path(sys.argv[1])), mlp((50, 25)).initialize(np.random.default_rng(0))
for number in range(10**6):
    image = np.random.default_rng(number).integers(0, 256, (28, 28), dtype=np.uint8)
    kept.add(Correction(image, "4", time=float(number)))
    print(number, flush=True)
    own_models.save(network, "my digits")
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is a POSIX thing")
def test_a_program_that_is_killed_loses_no_correction_and_leaves_no_half_model(tmp_path: Path) -> None:
    import nn_scratch

    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
    folder = tmp_path / "corrections"
    command = [sys.executable, "-c", WRITER, str(folder)]
    for kill in range(3):
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(5 + 3 * kill)]
            time.sleep(0.003 * kill)
            process.send_signal(signal.SIGKILL)
            said += process.stdout.readlines()
        again = Corrections(folder)
        kept = {each.time for each in again.all}
        assert {float(line) for line in said if line.endswith("\n")} <= kept
        assert again.trouble == ""
        for model in tmp_path.rglob("my digits.npy"):
            nn_scratch.load(model)
    assert list(tmp_path.rglob("my digits.npy"))
