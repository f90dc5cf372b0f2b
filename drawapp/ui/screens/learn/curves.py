"""The curves: loss and accuracy over the epochs, of one training or of several.

A number says where a training is, a curve where it is going. All charts share one axis of epochs. Scrolling
zooms, dragging moves on, and under the mouse every line tells its value. A thick line is validation, a thin one
training: the colour is left for which run it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pygame
from numpy.typing import NDArray

from drawapp.drawing.geometry import Box, Point
from drawapp.session.language import gettext as _
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.painter import Painter, mixed
from drawapp.ui.screens.inside.kept_image import KeptImage
from drawapp.ui.screens.learn.scale import WHOLE, Scale, Span, nice_ticks, span_of
from drawapp.ui.theme import SMALLEST, Colour, Theme

Numbers = NDArray[np.floating]

# Okabe and Ito, "Color Universal Design" (2008): colours that colour-blind people can tell apart, too. Those that would
# be too pale on the ground of a theme are left out, or darker.
ON_DARK: tuple[Colour, ...] = (
    *((86, 180, 233), (230, 159, 0), (0, 158, 115), (204, 121, 167), (240, 228, 66), (213, 94, 0)),
)
ON_LIGHT: tuple[Colour, ...] = ((0, 114, 178), (213, 94, 0), (0, 130, 95), (170, 80, 130), (24, 30, 44), (150, 105, 0))
CLOSEST = 0.02  # of all epochs: it zooms no further
ZOOM = 1.25  # per step of the wheel
SHIFT = 0.1  # of what is seen, per key
THICK = 2.4  # pixels; a thin line has one
PALER = 0.25  # of the way to the ground, for a thin line
APART = 24  # pixels between two points of a line that has dots
LEAST_PLOT = 44  # pixels: a chart that is lower than this is not shown


@dataclass(frozen=True, eq=False)
class Line:
    """Values `y` at the epochs `x`. `number` is that of its colour, and `words` say what it is."""

    x: Numbers
    y: Numbers
    number: int = 0
    is_thin: bool = False
    words: str = ""


@dataclass(frozen=True, eq=False)
class Chart:
    """Lines of one quantity, called `title`. `form` writes a value; fractions end at 1."""

    title: str
    lines: Sequence[Line]
    form: str = "{:.3f}"
    is_fraction: bool = False
    weight: float = field(default=1.0)  # of its height

    def words(self, value: float) -> str:
        """A value as it is written."""
        return self.form.format(100 * value if self.is_fraction else value)


def colour_of(theme: Theme, number: int) -> Colour:
    """The colour of the run at `number`."""
    colours = ON_DARK if theme.is_dark else ON_LIGHT
    return colours[number % len(colours)]


class Curves(Control):
    """Shows `charts` from epoch 0 to `epochs`."""

    def __init__(self) -> None:
        super().__init__("curves", "")
        self.charts: Sequence[Chart] = ()
        self.epochs = 1.0
        self.inset = 0
        self.mouse: Point | None = None  # over the curves
        self.seen = WHOLE  # fractions of all epochs
        self._plot = Box(0, 0, 1, 1)
        self._kept = KeptImage()
        self._version = 0  # of what is shown
        self._held: float | None = None  # the pixel that is dragged

    def show(self, charts: Sequence[Chart], epochs: float) -> None:
        """Show these from here on."""
        self.charts, self.epochs = charts, max(epochs, 1e-6)
        self._version += 1

    def wheel(self, steps: int) -> Intent | None:
        """Scrolling zooms, around where the mouse is."""
        at = self.mouse[0] if self.mouse else self._plot.centre[0]
        middle = min(max((at - self._plot.left) / max(self._plot.width, 1), 0.0), 1.0)
        self.seen = self.seen.zoomed(ZOOM**-steps, middle, CLOSEST)
        return None

    def press(self, at: Point, erase: bool = False) -> Intent | None:
        """What is seen is taken hold of."""
        self._held = at[0]
        return None

    def drag(self, at: Point) -> Intent | None:
        """What is seen moves with the mouse."""
        if self._held is not None:
            self.seen = self.seen.moved((self._held - at[0]) / max(self._plot.width, 1))
            self._held = at[0]
        return None

    def release(self, at: Point) -> Intent | None:
        """It is let go."""
        self._held = None
        return None

    def key(self, stroke: KeyStroke) -> Intent | None:
        """Up and Down go nearer and farther, Left and Right move on, Home shows all."""
        match stroke.key:
            case pygame.K_UP:
                self.wheel(1)
            case pygame.K_DOWN:
                self.wheel(-1)
            case pygame.K_LEFT:
                self.seen = self.seen.moved(-SHIFT)
            case pygame.K_RIGHT:
                self.seen = self.seen.moved(SHIFT)
            case pygame.K_HOME:
                self.seen = WHOLE
        return None

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the card with all charts, one above the other."""
        shows = (self._version, self.seen, self.mouse)
        self._kept.draw(painter, self.box, shows, lambda: self._draw_charts(painter))
        if state.has_ring:
            painter.ring(self.box)

    def _draw_charts(self, painter: Painter) -> None:
        painter.card(self.box)
        inner = self.box.shrunk(min(self.inset, painter.pixels(14)))
        header, axis = round(1.5 * painter.line_height(SMALLEST)), painter.line_height(SMALLEST)
        charts = list(self.charts)
        while len(charts) > 1 and (inner.height - axis) / len(charts) - header < painter.pixels(LEAST_PLOT):
            charts.pop()
        whole, top = sum(chart.weight for chart in charts) or 1.0, inner.top
        left = painter.width("0.00", SMALLEST) + painter.pixels(8)
        for chart in charts:
            height = round((inner.height - axis) * chart.weight / whole)
            plot = Box(inner.left + left, top + header, inner.width - left, height - header - painter.pixels(8))
            self._plot = plot
            self._draw_chart(painter, chart, plot, Box(inner.left, top, inner.width, header))
            top += height
        self._draw_epochs(painter, Box(self._plot.left, self._plot.bottom, self._plot.width, axis))

    @property
    def pointed(self) -> float | None:
        """The epoch under the mouse."""
        if self.mouse is None or not self._plot.left <= self.mouse[0] <= self._plot.right:
            return None
        fraction = (self.mouse[0] - self._plot.left) / self._plot.width
        return (self.seen.low + fraction * self.seen.width) * self.epochs

    def _draw_chart(self, painter: Painter, chart: Chart, plot: Box, header: Box) -> None:
        theme = painter.theme
        across = Span(self.seen.low * self.epochs, self.seen.high * self.epochs)
        span = span_of([visible(line, across) for line in chart.lines], chart.is_fraction, self.seen.width == 1)
        scale = Scale(plot, across, span)
        for value in nice_ticks(span, max(2.0, plot.height / (2.2 * painter.line_height(SMALLEST)))):
            y = scale.y(value)
            pygame.draw.line(painter.surface, theme.grid_line, (plot.left, y), (plot.right, y))
            words = f"{100 * value:.3g}" if chart.is_fraction else f"{value:.3g}"
            painter.write(words, SMALLEST, theme.muted, "midright", (plot.left - painter.pixels(6), y))
        with painter.within(plot.shrunk(-painter.pixels(3))):
            for line in sorted(chart.lines, key=lambda each: not each.is_thin):
                draw_line(painter, line, scale)
            if self.pointed is not None:
                x = scale.x(self.pointed)
                pygame.draw.line(painter.surface, theme.edge, (x, plot.top), (x, plot.bottom))
        draw_header(painter, chart, header, self.pointed)

    def _draw_epochs(self, painter: Painter, box: Box) -> None:
        theme, across = painter.theme, Span(self.seen.low * self.epochs, self.seen.high * self.epochs)
        scale, at = Scale(box, across, Span(0, 1)), self.pointed
        y = box.top + painter.pixels(2)
        words = _("epoch")
        taken = (
            painter.write(words, SMALLEST, theme.muted, "topright", (box.right, y)).left if at is None else box.right
        )
        for value in nice_ticks(across, box.width / painter.pixels(70), whole=self.seen.width == 1):
            half = painter.width(f"{value:g}", SMALLEST) // 2
            if at is None and scale.x(value) + half < taken - painter.pixels(6):
                painter.write(f"{value:g}", SMALLEST, theme.muted, "midtop", (scale.x(value), y))
        if at is not None:
            words = f"{words} {at:.1f}"
            room = painter.width(words, SMALLEST, True) / 2
            x = min(max(scale.x(at), box.left + room), box.right - room)
            painter.write(words, SMALLEST, theme.text, "midtop", (x, y), bold=True)


def visible(line: Line, across: Span) -> Numbers:
    """The values of `line` at the epochs in `across`."""
    return line.y[(line.x >= across.low) & (line.x <= across.high)]


def draw_line(painter: Painter, line: Line, scale: Scale) -> None:
    """Draw a line as smoothly as there are pixels for it; few points have dots."""
    if not len(line.x):
        return
    colour = colour_of(painter.theme, line.number)
    colour = mixed(colour, painter.theme.panel, PALER) if line.is_thin else colour
    x, y = binned(line.x, line.y, max(2, scale.plot.width // 3))
    points = list(zip(scale.x(x).tolist(), scale.y(y).tolist(), strict=True))
    if len(points) > 1 and line.is_thin:
        pygame.draw.aalines(painter.surface, colour, False, points)
    elif len(points) > 1:
        painter.lines(points, colour, painter.pixels(THICK))
    is_sparse = len(points) == 1 or points[1][0] - points[0][0] >= painter.pixels(APART)
    if is_sparse and not line.is_thin:
        for point in points:
            painter.disc(point, painter.pixels(3), colour)


def binned(x: Numbers, y: Numbers, most: int) -> tuple[Numbers, Numbers]:
    """At most about `most` points: the means of equally many neighbours."""
    by = math.ceil(len(x) / most)
    if by <= 1:
        return x, y
    starts = np.arange(0, len(x), by)
    counts = np.diff(np.append(starts, len(x)))
    return np.add.reduceat(x, starts) / counts, np.add.reduceat(y, starts) / counts


def draw_header(painter: Painter, chart: Chart, box: Box, epoch: float | None) -> None:
    """Write what the chart shows, and the values of its lines: at `epoch`, or the last ones.

    Where there is little room, the words go first, then the values of training. Under the mouse the values of all runs
    are worth more than the title.
    """
    theme, gap, sample = painter.theme, painter.pixels(14), painter.pixels(18)
    lines = [line for line in chart.lines if len(line.x)]
    thick = [line for line in lines if not line.is_thin]
    title = painter.width(chart.title, SMALLEST, True) + gap
    for shown, has_words in ((lines, True), (lines, False), (thick, False)):
        entries = [(line, entry_words(chart, line, epoch, has_words)) for line in shown]
        needed = sum(painter.width(words, SMALLEST) + sample + gap for _, words in entries) - gap
        if needed + title <= box.width:
            break
    fits = needed + title <= box.width
    if fits or epoch is None:
        painter.write(chart.title, SMALLEST, theme.text, "topleft", box[:2], bold=True, room=box.width)
    if not fits and epoch is None:
        return
    if needed > box.width:  # the colour of the numbers has to do
        gap, sample = painter.pixels(8), 0
        needed = sum(painter.width(words, SMALLEST) + gap for _, words in entries) - gap
    left = max(box.left, box.right - needed)
    for line, words in entries:
        colour = colour_of(theme, line.number)
        if sample:
            middle, high = box.top + painter.line_height(SMALLEST) // 2, painter.pixels(1 if line.is_thin else 3)
            pygame.draw.rect(painter.surface, colour, Box(left, middle - high // 2, sample - painter.pixels(5), high))
        at = (left + sample, box.top)
        left = painter.write(words, SMALLEST, theme.muted if sample else colour, "topleft", at).right + gap


def entry_words(chart: Chart, line: Line, epoch: float | None, has_words: bool) -> str:
    """The value of `line` at `epoch`, or its last one, with what it is where that is asked for."""
    number = len(line.x) - 1 if epoch is None else int(np.abs(line.x - epoch).argmin())
    value = chart.words(float(line.y[number]))
    return f"{line.words} {value}" if has_words and line.words else value
