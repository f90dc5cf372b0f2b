"""Rules: the lines that are printed on ruled and squared paper, found and taken away.

A digit on squared paper touches rules on all sides, so nothing about its ink alone tells them apart. But rules are
straight, run all across the paper, and are of one kind each. They are found as the lines on which most points lie
(Hough 1962, in the form of Duda and Hart 1972). Then the density that a rule has along most of its length is
subtracted: a stroke that crosses it adds its own density and stays whole.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from nn_scratch.images.paper import Density

STEEPEST = 0.36  # slope: 20 degrees
SLOPES = 181  # that are tried: neighbours part by 2 pixels on the way across 1,000
LONG = 0.4  # of the way across the photograph, at least, are rules seen
FEWEST, MOST = 3, 120  # rules of one direction
PARALLEL = 0.25  # the slopes of rules differ by less from each other, with the perspective of a tilted sheet
APART = 10  # pixels between neighbouring rules, at least
REACH = 5  # pixels on each side of a rule where its density is looked for
BENT = 3  # pixels that paper which is not quite flat moves a rule
STEP = 32  # pixels along a rule, between the points where it is looked for


class Rule(NamedTuple):
    """A line that is nearly level: y = `middle` + `slope` (x - W / 2)."""

    slope: float
    middle: float


def without_rules(lines: Density, floor: Density) -> tuple[Density, int]:
    """`lines` (H, W) without printed rules, and how many there were. `floor` (H, W) is what noise does not reach."""
    count = 0
    for transposed in (False, True):
        view = np.ascontiguousarray(lines.T) if transposed else lines.copy()
        rules = rules_of(ridges(view, floor.T if transposed else floor))
        for rule in rules:
            subtract(view, rule)
        lines, count = (view.T if transposed else view), count + len(rules)
    return np.ascontiguousarray(lines), count


def ridges(lines: Density, floor: Density) -> NDArray[np.bool_]:
    """Where (H, W) a column of `lines` has a peak above `floor`: the middle of a line that is nearly level."""
    inner = lines[1:-1]
    peaks = np.zeros(lines.shape, np.bool_)
    peaks[1:-1] = (inner > floor[1:-1]) & (inner >= lines[:-2]) & (inner > lines[2:])
    return peaks


def rules_of(peaks: NDArray[np.bool_]) -> list[Rule]:
    """The nearly level rules that the points `peaks` (H, W) lie on; none where there are too few to be printed."""
    height, width = peaks.shape
    slopes = np.linspace(-STEEPEST, STEEPEST, SLOPES)
    margin = int(STEEPEST * width / 2) + 2
    votes = ballot(peaks, slopes, margin)  # (SLOPES, H + 2 margin)
    y = np.arange(votes.shape[1]) - margin
    least = LONG * across(slopes[:, None], y, peaks.shape)  # (SLOPES, H + 2 margin)
    votes = np.where(votes > np.maximum(least, LONG / 2 * width), votes, 0)
    found: list[Rule] = []
    while len(found) < MOST and votes.any():
        k, row = np.unravel_index(votes.argmax(), votes.shape)
        found.append(Rule(float(slopes[k]), float(row - margin)))
        votes[:, max(0, row - APART) : row + APART + 1] = 0
    typical = float(np.median([rule.slope for rule in found])) if found else 0.0
    parallel = [rule for rule in found if abs(rule.slope - typical) < PARALLEL]
    return parallel if len(parallel) >= FEWEST else []


def ballot(peaks: NDArray[np.bool_], slopes: Density, margin: int) -> Density:
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


def across(slope: Density, middle: Density, shape: tuple[int, ...]) -> Density:
    """How many columns of a raster of `shape` (H, W) the lines of `slope` (S, 1) and `middle` (M,) cross: (S, M)."""
    height, width = shape
    steep = np.where(np.abs(slope) < 1e-6, 1e-6, slope)
    at_top, at_bottom = -middle / steep + width / 2, (height - middle) / steep + width / 2
    left, right = np.minimum(at_top, at_bottom).clip(0, width), np.maximum(at_top, at_bottom).clip(0, width)
    return np.asarray(right - left)


def subtract(lines: Density, rule: Rule) -> None:
    """Take the density of `rule` away from `lines` (H, W), in place.

    Its course is where most density lies near the straight line, step by step. Its density across is the median of all
    that lies along it: strokes that cross it cover less than half of it.
    """
    height, width = lines.shape
    x = np.arange(width)
    straight = np.rint(rule.middle + rule.slope * (x - width / 2)).astype(np.intp)
    offsets = np.arange(-REACH - BENT, REACH + BENT + 1)[:, None]  # (O, 1)
    rows = straight + offsets  # (O, W)
    is_inside = (rows >= 0) & (rows < height)
    band = np.where(is_inside, lines[rows.clip(0, height - 1), x], 0)  # (O, W)
    course = straight + course_of(band)
    rows = course + np.arange(-REACH, REACH + 1)[:, None]
    is_inside = (rows >= 0) & (rows < height)
    is_seen = is_inside.all(axis=0)
    if not is_seen.any():
        return
    own = np.median(lines[rows[:, is_seen], x[is_seen]], axis=1)  # (2 REACH + 1,)
    rows = rows.clip(0, height - 1)
    lines[rows, x] -= np.where(is_inside, np.maximum(own, 0)[:, None], 0)


def course_of(band: Density) -> NDArray[np.intp]:
    """By how many rows the rule in the middle of `band` (O, W) is moved at each column: (W,), -BENT to BENT."""
    count = band.shape[1]
    typical = np.minimum(band, np.median(band, axis=1).max() + 1e-6)  # strokes across are darker, but count no more
    near = typical[REACH : REACH + 2 * BENT + 1]  # (2 BENT + 1, W)
    steps = np.add.reduceat(near, np.arange(0, count, STEP), axis=1)
    moved = steps.argmax(axis=0) - BENT  # (ceil(W / STEP),)
    middles = np.arange(0, count, STEP) + STEP / 2
    return np.rint(np.interp(np.arange(count), middles, moved)).astype(np.intp)
