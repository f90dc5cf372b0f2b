"""The converter of UNIPEN: a tiny distribution with every difficulty of the format, read back as training reads it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nn_scratch.errors import UserError
from nn_scratch.recipes.convert import Tally, convert, find_recordings, main, save_pen_data
from nn_scratch.recipes.strokes import ARRAYS, PenData, check_arrays, load_pen_data
from tests.helpers import ROOT

Stroke = list[tuple[int, int]]

HEAD = ".VERSION 1.0\n.COORD X Y\n"
BAR = "10 0\n10 50\n10 100"  # drawn upward; in pen.npz from the bottom, y 1000, to the top, y 0
UPWARD = [(0, 1000), (0, 500), (0, 0)]


def component(*points: str) -> str:
    return ".PEN_DOWN\n" + "\n".join(points) + "\n.PEN_UP\n"


def segment(delineation: str, label: str = "1") -> str:
    return f'.SEGMENT CHARACTER {delineation} OK "{label}"\n'


ONE = HEAD + component(BAR) + segment("0", "1")


def put(folder: Path, name: str, text: str | bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("latin-1"))


def convert_folder(folder: Path) -> tuple[PenData, Tally]:
    """What a user gets who converts `folder` and loads the file, and how much was skipped."""
    made, tally = convert(find_recordings(folder), folder)
    save_pen_data(made, folder / "pen.npz")
    loaded = load_pen_data(folder / "pen.npz")
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(loaded, name), getattr(made, name))
    return loaded, tally


def strokes_of(pen: PenData, i: int = 0) -> list[Stroke]:
    return [[(int(x), int(y)) for x, y in stroke] for stroke in pen.strokes(i)]


def convert_one(folder: Path, text: str) -> list[Stroke]:
    """The strokes of the only character of a recording."""
    put(folder, "data/1a/aga/amy.dat", text)
    pen, tally = convert_folder(folder)
    assert len(pen.labels) == 1
    assert tally == Tally()
    return strokes_of(pen)


def test_every_array_is_as_pen_npz_has_it(tmp_path: Path) -> None:
    two_strokes = component("0 0", "10 10") + component("10 0", "20 40")
    put(tmp_path, "data/1a/aga/amy.dat", ONE)
    put(tmp_path, "data/1b/apa/apa00/app0032.dat", HEAD + two_strokes + segment("0-1", "X") + segment("1", "I"))
    put(tmp_path, "data/1c/aga/amy.dat", HEAD + component(BAR) + segment("0", "l"))
    pen, tally = convert_folder(tmp_path)
    assert "".join(pen.labels) == "1XIl"
    assert pen.labels.dtype == np.dtype("<U1")
    assert list(pen.writers) == ["aga/amy", "apa/app0032", "apa/app0032", "aga/amy"]
    kinds = [str(array.dtype) for array in (pen.points, pen.stroke_offsets, pen.character_offsets)]
    assert kinds == ["int16", "int32", "int32"]
    assert strokes_of(pen, 1) == [[(0, 1000), (250, 750)], [(250, 1000), (500, 0)]]
    assert strokes_of(pen, 2) == [[(0, 1000), (250, 0)]]
    assert tally == Tally()


def with_columns(columns: str, *points: str) -> str:
    return f".COORD {columns}\n{component(*points)}{segment('0')}"


TURNED = component("0 0", "0 4") + ".COORD Y X\n" + component("0 4", "4 4") + segment("0-1", "H")
WITH_AN_EMPTY_STROKE = HEAD + component("") + component(BAR) + segment("0-1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (with_columns("X Y", "-500 70", "-300 110", "-100 70"), [[(0, 100), (500, 0), (1000, 100)]]),  # the longer side
        (with_columns("X Y", "7 7"), [[(0, 0)]]),  # a dot
        (with_columns("X Y", "7 7", "7 7", "7 7"), [[(0, 0)]]),
        (with_columns("X Y", "0 0", "0 0", "1 1", "0 10000", "0 0"), [[(0, 1000), (0, 0), (0, 1000)]]),  # no repetition
        (with_columns("T Y X", "1 0 10", "2 50 10", "3 100 10"), [UPWARD]),
        (with_columns("P X B Z Y", "9 10 1 5 0", "9 10 1 5 50", "9 10 1 5 100"), [UPWARD]),
        (with_columns("x y t", "\t10 0 1", "10   50.0 2", "+10 1e2 3"), [UPWARD]),
        (with_columns("X Y P T", "10 0", "10 50 7", "10 100 7 3"), [UPWARD]),  # what stands behind y may be absent
        (TURNED, [[(0, 1000), (0, 0)], [(1000, 1000), (1000, 0)]]),  # .COORD holds from where it stands on
        (HEAD + segment("1") + component("0 0") + component(BAR), [UPWARD]),  # a segment before what it means
        (WITH_AN_EMPTY_STROKE.replace("\n", "\r\n"), [UPWARD]),
        (WITH_AN_EMPTY_STROKE.replace("\n", "\r"), [UPWARD]),
    ],
)
def test_a_character_is_read_flipped_moved_and_scaled(text: str, expected: list[Stroke], tmp_path: Path) -> None:
    assert convert_one(tmp_path, text) == expected


DELINEATED = [  # of the components 0 ... 3, which are at x 0, 10, 20 and 30 and have their points at y 0, 10, 20 and 30
    ("2", [("2", "0123")]),
    ("2-2", [("2", "0123")]),
    ("0-1", [("0", "0123"), ("1", "0123")]),
    ("0,3", [("0", "0123"), ("3", "0123")]),
    ("0-1,3", [("0", "0123"), ("1", "0123"), ("3", "0123")]),
    ("1:1-1:3", [("1", "123")]),
    ("1:2-3:1", [("1", "23"), ("2", "0123"), ("3", "01")]),
    ("1:2-3", [("1", "23"), ("2", "0123"), ("3", "0123")]),
    ("0:0-0:1,2:3-3:0", [("0", "01"), ("2", "3"), ("3", "0")]),
]


@pytest.mark.parametrize(("delineation", "expected"), DELINEATED)
def test_delineations_count_what_was_drawn_with_the_pen_down(
    tmp_path: Path, delineation: str, expected: list[tuple[str, str]]
) -> None:
    text = HEAD
    for x in range(4):
        text += component(*(f"{10 * x} {10 * y}" for y in range(4)))
        text += f"{500 * x} 900\n{700 * x} 800\n"  # the pen above the paper, under the .PEN_UP of the component
    strokes = [np.array([(int(x), int(y)) for y in ys]) for x, ys in expected]
    low, high = (edge(np.concatenate(strokes), axis=0) for edge in (np.min, np.max))
    scale = 1000 / max(high - low)
    tenths = [[(round((x - low[0]) * scale), round((high[1] - y) * scale)) for x, y in stroke] for stroke in strokes]
    assert convert_one(tmp_path, text + segment(delineation, "E")) == tenths


def test_includes_are_nested_relative_to_the_folder_include_and_read_once(tmp_path: Path) -> None:
    put(tmp_path, "include/imp/imp0.doc", ".COMMENT\n  .PEN_DOWN (no statement: not in the first column)\n.COORD Y X\n")
    put(tmp_path, "include/imp/data/imp1.dat", ".INCLUDE imp/imp0.doc\n" + component("0 10", "50 10", "100 10"))
    include = ".INCLUDE imp/data/imp1.dat\n"
    text = component("5 5") + include + include + component("0 1", "1 1") + segment("1")
    assert convert_one(tmp_path, text) == [UPWARD]
    for i in range(1200):  # more than Python's functions may nest
        put(tmp_path, f"include/{i}", f".INCLUDE {i + 1}\n")
    put(tmp_path, "include/1200", component("0 0") + ".INCLUDE 0\n.INCLUDE 1200\n" + component(BAR))
    assert convert_one(tmp_path, ".INCLUDE 0\n" + segment("1")) == [UPWARD]


OTHERS = ["the", "", "?", r"\"", r"\@", " ", "\xe9", "\xb2", "12"]
NOWHERE = ["9", "0-9", "1-0", "-1", "0-", "", "x", "0,", "0::1", "0:9", "0:0-0:3", "0:2-0:1", "9" * 5000]
BROKEN = ["", "0 0\n1", "0 zero", "nan 0", "0 inf", "0 1e300"]  # components 1 ... 6
MALFORMED = [
    *(segment(wrong) for wrong in [*NOWHERE, "1", "2", "3", "4", "5", "6", "0-2"]),
    *(f".SEGMENT CHARACTER{wrong}\n" for wrong in ["", " 0", ' 0 OK "1', " 0 OK 1"]),
]


@pytest.mark.parametrize(
    ("text", "tally"),
    [
        *(
            (f".INCLUDE {name}\n", Tally(missing_files=1))
            for name in ["../secret", "{folder}/secret", "sub/../../secret", "link", "", "a\0b", "no"]
        ),
        (
            "".join(segment("0", label) for label in OTHERS) + '.SEGMENT WORD 0 OK "a"\n',
            Tally(other_labels=len(OTHERS)),
        ),
        *(("".join(map(component, BROKEN)) + wrong, Tally(malformed=1)) for wrong in MALFORMED),
    ],
)
def test_what_cannot_be_read_or_leads_elsewhere_is_skipped_and_counted(text: str, tally: Tally, tmp_path: Path) -> None:
    put(tmp_path, "secret", component("0 0", "9 0"))
    put(tmp_path, "include/sub/a.dat", "")
    if os.name != "nt":  # there, links take a privilege
        (tmp_path / "include" / "link").symlink_to(tmp_path / "secret")
    put(tmp_path, "data/1a/aga/amy.dat", ONE + text.replace("{folder}", str(tmp_path)))
    pen, found = convert_folder(tmp_path)
    assert strokes_of(pen) == [UPWARD]
    assert found == tally


@pytest.mark.parametrize("source", ["cea", "ceb", "pri", "tos"])
def test_sources_that_count_differently_are_left_out(tmp_path: Path, source: str) -> None:
    for name in (source, "tosa"):
        put(tmp_path, f"data/1a/{name}/{name}0/x.dat", ONE)
    pen, tally = convert_folder(tmp_path)
    assert list(pen.writers) == ["tosa/x"]
    assert tally == Tally(left_out=1)


LIKELY = [*'.,:-"0123456789 \n', ".SEGMENT CHARACTER ", ".COORD X Y\n", ".PEN_DOWN\n", "1e9", ' ? "a"\n']


@settings(deadline=None)  # it writes files
@given(st.binary(), st.lists(st.sampled_from(LIKELY)).map("".join))
def test_any_file_is_survived(tmp_path_factory: pytest.TempPathFactory, anything: bytes, likely: str) -> None:
    folder = tmp_path_factory.mktemp("unipen")
    head = b".PEN_DOWN\n" + anything + b"\n.INCLUDE " + anything + b"\n.COORD " + anything
    put(folder, "data/1a/aga/any.dat", head + b"\n.SEGMENT CHARACTER " + anything + b' OK "1"\n' + likely.encode())
    put(folder, "data/1a/aga/well.dat", ONE)
    pen, _ = convert(find_recordings(folder), folder)
    check_arrays(pen)
    assert "aga/well" in pen.writers


def test_the_command_converts_and_says_what_it_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, "u/data/1a/aga/amy.dat", ONE + segment("0", "?") + segment("7", "2"))
    put(tmp_path, "u/data/1a/tos/tom.dat", ".INCLUDE no\n")
    put(tmp_path, "u/data/1b/aga/amy.dat", ".INCLUDE no\n")
    put(tmp_path, "u/data/1d/aga/amy.dat", HEAD + component(BAR) + segment("0", "!") + segment("0", "a"))
    assert main(["u", "made/pen.npz"]) == 0
    assert capsys.readouterr().out == (
        "made/pen.npz: 1 characters of 1 writers; skipped 1 malformed segments, 1 with other labels, "
        "1 recordings of cea, ceb, pri, tos and 1 missing files.\n"
    )
    assert strokes_of(load_pen_data(tmp_path / "made" / "pen.npz")) == [UPWARD]
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["pen.npz"]
    main(["u", "symbols.npz", "--symbols"])
    assert "1 with other labels" in capsys.readouterr().out
    assert list(load_pen_data(tmp_path / "symbols.npz").labels) == ["!"]


@pytest.mark.parametrize(
    ("arguments", "status", "facts"),
    [
        (["nowhere", "pen.npz"], 2, ["nn_scratch.recipes.convert: There is no folder nowhere; name the unpacked"]),
        (["--help"], 0, ["10.5281/zenodo.1195803", "train_r01_v07", "CC BY 4.0", "not be sold"]),
    ],
)
def test_the_command_line(arguments: list[str], status: int, facts: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "nn_scratch.recipes.convert", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == status
    assert all(fact in result.stdout + result.stderr for fact in facts)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("folder", "out", "sentence"),
    [
        ("empty", "pen.npz", "There is no data/1a/SOURCE/.*empty; name the unpacked"),
        ("blank", "pen.npz", "None of the 1 recordings in .*blank holds a character"),
        ("columns", "pen.npz", "None of the 1 recordings"),
        ("u", "empty", "Cannot write .*empty: it is a folder"),
        ("u", "a_file/pen.npz", "Cannot write .*a_file"),
    ],
)
def test_what_cannot_be_read_or_written_is_an_error(tmp_path: Path, folder: str, out: str, sentence: str) -> None:
    (tmp_path / "empty").mkdir()
    for name, text in {"a_file": "", "blank/data/1a/aga/amy.dat": "", "u/data/1a/aga/amy.dat": ONE}.items():
        put(tmp_path, name, text)
    put(tmp_path, "columns/data/1a/aga/amy.dat", "".join(with_columns(names, BAR) for names in ("X T", "", "X")))
    with pytest.raises(UserError, match=sentence):
        main([str(tmp_path / folder), str(tmp_path / out)])
    assert not (tmp_path / "pen.npz").exists()
