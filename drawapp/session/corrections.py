"""Corrections: what was read wrongly and what it should have been, kept from one start of the app to the next.

A network can learn how one person writes only if that person's corrections are not lost. So each is written at once, to
a file of its own in the user's folder for data: a program that is killed loses none, and two windows do not disturb
each other. Nothing leaves the computer. A file is an .npz of plain arrays, without pickle:

    image (28, 28) uint8         as the network was given it, ink is high
    points (P, 2) float32        the samples of its strokes in cells, none where it has no strokes
    starts (S + 1,) int64        stroke s has the samples starts[s] to starts[s + 1]
    ink (H, W) uint8             its fine ink where it has no strokes, else (0, 0)
    label, read, model () str    what it is; what was read, "?" where it was not recognized; and by which model
    probability, time () float64 of what was read; and in seconds since 1970
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

from drawapp.drawing.canvas import FAR, FINE_CELLS
from drawapp.session.settings import make_folder
from nn_scratch.arrays import Images
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, cannot_write, read_npz
from nn_scratch.ink.rendering import SIDE, Stroke

LARGEST = 4 << 20  # bytes of all arrays: more than one character has
LONGEST_WORD = 80  # characters of a label, or of the name of a model
MOST = 1000  # corrections that are listed, the newest ones
KINDS = {
    **{"image": "|u1", "points": "<f4", "starts": "<i8", "ink": "|u1"},
    **{"label": "U", "read": "U", "model": "U", "probability": "<f8", "time": "<f8"},
}


@dataclass(frozen=True, eq=False)
class Correction:
    """One character that is a `label`. The other fields are those of its file; `path` is that file, None in memory.

    `strokes` are each float32 (n, 2), x and y in cells. `read` is empty where nobody knows what was read.
    """

    image: Images
    label: str
    read: str = ""
    probability: float = 0.0
    model: str = ""
    time: float = 0.0
    strokes: tuple[Stroke, ...] = ()
    ink: Images | None = None
    path: Path | None = None


class Corrections:
    """The corrections in `folder`; without one they last as long as the window.

    The files are read when they are first asked for. Then `trouble` says which of them cannot be read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.trouble = ""
        self._folder = folder
        self._kept: tuple[Correction, ...] | None = None

    @property
    def all(self) -> tuple[Correction, ...]:
        """All corrections, the newest first. It is another tuple after each change."""
        if self._kept is None:
            self._kept = self._read()
        return self._kept

    def add(self, correction: Correction) -> None:
        """Keep `correction`, in place of an earlier one of the same image. Raises UserError where that fails."""
        kept = self.all
        if self._folder is not None:
            path = self._folder / f"{datetime.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(2)}.npz"
            make_folder(path)
            write(path, correction)
            correction = replace(correction, path=path)
        self._kept = (correction, *kept)
        for earlier in kept:
            if np.array_equal(earlier.image, correction.image):
                self.delete(earlier)

    def delete(self, correction: Correction) -> None:
        """Forget `correction`. Raises UserError where its file cannot be deleted: then it stays."""
        if correction.path is not None:
            try:
                correction.path.unlink(missing_ok=True)
            except OSError as error:
                raise cannot_write(correction.path, error) from error
        self._kept = tuple(each for each in self.all if each is not correction)

    def _read(self) -> tuple[Correction, ...]:
        """The corrections in the folder. A file that cannot be read is left out, and told of in `trouble`."""
        paths = sorted(self._folder.glob("*.npz"), reverse=True)[:MOST] if self._folder else []
        found, troubles = [], []
        for path in paths:
            try:
                found.append(read(path))
            except UserError as error:
                troubles.append(str(error))
        if troubles:
            self.trouble = f"{len(troubles)} of {len(paths)} corrections cannot be read. {troubles[0]}"
        return tuple(sorted(found, key=lambda correction: -correction.time))


def default_folder() -> Path:
    """The folder of the corrections, in the user's folder for data."""
    return Path(platformdirs.user_data_dir("drawapp", appauthor=False)) / "corrections"


def write(path: Path, correction: Correction) -> None:
    """Write `correction` to `path`, whole or not at all. Raises UserError where that is not possible."""
    strokes = correction.strokes
    with atomic_write(path) as file:
        np.savez_compressed(
            file,
            image=correction.image,
            points=np.concatenate([np.zeros((0, 2), np.float32), *strokes], dtype=np.float32),
            starts=np.cumsum([0, *map(len, strokes)], dtype=np.int64),
            ink=np.zeros((0, 0), np.uint8) if correction.ink is None else correction.ink,
            label=np.array(correction.label),
            read=np.array(correction.read),
            model=np.array(correction.model),
            probability=np.array(correction.probability, np.float64),
            time=np.array(correction.time, np.float64),
        )


def read(path: Path) -> Correction:
    """The correction in the file `path`. Raises UserError where it is damaged."""
    arrays = read_npz(path, LARGEST, "correction")
    try:
        return replace(correction_of(arrays), path=path)
    except ValueError as error:
        raise UserError(f"{path} is not a correction that this app has kept ({error}).") from error


def correction_of(arrays: dict[str, NDArray[Any]]) -> Correction:
    """The correction in these arrays. Raises ValueError where they are not those of a correction."""
    if set(arrays) != set(KINDS):
        raise ValueError("it has other arrays")
    for name, kind in KINDS.items():
        dtype = arrays[name].dtype
        if kind not in (dtype.str, dtype.kind):
            raise ValueError(f"{name} has the type {dtype}")
    single = {name: arrays[name] for name in ("label", "read", "model", "probability", "time")}
    if any(array.ndim for array in single.values()):
        raise ValueError("it has lists where there is one value")
    label, answer, model = (word_in(single[name]) for name in ("label", "read", "model"))
    probability, time = float(single["probability"]), float(single["time"])
    if not label or not (0 <= probability <= 1 and math.isfinite(time)):
        raise ValueError("its label, probability or time cannot be")
    image, ink = arrays["image"], arrays["ink"]
    if image.shape != (SIDE, SIDE) or ink.ndim != 2 or max(ink.shape) > FINE_CELLS:
        raise ValueError("its images have another size")
    strokes = strokes_in(arrays["points"], arrays["starts"])
    return Correction(image, label, answer, probability, model, time, strokes, ink if ink.size else None)


def word_in(array: NDArray[Any]) -> str:
    """The word in an array () of text. Raises ValueError where it is too long or cannot be printed."""
    word = str(array)
    if len(word) > LONGEST_WORD or not word.isprintable():
        raise ValueError("it has a text that cannot be shown")
    return word


def strokes_in(points: NDArray[np.float32], starts: NDArray[np.int64]) -> tuple[Stroke, ...]:
    """The strokes with the samples `points` (P, 2), from `starts` (S + 1,) on. Raises ValueError if they do not fit."""
    if points.ndim != 2 or points.shape[1] != 2 or not (np.abs(points) <= 2 * FAR).all():
        raise ValueError("its points are not those of a canvas")
    ends = (starts[0], starts[-1]) if starts.ndim == 1 and len(starts) else None
    if ends != (0, len(points)) or (np.diff(starts) <= 0).any():
        raise ValueError("its strokes do not fit its points")
    return tuple(points[first:last] for first, last in pairwise(starts))
