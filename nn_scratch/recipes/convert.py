"""From the original UNIPEN files to pen data: python -m nn_scratch.recipes.convert --help.

UNIPEN is thousands of text files from many laboratories, which used its format in different ways. They are converted
once, here; everything else reads the small files that this command writes.

A UNIPEN file (Guyon, Schomaker, Plamondon, Liberman and Janet, "UNIPEN project of on-line data exchange and recognizer
benchmarks", ICPR 1994) is a sequence of statements. Each begins with a dot in the first column and a keyword, and ends
where the next one begins:

    .INCLUDE aga/data/amy.dat           that file of the folder include/ belongs here
    .COORD X Y T                        what the columns of the points are
    .PEN_DOWN                           a component: one point per line, y grows upward
    .PEN_UP                             the same, above the paper
    .SEGMENT CHARACTER 7-8 OK "4"       components 7 and 8 are a 4

A recording is a file data/1a/SOURCE/.../NAME.dat with all that it includes (1a are digits, 1b upper case, 1c lower
case, 1d symbols). Its segments may stand before their components. Components are counted from 0, and only those that
the pen drew while it was down. Four sources count differently and are left out.
"""

from __future__ import annotations

import argparse
import re
import string
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.command import run_command
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, check_writable
from nn_scratch.recipes.strokes import ARRAYS, PenData

LEFT_OUT = frozenset(("cea", "ceb", "pri", "tos"))
LONGER_SIDE = 1000  # of every character in pen.npz
FARTHEST = 1e9  # no tablet is that large, and float64 still tells all its points apart

STATEMENT = re.compile(r"^\.(?=[A-Z])", re.MULTILINE)
ORIGINAL = """\
FOLDER is the unpacked UNIPEN distribution train_r01_v07, with its folders data and include:
https://doi.org/10.5281/zenodo.1195803, published under CC BY 4.0. The notice on its original CD-ROM asks that the data
serve research and not be sold."""

CHARACTER = re.compile(r'CHARACTER\s+(\S+)\s+\S+\s+"(.*)"\s*', re.DOTALL)  # delineation, quality, label


@dataclass(frozen=True)
class Kind:
    """A kind of writing in the distribution: its first folder, all of its folders as a pattern, and its labels."""

    folder: str
    folders: str
    labels: frozenset[str]


CHARACTERS = Kind("1a", "1[abc]", frozenset(string.digits + string.ascii_letters))
SYMBOLS = Kind("1d", "1d", frozenset(string.punctuation))


@dataclass
class Tally:
    """How much was not converted, and why."""

    malformed: int = 0  # segments
    other_labels: int = 0  # segments
    left_out: int = 0  # recordings
    missing_files: int = 0  # recordings and includes


@dataclass(frozen=True)
class Component:
    """What the pen drew from touching the paper to leaving it; parsed only when a character needs it."""

    columns: Sequence[str]
    text: str

    def points(self) -> NDArray[np.float64]:
        """Its points (n, 2): x to the right, y up, in units of the tablet.

        ValueError or IndexError where it lacks one of these columns, or has something other than numbers in them.
        """
        x, y = self.columns.index("X"), self.columns.index("Y")
        rows = [line.split() for line in self.text.splitlines() if line.strip()]
        if any(len(row) > len(self.columns) for row in rows):
            raise ValueError("more columns than .COORD names")
        points = np.array([(float(row[x]), float(row[y])) for row in rows]).reshape(-1, 2)
        if not (np.abs(points) < FARTHEST).all():
            raise ValueError("points that no tablet has")
        return points


def find_recordings(folder: Path, kind: Kind = CHARACTERS) -> list[Path]:
    """The recordings of that kind of the distribution in `folder`, in alphabetical order; UserError without any."""
    recordings = sorted(path for path in folder.glob(f"data/{kind.folders}/*/**/*.dat") if path.is_file())
    if not recordings:
        missing = f"no data/{kind.folder}/SOURCE/*.dat in {folder}" if folder.is_dir() else f"no folder {folder}"
        raise UserError(f"There is {missing}; name the unpacked UNIPEN folder train_r01_v07 (--help says where it is).")
    return recordings


def convert(recordings: Sequence[Path], folder: Path, kind: Kind = CHARACTERS) -> tuple[PenData, Tally]:
    """The characters of that kind in `recordings` of the distribution in `folder`, and how much was skipped.

    UserError where there is no character in them.
    """
    tally = Tally()
    characters: list[list[NDArray[np.int16]]] = []
    labels: list[str] = []
    writers: list[str] = []
    for recording in recordings:
        source = recording.relative_to(folder / "data").parts[1]
        if source in LEFT_OUT:
            tally.left_out += 1
            continue
        for label, character in read_characters(recording, folder / "include", kind, tally):
            characters.append(character)
            labels.append(label)
            writers.append(f"{source}/{recording.stem}")
    if not labels:
        raise UserError(
            f"None of the {len(recordings):,} recordings in {folder} holds a character that can be read; "
            "unpack the distribution again."
        )
    strokes = [stroke for character in characters for stroke in character]
    stroke_offsets, character_offsets = (
        np.cumsum([0, *map(len, runs)], dtype=np.int32) for runs in (strokes, characters)
    )
    pen = PenData(np.concatenate(strokes), stroke_offsets, character_offsets, np.array(labels), np.array(writers))
    return pen, tally


def read_characters(
    recording: Path, includes: Path, kind: Kind, tally: Tally
) -> Iterator[tuple[str, list[NDArray[np.int16]]]]:
    """The label and the strokes, as pen.npz has them, of each character of that kind in a recording."""
    components: list[Component] = []
    segments: list[str] = []
    columns = ["X", "Y"]
    for keyword, text in read_statements(recording, includes, tally):
        if keyword == "COORD":
            columns = text.upper().split()
        elif keyword == "PEN_DOWN":
            components.append(Component(columns, text))
        elif keyword == "SEGMENT" and text.startswith("CHARACTER"):
            segments.append(text)
    for segment in segments:
        match = CHARACTER.fullmatch(segment)
        if match is None:
            tally.malformed += 1
        elif match[2] not in kind.labels:
            tally.other_labels += 1
        else:
            try:
                yield match[2], normalize(select_strokes(match[1], components))
            except (ValueError, IndexError):
                tally.malformed += 1


def read_statements(recording: Path, includes: Path, tally: Tally) -> Iterator[tuple[str, str]]:
    """Keyword and text of each statement in a recording and in the files that it includes. Each file is read once."""
    seen: set[Path | None] = set()
    open_files = [split_statements(read_text(recording, tally))]
    while open_files:
        statement = next(open_files[-1], None)
        if statement is None:
            open_files.pop()
        elif statement[0] != "INCLUDE":
            yield statement
        elif (path := resolve_include(statement[1], includes)) not in seen:
            seen.add(path)
            open_files.append(split_statements(read_text(path, tally)))


def split_statements(text: str) -> Iterator[tuple[str, str]]:
    """Keyword and text of each statement in `text`, in order."""
    for statement in STATEMENT.split(text)[1:]:
        keyword, *rest = statement.split(maxsplit=1)
        yield keyword, rest[0] if rest else ""


def resolve_include(name: str, includes: Path) -> Path | None:
    """The file that `name` means; None where that is not a file name or leads out of the folder `includes`."""
    try:
        path = (includes / name.strip()).resolve()
    except (OSError, ValueError, RuntimeError):  # a null byte, a circle of links
        return None
    return path if path.is_relative_to(includes.resolve()) else None


def read_text(path: Path | None, tally: Tally) -> str:
    """The text of a file, whatever its bytes and line ends; nothing where there is no such file."""
    try:
        if path is not None:
            return path.read_bytes().decode("latin-1").replace("\r", "\n")
    except (OSError, ValueError):  # missing, a folder, no permission, a name that no file can have
        pass
    tally.missing_files += 1
    return ""


def select_strokes(delineation: str, components: Sequence[Component]) -> list[NDArray[np.float64]]:
    """The strokes (n, 2) that a delineation selects.

    A delineation is a list, separated by commas, of `7` (a component), `7-8` (from one component to another, both
    included) and `7:10-8:25` (from point 10 of one component to point 25 of another, both included). ValueError or
    IndexError where it is malformed, or there are no such components or points.
    """
    strokes: list[NDArray[np.float64]] = []
    for item in delineation.split(","):
        begin, dash, end = item.partition("-")
        (first, start), (last, stop) = parse_place(begin), parse_place(end if dash else begin)
        if not first <= last < len(components):
            raise ValueError("no such components")
        selected = [component.points() for component in components[first : last + 1]]
        if stop is not None:  # cut the end first: in a single component, the points before it keep their numbers
            if stop >= len(selected[-1]):
                raise ValueError("no such point")
            selected[-1] = selected[-1][: stop + 1]
        if start is not None:
            if start >= len(selected[0]):
                raise ValueError("no such point")
            selected[0] = selected[0][start:]
        strokes += selected
    return strokes


def parse_place(text: str) -> tuple[int, int | None]:
    """The component and, if it names one, the point of `7` or `7:10`."""
    component, colon, point = text.partition(":")
    return int(component), int(point) if colon else None


def normalize(strokes: Sequence[NDArray[np.float64]]) -> list[NDArray[np.int16]]:
    """Strokes (n, 2) as pen.npz has them: y down, moved to the origin and scaled, no point twice in succession.

    ValueError where there is no point in them.
    """
    points = np.concatenate(strokes)
    left, bottom = points.min(axis=0)
    right, top = points.max(axis=0)
    side = max(right - left, top - bottom) or 1  # a dot has no size
    normalized = []
    for stroke in strokes:
        scaled = (stroke - (left, top)) * (LONGER_SIDE, -LONGER_SIDE)
        rounded = np.rint(scaled / side).astype(np.int16)
        is_new = np.ones(len(rounded), bool)
        is_new[1:] = (rounded[1:] != rounded[:-1]).any(axis=1)
        if len(rounded):
            normalized.append(rounded[is_new])
    return normalized


def save_pen_data(pen: PenData, out: Path) -> None:
    """Write the file that `strokes.load_pen_data` reads; UserError where it cannot be written."""
    with atomic_write(out) as file:
        np.savez_compressed(file, allow_pickle=False, **{name: getattr(pen, name) for name in ARRAYS})


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert as the arguments say; returns the exit status."""
    parser = argparse.ArgumentParser(
        "python -m nn_scratch.recipes.convert",
        description="Make pen.npz, the single letters and digits of UNIPEN as pen strokes, or symbols.npz.",
        epilog=ORIGINAL,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the original distribution")
    parser.add_argument("out", type=Path, metavar="OUT.npz", help="the file to write, pen/pen.npz of the data folder")
    parser.add_argument("--symbols", action="store_true", help="convert symbols in place of letters and digits")
    args = parser.parse_args(arguments)
    kind = SYMBOLS if args.symbols else CHARACTERS
    recordings = find_recordings(args.folder, kind)
    check_writable(args.out)
    pen, tally = convert(recordings, args.folder, kind)
    save_pen_data(pen, args.out)
    print(
        f"{args.out}: {len(pen.labels):,} characters of {len(np.unique(pen.writers)):,} writers; skipped "
        f"{tally.malformed:,} malformed segments, {tally.other_labels:,} with other labels, "
        f"{tally.left_out:,} recordings of {', '.join(sorted(LEFT_OUT))} and {tally.missing_files:,} missing files."
    )
    return 0


if __name__ == "__main__":
    sys.exit(run_command("nn_scratch.recipes.convert", main))
