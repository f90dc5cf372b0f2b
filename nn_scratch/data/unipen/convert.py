"""The command line that makes pen.npz from the original UNIPEN files: python -m nn_scratch.data.unipen --help.

A UNIPEN file (Guyon, Schomaker, Plamondon, Liberman and Janet, "UNIPEN project of on-line data exchange and recognizer
benchmarks", ICPR 1994) is a row of statements. Each begins with a dot in the first column and a keyword, and runs to
the next one:

    .INCLUDE aga/data/amy.dat           that file of the folder include/ belongs here
    .COORD X Y T                        what the columns of the points are
    .PEN_DOWN                           a component: one point a line, y growing upward
    .PEN_UP                             the same, above the paper
    .SEGMENT CHARACTER 7-8 OK "4"       components 7 and 8 are a 4

A recording is a file data/1a/SOURCE/.../NAME.dat with all that it includes (1a are digits, 1b upper case, 1c lower
case). Its segments may stand before their components. They count from 0, and only what the pen drew while it was down.
Four sources count otherwise and are left out.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nn_scratch.data.unipen.strokes import PenData
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write

LABELS = frozenset(string.digits + string.ascii_letters)
LEFT_OUT = frozenset(("cea", "ceb", "pri", "tos"))
LONGER_SIDE = 1000  # of every character in pen.npz
FARTHEST = 1e9  # no tablet is that large, and float64 still resolves its every point

STATEMENT = re.compile(r"^\.(?=[A-Z])", re.MULTILINE)
CHARACTER = re.compile(r'CHARACTER\s+(\S+)\s+\S+\s+"(.*)"\s*', re.DOTALL)  # delineation, quality, label


@dataclass
class Tally:
    """What was not converted."""

    malformed: int = 0  # segments
    other_labels: int = 0  # segments
    left_out: int = 0  # recordings
    lost_files: int = 0  # recordings and includes


@dataclass(frozen=True)
class Component:
    """What the pen drew from touching down to lifting, read only when a character needs it."""

    columns: Sequence[str]
    text: str

    def points(self) -> NDArray[np.float64]:
        """Its points (n, 2) as x to the right and y up, in units of the tablet.

        Raises:
            ValueError, IndexError: it has no such columns, or something else than numbers in them.
        """
        x, y = self.columns.index("X"), self.columns.index("Y")
        rows = [line.split() for line in self.text.splitlines() if line.strip()]
        if any(len(row) > len(self.columns) for row in rows):
            raise ValueError("more columns than .COORD names")
        points = np.array([(float(row[x]), float(row[y])) for row in rows]).reshape(-1, 2)
        if not (np.abs(points) < FARTHEST).all():
            raise ValueError("points that no tablet has")
        return points


def find_recordings(folder: Path) -> list[Path]:
    """The recordings of the distribution in `folder`, in order.

    Raises:
        UserError: there are none.
    """
    recordings = sorted(path for path in folder.glob("data/1[abc]/*/**/*.dat") if path.is_file())
    if not recordings:
        what = f"no data/1a/SOURCE/*.dat in {folder}" if folder.is_dir() else f"no folder {folder}"
        raise UserError(f"There is {what}; name the unpacked UNIPEN folder train_r01_v07 (--help says where it is).")
    return recordings


def convert(recordings: Sequence[Path], folder: Path) -> tuple[PenData, Tally]:
    """The characters of `recordings` of the distribution in `folder`, and what was skipped.

    Raises:
        UserError: there is no character in them.
    """
    tally = Tally()
    strokes: list[NDArray[np.int16]] = []
    counts: list[int] = []  # of strokes, by character
    labels: list[str] = []
    writers: list[str] = []
    for recording in recordings:
        source = recording.relative_to(folder / "data").parts[1]
        if source in LEFT_OUT:
            tally.left_out += 1
            continue
        for label, drawn in characters(recording, folder / "include", tally):
            strokes += drawn
            counts.append(len(drawn))
            labels.append(label)
            writers.append(f"{source}/{recording.stem}")
    if not labels:
        raise UserError(
            f"None of the {len(recordings):,} recordings in {folder} holds a character that can be read; "
            "unpack the distribution again."
        )
    lengths = [len(stroke) for stroke in strokes]
    pen = PenData(np.concatenate(strokes), offsets(lengths), offsets(counts), np.array(labels), np.array(writers))
    return pen, tally


def offsets(lengths: Sequence[int]) -> NDArray[np.int32]:
    """(n + 1,) where each of n parts that lie end to end begins, and where the last one ends."""
    return np.cumsum([0, *lengths], dtype=np.int32)


def characters(recording: Path, includes: Path, tally: Tally) -> Iterator[tuple[str, list[NDArray[np.int16]]]]:
    """The label and the strokes, as pen.npz has them, of each letter and digit of a recording."""
    components: list[Component] = []
    segments: list[str] = []
    columns = ["X", "Y"]
    for keyword, text in statements(recording, includes, tally):
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
        elif match[2] not in LABELS:
            tally.other_labels += 1
        else:
            try:
                yield match[2], normalize(delineated(match[1], components))
            except (ValueError, IndexError):
                tally.malformed += 1


def statements(recording: Path, includes: Path, tally: Tally) -> Iterator[tuple[str, str]]:
    """Keyword and text of each statement of a recording and of the files that it includes, each of them only once."""
    seen: set[Path | None] = set()
    open_files = [split_statements(read(recording, tally))]
    while open_files:
        statement = next(open_files[-1], None)
        if statement is None:
            open_files.pop()
        elif statement[0] != "INCLUDE":
            yield statement
        elif (path := included(statement[1], includes)) not in seen:
            seen.add(path)
            open_files.append(split_statements(read(path, tally)))


def split_statements(text: str) -> Iterator[tuple[str, str]]:
    """Keyword and text of each statement, in order."""
    for statement in STATEMENT.split(text)[1:]:
        keyword, *rest = statement.split(maxsplit=1)
        yield keyword, rest[0] if rest else ""


def included(name: str, includes: Path) -> Path | None:
    """The file that `name` means, or None where that is no name or leads out of the folder `includes`."""
    try:
        path = (includes / name.strip()).resolve()
    except (OSError, ValueError, RuntimeError):  # a null byte, a circle of links
        return None
    return path if path.is_relative_to(includes.resolve()) else None


def read(path: Path | None, tally: Tally) -> str:
    """The text of a file, whatever its bytes and line ends; none of a file that is lost."""
    try:
        if path is not None:
            return path.read_bytes().decode("latin-1").replace("\r", "\n")
    except (OSError, ValueError):  # missing, a folder, no permission, a name that no file can have
        pass
    tally.lost_files += 1
    return ""


def delineated(delineation: str, components: Sequence[Component]) -> list[NDArray[np.float64]]:
    """The strokes (n, 2) that a delineation means.

    It is a list with commas of `7` (a component), `7-8` (from one to another, both included) and `7:10-8:25` (from
    point 10 of the one to point 25 of the other, both included).

    Raises:
        ValueError, IndexError: it is malformed, or there are no such components or points.
    """
    strokes: list[NDArray[np.float64]] = []
    for part in delineation.split(","):
        begin, dash, end = part.partition("-")
        (first, start), (last, stop) = place(begin), place(end if dash else begin)
        if not first <= last < len(components):
            raise ValueError("no such components")
        pieces = [component.points() for component in components[first : last + 1]]
        if stop is not None:  # cut the end first: where it is the same piece, the points before it keep their numbers
            if stop >= len(pieces[-1]):
                raise ValueError("no such point")
            pieces[-1] = pieces[-1][: stop + 1]
        if start is not None:
            if start >= len(pieces[0]):
                raise ValueError("no such point")
            pieces[0] = pieces[0][start:]
        strokes += pieces
    return strokes


def place(text: str) -> tuple[int, int | None]:
    """The component and the point, if it names one, of `7` or `7:10`."""
    component, colon, point = text.partition(":")
    return int(component), int(point) if colon else None


def normalize(strokes: Sequence[NDArray[np.float64]]) -> list[NDArray[np.int16]]:
    """Strokes (n, 2) with y up as pen.npz has them: y down, moved to the origin and scaled, no point twice running.

    Raises:
        ValueError: there is no point in them.
    """
    points = np.concatenate(strokes)
    left, bottom = points.min(axis=0)
    right, top = points.max(axis=0)
    side = max(right - left, top - bottom) or 1  # a dot has none
    normalized = []
    for stroke in strokes:
        moved = (stroke - (left, top)) * (LONGER_SIDE, -LONGER_SIDE)
        whole = np.rint(moved / side).astype(np.int16)
        is_new = np.ones(len(whole), bool)
        is_new[1:] = (whole[1:] != whole[:-1]).any(axis=1)
        if len(whole):
            normalized.append(whole[is_new])
    return normalized


def write(pen: PenData, out: Path) -> None:
    """Write the file that `nn_scratch.data.pen.load` reads.

    Raises:
        UserError: it cannot be written.
    """
    with atomic_write(out) as file:
        np.savez_compressed(
            file,
            points=pen.points,
            stroke_offsets=pen.stroke_offsets,
            character_offsets=pen.character_offsets,
            labels=pen.labels,
            writers=pen.writers,
        )
