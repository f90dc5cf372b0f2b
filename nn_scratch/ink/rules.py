"""Rules: the lines that are printed on ruled and squared paper, found and taken away.

A digit on squared paper touches rules on all sides, so nothing about its ink alone tells them apart. But rules are
straight, run all across the paper, and are of one kind each; only the line at its margin may be alone. They are found
as the lines on which most points lie (Hough 1962, in the form of Duda and Hart 1972). Then the density that a rule has
along most of its length is subtracted: a stroke that crosses it adds its own density and stays whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_scratch.arrays import Array
from nn_scratch.ink.paper import Density

STEEPEST = 0.36  # slope: 20 degrees
SLOPES = 181  # that are tried: neighbours part by 2 pixels on the way across 1,000
LONG = 0.4  # of the way across the photograph, at least, are rules seen
FEWEST, MOST = 3, 120  # rules of one direction
ALL = 0.8  # of the way across, and from edge to edge: such a line is printed even if it is alone, as at a margin
END = 0.04  # of the way across: a stroke of a pen ends farther from the edges of a photograph
PARALLEL = 0.03  # the slopes of rules change evenly across the sheet, nearly: by perspective
DARKER = 1.8  # times as dense as most rules: a straight stroke of a pen
APART = 10  # pixels between neighbouring rules, at least
REACH = 5  # pixels on each side of a rule where its density is looked for
BENT = 3  # pixels that paper which is not quite flat moves a rule
STEP = 32  # pixels along a rule, between the points where it is looked for


class Rule(NamedTuple):
    """A line that is nearly level: y = `middle` + `slope` (x - W / 2)."""

    slope: float
    middle: float


class Trace(NamedTuple):
    """Where a rule lies, and what it adds to the paper."""

    rows: NDArray[np.intp]  # (O, W) the rows beside and on it, at each column
    is_inside: NDArray[np.bool_]  # (O, W) which of them the photograph has
    density: Density  # (O,)


def without_rules(lines: Density, floor: Density) -> Density:
    """`lines` (H, W) without printed rules. `floor` (H, W) is what noise does not reach."""
    for transposed in (False, True):
        view = np.ascontiguousarray(lines.T) if transposed else lines.copy()
        traces = [trace(view, rule) for rule in rules_of(ridges(view, floor.T if transposed else floor))]
        usual = float(np.median([each.density.max() for each in traces])) if traces else 0.0
        for each in traces:
            if each.density.max() <= DARKER * usual:
                view[each.rows, np.arange(view.shape[1])] -= np.where(each.is_inside, each.density[:, None], 0)
        lines = view.T if transposed else view
    return np.ascontiguousarray(lines)


def ridges(lines: Density, floor: Density) -> NDArray[np.bool_]:
    """Where (H, W) a column of `lines` has a peak above `floor`: the middle of a line that is nearly level."""
    inner = lines[1:-1]
    peaks = np.zeros(lines.shape, np.bool_)
    peaks[1:-1] = (inner > floor[1:-1]) & (inner >= lines[:-2]) & (inner > lines[2:])
    return peaks


def rules_of(peaks: NDArray[np.bool_]) -> list[Rule]:
    """The nearly level rules that the points `peaks` (H, W) lie on; none where there are too few to be printed."""
    width = peaks.shape[1]
    slopes = np.linspace(-STEEPEST, STEEPEST, SLOPES)
    margin = int(STEEPEST * width / 2) + 2
    votes = ballot(peaks, slopes, margin)  # (SLOPES, H + 2 margin)
    y = np.arange(votes.shape[1], dtype=np.float32) - margin
    least = LONG * across(slopes[:, None], y, peaks.shape)  # (SLOPES, H + 2 margin)
    votes = np.where(votes > np.maximum(least, LONG / 2 * width), votes, 0)
    found: list[Rule] = []
    alone: list[Rule] = []
    while len(found) < MOST and votes.any():
        k, row = np.unravel_index(votes.argmax(), votes.shape)
        found.append(Rule(float(slopes[k]), float(row - margin)))
        if votes[k, row] > ALL * width and runs_from_edge_to_edge(peaks, found[-1]):
            alone.append(found[-1])
        votes[:, max(0, row - APART) : row + APART + 1] = 0
    found = parallel(found)
    return found if len(found) >= FEWEST else alone


def runs_from_edge_to_edge(peaks: NDArray[np.bool_], rule: Rule) -> bool:
    """Whether `rule` begins at the left edge of `peaks` (H, W) and ends at the right edge."""
    height, width = peaks.shape
    end = max(1, int(END * width))
    x = np.concatenate([np.arange(end), np.arange(width - end, width)])
    rows = np.rint(rule.middle + rule.slope * (x - width / 2)).astype(np.intp) + np.arange(-BENT, BENT + 1)[:, None]
    is_seen = ((rows >= 0) & (rows < height) & peaks[rows.clip(0, height - 1), x]).any(axis=0)
    return bool(is_seen[:end].any() and is_seen[end:].any())


def parallel(rules: list[Rule]) -> list[Rule]:
    """Those of `rules` whose slopes change evenly from one side of the photograph to the other.

    The line through most of their slopes has the median of the slopes of all pairs (Theil 1950, Sen 1968).
    """
    if len(rules) < FEWEST:
        return []
    slope, middle = np.array(rules).T
    one, other = np.triu_indices(len(rules), 1)
    change = float(np.median((slope[other] - slope[one]) / (middle[other] - middle[one])))  # middles are never equal
    away = slope - change * middle
    return [rule for rule, off in zip(rules, np.abs(away - np.median(away)), strict=True) if off < PARALLEL]


def ballot(peaks: NDArray[np.bool_], slopes: Array, margin: int) -> Density:
    """How many of `peaks` (H, W) lie on the lines of each of `slopes` (S,) and middle: (S, H + 2 `margin`).

    Every point votes for all lines through it. A line is three pixels wide, because no line is quite straight.
    """
    height, width = peaks.shape
    y, x = np.nonzero(peaks)
    count = height + 2 * margin
    votes = np.zeros((len(slopes), count), np.float32)
    for row, slope in zip(votes, slopes, strict=True):
        middles = (y - slope * (x - width / 2) + margin + 0.5).astype(np.intp)
        row[:] = np.bincount(middles, minlength=count)[:count]
    votes[:, 1:-1] = votes[:, :-2] + votes[:, 1:-1] + votes[:, 2:]
    return votes


def across(slope: Array, middle: Array, shape: tuple[int, ...]) -> Array:
    """How many columns of a raster of `shape` (H, W) the lines of `slope` (S, 1) and `middle` (M,) cross: (S, M)."""
    height, width = shape
    steep = np.where(np.abs(slope) < 1e-6, 1e-6, slope)
    at_top, at_bottom = -middle / steep + width / 2, (height - middle) / steep + width / 2
    left, right = np.minimum(at_top, at_bottom).clip(0, width), np.maximum(at_top, at_bottom).clip(0, width)
    return right - left


def trace(lines: Density, rule: Rule) -> Trace:
    """Where `rule` lies in `lines` (H, W), and its own density.

    Its course is where most density lies near the straight line, step by step. Its density is the median of all that
    lies along it, because strokes that cross it cover less than half of it.
    """
    height, width = lines.shape
    x = np.arange(width)
    straight = np.rint(rule.middle + rule.slope * (x - width / 2)).astype(np.intp)
    rows = straight + np.arange(-REACH - BENT, REACH + BENT + 1)[:, None]  # (O, W)
    band = np.where((rows >= 0) & (rows < height), lines[rows.clip(0, height - 1), x], 0)
    rows = straight + course_of(band) + np.arange(-REACH, REACH + 1)[:, None]
    is_inside = (rows >= 0) & (rows < height)
    is_seen = is_inside.all(axis=0)
    rows = rows.clip(0, height - 1)
    own = np.median(lines[rows[:, is_seen], x[is_seen]], axis=1) if is_seen.any() else np.zeros(len(rows), np.float32)
    own = np.maximum(np.max([own[:-2], own[1:-1], own[2:]], axis=0), 0)  # the course may be wrong by a pixel
    return Trace(rows[1:-1], is_inside[1:-1], own)


def course_of(band: Density) -> NDArray[np.intp]:
    """By how many rows the rule in the middle of `band` (O, W) is moved at each column: (W,), -BENT to BENT."""
    count = band.shape[1]
    typical = np.minimum(band, np.median(band, axis=1).max() + 1e-6)  # strokes across are darker, but count no more
    starts = np.arange(0, count, STEP)  # (ceil(W / STEP),) of the steps
    steps = np.add.reduceat(typical[REACH : REACH + 2 * BENT + 1], starts, axis=1)  # (2 BENT + 1, ceil(W / STEP))
    moved = steps.argmax(axis=0) - BENT
    return np.rint(np.interp(np.arange(count), starts + STEP / 2, moved)).astype(np.intp)
