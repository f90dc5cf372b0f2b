"""Pen data: characters as people drew them on tablets, kept as strokes.

Scanned images such as MNIST's show what paper made of a pen's movement. Strokes are the movement itself: they can be
rendered with the app's own ink, so that a network is trained on just what it will read, and they can be changed before
that as a hand would change them.

`pen.npz` holds the single characters of UNIPEN (Guyon, Schomaker, Plamondon, Liberman and Janet, "UNIPEN project of
on-line data exchange and recognizer benchmarks", 1994) in five arrays; `python -m nn_scratch.recipes.convert`
makes it from the original distribution. `symbols.npz` has the same arrays of its punctuation marks and other symbols.

    points (P, 2) int16             x to the right, y down; each character scaled so that its longer side is 1000
    stroke_offsets (S + 1,)         stroke s is points[stroke_offsets[s]:stroke_offsets[s + 1]]
    character_offsets (N + 1,)      character i is the strokes character_offsets[i] to character_offsets[i + 1] - 1
    labels (N,), writers (N,)       one character each; who wrote it

Everybody writes differently, so a network is tested on people whose writing it has never seen: training, validation
and test sets have different writers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from nn_scratch import ink
from nn_scratch.arrays import Array, Images
from nn_scratch.data.download import data_folder
from nn_scratch.errors import UserError
from nn_scratch.files import read_npz
from nn_scratch.ink.rendering import Stroke

LARGEST = 2**29  # bytes of arrays
TEST_EVERY = 5  # one of so many writers is for testing
ARRAYS = ("points", "stroke_offsets", "character_offsets", "labels", "writers")

Strokes: TypeAlias = list[Stroke]  # of one character, each float32 (n, 2): x, y
Rows: TypeAlias = NDArray[np.int64]  # (B,) numbers of characters


@dataclass(frozen=True)
class PenData:
    """Characters as strokes; the arrays are those of the file."""

    points: NDArray[np.int16]
    stroke_offsets: NDArray[np.int32]
    character_offsets: NDArray[np.int32]
    labels: NDArray[np.str_]
    writers: NDArray[np.str_]

    def strokes(self, i: int) -> Strokes:
        """The strokes of character `i`."""
        edges = self.stroke_offsets[self.character_offsets[i] : self.character_offsets[i + 1] + 1]
        points = self.points[edges[0] : edges[-1]].astype(np.float32)
        return np.split(points, edges[1:-1] - edges[0])

    def images(self, rows: Rows) -> Images:
        """The characters numbered `rows` (B,) as a network sees them: uint8 (B, 28, 28)."""
        return ink.render_all(self.strokes(int(i)) for i in rows)

    def writer_numbers(self, rows: Rows) -> NDArray[np.int64]:
        """A number for the writer of each of `rows` (B,): from 0, in alphabetical order of these writers. (B,)"""
        return np.unique(self.writers[rows], return_inverse=True)[1].astype(np.int64)

    def of_test_writers(self) -> NDArray[np.bool_]:
        """(N,) whether the character's writer is for testing: every fifth one in alphabetical order.

        These are always the same ones, and a fifth of each source, whose name comes first.
        """
        return np.isin(self.writers, np.unique(self.writers)[::TEST_EVERY])


def load_pen_data(path: Path | None = None, name: str = "pen.npz") -> PenData:
    """The pen data in `path`, or in the file `name` of the folder pen of the data folder: pen.npz or symbols.npz.

    UserError where it is missing or not such a file.
    """
    path = path or data_folder() / "pen" / name
    how = "make it (python -m nn_scratch.recipes.convert --help), or set NN_SCRATCH_DATA to the folder of pen/"
    arrays = read_npz(path, LARGEST, "pen data", how)
    try:
        pen = PenData(*(arrays[name] for name in ARRAYS))
        check_arrays(pen)
    except (ValueError, KeyError) as error:
        raise UserError(f"The pen data {path} cannot be used ({error}); make it again or replace it.") from error
    return pen


def check_arrays(pen: PenData) -> None:
    """Raise ValueError where the arrays do not fit together."""
    strokes, characters = pen.stroke_offsets, pen.character_offsets
    if pen.points.ndim != 2 or pen.points.shape[1] != 2 or pen.points.dtype != np.int16:
        raise ValueError("its points are not pairs of int16")
    for offsets, count in ((strokes, len(pen.points)), (characters, len(strokes) - 1)):
        if offsets.ndim != 1 or offsets.dtype.kind != "i" or len(offsets) == 0:
            raise ValueError("its offsets are not a row of whole numbers")
        if offsets[0] != 0 or offsets[-1] != count or (np.diff(offsets) < 1).any():
            raise ValueError("its offsets do not fit its points")
    for names in (pen.labels, pen.writers):
        if names.dtype.kind != "U" or names.shape != (len(characters) - 1,):
            raise ValueError("its labels or writers do not fit its characters")


def bounding_box(strokes: Strokes) -> tuple[Array, Array]:
    """The upper left corner (x, y) of `strokes` and their size (width, height), which is at least 1."""
    points = np.concatenate(strokes)
    return points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1)


def path_lengths(stroke: Stroke) -> Array:
    """How far the pen has gone at each point of `stroke` (n, 2): (n,)."""
    return np.concatenate([[0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])


def rotation(angle: float) -> Array:
    """The matrix R (2, 2) that turns a point p (2,), R @ p, by `angle` in radians; points (n, 2) @ R turn back."""
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.array([[cosine, -sine], [sine, cosine]])
