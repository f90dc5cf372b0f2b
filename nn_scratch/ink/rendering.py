"""Ink: the only way from a drawing to the 28x28 image that a network reads.

A network trained on MNIST knows digits as MNIST prepared them (LeCun, Cortes and Burges 1998): cropped to the ink, the
longer side scaled to 20 pixels with the aspect ratio kept, and the centre of mass moved to the middle pixel of 28x28.
A digit that is drawn small, in a corner or with a thick pen looks different to the network until it is prepared in the
same way. This module does that, for pen strokes (`render`) and for rasters (`normalize`). `stamp` draws on a raster.

Ink is high: 0 is paper, 255 (or 1.0) is full ink. Coordinates are in pixels, x to the right, y down; pixel (row 0,
column 0) covers 0 <= x < 1 and 0 <= y < 1, so its middle is (0.5, 0.5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from nn_scratch.arrays import Array, Images

SIDE = 28
BOX = 20
CENTRE = 14.5  # MNIST's centres of mass lie in the middle of pixel 14 (measured: 14.49 and 14.50), not at 28 / 2
FINE_BOX = 80  # the box at the size at which lines are thickened and thinned
MAX_STEPS = 12  # of thickening or thinning, a pixel of the fine box each
USUAL_WIDTHS = (1.5, 4.0)  # of lines in MNIST, in pixels of the normalized image: such lines are not changed
PEN = 2.4  # width of a pen's line in the normalized image: it gives pen digits the mean ink of MNIST
MAX_COORDINATE = 1e6  # pixels: farther away, float32 cannot tell neighbouring pixels apart

Stroke: TypeAlias = Array  # (n, 2): x, y
Raster: TypeAlias = Array  # (H, W), 0 ... 1
Segments: TypeAlias = Array  # (S, 4): x0, y0, x1, y1


def distance(x: Array, y: Array, segments: Segments) -> Raster:
    """The distance of each point of the grid `y` (H,) by `x` (W,) to the nearest of `segments` (S, 4): (H, W).

    The point a + t (b - a) of a segment that is nearest to p has t = (p - a).(b - a) / |b - a|^2, clipped to 0 ... 1.
    """
    x0, y0, x1, y1 = segments.T[:, :, None, None]  # (S, 1, 1) each
    dx, dy = x1 - x0, y1 - y0
    from_x, from_y = x - x0, y[:, None] - y0  # (S, 1, W), (S, H, 1)
    length2 = np.maximum(dx * dx + dy * dy, 1e-12)
    t = np.clip(from_x * (dx / length2) + from_y * (dy / length2), 0.0, 1.0)  # (S, H, W)
    away_x, away_y = t * dx, t * dy
    away_x -= from_x
    away_y -= from_y
    away_x *= away_x
    away_y *= away_y
    away_x += away_y
    return np.sqrt(away_x.min(axis=0))  # (H, W)


def coverage(distances: Raster, radius: float) -> Raster:
    """How much of each pixel a round pen of `radius` covers, from the distances of the pixels' middles to its path.

    Full ink inside, none outside, and a ramp one pixel wide between them: the area of a pixel on one side of a straight
    edge.
    """
    return np.clip(radius + 0.5 - distances, 0.0, 1.0)


def stamp(
    raster: Raster, start: tuple[float, float], end: tuple[float, float], radius: float, erase: bool = False
) -> None:
    """Draw a straight line with a round, smooth-edged pen into `raster` (H, W), or erase along it, in place.

    Ink does not add up where lines cross: drawing keeps the larger of the old and the new ink, and erasing the smaller
    of the old ink and what the eraser leaves. Ink beside the raster is ignored, and so is a line with an end that is
    not a number or is too far away to be a pen's.
    """
    ends = np.array([start, end], np.float64)
    if not (np.abs(ends) < MAX_COORDINATE).all() or not radius > 0:
        return
    height, width = raster.shape
    left, top = np.floor(ends.min(axis=0) - radius - 1).clip(0, (width, height)).astype(int)
    right, bottom = np.ceil(ends.max(axis=0) + radius + 1).clip(0, (width, height)).astype(int)
    if left >= right or top >= bottom:
        return
    window = raster[top:bottom, left:right]
    x = np.arange(left, right, dtype=np.float32) + 0.5
    y = np.arange(top, bottom, dtype=np.float32) + 0.5
    ink = coverage(distance(x, y, ends.reshape(1, 4).astype(np.float32)), radius)
    if erase:
        np.minimum(window, 1.0 - ink, out=window)
    else:
        np.maximum(window, ink, out=window)


def segments_of(strokes: Sequence[Stroke]) -> Segments:
    """The straight lines between the finite points of `strokes`; a stroke of one point is a line of length 0."""
    segments = []
    for stroke in strokes:
        points = np.asarray(stroke, np.float32).reshape(-1, 2)
        points = points[np.isfinite(points).all(axis=1)]
        if len(points):
            segments.append(np.hstack([points[:-1], points[1:]]) if len(points) > 1 else np.hstack([points, points]))
    return np.concatenate(segments) if segments else np.zeros((0, 4), np.float32)


def render(strokes: Sequence[Stroke], pen: float = PEN) -> Images | None:
    """Draw `strokes`, in any unit and at any place, as the normalized image, uint8 (28, 28); None without any point.

    The longer side of the ink becomes 20 pixels, and the line is always `pen` pixels wide: a thin and a thick pen give
    the same image.
    """
    segments = segments_of(strokes).astype(np.float64)
    if len(segments) == 0:
        return None
    points = segments.reshape(-1, 2)
    extent = float(np.ptp(points, axis=0).max())
    scale = (BOX - pen) / extent if extent > 0 else 1.0
    length = np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])
    weight = length + 1e-6 * (length.max() or 1.0)  # the ink of each segment; even a dot has a little
    middle = (segments[:, :2] + segments[:, 2:]) / 2
    centre = weight @ middle / weight.sum()
    segments = (segments - np.tile(centre, 2)) * scale + CENTRE
    pixels = np.arange(SIDE, dtype=np.float32) + 0.5
    return to_bytes(coverage(distance(pixels, pixels, segments.astype(np.float32)), pen / 2))


def render_all(drawings: Iterable[Sequence[Stroke]]) -> Images:
    """The normalized images of several drawings, uint8 (B, 28, 28); a drawing without ink gives a blank image."""
    blank = np.zeros((SIDE, SIDE), np.uint8)
    images = [render(strokes) for strokes in drawings]
    return np.stack([blank if image is None else image for image in images]) if images else blank[None][:0]


def normalize(raster: Images | Raster) -> Images | None:
    """Turn `raster` (H, W), ink high, into the image that a network reads: uint8 (28, 28); None without any ink.

    Every pixel of the result is the mean of the area of `raster` that it covers. Lines that are much thinner or thicker
    than MNIST's get the usual width; lines as wide as MNIST's stay as they are.
    """
    levels = np.asarray(raster, np.float32) / (255 if raster.dtype == np.uint8 else 1)
    ink = cropped(np.clip(np.nan_to_num(levels, nan=0.0), 0.0, 1.0))
    if ink.size == 0:
        return None
    return to_bytes(boxed(with_usual_lines(ink)))


def cropped(ink: Raster) -> Raster:
    """`ink` (H, W) without its blank margins: (h, w); (0, 0) if all of it is blank."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else ink[:0, :0]


def boxed(ink: Raster) -> Raster:
    """`ink` (h, w), cropped, with its longer side scaled to 20 pixels and its centre of mass at `CENTRE`: (28, 28)."""
    scale = BOX / max(ink.shape)
    down = area_weights(ink.sum(axis=1), scale)  # (28, h)
    across = area_weights(ink.sum(axis=0), scale)  # (28, w)
    return down @ ink @ across.T  # (28, h) @ (h, w) @ (w, 28)


def line_width(ink: Raster) -> float:
    """The mean width of the lines of `ink` (h, w), in pixels.

    A line of width w and length l has the area w l and edges of length 2 l; the length of all edges is the sum of the
    slopes of `ink`, because ink rises from 0 to 1 across an edge.
    """
    padded = np.pad(ink, 1)
    slope_y, slope_x = np.diff(padded, axis=0)[:, :-1], np.diff(padded, axis=1)[:-1]
    edges = float(np.hypot(slope_x, slope_y).sum())
    return 2 * float(ink.sum()) / max(edges, 1e-6)


def with_usual_lines(ink: Raster) -> Raster:
    """`ink` (h, w), cropped, with lines of width `PEN` if their width is outside of `USUAL_WIDTHS`.

    The work is done at four times the normalized size. Each step thickens or thins the lines by a pixel on each side,
    along the axes only in one step and along the diagonals too in the next, so that dots grow round.
    """
    size = max(ink.shape)
    if USUAL_WIDTHS[0] <= line_width(ink) * BOX / size <= USUAL_WIDTHS[1] or size < 3:
        return ink
    fine = np.pad(resized(ink, FINE_BOX / size), FINE_BOX // BOX * 2)
    sharpen = max(1.0, 1 / float(fine.max()))  # thin lines became pale when they were averaged with paper
    fine = np.clip(fine * sharpen, 0, 1)
    steps = round((PEN * FINE_BOX / BOX - line_width(fine)) / 2)
    change = np.maximum if steps > 0 else np.minimum
    for step in range(min(abs(steps), MAX_STEPS)):
        thinner = fine
        fine = neighbourhood(fine, change, diagonals=step % 2 == 1)
        if not fine.max() > 0.5:  # a dot, or all lines are thin: one more step would erase the drawing
            return cropped(thinner)
    return cropped(fine)


def neighbourhood(ink: Raster, change: np.ufunc, diagonals: bool) -> Raster:
    """The `change` (maximum or minimum) of each pixel of `ink` (h, w) and its four or eight neighbours."""
    padded = np.pad(ink, 1)
    across = change(change(padded[:, :-2], padded[:, 2:]), padded[:, 1:-1])  # (h + 2, w)
    beside = across if diagonals else padded[:, 1:-1]
    return change(change(beside[:-2], beside[2:]), across[1:-1])


def resized(ink: Raster, scale: float) -> Raster:
    """`ink` (h, w) scaled by `scale`; each pixel is the mean of the area that it covers."""
    down, across = (overlaps(np.arange(n) * scale, scale, int(np.ceil(n * scale))) for n in ink.shape)
    return down @ ink @ across.T


def area_weights(mass: Array, scale: float) -> Array:
    """How much of each of n pixels in a row, scaled by `scale`, falls into each of the 28 pixels: (28, n).

    `mass` (n,) is the ink of each pixel. Its centre is moved to `CENTRE`, by whole pixels so that a sharp edge stays
    sharp, and the row stays within the 28 pixels.
    """
    count = len(mass)
    centre = float(mass @ (np.arange(count) + 0.5) / mass.sum())
    start = np.clip(np.rint(CENTRE - centre * scale), 0, SIDE - np.ceil(count * scale))
    return overlaps(start + np.arange(count) * scale, scale, SIDE)


def overlaps(left: Array, width: float, count: int) -> Array:
    """How much of each of `count` pixels in a row each interval of `width` from `left` (n,) covers: (count, n)."""
    cell = np.arange(count)[:, None]  # (count, 1)
    overlap = np.minimum(left + width, cell + 1) - np.maximum(left, cell)  # (count, n)
    return np.maximum(overlap, 0.0).astype(np.float32)


def to_bytes(ink: Raster) -> Images:
    """Ink from 0 to 1 as bytes from 0 to 255, rounded."""
    return (ink * 255 + 0.5).astype(np.uint8)
