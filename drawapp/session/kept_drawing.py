"""The kept drawing: what is on the canvas, kept from one start of the app to the next.

A drawing must not be lost by closing a window, nor by a power cut. So it is written at the end, and after a stroke,
too, but not more often than every few seconds. The file is an .npz of plain arrays, without pickle:

    ink (224, 224) float32     the fine ink, 0 to 1
    points (P, 2) float32      the samples of all paths, in cells
    kept (P,) bool             which of them still have ink
    starts (S + 1,) int64      path s has the samples starts[s] to starts[s + 1]
    has_image () bool          whether some of the ink has no path

There is one file for all windows; the one that is closed last wins.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import platformdirs
from numpy.typing import NDArray

from drawapp.drawing.canvas import FAR, FINE_CELLS, Canvas, Snapshot
from drawapp.drawing.stroke_path import StrokePath
from drawapp.session.settings import make_folder
from nn_scratch.errors import UserError
from nn_scratch.files import atomic_write, read_npz

PAUSE = 3.0  # seconds between two writes, at least
LARGEST = 32 << 20  # bytes of all arrays: more than any drawing has


class KeptDrawing:
    """Keeps the drawing in the file `path`; without one it keeps nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._revision = 0  # of the canvas when it was written last
        self._next = 0.0  # time from which it may be written again

    def restore(self, canvas: Canvas) -> None:
        """Show on `canvas` what was kept. Raises UserError where the file is damaged: the canvas stays as it is."""
        if self._path is None or not self._path.exists():
            return
        try:
            canvas.restore(read(self._path))
        except UserError as error:
            raise UserError(f"The sheet is blank, because the last drawing cannot be read. {error}") from error
        self._revision = canvas.revision

    def keep_up(self, canvas: Canvas, now: float) -> None:
        """Keep `canvas` if that is due `now`, in seconds. Call it once per turn of the loop. Raises UserError."""
        if canvas.revision != self._revision and not canvas.is_drawing and now >= self._next:
            self._next = now + PAUSE
            self.keep(canvas)

    def keep(self, canvas: Canvas) -> None:
        """Keep `canvas`, unless nothing was ever drawn on it. Raises UserError where the file cannot be written."""
        if self._path is not None and canvas.revision > 0:
            self._revision = canvas.revision
            write(self._path, canvas.snapshot())


def default_path() -> Path:
    """The file of the drawing, in the user's folder for data."""
    return Path(platformdirs.user_data_dir("drawapp", appauthor=False)) / "drawing.npz"


def write(path: Path, drawing: Snapshot) -> None:
    """Write `drawing` to `path`, whole or not at all. Raises UserError where that is not possible."""
    paths = drawing.paths
    make_folder(path)
    with atomic_write(path) as file:
        np.savez(
            file,
            ink=drawing.ink,
            points=np.concatenate([np.zeros((0, 2), np.float32), *(path.points for path in paths)]),
            kept=np.concatenate([np.zeros(0, np.bool_), *(path.kept for path in paths)]),
            starts=np.cumsum([0, *(len(path.points) for path in paths)], dtype=np.int64),
            has_image=np.array(drawing.has_image),
        )


def read(path: Path) -> Snapshot:
    """The drawing in the file `path`. Raises UserError where it is damaged."""
    arrays = read_npz(path, LARGEST)
    try:
        return drawing_of(**arrays)
    except (TypeError, ValueError) as error:
        raise UserError(f"{path} is not a drawing that this app has kept ({error}).") from error


def drawing_of(
    ink: NDArray[np.float32],
    points: NDArray[np.float32],
    kept: NDArray[np.bool_],
    starts: NDArray[np.int64],
    has_image: NDArray[np.bool_],
) -> Snapshot:
    """The drawing in these arrays. Raises ValueError where they are not those of a drawing."""
    expected = {"ink": np.float32, "points": np.float32, "kept": np.bool_, "starts": np.int64, "has_image": np.bool_}
    arrays: tuple[NDArray[np.generic], ...] = (ink, points, kept, starts, has_image)
    for (name, kind), array in zip(expected.items(), arrays, strict=True):
        if array.dtype != kind:
            raise ValueError(f"{name} has the type {array.dtype}")
    if ink.shape != (FINE_CELLS, FINE_CELLS) or not ((ink >= 0) & (ink <= 1)).all():
        raise ValueError("its ink is not that of a canvas")
    if points.shape != (len(kept), 2) or not (np.abs(points) <= 2 * FAR).all():
        raise ValueError("its points are not those of a canvas")
    ends = (starts[0], starts[-1]) if starts.ndim == 1 and len(starts) else None
    if ends != (0, len(points)) or kept.ndim != 1 or has_image.ndim != 0 or (np.diff(starts) <= 0).any():
        raise ValueError("its paths do not fit its points")
    paths = tuple(StrokePath(points[first:last], kept[first:last]) for first, last in pairwise(starts))
    return Snapshot(ink, paths, bool(has_image))
