"""The scale of a chart: from numbers to pixels, and which round numbers stand beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from drawapp.drawing.geometry import Box

Value = TypeVar("Value", float, NDArray[np.floating])
ROUND = (1, 2, 5, 10)  # steps between the numbers beside a chart, times a power of ten


class Span(NamedTuple):
    """All numbers from `low` to `high`."""

    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low

    def zoomed(self, factor: float, middle: float, least: float) -> Span:
        """A span of `factor` times the width within 0 to 1, at least `least` wide; `middle`, a fraction, stays."""
        width = min(max(self.width * factor, least), 1.0)
        low = min(max(self.low + middle * (self.width - width), 0.0), 1.0 - width)
        return Span(low, low + width)

    def moved(self, by: float) -> Span:
        """The span moved by a fraction of its width, within 0 to 1."""
        low = min(max(self.low + by * self.width, 0.0), 1.0 - self.width)
        return Span(low, low + self.width)


WHOLE = Span(0.0, 1.0)


class Scale(NamedTuple):
    """The numbers in `across` and `down` (of which the highest are on top) as pixels of `plot`."""

    plot: Box
    across: Span
    down: Span

    def x(self, value: Value) -> Value:
        """Where a number lies, from left to right."""
        return self.plot.left + (value - self.across.low) / max(self.across.width, 1e-12) * self.plot.width

    def y(self, value: Value) -> Value:
        """Where a number lies, from top to bottom."""
        return self.plot.bottom - (value - self.down.low) / max(self.down.width, 1e-12) * self.plot.height


def span_of(values: Sequence[NDArray[np.floating]], is_fraction: bool, is_whole: bool) -> Span:
    """A span that shows all `values` well. Fractions end at 1, others begin at 0; where not all is seen, neither."""
    numbers = np.concatenate([np.zeros(0), *values])
    if not len(numbers):
        return Span(0.0, 1.0)
    low, high = float(numbers.min()), float(numbers.max())
    if is_whole:
        low, high = (low, 1.0) if is_fraction else (0.0, high)
    margin = max(0.08 * (high - low), 1e-3 * abs(high), 1e-6)
    low, high = low - margin, high + margin
    if is_fraction:
        return Span(max(low, 0.0), min(high, 1.0) if is_whole else min(high, 1.0 + margin))
    return Span(max(low, 0.0), high)


def nice_ticks(span: Span, most: float, whole: bool = False) -> list[float]:
    """Round numbers in `span`, about `most` of them; only whole numbers where that is asked for."""
    rough = max(span.width / max(most, 1.0), 1e-9)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in ROUND if power * each >= rough * 0.999)
    if whole:
        step = max(1.0, float(round(step)))
    first = math.ceil(span.low / step - 1e-9)
    return [round(number * step, 10) for number in range(first, math.floor(span.high / step + 1e-9) + 1)]
