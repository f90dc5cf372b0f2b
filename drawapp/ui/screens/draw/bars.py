"""The bars: how probable each class is.

An answer alone does not say how close the other classes were. The bars do. They glide, so that one sees how the
network's answer changes while the drawing grows. An answer is a full bar in its colour; one that is more likely wrong
than right is hollow, which is seen in grey, too.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import pygame

from drawapp.drawing.geometry import Box, Point
from drawapp.reading.wording import percent
from drawapp.session.language import gettext as _
from drawapp.session.language import marked
from drawapp.ui import intents
from drawapp.ui.controls.control import Control, State
from drawapp.ui.intents import Intent
from drawapp.ui.keys import KeyStroke
from drawapp.ui.layout import Layout
from drawapp.ui.painter import CORNER, Painter
from drawapp.ui.theme import BODY, CAPTION, STRONG
from drawapp.ui.view import View

ROWS = 10
SHOWN_OF_MANY = 8  # where there are more classes than rows: this many of the best, and one bar for all the others
OTHERS = marked("others")
SETTLING = 0.06  # seconds in which a bar goes 63 % of its way
STILL = 0.002  # a bar as near as this to its value has arrived
HEIGHT = 12  # of a bar, in pixels of a window of the default size
NOTHING = "0.0 %"  # not worth a number
STEPS = {pygame.K_UP: -1, pygame.K_DOWN: 1}


class Row(NamedTuple):
    """One bar: its label, its value from 0 to 1, whether it is the best, and whether the best is the answer."""

    label: str
    value: float
    is_best: bool = False
    is_answer: bool = False


def rows_of(view: View) -> list[Row]:
    """The bars of one character: every class in order, or the best of many. Without a prediction they are empty."""
    is_shape = view.prediction is not None and view.prediction.shape is not None
    character = None if is_shape else view.character  # a dot is no character, whatever the network says of it
    if len(view.classes) <= ROWS:
        shown = list((character.probabilities if character else dict.fromkeys(view.classes, 0.0)).items())
    elif character is None:
        return []
    else:
        shown = character.ranking[:SHOWN_OF_MANY]
        shown.append((_(OTHERS), max(0.0, 1.0 - sum(value for _, value in shown))))
    if character is None:
        return [Row(label, value) for label, value in shown]
    sure = character.is_sure
    return [Row(label, value, label == character.best, label == character.best and sure) for label, value in shown]


def caption_of(view: View) -> str:
    """Which of several characters the bars belong to; empty where there is only one."""
    if view.character is None or view.number is None or len(view.characters) < 2:
        return ""
    words = _("character {number}")
    if view.character.label is None:
        words = _("character {number}, not recognized")
    elif view.prediction and view.number == view.prediction.least_sure:
        words = _("character {number}, the least sure")
    return words.format(number=view.number + 1)


class Bars(Control):
    """Draws the bars of a `view`, which glide to their values instead of jumping.

    While the ink is explained, a press on the bar of another class asks why the answer is not this one.
    """

    def __init__(self, view: View) -> None:
        super().__init__("bars", _("Why not this one?"))
        self._view = view
        self._shown: list[float] = []
        self._inner, self._rows = self.box, self.box

    def arrange(self, layout: Layout) -> None:
        """Put the card there."""
        self.box, self._inner = layout.bars, layout.bars.shrunk(layout.inset)

    def update(self, view: View) -> None:
        """Show this view from here on. Without an explanation there is nothing to ask."""
        self._view = view
        self.enabled = view.inside.explains and view.explanation is not None and not view.explanation.at_rest

    def release(self, at: Point) -> Intent | None:
        """A press on a bar asks why not this class; on the one asked about, or on the answer, no longer."""
        row = int((at[1] - self._rows.top) * len(rows_of(self._view)) // max(self._rows.height, 1))
        return self._asking(self._numbers[row]) if self.contains(at) and 0 <= row < len(self._numbers) else None

    def key(self, stroke: KeyStroke) -> Intent | None:
        """The arrows go from class to class."""
        if stroke.key not in STEPS or not self._numbers:
            return None
        numbers, asked = self._numbers, self._view.inside.against
        row = numbers.index(asked) if asked in numbers else numbers.index(self._best)
        return self._asking(numbers[(row + STEPS[stroke.key]) % len(numbers)])

    @property
    def _numbers(self) -> list[int]:
        """The number of the class of each row."""
        classes = self._view.classes
        labels = [row.label for row in rows_of(self._view)]
        return [classes.index(label) for label in (labels if len(classes) <= ROWS else labels[:-1])]

    @property
    def _best(self) -> int:
        return self._view.explanation.label if self._view.explanation else 0

    def _asking(self, number: int) -> Intent | None:
        """Ask why the answer is not the class of that `number`; to ask again takes the question back."""
        asked = self._view.inside.against if number == self._best else number
        return None if asked is None else intents.AskWhy(asked)

    def glide(self, rows: list[Row], seconds: float) -> bool:
        """Move the bars on by `seconds`. Returns whether any is still moving."""
        if len(self._shown) != len(rows):
            self._shown = [0.0] * len(rows)
        fraction = 1.0 - math.exp(-seconds / SETTLING)
        for index, row in enumerate(rows):
            left = row.value - self._shown[index]
            self._shown[index] = row.value if abs(left) < STILL else self._shown[index] + left * fraction
        return any(shown != row.value for shown, row in zip(self._shown, rows, strict=True))

    def draw(self, painter: Painter, state: State) -> None:
        """Draw the bars into their card, or at rest the classes where they are many."""
        painter.card(self.box)
        view = self._view
        box, rows, caption = self._inner, rows_of(view), caption_of(view)
        if not rows:
            draw_classes(painter, box, view.classes)
            return
        if caption:
            line = box.top + painter.line_height(CAPTION) // 2
            painter.write(caption, CAPTION, painter.theme.muted, "midleft", (box.left, line), room=box.width)
            box = box.without_top(painter.line_height(CAPTION) + painter.pixels(6))
        self._draw_rows(painter, box, rows)
        if state.has_ring:
            painter.ring(self.box, CORNER)

    def _draw_rows(self, painter: Painter, box: Box, rows: list[Row]) -> None:
        """Draw one bar below the other; the one that is asked about has a frame."""
        view, self._rows = self._view, box
        asked = None if view.against is None else view.classes[view.against]
        pitch = box.height / len(rows)
        widest = max(painter.width(row.label, STRONG, True) for row in rows)
        label_width = min(widest, box.width // 3) + painter.pixels(14)
        track_width = box.width - label_width - painter.width("99.9 %", BODY, True) - painter.pixels(14)
        height = painter.pixels(HEIGHT)
        for index, row in enumerate(rows):
            middle = round(box.top + (index + 0.5) * pitch)
            track = Box(box.left + label_width, middle - height // 2, track_width, height)
            shown = self._shown[index] if index < len(self._shown) else row.value
            draw_row(painter, box, row, track, shown, fitted_size(painter, pitch))
            if row.label == asked:
                frame = Box(box.left, round(middle - pitch / 2), box.width, round(pitch))
                painter.outline(frame.shrunk(-painter.pixels(3)), painter.theme.focus, 6, 2)


def fitted_size(painter: Painter, pitch: float) -> float:
    """The size of type for rows that are `pitch` pixels high: rows of a small window need smaller type."""
    return min(STRONG, pitch / painter.line_height(STRONG) * STRONG * 1.15)


def draw_row(painter: Painter, box: Box, row: Row, track: Box, shown: float, size: float) -> None:
    """Draw one bar between its label and its number."""
    theme, radius, middle = painter.theme, track.height / 2 / painter.scale, track.centre[1]
    colour = theme.answer if row.is_answer else theme.unsure if row.is_best else theme.other
    words = theme.text if row.is_best else theme.muted
    room = track.left - box.left
    painter.write(row.label, size, words, "midleft", (box.left, middle - 1), bold=True, room=room)
    painter.fill(track, theme.track, radius)
    length = round(shown * track.width)
    bar = Box(track.left, track.top, max(length, track.height), track.height)
    with painter.within(Box(track.left, track.top, length, track.height)):  # shorter than high: cut off
        painter.fill(bar, colour, radius)
        if row.is_best and not row.is_answer:
            line = max(2, track.height // 5)
            painter.fill(bar.shrunk(line), theme.panel, radius - line / painter.scale)
    number = percent(row.value)
    if number != NOTHING:
        at = (box.right, middle - 1)
        painter.write(number, min(size, BODY), colour if row.is_best else theme.muted, "midright", at, bold=row.is_best)


def draw_classes(painter: Painter, box: Box, classes: tuple[str, ...]) -> None:
    """At rest, all that the network can read: more classes than there are bars."""
    columns = max(1, min(len(classes), box.width // painter.pixels(36)))
    lines = -(-len(classes) // columns)
    pitch = min(box.height / lines, painter.pixels(44)), box.width / columns
    top = box.centre[1] - pitch[0] * lines / 2
    for number, label in enumerate(classes):
        x = box.left + (number % columns + 0.5) * pitch[1]
        y = top + (number // columns + 0.5) * pitch[0]
        painter.write(label, STRONG, painter.theme.muted, "center", (x, y), room=round(pitch[1]))
